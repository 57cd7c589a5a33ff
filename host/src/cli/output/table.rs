//! Tables as wide as the terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// The minimum width that a terminal can have. Some report no columns, or too few to be usable;
/// their tables have the default width.
const MIN_COLUMNS: u16 = 20;
const DEFAULT_COLUMNS: u16 = 80;

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

/// Aligns the columns after the first `texts` to the right, for numbers.
pub(crate) fn align_numbers(table: &mut Table, texts: usize) {
    for column in table.column_iter_mut().skip(texts) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}
