//! The normalization of one raw job, for the fields that have no function of their own.

use job_scanner_core::job::Job;
use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;

/// Returns a valid raw job, into which a target puts its input.
pub(crate) fn raw() -> RawJob {
    RawJob {
        external_id: "7".to_owned(),
        title: "Engineer".to_owned(),
        url: "https://acme.example/jobs/7".to_owned(),
        ..RawJob::default()
    }
}

/// Normalizes a raw job of which only one field may be invalid. Returns the job and the warnings.
pub(crate) fn normalize(raw: RawJob) -> (Job, Vec<String>) {
    let known = KnownJobs::new();
    let mut normalized = JobNormalizer::new(&known).normalize_all(vec![raw]);

    assert_eq!(normalized.rejected, [], "an invalid field rejected the job");
    (normalized.results.remove(0).job, normalized.warnings)
}

/// Asserts that a text has no stray white space and no control characters. With `lines`, line
/// breaks are allowed.
pub(crate) fn assert_clean(text: &str, lines: bool) {
    let control = |c: char| c.is_control() && !(lines && c == '\n');
    assert!(!text.chars().any(control), "control characters in {text:?}");

    assert_eq!(text.trim(), text, "white space around the text");
    assert!(
        !text.contains("  ") && !text.contains(" \n") && !text.contains("\n "),
        "stray spaces in {text:?}"
    );
    assert!(
        !text.contains("\n\n\n"),
        "two blank lines in a row in {text:?}"
    );
}
