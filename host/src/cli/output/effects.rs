//! The effects of the terms of the profiles on the jobs of a run: the jobs that each brought in or
//! kept out.

use job_scanner_views::tally;
use job_scanner_views::tally::ProfileTallyView;

use crate::cli::output::Table;

/// Returns a block for each profile. Empty if there is none.
pub(crate) fn effects(profiles: &[ProfileTallyView<'_>]) -> String {
    profiles.iter().map(block).collect()
}

fn block(profile: &ProfileTallyView<'_>) -> String {
    let headline = profile.headline("jobs");
    let rows: Vec<[String; 4]> = profile.effect_rows().collect();
    let table = (!rows.is_empty()).then(|| Table::new(&tally::EFFECT_COLUMNS, rows).to_string());
    let below = profile.more_effects().into_iter().chain(profile.hints());
    let below = below.map(|line| line + "\n");

    let blocks = table.into_iter().chain(below);
    format!("\n{headline}\n{}", blocks.collect::<String>())
}
