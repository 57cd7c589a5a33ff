//! Lines of a CSV file that a spreadsheet does not run as formulas.

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
