//! Lines of a CSV file that a spreadsheet does not run as formulas, and the way back.

use job_scanner_core::escape::{Printable, is_disguised};

/// Formats a line of a CSV file ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), with a line
/// break at its end. A cell that a spreadsheet might run as a formula gets an apostrophe in front.
pub fn csv_line(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
    cells.join(",") + "\n"
}

fn quoted(cell: &str) -> String {
    let guard = if is_formula(cell) { "'" } else { "" };
    let cell = format!("{guard}{}", Printable(cell));

    if cell.contains(['"', ',', ';', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// The reason why a text is not a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: a cell that begins with `\"` does not end with one, or has text after it")]
pub struct CsvError {
    pub line: usize,
}

/// Reads the rows of a CSV file, each with the line in which it begins. Cells are separated by
/// commas, or by the semicolons or tabs that some spreadsheets write. Empty lines are skipped, and
/// the apostrophe in front of a formula is removed.
pub fn read_csv(text: &str) -> Result<Vec<(usize, Vec<String>)>, CsvError> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t'].into_iter().find(|it| header.contains(*it));
    let separator = separator.unwrap_or(',');

    let (mut rows, mut rest, mut line) = (Vec::new(), text, 1);
    while !rest.is_empty() {
        let begin = line;
        let mut row = Vec::new();
        loop {
            let (cell, after) = read_cell(rest, separator).ok_or(CsvError { line: begin })?;
            line += rest[..rest.len() - after.len()].matches('\n').count();
            row.push(cell);
            if let Some(next) = after.strip_prefix(separator) {
                rest = next;
                continue;
            }

            let next = after.strip_prefix('\r').unwrap_or(after);
            rest = next.strip_prefix('\n').unwrap_or(next);
            line += usize::from(rest.len() < after.len());
            break;
        }
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push((begin, row));
        }
    }
    Ok(rows)
}

/// Reads one cell, and returns it with the text after it, which begins with a separator or a line
/// break. `None` if a quoted cell does not end, or has text after it.
fn read_cell(text: &str, separator: char) -> Option<(String, &str)> {
    let ends = [separator, '\r', '\n'];
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
        return Some((without_guard(&text[..end]), &text[end..]));
    };

    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let end = rest.find('"')?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(next) => {
                cell.push('"');
                rest = next;
            }
            None if rest.is_empty() || rest.starts_with(ends) => {
                return Some((without_guard(&cell), rest));
            }
            None => return None,
        }
    }
}

fn without_guard(cell: &str) -> String {
    let formula = cell.strip_prefix('\'').filter(|rest| is_formula(rest));
    formula.unwrap_or(cell).to_owned()
}

/// Returns true if a spreadsheet might run a cell as a formula, even after dropping invisible
/// characters at its beginning. Some spreadsheets treat the wide and small forms of the signs, as
/// typed in Japanese, like the plain ones.
fn is_formula(cell: &str) -> bool {
    const PLAIN: [char; 4] = ['=', '+', '-', '@'];
    const WIDE: [char; 4] = ['＝', '＋', '－', '＠'];
    const SMALL: [char; 4] = ['﹦', '﹢', '﹣', '﹫'];

    let is_invisible = |c: char| c.is_whitespace() || c.is_control() || is_disguised(c);
    let visible = cell.trim_start_matches(is_invisible);

    cell.starts_with(['\t', '\r', '\n'])
        || [PLAIN, WIDE, SMALL]
            .iter()
            .any(|signs| visible.starts_with(signs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_when_needed_and_never_a_formula() {
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
    fn a_file_is_read_back_with_its_lines() {
        let written = [
            ["key", "note"],
            ["gem/acme/1", "a \"quote\", and; more"],
            ["gem/acme/2", "=1+1"],
            ["gem/acme/3", ""],
        ];
        let text: String = written
            .iter()
            .map(|row| csv_line(row.map(ToOwned::to_owned)))
            .collect();
        let rows = read_csv(&text).unwrap();
        for (index, (line, row)) in rows.iter().enumerate() {
            assert_eq!(
                (*line, row.as_slice()),
                (index + 1, &written[index].map(String::from)[..])
            );
        }
        assert_eq!(rows.len(), written.len());
    }

    #[test]
    fn the_forms_of_spreadsheets_are_read_and_broken_quotes_are_an_error() {
        let cells = |text| -> Vec<(usize, String)> {
            let rows = read_csv(text).unwrap().into_iter();
            rows.map(|(line, row)| (line, row.join("|"))).collect()
        };
        let of = |lines: &[(usize, &str)]| -> Vec<(usize, String)> {
            lines
                .iter()
                .map(|(line, row)| (*line, (*row).to_owned()))
                .collect()
        };
        assert_eq!(
            cells("\u{feff}a;b\r\n\r\nc;d"),
            of(&[(1, "a|b"), (3, "c|d")])
        );
        assert_eq!(
            cells("a\tb\n\"two\nlines\"\tc\nd\te\n"),
            of(&[(1, "a|b"), (2, "two\nlines|c"), (4, "d|e")])
        );
        assert_eq!(cells(""), []);
        assert_eq!(read_csv("a,b\n\"c,d"), Err(CsvError { line: 2 }));
        assert_eq!(read_csv("a\n\"b\"c"), Err(CsvError { line: 2 }));
    }

    #[test]
    fn a_formula_like_cell_gets_an_apostrophe() {
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
}
