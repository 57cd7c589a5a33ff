//! One raw job through the normalizer, for the fields that have no entrance of their own.

use job_scanner_core::job::Job;
use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;

/// A raw job that is fine; a target puts its input into the field it is about.
pub(crate) fn raw() -> RawJob {
    RawJob {
        external_id: "7".to_owned(),
        title: "Engineer".to_owned(),
        url: "https://acme.example/jobs/7".to_owned(),
        ..RawJob::default()
    }
}

/// The job of a raw one that nothing is wrong with but perhaps the field in question, and the
/// warnings about that.
pub(crate) fn normalize(raw: RawJob) -> (Job, Vec<String>) {
    let known = KnownJobs::new();
    let mut normalized = JobNormalizer::new(&known).normalize_all(vec![raw]);

    assert_eq!(normalized.rejected, [], "a single field costs no job");
    (normalized.results.remove(0).job, normalized.warnings)
}

/// Nothing but what a reader sees: no control characters, except line breaks where there may be
/// lines.
pub(crate) fn assert_clean(text: &str, lines: bool) {
    let control = |c: char| c.is_control() && !(lines && c == '\n');
    assert!(!text.chars().any(control), "control characters in {text:?}");

    assert_eq!(text.trim(), text, "white space around it");
    assert!(
        !text.contains("  ") && !text.contains(" \n") && !text.contains("\n "),
        "stray spaces in {text:?}"
    );
    assert!(
        !text.contains("\n\n\n"),
        "two blank lines in a row in {text:?}"
    );
}
