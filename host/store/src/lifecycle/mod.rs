//! Runs, and the changes outside of scans: new profiles, paused and retired sources, and the
//! deletion of old rows.

pub(crate) mod pauses;
pub(crate) mod profiles;
pub(crate) mod retention;
pub(crate) mod retirement;
pub(crate) mod runs;
