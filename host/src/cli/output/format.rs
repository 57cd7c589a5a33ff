//! What all commands share on the way out: formats, JSON that is safe to look at, standard output.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::ControlFlow;

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::Timestamp;
use job_scanner_core::escape::{Printable, is_disguised};
use job_scanner_core::time::utc_millis;
use serde::Serialize;

/// How a result is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Table,
    /// For programs; docs/json.md describes the shapes
    Json,
}

/// How much of the past to show, and how.
#[derive(Debug, clap::Args)]
pub(super) struct HistoryOptions {
    /// At most so many, the newest first
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub(super) limit: u32,

    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
}

/// A value as indented JSON, with a line break at its end.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    Ok(without_disguise(text) + "\n")
}

/// A time as JSON and tables have it: UTC, fixed width, with milliseconds.
pub(super) fn time(at: Timestamp) -> String {
    utc_millis(at).to_string()
}

/// As [`time`]; `-` for one that never was.
pub(super) fn time_cell(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}

/// A line of a CSV file (RFC 4180). A spreadsheet takes some cells for formulas and may run them;
/// such a cell gets an apostrophe in front.
pub(super) fn csv_line(cells: impl IntoIterator<Item = String>) -> String {
    let quoted = |cell: String| {
        let guard = if is_formula(&cell) { "'" } else { "" };
        let cell = format!("{guard}{}", Printable(&cell));
        if cell.contains(['"', ',', ';', '\'']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// Returns true if a spreadsheet may take a cell for a formula, after it dropped what cannot be
/// seen at the beginning. The wide and small forms count for the plain ones where they are typed,
/// as in Japanese.
fn is_formula(cell: &str) -> bool {
    const PLAIN: [char; 4] = ['=', '+', '-', '@'];
    const WIDE: [char; 4] = ['＝', '＋', '－', '＠'];
    const SMALL: [char; 4] = ['﹦', '﹢', '﹣', '﹫'];

    let unseen = |c: char| c.is_whitespace() || c.is_control() || is_disguised(c);
    let seen = cell.trim_start_matches(unseen);
    cell.starts_with(['\t', '\r', '\n'])
        || [PLAIN, WIDE, SMALL]
            .iter()
            .any(|signs| seen.starts_with(signs))
}

/// Writes a result, or the rest of one, to standard output.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    if print_part(text)?.is_break() {
        return Ok(());
    }
    // What waits to be written would be lost at the end without a word.
    written(io::stdout().flush()).map(drop)
}

/// As [`print`], where more is to come; breaks when the reader has seen enough (`| head`), which is
/// not an error.
pub(super) fn print_part(text: &str) -> anyhow::Result<ControlFlow<()>> {
    written(io::stdout().write_all(text.as_bytes()))
}

fn written(result: io::Result<()>) -> anyhow::Result<ControlFlow<()>> {
    match result {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(error).context("cannot write the result"),
    }
}

/// The same JSON with characters that steer a terminal or hide in `\u` notation. Ours stand between
/// values and are plain spaces and line breaks; those within strings are the only others.
fn without_disguise(json: String) -> String {
    let steers = |c: char| c != '\n' && is_disguised(c);
    if !json.contains(steers) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if !steers(c) {
            safe.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_a_formula() {
        let cells = [
            "plain",
            "a,b",
            "say \"hi\"",
            "=1+1",
            "@SUM(A1)",
            "-x",
            "a=b",
            "two\nlines",
            "",
        ];
        assert_eq!(
            csv_line(cells.map(ToOwned::to_owned)),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"'=1+1\",\"'@SUM(A1)\",\"'-x\",a=b,two\\nlines,\n"
        );
    }

    #[test]
    fn a_cell_that_a_spreadsheet_takes_for_a_formula_gets_an_apostrophe() {
        let hostile = [
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(1)",
            "﹦1",
            "﹣1",
            " =1",
            "\u{3000}＝1",
            "\t=1",
            "\r=1",
            "\n=1",
            "\ttab",
            "\u{feff}=1",
            "\u{200b}@x",
            "\u{202e}=1",
            "\0=1",
        ];
        for cell in hostile {
            let line = csv_line([cell.to_owned()]);
            assert!(line.starts_with("\"'"), "{cell:?}: {line}");
        }
        for cell in ["a＝b", "1-2", " a", "–", "(=1)", "*", "50 % -"] {
            assert_eq!(csv_line([cell.to_owned()]), format!("{cell}\n"));
        }
    }

    #[test]
    fn json_shows_no_disguised_character_and_reads_back_as_it_was() {
        let given = "a\nb\u{1b}[31m\u{9b}\u{202e}\u{7f}\u{e0041}é";
        let printed = json(given).unwrap();
        assert_eq!(
            printed,
            "\"a\\nb\\u001b[31m\\u009b\\u202e\\u007f\\udb40\\udc41é\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), given);
    }
}
