//! The result of a run as text: what it did at each source, what failed, and the matches.

use job_scanner_core::escape::Printable;
use job_scanner_core::run::Counts;
use job_scanner_pipeline::PipelineRunResult;
use job_scanner_views::matches;
use job_scanner_views::matches::MatchedJob;

use crate::cli::output::table::{align_numbers, plain_table};

/// The maximum number of listed jobs, which fill one or two terminal pages. The messages and the
/// database have the rest.
const MAX_SHOWN_MATCHES: usize = 50;

/// The number of text columns in the table of sources. Columns of numbers follow.
const TEXT_COLUMNS: usize = 2;

const HEADER: [&str; 12] = [
    "source",
    "outcome",
    "fetched",
    "new",
    "updated",
    "unchanged",
    "closed",
    "reopened",
    "rejected",
    "matched",
    "notified",
    "ms",
];

/// Returns a table with one row per source, and a row of totals.
pub(crate) fn sources(result: &PipelineRunResult) -> String {
    let mut table = plain_table();
    table.set_header(HEADER);
    for source in &result.sources {
        let key = source.source.to_string();
        let outcome = source.outcome.as_str();
        table.add_row(row(&key, outcome, source.counts, source.duration_ms));
    }

    let outcome = match (result.interrupted, result.had_errors) {
        (true, _) => "interrupted",
        (false, true) => "with errors",
        (false, false) => "ok",
    };
    table.add_row(row("total", outcome, result.totals, result.duration_ms));

    align_numbers(&mut table, TEXT_COLUMNS);
    format!("{table}\n")
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

/// Returns a line for each error and warning. Empty if there is none.
pub(crate) fn problems(result: &PipelineRunResult) -> String {
    let mut lines = Vec::new();
    for source in &result.sources {
        let key = &source.source;
        if let Some(error) = &source.error {
            let message = Printable(&error.message);
            lines.push(format!("failed: {key}: {}: {message}", error.kind));
        }
        for warning in &source.warnings {
            lines.push(format!("warning: {key}: {}", Printable(warning)));
        }
    }

    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", lines.join("\n"))
    }
}

/// Returns the table of matching jobs under a headline. If there are many, only the first ones are
/// listed.
pub(crate) fn matches(headline: &str, matches: &[MatchedJob<'_>]) -> String {
    if matches.is_empty() {
        return String::new();
    }

    let mut table = plain_table();
    table.set_header(matches::HEADER);
    for matched in matches.iter().take(MAX_SHOWN_MATCHES) {
        table.add_row(matched.row());
    }

    let more = matches.len().saturating_sub(MAX_SHOWN_MATCHES);
    let rest = if more > 0 {
        format!("and {more} more\n")
    } else {
        String::new()
    };
    format!("\n{headline}:\n{table}\n{rest}")
}
