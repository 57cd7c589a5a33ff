//! A job in the list: what a person decides by, and the buttons.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::escape::PrintableStart;
use job_scanner_core::key::JobKey;
use job_scanner_core::matching::{MatchResult, Reason, hit_in_snippet};
use job_scanner_store::{ChangeId, ListedJob};
use job_scanner_views::age::{age_since, age_since_posting};
use job_scanner_views::cells::{time, whole};
use job_scanner_views::{ShownJob, jobs};

use crate::pages::link;

/// The profile of `search_criteria`, which is not named.
const DEFAULT_PROFILE: &str = "default";

/// The number of reasons on a card. The page of the job has all.
const SHOWN_REASONS: usize = 3;

/// The lengths of texts on a card, in characters. Titles of real jobs are shorter.
const TITLE: usize = 160;
const NAME: usize = 80;
const LIST: usize = 160;
const TERM: usize = 60;
const NOTE: usize = 400;

/// A job in the list, for `partial/card.html`. All texts are printable.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) company: String,
    pub(crate) place: String,
    pub(crate) pay: String,
    /// The workplace, if the place does not say it.
    pub(crate) workplace: &'static str,
    /// The time since it was first seen, such as `3d ago`.
    pub(crate) age: String,
    pub(crate) first_seen: String,
    /// The time since it was posted; empty if the board does not tell.
    pub(crate) posted: String,
    /// The other postings of the vacancy; empty without any.
    pub(crate) also: String,
    /// The address of the posting; `None` if it is not one of the web.
    pub(crate) link: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) why: Vec<Why>,
    pub(crate) more_why: usize,
    pub(crate) note: Option<String>,
    decision: Option<Decision>,
    /// True to show only the decision and the way back.
    pub(crate) is_compact: bool,
    /// The last change, if the person has just made it.
    pub(crate) undo: Option<i64>,
    /// True for the place in the list where the person was.
    pub(crate) is_here: bool,
    pub(crate) message: Option<&'static str>,
    /// The decision as a label, such as `Applied`.
    pub(crate) decided: &'static str,
}

/// A reason of a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Why {
    /// Empty for the profile that is not named.
    pub(crate) profile: String,
    pub(crate) term: String,
    /// The part of the job, such as `in title:`.
    pub(crate) place: String,
    pub(crate) before: String,
    /// The words that the term has found; empty for a condition.
    pub(crate) hit: String,
    pub(crate) after: String,
}

/// A button that marks a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkButton {
    pub(crate) name: &'static str,
    /// The value of the form's field `mark`.
    pub(crate) value: String,
    /// The key that presses it.
    pub(crate) key: Option<char>,
    /// True if this is the decision.
    pub(crate) is_pressed: bool,
}

impl Card {
    /// Shows a job. Its ages are those at `now`. Only the reasons of `profile` are shown; with
    /// `None`, those of all profiles are.
    pub(crate) fn new(id: i64, listed: &ListedJob, profile: Option<&str>, now: Timestamp) -> Self {
        let shown = ShownJob::from(listed);
        let matches = listed.matches.iter().map(|found| &found.result);
        let matches = matches.filter(|result| profile.is_none_or(|name| result.profile == name));
        let mut why: Vec<Why> = matches.flat_map(reasons).collect();
        let more_why = why.len().saturating_sub(SHOWN_REASONS);
        why.truncate(SHOWN_REASONS);

        let posted = listed.job.posted_at;
        let decision = listed.decision.as_ref();
        Self {
            id,
            key: listed.key.to_string(),
            href: link::job_page(&listed.key),
            title: start(&listed.job.title, TITLE),
            company: start(&shown.company_cell(), NAME),
            place: start(&shown.place_cell(), NAME),
            pay: start(&shown.pay_cell(), NAME),
            workplace: workplace(listed),
            age: format!("{} ago", age_since(listed.first_seen_at, now)),
            first_seen: time(listed.first_seen_at),
            posted: posted.map_or_else(String::new, |at| {
                format!("{} ago", age_since_posting(at, now))
            }),
            also: start(&jobs::also(listed), LIST),
            link: link::to_board(&listed.job.url),
            labels: labels(listed),
            why,
            more_why,
            note: decision.and_then(|it| Some(start(it.note.as_deref()?, NOTE))),
            decision: decision.map(|it| it.decision),
            is_compact: false,
            undo: None,
            is_here: false,
            message: None,
            decided: decision.map_or("Nothing decided", |it| label(it.decision)),
        }
    }

    /// Shows only the decision, with a button to undo the change.
    pub(crate) fn changed(mut self, change: ChangeId) -> Self {
        self.is_compact = true;
        self.undo = Some(change.into());
        self
    }

    /// Returns the buttons for the decisions of a triage.
    pub(crate) fn buttons(&self) -> [MarkButton; 3] {
        [
            self.button(Decision::Interested, Some('s')),
            self.button(Decision::Applied, Some('a')),
            self.button(Decision::Hidden, Some('x')),
        ]
    }

    /// Returns the buttons for the later steps.
    pub(crate) fn more_buttons(&self) -> Vec<MarkButton> {
        let later = [Decision::Interview, Decision::Offer, Decision::Rejected];
        let mut buttons: Vec<MarkButton> = later.map(|it| self.button(it, None)).into();
        buttons.extend(self.decision.map(|decision| MarkButton {
            name: "Take back",
            value: format!("take-back:{decision} {}", self.key),
            key: None,
            is_pressed: false,
        }));
        buttons
    }

