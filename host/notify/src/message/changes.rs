//! The lines of a message that say what has changed about a job.
//!
//! A short field has its old and its new value. A text has the numbers of words and the first
//! passages that differ. All texts are cleaned and truncated.

use job_scanner_core::changes::{FieldChange, FromTo, Passage, TextDifference};
use job_scanner_core::job::{Location, Salary};
use job_scanner_store::AlertedChanges;
use serde::Serialize;

use crate::message::salary;
use crate::message::text::{counted, describe_workplace, one_line, optional_line};

/// The maximum length of each of two values.
const VALUE_CHARS: usize = 200;
/// The maximum length of a name in a list.
const NAME_CHARS: usize = 100;
/// The maximum number of places that are named as added, and as removed.
const PLACES: usize = 8;
/// The maximum length of a passage. The comparison has already shortened it.
const PASSAGE_CHARS: usize = 240;

/// The changes of one job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Changes {
    pub(crate) lines: Vec<ChangeLine>,
    /// A sentence about the earlier version, unless an alert was about it. It may have matched
    /// without one: in a silent first scan, and after a change of our own.
    pub(crate) note: Option<&'static str>,
}

/// A field that has changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ChangeLine {
    label: &'static str,
    pub(crate) value: String,
    /// Excerpts of a text; empty for all other fields.
    passages: Vec<PassageLine>,
}

/// An excerpt of the old or the new text.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct PassageLine {
    label: &'static str,
    text: String,
}

impl Changes {
    /// Describes the changes of an alert; `None` if no earlier version is stored.
    pub(crate) fn describe(changes: Option<&AlertedChanges>) -> Self {
        let Some(changes) = changes else {
            return Self {
                lines: Vec::new(),
                note: Some("No earlier version to compare with."),
            };
        };

        let no_alert = "You were not notified of the earlier version.";
        Self {
            lines: changes.fields.iter().map(describe).collect(),
            note: changes.since_alert.is_none().then_some(no_alert),
        }
    }
}

fn describe(change: &FieldChange) -> ChangeLine {
    let (label, value) = match change {
        FieldChange::Title(FromTo { from, to }) => ("title", arrow(Some(from), Some(to))),
        FieldChange::Company(change) => ("company", arrow_of_texts(change)),
        FieldChange::Locations(change) => ("location", describe_places(change)),
        FieldChange::Workplace(FromTo { from, to }) => {
            let [from, to] = [from, to].map(|workplace| workplace.map(describe_workplace));
            ("workplace", arrow(from, to))
        }
        FieldChange::EmploymentType(change) => ("employment", arrow_of_texts(change)),
        FieldChange::Salary(change) => ("salary", describe_salaries(change)),
        FieldChange::Description { difference } => return describe_text(difference.as_ref()),
    };
    ChangeLine {
        label,
        value,
        passages: Vec::new(),
    }
}

fn arrow_of_texts(FromTo { from, to }: &FromTo<Option<String>>) -> String {
    arrow(from.as_deref(), to.as_deref())
}

/// Returns text such as `Cook → Head cook`.
fn arrow(from: Option<&str>, to: Option<&str>) -> String {
    let [from, to] = [from, to].map(|value| {
        let line = optional_line(value, VALUE_CHARS);
        line.unwrap_or_else(|| "not stated".to_owned())
    });
    if from == to {
        // The difference is in invisible characters, or beyond the maximum length.
        return format!("changed in a part that is not shown: {to}");
    }
    format!("{from} → {to}")
}

/// Compares two salaries by their numbers, and by their words if the numbers are equal.
fn describe_salaries(FromTo { from, to }: &FromTo<Option<Salary>>) -> String {
    let [from_pay, to_pay] = [from, to].map(|pay| pay.as_ref().and_then(salary::describe));
    if from_pay != to_pay {
        return arrow(from_pay.as_deref(), to_pay.as_deref());
    }
    let [from_words, to_words] =
        [from, to].map(|pay| pay.as_ref().and_then(|pay| pay.text.as_deref()));
    arrow(from_words, to_words)
}

