//! Collects the facts of a job from its fields and texts.

use super::employment::employment;
use super::facts::{Facts, KnownPay};
use super::language::detected_language;
use super::level::levels_of;
use super::open_to::open_to;
use super::origin::{Known, Origin};
use super::pay::{PayKind, StatedPay, stated_pay};
use super::place::{Place, place};
use super::title::Title;
use super::years::years;
use crate::job::{Location, Salary};
use crate::normalize::Content;

/// Derives the facts of a job. `language` is the tag that the board states.
pub fn facts(content: &Content<'_>, language: Option<&str>) -> Facts {
    let (places, has_unknown_place) = places(content.locations);
    let title = Title::read(content.title);
    let levels = title.as_ref().map_or_else(Vec::new, levels_of);
    Facts {
        pay: pay(content, &places, has_unknown_place),
        places,
        has_unknown_place,
        open_to: open_to(
            content.title,
            content.locations,
            content.workplace,
            content.description,
        ),
        language: known_language(language, content.description),
        employment: employment(content.employment_type, title.as_ref(), &levels),
        levels,
        years: content.description.and_then(years),
    }
}

/// Returns the language that the board states, and otherwise the one in which the text is written.
fn known_language(stated: Option<&str>, description: Option<&str>) -> Option<Known<String>> {
    let of_field = stated.map(|tag| Known::from_field(tag.to_owned()));
    of_field.or_else(|| {
        let detected = detected_language(description?)?;
        Some(Known::from_text(detected.to_owned()))
    })
}

/// Returns the places whose country is certain, each once, and true if a location has another one.
fn places(locations: &[Location]) -> (Vec<Place>, bool) {
    let mut known: Vec<Place> = Vec::new();
    let mut has_unknown = false;
    for location in locations {
        let places = place(location);
        has_unknown |= places.is_empty();
        for place in places {
            if place.country.is_none() {
                has_unknown = true;
            } else if !known.contains(&place) {
                known.push(place);
            }
        }
    }
    (known, has_unknown)
}

/// Returns the ranges of the first source that states one: the numbers of the board's field, its
/// words, the description.
fn pay(content: &Content<'_>, places: &[Place], has_unknown_place: bool) -> Vec<KnownPay> {
    if let Some(range) = content.salary.and_then(numbers) {
        return vec![known(range, Origin::Field, false)];
    }

    let words = content.salary.and_then(|salary| salary.text.as_deref());
    let of_field = words.map(|words| stated_pay(&format!("Salary: {words}")));
    if let Some(ranges) = of_field.filter(|ranges| !ranges.is_empty()) {
        let known = ranges
            .into_iter()
            .map(|range| known(range, Origin::Field, false));
        return known.collect();
    }

    let ranges = content.description.map(stated_pay).unwrap_or_default();
    let with_place = |range: StatedPay| {
        let is_elsewhere = !has_unknown_place && is_elsewhere(&range, places);
        known(range, Origin::Text, is_elsewhere)
    };
    ranges.into_iter().map(with_place).collect()
}

/// Returns the numbers of the board's field; `None` if it has none.
fn numbers(salary: &Salary) -> Option<StatedPay> {
    (salary.min.is_some() || salary.max.is_some()).then(|| StatedPay {
        min: salary.min,
        max: salary.max,
        currency: salary.currency.clone(),
        period: salary.period,
        kind: PayKind::Base,
        place: None,
    })
}

fn known(range: StatedPay, origin: Origin, is_elsewhere: bool) -> KnownPay {
    KnownPay {
        range,
        origin,
        is_elsewhere,
    }
}

/// Returns true if the place of a range is known and is none of the job's.
fn is_elsewhere(range: &StatedPay, of_job: &[Place]) -> bool {
    let Some(name) = &range.place else {
        return false;
    };
    let named = place(&Location {
        name: name.clone(),
        city: None,
        region: None,
        country: None,
    });
    let is_known = !named.is_empty() && named.iter().all(|place| place.country.is_some());
    let overlaps = |place| of_job.iter().any(|other| may_be_same(place, other));
    is_known && !of_job.is_empty() && !named.iter().any(overlaps)
}

