//! Conversion of Lever's postings to raw jobs.

use job_scanner_sdk::{
    Chunk, Description, Location, RawJob, Salary, Text, Workplace, extras, pay_period, time,
};

use crate::api::{Categories, Listing, Posting, SalaryRange};
use crate::text;

/// Returns one chunk of a board. Lever does not provide the number of postings.
pub fn chunk(listing: Listing<'_>) -> Chunk {
    let jobs = listing.postings.into_iter().map(raw_job).collect();
    Chunk {
        jobs,
        unreadable: listing.unreadable,
        total: None,
    }
}

/// Returns the raw job. Lever provides neither the company's name nor an update time.
fn raw_job(posting: Posting<'_>) -> RawJob {
    let description = text::description(&posting);
    let categories = posting.categories.unwrap_or_default();
    let (department, team) = (
        categories.department.clone().into_option(),
        categories.team.clone().into_option(),
    );
    RawJob {
        apply_url: posting.apply_url.into_option(),
        locations: locations(&categories, &posting.country),
        workplace: workplace(posting.workplace_type.trimmed()),
        employment_type: categories.commitment.into_option(),
        salary: salary(posting.salary_range, posting.salary_description_plain),
        description: Some(description)
            .filter(|html| !html.is_empty())
            .map(Description::Html),
        posted_at: posting
            .created_at
            .parsed()
            .filter(|&at| at > 0)
            .and_then(time::from_epoch_millis),
        extra: extras([("team", team.clone().filter(|_| department.is_some()))]),
        department: department.or(team),
        ..RawJob::new(posting.id, posting.text, posting.hosted_url)
    }
}

/// Returns the primary place with the country, which belongs to it, and then the other places.
fn locations(categories: &Categories<'_>, country: &Text<'_>) -> Vec<Location> {
    let primary = categories.location.trimmed();
    let country = country.clone().into_option();
    let mut places = Vec::new();
    match (primary, country) {
        ("", None) => {}
        ("", Some(country)) => places.push(Location {
            country: Some(country.clone()),
            ..Location::named(country)
        }),
        (primary, country) => places.push(Location {
            country,
            ..Location::named(primary)
        }),
    }
    let others = categories.all_locations.iter().flatten().map(Text::trimmed);
    places.extend(
        others
            .filter(|place| !place.is_empty() && *place != primary)
            .map(Location::named),
    );
    places
}

fn workplace(word: &str) -> Option<Workplace> {
    match word {
        // The documentation has a hyphen, the response has none.
        "onsite" | "on-site" => Some(Workplace::OnSite),
        "hybrid" => Some(Workplace::Hybrid),
        "remote" => Some(Workplace::Remote),
        _ => None,
    }
}

