//! Sources with the same key. The key of a source identifies its rows in the database, so two
//! sources must not share one, even if one is disabled.

use std::collections::HashMap;

use job_scanner_core::key::SourceKey;

use crate::reading::problem::Problem;
use crate::sections::sources::SourceConfig;

/// Returns a problem for each source whose key an earlier one has. `known` are earlier sources that
/// are not reported themselves.
pub(crate) fn duplicates<'a>(
    known: impl IntoIterator<Item = &'a SourceConfig>,
    sources: impl IntoIterator<Item = &'a SourceConfig>,
) -> Vec<Problem> {
    let mut first: HashMap<&SourceKey, &SourceConfig> = HashMap::new();
    first.extend(known.into_iter().map(|source| (&source.key, source)));

    let mut problems = Vec::new();
    for source in sources {
        match first.get(&source.key) {
            Some(earlier) => problems.push(repeats(source, earlier)),
            None => {
                first.insert(&source.key, source);
            }
        }
    }
    problems
}

fn repeats(source: &SourceConfig, earlier: &SourceConfig) -> Problem {
    let file = if earlier.file == source.file {
        String::new()
    } else {
        format!(" in {}", earlier.file.display())
    };
    let wrong = format!(
        "repeats source `{}` ({}{file}, line {})",
        source.key,
        earlier.path,
        earlier.position().line
    );
    let remedy = "remove one of them, or correct its `type` or `identifier`";
    source.problem(
        source.position(),
        source.path.clone(),
        wrong,
        remedy.to_owned(),
    )
}
