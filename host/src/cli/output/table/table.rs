//! A table of texts, printed for a terminal or a pipe.
//!
//! On a terminal, the columns that do not fit yield in their order, texts are cut at a word, and a
//! line separates the header. A pipe gets all columns and whole cells, one line per row. Keys and
//! addresses are never cut or broken.
//!
//! Not here: the columns and cells of each table (`job_scanner_views`).

use std::fmt;

use job_scanner_views::column::{Column, Content};

use crate::cli::output::table::layout::{GAP, Layout, Placement, of_pipe, of_terminal};
use crate::cli::output::table::width::{cut, width_of, wrap};
use crate::terminal::stdout_columns;

/// A table. All texts in it are printed as they are, so those of boards have to be escaped.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
    /// The width of the terminal; `None` for a pipe or a file.
    width: Option<usize>,
}

impl Table {
    /// Creates a table for standard output. Each row has one cell for each column.
    pub(crate) fn new<R: Into<Vec<String>>>(
        columns: &[Column],
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: rows.into_iter().map(Into::into).collect(),
            width: stdout_columns(),
        }
    }

    fn layout(&self) -> Layout {
        match self.width {
            Some(width) => of_terminal(&self.columns, &self.rows, width),
            None => of_pipe(&self.columns, &self.rows),
        }
    }

    /// Writes the header, and a line below it on a terminal. A table whose headers are all empty has
    /// none.
    fn write_header(&self, f: &mut fmt::Formatter<'_>, layout: &Layout) -> fmt::Result {
        let headers: Vec<String> = self.columns.iter().map(|it| it.header.to_owned()).collect();
        if headers.iter().all(String::is_empty) {
            return Ok(());
        }
        writeln!(f, "{}", self.row_line(&headers, layout))?;
        if self.width.is_some() {
            writeln!(f, "{}", "─".repeat(row_width(layout)))?;
        }
        Ok(())
    }

    /// Writes a row, with the keys and addresses that have lines of their own. Those of the first
    /// column are above the row, and all others below.
    fn write_row(
        &self,
        f: &mut fmt::Formatter<'_>,
        row: &[String],
        layout: &Layout,
    ) -> fmt::Result {
        let own = layout.places.iter().zip(row).enumerate();
        let own =
            own.filter(|(_, (place, cell))| **place == Placement::OwnLine && !cell.is_empty());
        let (above, below): (Vec<_>, Vec<_>) = own.partition(|(at, _)| *at == 0);

        for (_, (_, cell)) in above {
            writeln!(f, "{cell}")?;
        }
        for line in self.lines_of(row, layout) {
            writeln!(f, "{line}")?;
        }
        let below: Vec<&str> = below.iter().map(|(_, (_, cell))| cell.as_str()).collect();
        self.write_own_lines(f, &below)
    }

    /// Writes cells in one line if they fit, and otherwise on a line each.
    fn write_own_lines(&self, f: &mut fmt::Formatter<'_>, cells: &[&str]) -> fmt::Result {
        let indent = " ".repeat(GAP);
        let one = format!("{indent}{}", cells.join(&indent));
        if cells.len() > 1 && self.width.is_some_and(|width| width_of(&one) <= width) {
            return writeln!(f, "{one}");
        }
        cells
            .iter()
            .try_for_each(|cell| writeln!(f, "{indent}{cell}"))
    }

    /// Returns the lines of a row: more than one if a cell is wrapped.
    fn lines_of(&self, row: &[String], layout: &Layout) -> Vec<String> {
        let cell_lines = |((column, place), cell): ((&Column, &Placement), &String)| {
            let (Placement::Column(width), Some(_)) = (*place, self.width) else {
                return vec![cell.clone()];
            };
            match column.content {
                Content::Text { .. } => vec![cut(cell, width)],
                Content::Prose { .. } => wrap(cell, width),
                Content::Word | Content::Number | Content::Copied => vec![cell.clone()],
            }
        };
        let cells = self.columns.iter().zip(&layout.places).zip(row);
        let cells: Vec<Vec<String>> = cells.map(cell_lines).collect();

        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        let line = |number: usize| {
            let parts = cells.iter().map(|cell| cell.get(number).cloned());
            let parts: Vec<String> = parts.map(Option::unwrap_or_default).collect();
            self.row_line(&parts, layout)
        };
        (0..height).map(line).collect()
    }

    /// Returns one line with these cells, each as wide as its column. It has no spaces at its end.
    fn row_line(&self, cells: &[String], layout: &Layout) -> String {
        let mut padded = Vec::new();
        for ((column, place), cell) in self.columns.iter().zip(&layout.places).zip(cells) {
            let Placement::Column(width) = *place else {
                continue;
            };
            let space = " ".repeat(width.saturating_sub(width_of(cell)));
            padded.push(match column.content {
                Content::Number => space + cell,
                _ => cell.clone() + &space,
            });
        }
        padded.join(&" ".repeat(GAP)).trim_end().to_owned()
    }
}

