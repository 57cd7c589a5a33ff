//! The values of a job that conditions compare.

use jiff::Timestamp;

use crate::job::{BoardTime, Workplace};
use crate::normalize::facts::Facts;

/// The values of a job that conditions compare.
#[derive(Debug, Clone, Copy)]
pub struct JobValues<'a> {
    pub facts: &'a Facts,
    pub has_location: bool,
    pub workplace: Option<Workplace>,
    /// The employment type in the board's words.
    pub employment_type: Option<&'a str>,
    pub has_description: bool,
    /// The time of posting, as the board states it.
    pub posted_at: Option<BoardTime>,
    /// The time at which the job was first listed to us.
    pub first_seen_at: Timestamp,
    /// The time at which ages are computed.
    pub now: Timestamp,
}
