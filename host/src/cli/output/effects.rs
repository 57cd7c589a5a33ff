//! The effects of the terms of the profiles on the jobs of a run: the jobs that each brought in or
//! kept out.

use comfy_table::{CellAlignment, Row, Table};
use job_scanner_views::tally;
use job_scanner_views::tally::ProfileTallyView;

use crate::cli::output::table::{hide_empty_columns, plain_table};

/// Returns a block for each profile. Empty if there is none.
pub(crate) fn effects(profiles: &[ProfileTallyView<'_>]) -> String {
    profiles.iter().map(block).collect()
}

fn block(profile: &ProfileTallyView<'_>) -> String {
    let table = table(profile);
    let mut lines = vec![profile.headline("jobs")];
    lines.extend((!table.is_empty()).then(|| table.to_string()));
    lines.extend(profile.more_effects());
    lines.extend(profile.hints());
    format!("\n{}\n", lines.join("\n"))
}

/// Returns the table of the terms that have an effect.
fn table(profile: &ProfileTallyView<'_>) -> Table {
    let mut table = plain_table();
    table.set_header(tally::EFFECTS_HEADER);
    for cells in profile.effect_rows() {
        // The titles are examples, so they are cut at the width of the terminal.
        let mut row = Row::from(cells);
        row.max_height(1);
        table.add_row(row);
    }
    for numbers in table.column_iter_mut().skip(1).take(2) {
        numbers.set_cell_alignment(CellAlignment::Right);
    }
    hide_empty_columns(&mut table);
    table
}

#[cfg(test)]
mod tests {
    use job_scanner_core::matching::QueryTally;
    use job_scanner_core::query::{Query, Truth};

    use super::*;

    #[test]
    fn a_row_is_cut_at_the_width_of_the_terminal() {
        let query = Query::parse("title:(cook OR sous) AND NOT head").unwrap();
        let mut tally = QueryTally::new(&query);
        for title in [
            "Cook of very many fine dishes",
            "Sous chef in a large kitchen",
        ] {
            let truths = [Truth::True, Truth::False, Truth::False];
            tally.add(&query, &truths, title);
        }
        let mut table = table(&ProfileTallyView::new(Some("mine"), &query, &tally));
        table.set_width(60);
        let lines: Vec<String> = table.lines().collect();
        assert_eq!(lines.len(), 5, "{table}");
        assert!(
            lines[3].contains(" title:cook ") && lines[3].ends_with("… │"),
            "{table}"
        );
        assert!(
            lines.iter().all(|line| line.chars().count() <= 60),
            "{table}"
        );
    }
}