/// Returns true unless the two places are in different countries, regions or cities.
fn may_be_same(one: &Place, other: &Place) -> bool {
    let agrees = |one: &Option<String>, other: &Option<String>| {
        one.is_none() || other.is_none() || one == other
    };
    agrees(&one.country, &other.country)
        && agrees(&one.region, &other.region)
        && agrees(&one.city, &other.city)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Workplace;
    use crate::normalize::facts::EmploymentKind;
    use crate::raw::PayPeriod;

    const COOK: Content<'static> = Content {
        title: "Cook",
        company: None,
        locations: &[],
        workplace: None,
        employment_type: None,
        salary: None,
        description: None,
    };

    fn named(name: &str) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: None,
        }
    }

    fn amounts(facts: &Facts) -> Vec<(Option<f64>, Origin)> {
        let pay = facts.pay.iter();
        pay.map(|pay| (pay.range.min, pay.origin)).collect()
    }

    const STATED: &str = "Salary: EUR 40,000 – 45,000 per year.";

    #[test]
    fn a_text_never_replaces_the_pay_of_the_field() {
        let numbers = Salary {
            min: Some(50_000.0),
            ..Salary::default()
        };
        let words = Salary {
            text: Some("EUR 60,000 – 65,000 per year".to_owned()),
            ..Salary::default()
        };
        let neither = Salary {
            text: Some("competitive".to_owned()),
            ..Salary::default()
        };
        for (salary, expected) in [
            (Some(&numbers), (Some(50_000.0), Origin::Field)),
            (Some(&words), (Some(60_000.0), Origin::Field)),
            (Some(&neither), (Some(40_000.0), Origin::Text)),
            (None, (Some(40_000.0), Origin::Text)),
        ] {
            let content = Content {
                salary,
                description: Some(STATED),
                ..COOK
            };
            assert_eq!(amounts(&facts(&content, None)), [expected], "{salary:?}");
        }
    }

    #[test]
    fn a_range_for_another_place_is_marked() {
        let of = |range_place: &str, locations: &[Location]| {
            let (places, has_unknown) = places(locations);
            let range = StatedPay {
                min: Some(1.0),
                max: None,
                currency: None,
                period: Some(PayPeriod::Year),
                kind: PayKind::Base,
                place: Some(range_place.to_owned()),
            };
            !has_unknown && is_elsewhere(&range, &places)
        };
        let berlin = [named("Berlin, Germany")];
        assert!(of("Paris, France", &berlin));
        assert!(!of("Berlin", &berlin));
        assert!(!of("Germany", &berlin), "it includes Berlin");
        assert!(!of("the head office", &berlin), "its place is unknown");
        assert!(!of("Paris, France", &[named("Somewhere")]));
        assert!(!of(
            "Paris, France",
            &[named("Berlin, Germany"), named("Paris, France")]
        ));
    }

    #[test]
    fn places_are_known_once_each_and_an_unclear_one_is_noted() {
        let twice = [named("Berlin, Germany"), named("Berlin (Germany)")];
        let (known, has_unknown) = places(&twice);
        assert_eq!((known.len(), has_unknown), (1, false));
        let (known, has_unknown) = places(&[named("Berlin, Germany"), named("Head office")]);
        assert_eq!((known.len(), has_unknown), (1, true));
    }

    #[test]
    fn the_language_of_the_field_comes_before_that_of_the_text() {
        let german = "Wir suchen eine Köchin oder einen Koch für unsere Küche in Berlin. Du kochst jeden Tag frisch, \
                      planst die Gerichte mit dem Team und hältst die Küche sauber. Wir bieten dir faire Zeiten.";
        let of = |language| {
            let content = Content {
                description: Some(german),
                ..COOK
            };
            facts(&content, language).language
        };
        assert_eq!(of(Some("en")), Some(Known::from_field("en".to_owned())));
        assert_eq!(of(None), Some(Known::from_text("de".to_owned())));
    }

    #[test]
    fn kinds_of_the_title_complete_those_of_the_field() {
        let content = Content {
            title: "Werkstudent Küche (Teilzeit)",
            employment_type: Some("Part-time"),
            workplace: Some(Workplace::OnSite),
            ..COOK
        };
        assert_eq!(
            facts(&content, None).employment,
            [
                Known::from_field(EmploymentKind::PartTime),
                Known::from_text(EmploymentKind::WorkingStudent)
            ]
        );
    }
}