    /// Returns a button for each decision.
    pub(crate) fn all_buttons(&self) -> Vec<MarkButton> {
        let [interested, applied, hidden] = self.buttons();
        let later = [Decision::Interview, Decision::Offer, Decision::Rejected];
        let later = later.map(|decision| self.button(decision, None));
        [interested, applied]
            .into_iter()
            .chain(later)
            .chain([hidden])
            .collect()
    }

    fn button(&self, decision: Decision, key: Option<char>) -> MarkButton {
        let is_pressed = self.decision == Some(decision);
        MarkButton {
            name: match decision {
                Decision::Hidden if !is_pressed => "Hide",
                decision => label(decision),
            },
            value: format!("{decision} {}", self.key),
            key,
            is_pressed,
        }
    }
}

impl MarkButton {
    /// Returns the decision, without the job.
    pub(crate) fn decision(&self) -> &str {
        self.value.split(' ').next().unwrap_or_default()
    }
}

/// Returns a decision as a label.
pub(crate) fn label(decision: Decision) -> &'static str {
    match decision {
        Decision::Interested => "Interested",
        Decision::Applied => "Applied",
        Decision::Interview => "Interview",
        Decision::Offer => "Offer",
        Decision::Rejected => "Rejected",
        Decision::Hidden => "Hidden",
    }
}

/// Returns the reasons of a match, each term once.
fn reasons(result: &MatchResult) -> Vec<Why> {
    let mut terms: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for reason in &result.reasons {
        if !terms.contains(&reason.term.as_str()) {
            terms.push(&reason.term);
            found.push(Why::new(&result.profile, reason));
        }
    }
    found
}

impl Why {
    fn new(profile: &str, reason: &Reason) -> Self {
        let named = if profile == DEFAULT_PROFILE {
            ""
        } else {
            profile
        };
        let (place, [before, hit, after]) = match (&reason.hit, &reason.value) {
            (Some(hit), _) => (
                format!("in {}:", hit.field),
                around_hit(&reason.term, &hit.snippet),
            ),
            (None, Some(value)) => (
                "the job:".to_owned(),
                [start(value, LIST), String::new(), String::new()],
            ),
            (None, None) => (String::new(), [String::new(), String::new(), String::new()]),
        };
        Self {
            profile: start(named, NAME),
            term: start(&reason.term, TERM),
            place,
            before,
            hit,
            after,
        }
    }
}

/// Splits a snippet at its hit.
pub(crate) fn around_hit(term: &str, snippet: &str) -> [String; 3] {
    match hit_in_snippet(term, snippet) {
        Some(hit) => [
            whole(&snippet[..hit.start]),
            whole(&snippet[hit.clone()]),
            whole(&snippet[hit.end..]),
        ],
        None => [whole(snippet), String::new(), String::new()],
    }
}

/// Returns the workplace, if the names of the places do not say it already.
fn workplace(listed: &ListedJob) -> &'static str {
    let Some(workplace) = listed.job.workplace else {
        return "";
    };
    let word = workplace.as_str();
    let place = ShownJob::from(listed).place_cell().to_lowercase();
    if place.contains(word) { "" } else { word }
}

/// Returns what a person should know before a decision: the decision there is, and that the job is
/// closed.
fn labels(listed: &ListedJob) -> Vec<String> {
    let decided = listed.decision.as_ref();
    let decided = decided.map(|it| format!("{} {}", label(it.decision), day(it.decided_at)));
    let state = match jobs::state(listed) {
        "open" => None,
        "unwatched" => Some("no longer watched".to_owned()),
        state => Some(state.to_owned()),
    };
    let silence = listed.silence.filter(|_| decided.is_none());
    let silence = silence.map(|reason| reason.describe().to_owned());
    [decided, state, silence].into_iter().flatten().collect()
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// Returns the printable beginning of a text.
pub(crate) fn start(text: &str, limit: usize) -> String {
    PrintableStart { text, limit }.to_string()
}

/// Reads the field `mark` of a form, as [`MarkButton::value`] writes it.
pub(crate) fn read_mark(value: &str) -> Option<(MarkedAs, JobKey)> {
    let (word, key) = value.split_once(' ')?;
    let marked = match word.strip_prefix("take-back:") {
        Some(seen) => MarkedAs::TakenBack(seen.parse().ok()?),
        None => MarkedAs::Decided(word.parse().ok()?),
    };
    Some((marked, key.parse().ok()?))
}

/// The mark that a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkedAs {
    Decided(Decision),
    /// The decision that the person saw is taken back.
    TakenBack(Decision),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_a_button_is_read_back() {
        let key: JobKey = "greenhouse/acme/a%20b".parse().unwrap();
        for (value, marked) in [
            (
                "hidden greenhouse/acme/a%20b",
                MarkedAs::Decided(Decision::Hidden),
            ),
            (
                "take-back:offer greenhouse/acme/a%20b",
                MarkedAs::TakenBack(Decision::Offer),
            ),
        ] {
            assert_eq!(read_mark(value), Some((marked, key.clone())), "{value}");
        }
        for wrong in [
            "",
            "hidden",
            "hidden ",
            "liked greenhouse/acme/1",
            "take-back: a/b/c",
        ] {
            assert_eq!(read_mark(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hit_is_split_from_its_context() {
        let parts = around_hit("title:rust", "Senior Rust\u{202e} Engineer");
        assert_eq!(parts, ["Senior ", "Rust\\u{202e}", " Engineer"]);
        assert_eq!(around_hit("rust", "cut")[0], "cut");
    }
}
