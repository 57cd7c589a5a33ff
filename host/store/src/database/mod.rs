//! The database file: opening it, its connections, and what is written to it being found again.

mod connections;
mod database;
mod opening;

pub(crate) use connections::{connect_options, writer_options};
pub use database::Store;
pub(crate) use opening::MIGRATIONS;
