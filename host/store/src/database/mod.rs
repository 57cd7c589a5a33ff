//! The database file: how it is opened, its connections, and the check that it was not replaced.

mod connections;
mod database;
mod migrations;
mod opening;

pub(crate) use connections::{connect_options, pool_options, writer_options};
pub use database::Store;
pub(crate) use migrations::MIGRATIONS;
