//! Tables as wide as the terminal.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width, presets,
};

/// The minimum width that a terminal can have. Some report no columns, or too few to be usable;
/// their tables have the default width.
const MIN_COLUMNS: u16 = 20;
const DEFAULT_COLUMNS: u16 = 80;

/// The width that shows the table of a scan without breaking words. On a narrower terminal,
/// columns are left out.
const WIDE_COLUMNS: u16 = 132;

/// The width of a date such as `2026-11-23`, with the space on both sides.
const DATE_COLUMNS: u16 = 12;

/// Creates a table with a line under its header.
pub(crate) fn plain_table() -> Table {
    let mut table = Table::new();
    let is_too_narrow = |columns| columns < MIN_COLUMNS;
    if table.width().is_some_and(is_too_narrow) {
        table.set_width(DEFAULT_COLUMNS);
    }

    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Keeps the columns with these headers wide enough for a date, which a narrow terminal would break
/// at a hyphen.
pub(crate) fn keep_dates_whole(table: &mut Table, headers: &[&str]) {
    let Some(header) = table.header() else {
        return;
    };
    let names: Vec<String> = header.cell_iter().map(Cell::content).collect();

    for (column, name) in table.column_iter_mut().zip(names) {
        if headers.contains(&name.as_str()) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(DATE_COLUMNS)));
        }
    }
}

/// Hides the columns in which all cells are empty, so that the others have more room.
pub(crate) fn hide_empty_columns(table: &mut Table) {
    hide_columns_of(table, 0, "");
}

/// Hides the columns after the first `texts` in which all cells are `0`, if the terminal is narrow.
pub(crate) fn hide_zeros_if_narrow(table: &mut Table, texts: usize) {
    if is_narrow(table) {
        hide_columns_of(table, texts, "0");
    }
}

/// Hides the column with this header if the terminal is narrow.
pub(crate) fn hide_if_narrow(table: &mut Table, header: &str) {
    if !is_narrow(table) {
        return;
    }
    let names = table.header().into_iter().flat_map(Row::cell_iter);
    let column = names.map(Cell::content).position(|name| name == header);
    if let Some(column) = column.and_then(|index| table.column_mut(index)) {
        column.set_constraint(ColumnConstraint::Hidden);
    }
}

/// Hides the columns after the first `kept` in which all cells have this text.
fn hide_columns_of(table: &mut Table, kept: usize, text: &str) {
    let mut filled = vec![table.is_empty(); table.column_count()];
    for row in table.row_iter() {
        for (filled, cell) in filled.iter_mut().zip(row.cell_iter()) {
            *filled |= cell.content() != text;
        }
    }

    for (column, filled) in table.column_iter_mut().zip(filled).skip(kept) {
        if !filled {
            column.set_constraint(ColumnConstraint::Hidden);
        }
    }
}

fn is_narrow(table: &Table) -> bool {
    table.width().is_some_and(|columns| columns < WIDE_COLUMNS)
}

/// Aligns the columns after the first `texts` to the right, for numbers.
pub(crate) fn align_numbers(table: &mut Table, texts: usize) {
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_without_any_text_are_hidden() {
        let mut table = plain_table();
        table.set_header(["title", "expires", "extra"]);
        table.add_row(["Cook", "", ""]);
        table.add_row(["", "", "Team: Kitchen"]);
        hide_empty_columns(&mut table);
        let header = table.lines().nth(1).unwrap();
        let names: Vec<&str> = header.split_whitespace().collect();
        assert_eq!(names, ["│", "title", "extra", "│"]);
    }

    #[test]
    fn a_narrow_table_has_no_columns_of_zeros() {
        let mut table = plain_table();
        table.set_header(["source", "outcome", "fetched", "closed", "ms", "extra"]);
        table.add_row(["gem/0", "0", "40", "0", "31", "A"]);
        table.add_row(["gem/1", "0", "0", "0", "0", "B"]);
        for (width, shown) in [(132, "closed ms extra"), (80, "ms")] {
            table.set_width(width);
            hide_zeros_if_narrow(&mut table, 2);
            hide_if_narrow(&mut table, "extra");
            let header = table.lines().nth(1).unwrap();
            let names: Vec<&str> = header.split_whitespace().collect();
            let shown = format!("│ source outcome fetched {shown} │");
            assert_eq!(names.join(" "), shown, "{width} columns");
        }
    }

    #[test]
    fn a_table_without_rows_keeps_its_columns() {
        let mut table = plain_table();
        table.set_width(80);
        table.set_header(["run", "new"]);
        hide_zeros_if_narrow(&mut table, 1);
        assert!(table.to_string().contains("new"), "{table}");
    }

    #[test]
    fn a_date_is_not_broken_in_a_narrow_table() {
        let mut table = plain_table();
        table.set_width(40);
        table.set_header(["title", "company", "place", "first seen"]);
        let long = "Extraordinarily long";
        table.add_row([long, long, long, "2026-11-23 08:15 UTC"]);
        assert!(!table.to_string().contains("2026-11-23"), "{table}");
        keep_dates_whole(&mut table, &["first seen"]);
        assert!(table.to_string().contains("2026-11-23"), "{table}");
    }
}
