//! The reasons for which a job matches, one list per profile.

use job_scanner_core::matching::{MatchResult, Reason, hit_in_snippet};
use job_scanner_core::query::Field;
use job_scanner_store::PendingAlert;
use serde::Serialize;

use super::{NAME_CHARS, SUBJECT_TITLE_CHARS};
use crate::message::text::one_line;

/// The name of the profile that `search_criteria` defines. Messages call it "your search".
const DEFAULT_PROFILE: &str = "default";

const SNIPPET_CHARS: usize = 240;
/// A profile may have hundreds of alternative terms. The first few explain the match.
pub(super) const HITS: usize = 8;

/// The reasons why a job matches one profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Reasons {
    /// For example `your search`.
    profile: String,
    /// The label of the list of terms, for example `Matched`.
    label: String,
    pub(super) hits: Vec<HitEntry>,
    /// The number of matching terms that are not listed.
    pub(super) more: usize,
}

/// One term that matched.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct HitEntry {
    term: String,
    field: &'static str,
    snippet: String,
    /// The snippet in three parts; `None` for a condition.
    marked: Option<Marked>,
}

/// A snippet, divided at its hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Marked {
    before: String,
    hit: String,
    after: String,
}

/// Returns the reasons of each profile, for the newest version that it matches.
pub(super) fn reasons_by_profile(alerts: &[&PendingAlert]) -> Vec<Reasons> {
    let is_newest = |(index, alert): &(usize, &&PendingAlert)| {
        let mut later = alerts[index + 1..].iter();
        later.all(|later| later.reasons.profile != alert.reasons.profile)
    };
    let newest = alerts.iter().enumerate().filter(is_newest);
    newest.map(|(_, alert)| reasons(&alert.reasons)).collect()
}

/// Returns text such as `your search` or `the profiles backend and data`.
pub(super) fn profiles<'a>(alerts: impl Iterator<Item = &'a PendingAlert>) -> String {
    let mut names: Vec<&str> = alerts.map(|alert| alert.profile.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let all = names.len();
    names.retain(|name| *name != DEFAULT_PROFILE);
    let default = (names.len() < all).then(|| describe_profile(DEFAULT_PROFILE));

    let others = match names[..] {
        [] => None,
        [only] => Some(describe_profile(only)),
        [ref first @ .., last] => {
            let names = format!("{} and {last}", first.join(", "));
            Some(format!(
                "the profiles {}",
                one_line(&names, SUBJECT_TITLE_CHARS)
            ))
        }
    };
    let both: Vec<String> = default.into_iter().chain(others).collect();
    both.join(" and ")
}

pub(super) fn describe_profile(name: &str) -> String {
    if name == DEFAULT_PROFILE {
        "your search".to_owned()
    } else {
        format!("the profile {}", one_line(name, NAME_CHARS))
    }
}

/// Returns the label of the terms that matched, such as `Matched`.
fn matched_label(profile: &str) -> String {
    if profile == DEFAULT_PROFILE {
        "Matched".to_owned()
    } else {
        format!("Matched for {}", describe_profile(profile))
    }
}

pub(super) fn reasons(result: &MatchResult) -> Reasons {
    let mut hits: Vec<HitEntry> = result.reasons.iter().map(hit_entry).collect();
    let more = hits.len().saturating_sub(HITS);
    hits.truncate(HITS);
    Reasons {
        profile: describe_profile(&result.profile),
        label: matched_label(&result.profile),
        hits,
        more,
    }
}

/// Describes a term with its place, or a condition with the value that satisfies it.
fn hit_entry(reason: &Reason) -> HitEntry {
    let (field, text) = match &reason.hit {
        Some(hit) => (describe_field(hit.field), hit.snippet.as_str()),
        None => ("value", reason.value.as_deref().unwrap_or_default()),
    };
    let snippet = one_line(text, SNIPPET_CHARS);
    HitEntry {
        term: one_line(&reason.term, NAME_CHARS),
        field,
        marked: mark(&reason.term, &snippet),
        snippet,
    }
}

fn mark(term: &str, snippet: &str) -> Option<Marked> {
    let hit = hit_in_snippet(term, snippet)?;
    Some(Marked {
        before: snippet[..hit.start].to_owned(),
        hit: snippet[hit.clone()].to_owned(),
        after: snippet[hit.end..].to_owned(),
    })
}

fn describe_field(field: Field) -> &'static str {
    match field {
        Field::EmploymentType => "employment type",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::matching::Hit;

    use super::*;

    fn hit(term: &str, snippet: &str) -> HitEntry {
        hit_entry(&Reason {
            term: term.to_owned(),
            hit: Some(Hit {
                field: Field::Description,
                snippet: snippet.to_owned(),
            }),
            value: None,
        })
    }

    #[test]
    fn a_snippet_is_divided_at_its_hit_after_it_was_cleaned() {
        let parts = |entry: HitEntry| {
            let marked = entry.marked?;
            Some([marked.before, marked.hit, marked.after])
        };
        let rust = parts(hit("description:rust", "<b>\r\n\u{202e}Rust & Go"));
        assert_eq!(rust.unwrap(), ["<b> ", "Rust", " & Go"]);
        assert_eq!(parts(hit("rust", "without the hit")), None);

        let condition = Reason {
            term: "salary >= 1 EUR/hour".to_owned(),
            hit: None,
            value: Some("EUR 15 an hour".to_owned()),
        };
        assert_eq!(parts(hit_entry(&condition)), None);
    }
}
