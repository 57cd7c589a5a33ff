//! Pages of matches, newest first: for a person who decides about one vacancy after the other.
//!
//! A page shows each vacancy once, by its newest posting that passes the filter. `walk` reads the
//! few columns that decide if a posting passes, and stops when the page is full. `page` then reads
//! the postings of the page completely. A page begins after the last posting of the page before, so
//! a deep page costs no more than the first one.

mod filter;
mod page;
#[cfg(test)]
mod tests;
mod walk;

pub use filter::{MatchFilter, MatchSearch, MatchView};
pub use page::{FoundMatches, MatchPage};
