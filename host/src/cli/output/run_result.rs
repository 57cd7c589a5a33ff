//! The result of a run as text: what it did at each source, what failed, and the matches.

use jiff::Timestamp;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::SourceKey;
use job_scanner_core::run::Counts;
use job_scanner_pipeline::{PipelineRunResult, ScanFailure, SourceRunStats};
use job_scanner_views::column::Column;
use job_scanner_views::matches;
use job_scanner_views::matches::MatchedJob;

use crate::cli::output::table::Table;

/// The maximum number of listed jobs, which fill one or two terminal pages. The messages and the
/// database have the rest.
const MAX_SHOWN_MATCHES: usize = 50;

/// The maximum number of sources that are named in the line of a failure they share. The table has
/// all of them.
const MAX_NAMED_SOURCES: usize = 3;

/// The columns of the table of sources.
const SOURCE_COLUMNS: [Column; 12] = [
    Column::copied("source").late(1),
    Column::word("outcome"),
    Column::number("fetched").late(6),
    Column::number("new"),
    Column::number("updated").late(5),
    Column::number("unchanged").late(2),
    Column::number("closed"),
    Column::number("reopened").late(3),
    Column::number("rejected"),
    Column::number("matched"),
    Column::number("notified"),
    Column::number("ms").late(4),
];

/// Returns a table with one row per source, and a row of totals.
pub(crate) fn sources(result: &PipelineRunResult) -> String {
    let mut rows = Vec::new();
    for source in &result.sources {
        let key = source.source.to_string();
        let outcome = source.outcome.as_str();
        rows.push(row(&key, outcome, source.counts, source.duration_ms));
    }

    let outcome = match (result.interrupted, result.had_errors) {
        (true, _) => "interrupted",
        (false, true) => "with errors",
        (false, false) => "ok",
    };
    rows.push(row("total", outcome, result.totals, result.duration_ms));
    Table::new(&SOURCE_COLUMNS, rows).to_string()
}

fn row(name: &str, outcome: &str, counts: Counts, duration_ms: u64) -> Vec<String> {
    let numbers = [
        counts.fetched,
        counts.new,
        counts.updated,
        counts.unchanged,
        counts.closed,
        counts.reopened,
        counts.rejected,
        counts.matched,
        counts.notified,
        duration_ms,
    ];
    let mut row = vec![name.to_owned(), outcome.to_owned()];
    row.extend(numbers.map(|number| number.to_string()));
    row
}

/// Returns a line for each cause of failure, each warning, each partial listing that the operator
/// accepts, and each folder with the requests and responses of a failed scan. Empty if there is none.
pub(crate) fn problems(result: &PipelineRunResult) -> String {
    let mut lines = failures(&result.sources);
    for source in &result.sources {
        let key = &source.source;
        for warning in &source.warnings {
            lines.push(format!("warning: {key}: {}", Printable(warning)));
        }
        if let Some(reason) = &source.accepted {
            let reason = Printable(reason);
            lines.push(format!(
                "note: {key}: {reason} (accepted by `accept_partial`)"
            ));
        }
        if let Some(folder) = &source.exchanges {
            let folder = folder.display().to_string();
            lines.push(format!(
                "note: {key}: the requests and responses are in `{}`",
                Printable(&folder)
            ));
        }
    }

    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", lines.join("\n"))
    }
}

/// Returns a line for each failure. Sources that failed for the same reason share it.
fn failures(sources: &[SourceRunStats]) -> Vec<String> {
    let mut causes: Vec<(&ScanFailure, Vec<&SourceKey>)> = Vec::new();
    for source in sources {
        let Some(failure) = &source.error else {
            continue;
        };
        let is_same = |(known, _): &&mut (&ScanFailure, _)| {
            known.kind == failure.kind && known.message == failure.message
        };
        match causes.iter_mut().find(is_same) {
            Some((_, keys)) => keys.push(&source.source),
            None => causes.push((failure, vec![&source.source])),
        }
    }

    causes
        .into_iter()
        .map(|(failure, keys)| {
            let message = Printable(&failure.message);
            format!("failed: {}: {}: {message}", named(&keys), failure.kind)
        })
        .collect()
}

/// Returns the first sources by name, and the number of all others.
fn named(keys: &[&SourceKey]) -> String {
    let first: Vec<String> = keys
        .iter()
        .take(MAX_NAMED_SOURCES)
        .map(ToString::to_string)
        .collect();
    let first = first.join(", ");
    match keys.len().saturating_sub(MAX_NAMED_SOURCES) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Returns the table of matching jobs under a headline. If there are many, only the first ones are
/// listed. Their ages are those at `now`.
pub(crate) fn matches(headline: &str, matches: &[MatchedJob<'_>], now: Timestamp) -> String {
    if matches.is_empty() {
        return String::new();
    }

    let shown = matches.iter().take(MAX_SHOWN_MATCHES);
    let table = Table::new(&matches::COLUMNS, shown.map(|matched| matched.row(now)));

    let more = matches.len().saturating_sub(MAX_SHOWN_MATCHES);
    let rest = if more > 0 {
        format!("and {more} more\n")
    } else {
        String::new()
    };
    format!("\n{headline}:\n{table}{rest}")
}

#[cfg(test)]
mod tests {
    use job_scanner_core::failure::FailureKind;
    use job_scanner_core::run::ScanOutcome;

    use super::*;

    fn failed(key: &str, message: &str) -> SourceRunStats {
        SourceRunStats {
            error: Some(ScanFailure::new(
                FailureKind::NotAccepted,
                message.to_owned(),
            )),
            ..SourceRunStats::new(key.parse().unwrap(), key.to_owned(), ScanOutcome::Failed)
        }
    }

    #[test]
    fn a_failed_scan_names_the_folder_with_its_responses() {
        let source = SourceRunStats {
            exchanges: Some("cassettes/7-gem-acme".into()),
            ..failed("gem/acme", "odd")
        };
        let result = PipelineRunResult::of(Timestamp::UNIX_EPOCH, vec![source]);
        assert!(
            problems(&result).ends_with(
                "\nnote: gem/acme: the requests and responses are in `cassettes/7-gem-acme`\n"
            ),
            "{}",
            problems(&result)
        );
    }

    #[test]
    fn sources_that_fail_for_one_reason_share_a_line() {
        let mut sources: Vec<SourceRunStats> = ["lever/a", "lever/b", "lever/c", "lever/d"]
            .map(|key| failed(key, "accept it"))
            .into();
        sources.insert(1, failed("gem/a", "replace it"));
        let result = PipelineRunResult::of(Timestamp::UNIX_EPOCH, sources);
        assert_eq!(
            problems(&result),
            "\nfailed: lever/a, lever/b, lever/c and 1 more: not-accepted: accept it\n\
             failed: gem/a: not-accepted: replace it\n"
        );
    }
}
