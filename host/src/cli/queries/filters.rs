//! The arguments that select stored jobs: `--query` and `--since`.

use jiff::SignedDuration;
use job_scanner_core::quantity::parse_duration;
use job_scanner_core::query::{Query, QueryError};

/// Parses a query for a search, whose terms look everywhere.
pub(super) fn search(text: &str) -> Result<Query, String> {
    with_positive_leaf(text, Query::parse_search(text))
}

/// Parses a query as profiles have them.
pub(super) fn profile_query(text: &str) -> Result<Query, String> {
    with_positive_leaf(text, Query::parse(text))
}

/// Returns the query. One that can match no job is an error here.
fn with_positive_leaf(text: &str, parsed: Result<Query, QueryError>) -> Result<Query, String> {
    let query = parsed.map_err(|error| error.pointing_into(text).to_string())?;
    if query.leaves().iter().any(|leaf| leaf.is_positive) {
        return Ok(query);
    }
    Err("write what you look for as well, not only what you exclude".to_owned())
}

/// Parses a duration. A day has 24 hours. Months and years have no fixed length and are rejected.
pub(super) fn since(text: &str) -> Result<SignedDuration, String> {
    let ago = parse_duration(text).and_then(|ago| SignedDuration::try_from(ago).ok());
    ago.ok_or_else(|| "write how long ago, such as `7d` or `12h`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_have_days_and_weeks_but_no_months() {
        for (text, hours) in [
            ("7d", 168),
            ("1w", 168),
            ("12h", 12),
            ("1d 12h", 36),
            ("PT2H", 2),
        ] {
            assert_eq!(since(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for text in ["", "7", "1mo", "1y", "-1d", "yesterday"] {
            assert!(since(text).is_err(), "{text}");
        }
    }
}
