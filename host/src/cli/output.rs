//! What all commands share on the way out: formats, JSON that is safe to look at, standard output.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::ControlFlow;

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::Timestamp;
use job_scanner_core::escape::{Printable, is_disguised};
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
    format!("{at:.3}")
}

/// As [`time`]; `-` for one that never was.
pub(super) fn time_cell(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}

/// A line of a CSV file (RFC 4180). A spreadsheet takes a cell that begins with one of `=+-@` for a formula and may run
/// it, so such a cell gets an apostrophe in front.
pub(super) fn csv_line(cells: impl IntoIterator<Item = String>) -> String {
    let quoted = |cell: String| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        let cell = format!("{guard}{}", Printable(&cell));
        if cell.contains(['"', ',', ';', '\'']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// Writes a result to standard output.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    print_part(text).map(drop)
}

/// As [`print`]; breaks when the reader has seen enough (`| head`), which is no error.
pub(super) fn print_part(text: &str) -> anyhow::Result<ControlFlow<()>> {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Ok(ControlFlow::Continue(())),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
        Err(error) => Err(error).context("cannot write the result"),
    }
}

/// The same JSON with characters that steer a terminal or hide in `\u` notation. Ours stand between values and are
/// plain spaces and line breaks; those within strings are the only others.
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
        let cells = ["plain", "a,b", "say \"hi\"", "=1+1", "@SUM(A1)", "-x", "a=b", "two\nlines", ""];
        assert_eq!(
            csv_line(cells.map(ToOwned::to_owned)),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"'=1+1\",\"'@SUM(A1)\",\"'-x\",a=b,two\\nlines,\n"
        );
    }

    #[test]
    fn json_shows_no_disguised_character_and_reads_back_as_it_was() {
        let given = "a\nb\u{1b}[31m\u{9b}\u{202e}\u{7f}\u{e0041}é";
        let printed = json(given).unwrap();
        assert_eq!(printed, "\"a\\nb\\u001b[31m\\u009b\\u202e\\u007f\\udb40\\udc41é\"\n");
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), given);
    }
}
