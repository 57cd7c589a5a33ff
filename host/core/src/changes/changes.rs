//! The comparison of two versions, field by field.

use serde::Serialize;

use crate::changes::text::TextDifference;
use crate::job::{ContentHash, Location, Salary, Workplace};
use crate::normalize::{Content, without_counters};

/// A version of a job, as the store keeps it. Its description may be missing because the retention
/// has removed it.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    pub content_hash: ContentHash,
    pub content: Content<'a>,
}

/// A field of a job that differs between two versions. In JSON, `field` is the field's key and the
/// values are those of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "field", rename_all = "snake_case")]
pub enum FieldChange {
    Title(FromTo<String>),
    Company(FromTo<Option<String>>),
    /// Places that differ in more than their order.
    Locations(FromTo<Vec<Location>>),
    Workplace(FromTo<Option<Workplace>>),
    EmploymentType(FromTo<Option<String>>),
    Salary(FromTo<Option<Salary>>),
    Description {
        /// `None` if a text is no longer stored, so that the two cannot be compared. If both are
        /// not stored, they may be equal.
        difference: Option<TextDifference>,
    },
}

/// The values of a field in the old and in the new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FromTo<T> {
    pub from: T,
    pub to: T,
}

/// The text of a stored version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoredText<'a> {
    /// `None` if the board did not provide a text.
    Known(Option<&'a str>),
    /// The retention has removed it.
    Removed,
}

impl FieldChange {
    /// Returns the field's key in JSON.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Company(_) => "company",
            Self::Locations(_) => "locations",
            Self::Workplace(_) => "workplace",
            Self::EmploymentType(_) => "employment_type",
            Self::Salary(_) => "salary",
            Self::Description { .. } => "description",
        }
    }
}

/// Returns the fields that differ between two versions, in the order in which messages show them.
/// Empty if the versions are the same.
pub fn changes(old: &Version<'_>, new: &Version<'_>) -> Vec<FieldChange> {
    let (from, to) = (&old.content, &new.content);
    let texts = |from: Option<&str>, to: Option<&str>| {
        changed(from.map(ToOwned::to_owned), to.map(ToOwned::to_owned))
    };
    let title = changed(from.title.to_owned(), to.title.to_owned());
    let salary = changed(from.salary.cloned(), to.salary.cloned());

    let all = [
        title.map(FieldChange::Title),
        texts(from.company, to.company).map(FieldChange::Company),
        changed_places(from.locations, to.locations).map(FieldChange::Locations),
        changed(from.workplace, to.workplace).map(FieldChange::Workplace),
        texts(from.employment_type, to.employment_type).map(FieldChange::EmploymentType),
        salary.map(FieldChange::Salary),
        changed_text(old, new),
    ];
    all.into_iter().flatten().collect()
}

fn changed<T: PartialEq>(from: T, to: T) -> Option<FromTo<T>> {
    (from != to).then_some(FromTo { from, to })
}

fn changed_places(from: &[Location], to: &[Location]) -> Option<FromTo<Vec<Location>>> {
    let sorted = |places: &[Location]| {
        let mut places = places.to_vec();
        places.sort();
        places
    };
    (sorted(from) != sorted(to)).then(|| FromTo {
        from: from.to_vec(),
        to: to.to_vec(),
    })
}

fn changed_text(old: &Version<'_>, new: &Version<'_>) -> Option<FieldChange> {
    let difference = match (stored_text(old), stored_text(new)) {
        (StoredText::Known(old), StoredText::Known(new)) if are_same_text(old, new) => return None,
        (StoredText::Known(old), StoredText::Known(new)) => {
            let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
            Some(TextDifference::between(old, new))
        }
        (StoredText::Known(text), StoredText::Removed) if had_text(new, text) => return None,
        (StoredText::Removed, StoredText::Known(text)) if had_text(old, text) => return None,
        (StoredText::Removed, _) | (_, StoredText::Removed) => None,
    };
    Some(FieldChange::Description { difference })
}

/// Returns true if two texts differ at most in their counters, which are not part of a version.
fn are_same_text(old: Option<&str>, new: Option<&str>) -> bool {
    old.map(without_counters) == new.map(without_counters)
}

/// Returns the text of a version. Only the content hash tells a text that was removed from one
/// that the board did not provide.
fn stored_text<'a>(version: &Version<'a>) -> StoredText<'a> {
    match version.content.description {
        None if !had_text(version, None) => StoredText::Removed,
        text => StoredText::Known(text),
    }
}