/// Returns the width of a row, without the lines next to it.
fn row_width(layout: &Layout) -> usize {
    let widths = layout.places.iter().filter_map(|place| match place {
        Placement::Column(width) => Some(width + GAP),
        Placement::OwnLine | Placement::Hidden => None,
    });
    widths.sum::<usize>().saturating_sub(GAP)
}

/// Prints whole lines, with a line break at the end of the last one.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.layout();
        self.write_header(f, &layout)?;
        self.rows
            .iter()
            .try_for_each(|row| self.write_row(f, row, &layout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 6] = [
        Column::text("title", 12),
        Column::text("company", 8).late(2),
        Column::word("age").late(1),
        Column::number("new"),
        Column::number("old"),
        Column::copied("job").early(1),
    ];

    /// Returns the printed lines.
    fn printed(columns: &[Column], rows: &[&[&str]], width: Option<usize>) -> Vec<String> {
        let rows = rows.iter().map(|row| row.iter().map(ToString::to_string));
        let table = Table {
            width,
            ..Table::new(columns, rows.map(Vec::from_iter))
        };
        table.to_string().lines().map(ToOwned::to_owned).collect()
    }

    const ROWS: [&[&str]; 2] = [
        &[
            "Cook for a ship in Oslo",
            "Sjø & Co",
            "3d",
            "4",
            "0",
            "gem/sjo/1",
        ],
        &[
            "料理人",
            "Kaze",
            "12w",
            "15",
            "0",
            "gem/kaze/a-very-long-id",
        ],
    ];

    #[test]
    fn columns_yield_until_the_row_fits_and_keys_stay_whole() {
        let lines = [
            "title                    company   age  new  old  job",
            "─────────────────────────────────────────────────────────────────────────",
            "Cook for a ship in Oslo  Sjø & Co  3d     4    0  gem/sjo/1",
            "料理人                   Kaze      12w   15    0  gem/kaze/a-very-long-id",
        ];
        assert_eq!(printed(&COLUMNS, &ROWS, Some(80)), lines);
        let lines = [
            "title                    company   age  new  old",
            "────────────────────────────────────────────────",
            "Cook for a ship in Oslo  Sjø & Co  3d     4    0",
            "  gem/sjo/1",
            "料理人                   Kaze      12w   15    0",
            "  gem/kaze/a-very-long-id",
        ];
        assert_eq!(printed(&COLUMNS, &ROWS, Some(50)), lines);
        let lines = [
            "title           age  new",
            "────────────────────────",
            "Cook for a…     3d     4",
            "  gem/sjo/1",
            "料理人          12w   15",
            "  gem/kaze/a-very-long-id",
        ];
        assert_eq!(printed(&COLUMNS, &ROWS, Some(24)), lines);
    }

    #[test]
    fn a_pipe_gets_all_columns_and_whole_cells() {
        let columns = [
            Column::text("name", 4),
            Column::word("note"),
            Column::copied("job"),
        ];
        let long = "A company whose name is longer than any table should be wide";
        let rows: [&[&str]; 2] = [&[long, "", "gem/long/1"], &["Kaze", "", "gem/kaze/2"]];
        let lines = [
            "name  note  job",
            "A company whose name is longer than any table should be wide        gem/long/1",
            "Kaze        gem/kaze/2",
        ];
        assert_eq!(printed(&columns, &rows, None), lines);
    }

    #[test]
    fn sentences_are_wrapped_and_no_word_is_broken() {
        let columns = [Column::word("check"), Column::prose("detail", 10)];
        let rows: [&[&str]; 1] = [&["mail", "written to /var/lib/job-scanner/outbox as files"]];
        let lines = [
            "check  detail",
            "────────────────────────",
            "mail   written to",
            "       /var/lib/job-scanner/outbox",
            "       as files",
        ];
        assert_eq!(printed(&columns, &rows, Some(24)), lines);
    }

    #[test]
    fn a_key_in_the_first_column_is_above_its_row() {
        let columns = [Column::copied("source").late(1), Column::word("state")];
        let rows: [&[&str]; 1] = [&["greenhouse/a-long-name", "failing"]];
        let lines = ["state", "───────", "greenhouse/a-long-name", "failing"];
        assert_eq!(printed(&columns, &rows, Some(20)), lines);
    }

    #[test]
    fn a_table_without_rows_keeps_its_columns() {
        let lines = [
            "title  company  age  new  old  job",
            "──────────────────────────────────",
        ];
        assert_eq!(printed(&COLUMNS, &[], Some(80)), lines);
    }
}
