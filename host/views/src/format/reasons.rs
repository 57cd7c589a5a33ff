//! The reasons of a job's matches as text: `job-scanner jobs --why`.

use job_scanner_core::matching::{MatchResult, Reason};
use job_scanner_store::ListedJob;

use crate::cells::{short, whole};

/// Returns the lines about a job: its key and title, and one line for each reason of each match.
/// `of_query` is its match with a query of the command line.
pub fn lines(listed: &ListedJob, of_query: Option<&MatchResult>) -> Vec<String> {
    let key = whole(&listed.key.to_string());
    let mut lines = vec![format!("{key} {}", short(&listed.job.title))];
    let of_profiles = listed.matches.iter().map(|found| &found.result);
    for result in of_query.into_iter().chain(of_profiles) {
        let profile = whole(&result.profile);
        let reasons = result.reasons.iter();
        lines.extend(reasons.map(|reason| format!("  {profile}: {}", line(reason))));
    }
    if lines.len() == 1 {
        lines.push("  matches no profile".to_owned());
    }
    lines
}

/// Returns a term with its first hit, or a condition with the value of the job.
fn line(reason: &Reason) -> String {
    let term = whole(&reason.term);
    match (&reason.hit, &reason.value) {
        (Some(hit), _) => format!("{term}  ({}: {})", hit.field, short(&hit.snippet)),
        (None, Some(value)) => format!("{term}  (the job: {})", short(value)),
        (None, None) => term,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn each_reason_has_its_profile_and_the_place_of_the_hit() {
        let of_query = MatchResult {
            profile: "query".to_owned(),
            reasons: samples::result().reasons[..1].to_vec(),
        };
        assert_eq!(
            lines(&samples::listed_job(), Some(&of_query)),
            [
                "greenhouse/acme/4711 Rust Engineer",
                "  query: engineer*  (title: Rust Engineer)",
                "  default: engineer*  (title: Rust Engineer)",
                "  default: workplace:hybrid  (the job: hybrid)",
            ]
        );
    }

    #[test]
    fn a_job_without_a_match_says_so() {
        assert_eq!(
            lines(&samples::plain_job(), None)[1..],
            ["  matches no profile"]
        );
    }
}