/// Returns text such as `Wien → Graz`, or `added Graz; removed Linz` if other places stay.
fn describe_places(FromTo { from, to }: &FromTo<Vec<Location>>) -> String {
    let removed = places_without(from, to);
    let added = places_without(to, from);
    if removed.len() == from.len() && added.len() == to.len() {
        return arrow(list(&removed).as_deref(), list(&added).as_deref());
    }

    let added = list(&added).map(|places| format!("added {places}"));
    let removed = list(&removed).map(|places| format!("removed {places}"));
    let parts: Vec<String> = added.into_iter().chain(removed).collect();
    parts.join("; ")
}

/// Returns the places of `all` that are not in `others`. If both have a place of this name, the
/// other parts of the place are added.
fn places_without(all: &[Location], others: &[Location]) -> Vec<String> {
    let only_here = all.iter().filter(|place| !others.contains(place));
    only_here
        .filter_map(|place| {
            let same_name = others.iter().any(|other| other.name == place.name);
            let parts = [&place.city, &place.region, &place.country];
            let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
            if same_name && !parts.is_empty() {
                let place = format!("{} ({})", place.name, parts.join(", "));
                optional_line(Some(&place), NAME_CHARS)
            } else {
                optional_line(Some(&place.name), NAME_CHARS)
            }
        })
        .collect()
}

fn list(places: &[String]) -> Option<String> {
    if places.is_empty() {
        return None;
    }
    let shown = places[..places.len().min(PLACES)].join("; ");
    match places.len().saturating_sub(PLACES) {
        0 => Some(shown),
        more => Some(format!("{shown}; and {more} more")),
    }
}

fn describe_text(difference: Option<&TextDifference>) -> ChangeLine {
    let value = match difference {
        Some(difference) => summarize(difference),
        None => "not compared, because the earlier text is no longer stored".to_owned(),
    };
    let passages = difference.map(|difference| &difference.passages[..]);
    let passages = passages.unwrap_or_default().iter();
    ChangeLine {
        label: "text",
        value,
        passages: passages.flat_map(describe_passage).collect(),
    }
}

/// Returns text such as `1 word removed, 12 words added, in 7 places`.
fn summarize(difference: &TextDifference) -> String {
    let count = |number: usize| counted(number as u64, "word", "words");
    let counts = match (difference.words_removed, difference.words_added) {
        (0, 0) => return "only white space has changed".to_owned(),
        (0, added) => format!("{} added", count(added)),
        (removed, 0) => format!("{} removed", count(removed)),
        (removed, added) => format!("{} removed, {} added", count(removed), count(added)),
    };

    if difference.more_passages == 0 {
        counts
    } else {
        let places = difference.passages.len() + difference.more_passages;
        format!("{counts}, in {places} places")
    }
}

