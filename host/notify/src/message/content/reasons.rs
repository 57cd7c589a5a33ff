//! The reasons for which a job matches, one list per profile.

use job_scanner_core::matching::{MatchResult, Reason};
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

/// Returns text such as `your search` or `the profiles backend, data`.
pub(super) fn profiles<'a>(alerts: impl Iterator<Item = &'a PendingAlert>) -> String {
    let mut names: Vec<&str> = alerts.map(|alert| alert.profile.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [only] => describe_profile(only),
        _ => format!(
            "the profiles {}",
            one_line(&names.join(", "), SUBJECT_TITLE_CHARS)
        ),
    }
}

fn describe_profile(name: &str) -> String {
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
    HitEntry {
        term: one_line(&reason.term, NAME_CHARS),
        field,
        snippet: one_line(text, SNIPPET_CHARS),
    }
}

fn describe_field(field: Field) -> &'static str {
    match field {
        Field::EmploymentType => "employment type",
        other => other.as_str(),
    }
}
