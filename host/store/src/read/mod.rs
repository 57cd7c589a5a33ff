//! Reads of stored rows, for the commands that show them and for the schedule.

pub(crate) mod delivery_history;
pub(crate) mod feed;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod job_history;
pub(crate) mod listing;
pub(crate) mod match_pages;
mod matched;
pub(crate) mod numbers;
pub(crate) mod schedule_history;
