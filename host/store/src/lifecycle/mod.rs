//! Runs, and what changes without a scan: other profiles, sources that retire, rows that are
//! forgotten.

pub(crate) mod profiles;
pub(crate) mod retention;
pub(crate) mod retirement;
pub(crate) mod runs;