/// Returns true if `text` was the description of the version, which its content hash reveals even
/// after the text was removed.
fn had_text(version: &Version<'_>, text: Option<&str>) -> bool {
    let content = Content {
        description: text,
        ..version.content
    };
    content.hash() == version.content_hash
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::raw::PayPeriod;

    const COOK: Content<'static> = Content {
        title: "Cook",
        company: None,
        locations: &[],
        workplace: None,
        employment_type: None,
        salary: None,
        description: Some("You cook."),
    };

    fn place(name: &str, country: &str) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: Some(country.to_owned()),
        }
    }

    fn version(content: Content<'_>) -> Version<'_> {
        Version {
            content_hash: content.hash(),
            content,
        }
    }

    /// Returns a version whose text the retention has removed.
    fn without_text(content: Content<'_>) -> Version<'_> {
        Version {
            content: Content {
                description: None,
                ..content
            },
            ..version(content)
        }
    }

    fn json_of(old: Version<'_>, new: Version<'_>) -> Value {
        serde_json::to_value(changes(&old, &new)).unwrap()
    }

    #[test]
    fn each_field_is_reported_with_its_old_and_new_value() {
        let (wien, graz) = ([place("Wien", "AT")], [place("Graz", "AT")]);
        let pay = |max| Salary {
            max,
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Hour),
            ..Salary::default()
        };
        let (low, high) = (pay(None), pay(Some(20.5)));
        let cases = [
            (
                Content {
                    title: "Head cook",
                    ..COOK
                },
                json!({"field": "title", "from": "Head cook", "to": "Cook"}),
            ),
            (
                Content {
                    company: Some("Acme"),
                    ..COOK
                },
                json!({"field": "company", "from": "Acme", "to": null}),
            ),
            (
                Content {
                    locations: &wien,
                    ..COOK
                },
                json!({"field": "locations", "from": [{"name": "Wien", "country": "AT"}], "to": []}),
            ),
            (
                Content {
                    workplace: Some(Workplace::OnSite),
                    ..COOK
                },
                json!({"field": "workplace", "from": "on-site", "to": null}),
            ),
            (
                Content {
                    employment_type: Some("Minijob"),
                    ..COOK
                },
                json!({"field": "employment_type", "from": "Minijob", "to": null}),
            ),
            (
                Content {
                    salary: Some(&high),
                    ..COOK
                },
                json!({"field": "salary", "to": null, "from":
                    {"min": null, "max": 20.5, "currency": "EUR", "period": "hour", "text": null}}),
            ),
            (
                Content {
                    description: Some("You bake."),
                    ..COOK
                },
                json!({"field": "description", "difference": {
                    "words_added": 1, "words_removed": 1, "more_passages": 0,
                    "passages": [{"removed": "You bake.", "added": "You cook."}]}}),
            ),
            (
                Content {
                    description: None,
                    ..COOK
                },
                json!({"field": "description", "difference": {
                    "words_added": 2, "words_removed": 0, "more_passages": 0,
                    "passages": [{"removed": null, "added": "You cook."}]}}),
            ),
        ];
        for (old, change) in cases {
            assert_eq!(json_of(version(old), version(COOK)), json!([change]));
            let changes = changes(&version(old), &version(COOK));
            assert_eq!(json!(changes[0].field()), change["field"]);
        }

        let old = Content {
            locations: &wien,
            salary: Some(&low),
            ..COOK
        };
        let new = Content {
            locations: &graz,
            salary: Some(&high),
            ..COOK
        };
        let fields: Vec<Value> = json_of(version(old), version(new))
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["field"].clone())
            .collect();
        assert_eq!(fields, ["locations", "salary"]);
    }

    #[test]
    fn the_order_of_places_and_equal_versions_are_not_changes() {
        let (wien, graz) = (place("Wien", "AT"), place("Graz", "AT"));
        let (here, there) = ([wien.clone(), graz.clone()], [graz, wien]);
        let old = version(Content {
            locations: &here,
            ..COOK
        });
        let new = version(Content {
            locations: &there,
            ..COOK
        });
        assert_eq!(changes(&old, &new), []);
        assert_eq!(changes(&version(COOK), &version(COOK)), []);
    }

    #[test]
    fn a_counter_in_the_text_is_not_a_change() {
        let old = Content {
            title: "Baker",
            description: Some("You cook.\n17 views"),
            ..COOK
        };
        let new = Content {
            description: Some("You cook.\n18 views"),
            ..COOK
        };
        let title = json!({"field": "title", "from": "Baker", "to": "Cook"});
        assert_eq!(json_of(version(old), version(new)), json!([title]));
    }

    #[test]
    fn a_removed_text_is_reported_only_where_it_may_have_changed() {
        let baker = Content {
            title: "Baker",
            ..COOK
        };
        let other_text = Content {
            description: Some("You bake."),
            ..COOK
        };
        let no_text = Content {
            description: None,
            ..COOK
        };
        let unknown = json!({"field": "description", "difference": null});
        let title = |from, to| json!({"field": "title", "from": from, "to": to});

        let cases = [
            (
                without_text(baker),
                version(COOK),
                json!([title("Baker", "Cook")]),
            ),
            (
                version(baker),
                without_text(COOK),
                json!([title("Baker", "Cook")]),
            ),
            (without_text(other_text), version(COOK), json!([unknown])),
            (version(COOK), without_text(other_text), json!([unknown])),
            (without_text(other_text), version(no_text), json!([unknown])),
            (
                without_text(baker),
                without_text(COOK),
                json!([title("Baker", "Cook"), unknown]),
            ),
        ];
        for (old, new, expected) in cases {
            assert_eq!(json_of(old, new), expected, "{old:?} to {new:?}");
        }
    }
}
