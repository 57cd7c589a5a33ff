//! Notices about the health of sources.

use job_scanner_store::{HealthNotice, NoticeKind};
use serde::Serialize;

use super::{NAME_CHARS, TITLE_CHARS};
use crate::message::text::{counted, one_line};

/// Errors need more space than snippets. The command `sources` shows them in full.
const ERROR_CHARS: usize = 500;

/// A change in the state of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NoticeEntry {
    name: String,
    key: String,
    /// For example `has failed since 2026-11-22 08:15 UTC`.
    event: String,
    error: Option<String>,
    /// Advice to the operator about the error.
    advice: Option<&'static str>,
}

pub(super) fn health_subject(notices: &[HealthNotice]) -> String {
    if let [notice] = notices {
        let name = one_line(&notice.source_name, NAME_CHARS);
        return format!("{name} {}", describe_notice(notice));
    }

    let of = |kind| notices.iter().filter(|notice| notice.kind == kind).count() as u64;
    let failing = of(NoticeKind::Failing);
    let recovered = of(NoticeKind::Recovered);
    let shrunk = of(NoticeKind::Shrunk);
    summarize_notices(failing, recovered, shrunk)
}

/// Returns text such as `3 sources fail, 1 has recovered`.
fn summarize_notices(failing: u64, recovered: u64, shrunk: u64) -> String {
    let parts = [
        (failing, "fails", "fail"),
        (recovered, "has recovered", "have recovered"),
        (shrunk, "lists far fewer jobs", "list far fewer jobs"),
    ];
    let mut parts = parts.into_iter().filter(|(count, ..)| *count > 0);

    // Only the first part has the noun.
    let first = parts.next().map(|(count, one, many)| {
        counted(count, &format!("source {one}"), &format!("sources {many}"))
    });
    let others = parts.map(|(count, one, many)| counted(count, one, many));
    let all: Vec<String> = first.into_iter().chain(others).collect();
    all.join(", ")
}

fn describe_notice(notice: &HealthNotice) -> String {
    let since = notice.failing_since.strftime("%Y-%m-%d %H:%M UTC");
    match notice.kind {
        NoticeKind::Failing => format!("has failed since {since}"),
        NoticeKind::Recovered => format!("has recovered; it had failed since {since}"),
        NoticeKind::Shrunk => format!("has listed far fewer jobs since {since}"),
    }
}

pub(super) fn notice_entry(notice: &HealthNotice) -> NoticeEntry {
    let error = notice.error.as_ref();
    NoticeEntry {
        name: one_line(&notice.source_name, NAME_CHARS),
        key: one_line(&notice.source.to_string(), TITLE_CHARS),
        event: describe_notice(notice),
        error: error
            .map(|error| format!("{}: {}", error.kind, one_line(&error.message, ERROR_CHARS))),
        advice: error.map(|error| error.kind.advice(&error.message)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_health_subject_counts_each_kind_of_notice() {
        for (failing, recovered, shrunk, words) in [
            (2, 0, 0, "2 sources fail"),
            (0, 3, 0, "3 sources have recovered"),
            (0, 0, 2, "2 sources list far fewer jobs"),
            (1, 1, 0, "1 source fails, 1 has recovered"),
            (2, 3, 0, "2 sources fail, 3 have recovered"),
            (1, 0, 1, "1 source fails, 1 lists far fewer jobs"),
            (0, 1, 2, "1 source has recovered, 2 list far fewer jobs"),
            (
                1,
                2,
                1,
                "1 source fails, 2 have recovered, 1 lists far fewer jobs",
            ),
        ] {
            assert_eq!(summarize_notices(failing, recovered, shrunk), words);
        }
    }
}