fn describe_passage(Passage { removed, added }: &Passage) -> Vec<PassageLine> {
    let labels = match (removed, added) {
        (Some(_), Some(_)) => ("before", "now"),
        _ => ("removed", "added"),
    };
    let line = |label, text: &String| PassageLine {
        label,
        text: one_line(text, PASSAGE_CHARS),
    };

    let removed = removed.iter().map(|text| line(labels.0, text));
    let added = added.iter().map(|text| line(labels.1, text));
    removed.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use std::slice;

    use job_scanner_core::job::{PayPeriod, Workplace};

    use super::*;
    use crate::test_support::place;

    /// Returns the line of a change as `label: value`.
    fn line(change: &FieldChange) -> String {
        let line = describe(change);
        assert_eq!(line.passages, []);
        format!("{}: {}", line.label, line.value)
    }

    fn title(from: &str, to: &str) -> FieldChange {
        FieldChange::Title(FromTo {
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }

    fn places(from: &[Location], to: &[Location]) -> FieldChange {
        FieldChange::Locations(FromTo {
            from: from.to_vec(),
            to: to.to_vec(),
        })
    }

    fn pay(min: f64, text: &str) -> Salary {
        Salary {
            min: Some(min),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Hour),
            text: Some(text.to_owned()),
            ..Salary::default()
        }
    }

    #[test]
    fn a_short_field_has_its_old_and_its_new_value() {
        let [wien, graz, linz] = ["Wien", "Graz", "Linz"].map(place);
        let in_austria = Location {
            country: Some("AT".to_owned()),
            ..linz.clone()
        };
        let minijob = Some("Minijob".to_owned());
        let salary = |from, to| FieldChange::Salary(FromTo { from, to });
        let cases = [
            (title("Cook", "Head cook"), "title: Cook → Head cook"),
            (
                FieldChange::Company(FromTo {
                    from: None,
                    to: Some("Acme".to_owned()),
                }),
                "company: not stated → Acme",
            ),
            (
                FieldChange::EmploymentType(FromTo {
                    from: minijob,
                    to: None,
                }),
                "employment: Minijob → not stated",
            ),
            (
                FieldChange::Workplace(FromTo {
                    from: Some(Workplace::OnSite),
                    to: Some(Workplace::Hybrid),
                }),
                "workplace: on site → hybrid",
            ),
            (
                places(slice::from_ref(&wien), slice::from_ref(&graz)),
                "location: Wien → Graz",
            ),
            (
                places(&[], slice::from_ref(&graz)),
                "location: not stated → Graz",
            ),
            (
                places(&[wien.clone(), linz.clone()], &[wien.clone(), graz.clone()]),
                "location: added Graz; removed Linz",
            ),
            (
                places(&[wien.clone(), linz.clone()], &[wien]),
                "location: removed Linz",
            ),
            (places(&[linz], &[in_austria]), "location: Linz → Linz (AT)"),
            (
                salary(None, Some(pay(15.0, ""))),
                "salary: not stated → from EUR 15 an hour",
            ),
            (
                salary(Some(pay(15.0, "plus tips")), Some(pay(15.0, "plus meals"))),
                "salary: plus tips → plus meals",
            ),
        ];
        for (change, expected) in cases {
            assert_eq!(line(&change), expected);
        }
    }

    #[test]
    fn a_value_is_cleaned_and_truncated() {
        assert_eq!(
            line(&title("Cook\r\nBcc: x", "Cook\u{202e}")),
            "title: Cook Bcc: x → Cook"
        );
        assert_eq!(
            line(&title("Cook\u{200b}", "Cook")),
            "title: changed in a part that is not shown: Cook"
        );
        let long = line(&title(&"a".repeat(900), &"b".repeat(900)));
        assert_eq!(
            long.chars().count(),
            "title:  → ".len() - 2 + 2 * VALUE_CHARS
        );

        let many: Vec<Location> = (0..20).map(|n| place(&format!("City {n}"))).collect();
        assert!(line(&places(&[], &many)).ends_with("; City 7; and 12 more"));
    }

    #[test]
    fn a_text_is_summarized_with_its_first_passages() {
        let shown = |old: &str, new: &str| {
            let difference = TextDifference::between(old, new);
            let line = describe_text(Some(&difference));
            let passages = line.passages.into_iter();
            let passages = passages.map(|passage| format!("{}: {}", passage.label, passage.text));
            (line.value, passages.collect::<Vec<_>>())
        };

        assert_eq!(
            shown("You cook.", "You cook.\nNo nights."),
            (
                "2 words added".to_owned(),
                vec!["added: You cook. No nights.".to_owned()]
            )
        );
        assert_eq!(
            shown("You cook. No nights.", "You cook."),
            (
                "2 words removed".to_owned(),
                vec!["removed: You cook. No nights.".to_owned()]
            )
        );
        assert_eq!(
            shown("Two\u{202e} days.", "Four days."),
            (
                "1 word removed, 1 word added".to_owned(),
                vec!["before: Two days.".to_owned(), "now: Four days.".to_owned()]
            )
        );
        assert_eq!(
            shown("You  cook.", "You cook."),
            ("only white space has changed".to_owned(), vec![])
        );

        let numbers: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let numbers = numbers.join(" ");
        let (value, passages) = shown(&numbers, &numbers.replace("5 ", "x "));
        assert_eq!(value, "10 words removed, 10 words added, in 10 places");
        assert_eq!(passages.len(), 6);

        assert_eq!(
            describe_text(None).value,
            "not compared, because the earlier text is no longer stored"
        );
    }
}
