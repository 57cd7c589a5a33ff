//! Reading back what is on record, for people and for the schedule.

pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod listing;
pub(crate) mod schedule_history;
