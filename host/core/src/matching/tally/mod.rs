//! The account of queries over many jobs: of one query, and of all profiles.

mod profiles;
mod tally;

pub use self::profiles::{ProfileTallies, ProfileTally};
pub use self::tally::{QueryTally, TermTally};
