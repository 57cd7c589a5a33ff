//! The commands that read the database, one file each. They need only the database and do not
//! create it.

pub(super) mod alerts;
mod database;
pub(super) mod explain;
mod filters;
mod history_options;
pub(super) mod jobs;
pub(super) mod profile;
pub(super) mod runs;
mod show;
pub(super) mod sources;

pub(super) use database::{existing_store, read_store};
pub(super) use history_options::HistoryOptions;