/// Returns the pay as numbers, or else as text. The text is part of the description too.
fn salary(range: Option<SalaryRange<'_>>, text: Text<'_>) -> Option<Salary> {
    let of_range = range.and_then(|range| {
        Salary::between(
            range.min,
            range.max,
            range.currency.into_option(),
            pay_period(range.interval.trimmed()),
        )
    });
    of_range.or_else(|| text.into_option().map(Salary::from_text))
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::PayPeriod;

    use super::*;
    use crate::api;

    fn jobs(body: &str) -> Vec<RawJob> {
        api::read(body.as_bytes())
            .expect("a listing")
            .postings
            .into_iter()
            .map(raw_job)
            .collect()
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            apply_url: Some(
                "https://jobs.lever.co/acme/0f6c1d3e-0000-4000-8000-000000000001/apply".to_owned(),
            ),
            department: Some("Engineering".to_owned()),
            locations: vec![
                Location {
                    country: Some("DE".to_owned()),
                    ..Location::named("Berlin")
                },
                Location::named("Wien"),
                Location::named("Remote, Europe"),
            ],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Regular Full Time (Salary)".to_owned()),
            salary: Some(Salary {
                min: Some(70_000.0),
                max: Some(90_000.5),
                currency: Some("EUR".to_owned()),
                period: Some(PayPeriod::Year),
                text: None,
            }),
            description: Some(Description::Html(
                "<div>Who we are: caf\u{e9} &amp; more</div><div>The role</div>\n\
                 <h3>What you bring &amp; know</h3>\n<ul><li>Rust</li>\n<li>SQL</li></ul>\n\
                 <h3>Schedule</h3>\n<p>Four days</p>\n\
                 <div>Bonus on top</div>\n<div>Apply today</div>"
                    .to_owned(),
            )),
            posted_at: Some("2026-05-19T20:38:11.267Z".to_owned()),
            extra: vec![("team".to_owned(), "Payments".to_owned())],
            ..RawJob::new(
                "0f6c1d3e-0000-4000-8000-000000000001",
                " Backend Engineer, R&D ",
                "https://jobs.lever.co/acme/0f6c1d3e-0000-4000-8000-000000000001",
            )
        };
        assert_eq!(jobs(include_str!("../fixtures/board.json"))[0], expected);
    }

    #[test]
    fn missing_values_stay_unknown() {
        let expected =
            |id: &str| RawJob::new(id, "Cook", format!("https://jobs.lever.co/acme/{id}"));
        assert_eq!(
            jobs(include_str!("../fixtures/sparse.json")),
            [expected("a-1"), expected("a-2")]
        );
    }

    #[test]
    fn malformed_postings_are_reported_and_do_not_hide_the_others() {
        let listing = api::read(include_bytes!("../fixtures/odd-posting.json")).expect("a listing");
        assert_eq!(listing.postings.len(), 1);
        assert_eq!(listing.unreadable.len(), 2);
        let first = &listing.unreadable[0];
        assert!(
            first.starts_with("postings[1].text: invalid type: map, expected text"),
            "{first}"
        );
    }

    #[test]
    fn places_are_listed_once_and_a_country_alone_is_a_place() {
        let places = |categories: &str| {
            let rest =
                r#""id": "1", "text": "Cook", "hostedUrl": "https://a.example/1", "country": "AT""#;
            jobs(&format!(r#"[{{{rest}, "categories": {categories}}}]"#))
                .remove(0)
                .locations
        };
        let at = |name: &str| Location {
            country: Some("AT".to_owned()),
            ..Location::named(name)
        };
        assert_eq!(
            places(r#"{"location": "Wien", "allLocations": ["Graz", "Wien"]}"#),
            [at("Wien"), Location::named("Graz")]
        );
        assert_eq!(places(r#"{"allLocations": []}"#), [at("AT")]);
        assert_eq!(places(r#"{"location": "Wien"}"#), [at("Wien")]);
    }

    #[test]
    fn a_workplace_other_than_the_three_values_is_unknown() {
        for (word, expected) in [
            ("onsite", Some(Workplace::OnSite)),
            ("on-site", Some(Workplace::OnSite)),
            ("hybrid", Some(Workplace::Hybrid)),
            ("remote", Some(Workplace::Remote)),
            ("unspecified", None),
            ("", None),
        ] {
            assert_eq!(workplace(word), expected, "{word}");
        }
    }

    #[test]
    fn a_salary_of_zero_is_replaced_by_the_text() {
        let of = |json: &str, text: &str| {
            salary(
                serde_json::from_str(json).expect("a range"),
                serde_json::from_str(text).expect("text"),
            )
        };
        assert_eq!(
            of(
                r#"{"min": 0, "max": 0, "currency": "USD", "interval": "per-year-salary"}"#,
                "null"
            ),
            None
        );
        assert_eq!(of("null", r#"" ""#), None);
        let text = of("null", r#""By agreement""#).expect("a salary");
        assert_eq!(
            (text.text.as_deref(), text.currency),
            (Some("By agreement"), None)
        );
        let upto = of(
            r#"{"min": null, "max": 50, "currency": "usd", "interval": "per-hour-wage"}"#,
            r#""Tips""#,
        );
        let upto = upto.expect("numbers");
        assert_eq!(
            (upto.min, upto.max, upto.currency.as_deref(), upto.text),
            (None, Some(50.0), Some("USD"), None)
        );
    }
}
