//! Tables for people, and what a run found in them. Everything a board wrote is escaped here.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use job_scanner_core::escape::{Printable, PrintableStart};
use job_scanner_pipeline::{Counts, PipelineRunResult};

/// A terminal page or two of jobs; the messages and the database have the rest.
const SHOWN_MATCHES: usize = 50;
/// Enough to recognize a title.
const SHOWN_TITLE_CHARACTERS: usize = 80;

/// One row a source, and a row of sums.
pub(super) fn sources(result: &PipelineRunResult) -> String {
    let header = [
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
    let mut table = plain_table();
    table.set_header(header);
    for source in &result.sources {
        table.add_row(row(
            &source.source.to_string(),
            source.outcome.as_str(),
            source.counts,
            source.duration_ms,
        ));
    }
    let outcome = match (result.interrupted, result.had_errors) {
        (true, _) => "interrupted",
        (false, true) => "had errors",
        (false, false) => "good",
    };
    table.add_row(row("total", outcome, result.totals, result.duration_ms));
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}

/// What went wrong, one line each; nothing when nothing did.
pub(super) fn problems(result: &PipelineRunResult) -> String {
    let mut lines = Vec::new();
    for source in &result.sources {
        if let Some(error) = &source.error {
            lines.push(format!(
                "failed: {}: {}: {}",
                source.source,
                error.kind,
                Printable(&error.message)
            ));
        }
        let warnings = source.warnings.iter();
        lines.extend(
            warnings.map(|warning| format!("warning: {}: {}", source.source, Printable(warning))),
        );
    }
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", lines.join("\n"))
    }
}

/// What a table shows of a job that fits. The source's name stands in for a company that the board
/// does not name.
pub(super) struct TableMatch<'a> {
    pub(super) title: &'a str,
    pub(super) company: &'a str,
    pub(super) places: Vec<&'a str>,
    pub(super) url: &'a str,
}

/// The jobs that fit, under a line that says what they are; the first of them, when they are many.
pub(super) fn matches(headline: &str, matches: &[TableMatch<'_>]) -> String {
    if matches.is_empty() {
        return String::new();
    }
    let mut table = plain_table();
    table.set_header(["job", "company", "where", "page"]);
    for TableMatch {
        title,
        company,
        places,
        url,
    } in matches.iter().take(SHOWN_MATCHES)
    {
        table.add_row([
            short(title),
            short(company),
            short(&places.join("; ")),
            Printable(url).to_string(),
        ]);
    }
    let more = matches.len().saturating_sub(SHOWN_MATCHES);
    let rest = if more > 0 {
        format!("and {more} more\n")
    } else {
        String::new()
    };
    format!("\n{headline}:\n{table}\n{rest}")
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
    [name.to_owned(), outcome.to_owned()]
        .into_iter()
        .chain(numbers.map(|number| number.to_string()))
        .collect()
}

/// The beginning of a stranger's text, fit for a cell.
pub(super) fn short(text: &str) -> String {
    PrintableStart {
        text,
        limit: SHOWN_TITLE_CHARACTERS,
    }
    .to_string()
}

/// A stranger's text that is of no use when cut, such as a key.
pub(super) fn whole(text: &str) -> String {
    Printable(text).to_string()
}

/// Some terminals say that they have no columns, or hardly one.
const FEWEST_COLUMNS: u16 = 20;
const USUAL_COLUMNS: u16 = 80;

/// A table as wide as the terminal, with a line under its header.
pub(super) fn plain_table() -> Table {
    let mut table = Table::new();
    if table
        .width()
        .is_some_and(|columns| columns < FEWEST_COLUMNS)
    {
        table.set_width(USUAL_COLUMNS);
    }
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}
