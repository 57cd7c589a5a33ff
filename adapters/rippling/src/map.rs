//! Conversion of Rippling's jobs to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Salary, html, merge_places, pay_period,
};

use crate::api::{Details, Job, Label, PayRange};

/// Returns the whole board as one page.
pub fn page(jobs: Each<Job<'_>>) -> Page {
    Page::whole_board(merge_places(jobs.read.into_iter().map(raw_job)))
        .with_unreadable(jobs.unreadable)
}

/// Returns the raw job, with a deferred text. Remote work is only a word among the places, which
/// the host understands.
fn raw_job(job: Job<'_>) -> RawJob {
    RawJob {
        department: label(job.department),
        locations: label(job.work_location)
            .map(Location::named)
            .into_iter()
            .collect(),
        description: Some(Description::Deferred(job.uuid.trimmed().to_owned())),
        ..RawJob::new(job.uuid, job.name, job.url)
    }
}

/// Returns the fields that a job adds to the listing.
pub fn details(details: Details<'_>) -> RawJob {
    let parts = [
        ("", details.description.company.trimmed()),
        ("", details.description.role.trimmed()),
    ];
    let places = details.work_locations.unwrap_or_default().into_iter();
    RawJob {
        company: details.company_name.into_option(),
        locations: Location::from_names(places),
        employment_type: details
            .employment_type
            .and_then(|kind| kind.id.into_option().or(kind.label.into_option())),
        salary: salary(&details.pay_range_details.unwrap_or_default()),
        description: html::sections(parts).map(Description::Html),
        posted_at: details.created_on.into_option(),
        ..RawJob::blank()
    }
}

/// Returns the range of all places together. Ranges with different currencies or periods are
/// returned as text.
fn salary(ranges: &[PayRange<'_>]) -> Option<Salary> {
    let range = |range: &PayRange<'_>| {
        let period = pay_period(range.frequency.trimmed());
        let currency = range.currency.clone().into_option();
        Salary::between(
            range.range_start.parsed(),
            range.range_end.parsed(),
            currency,
            period,
        )
    };
    let places = ranges.iter().map(|range| range.location.trimmed());
    let (places, ranges): (Vec<_>, Vec<_>) = places
        .zip(ranges)
        .filter_map(|(place, it)| Some((place, range(it)?)))
        .unzip();
    Salary::spanning(&ranges)
        .or_else(|| Salary::from_titled_ranges(places.into_iter().zip(&ranges)))
}

fn label(label: Option<Label<'_>>) -> Option<String> {
    label?.label.into_option()
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{PayPeriod, json};

    use super::*;
    use crate::api;

    fn board() -> Page {
        page(api::read(include_bytes!("../cassettes/board/jobs.json")).expect("a listing"))
    }

    #[test]
    fn a_job_with_two_places_is_one_job() {
        let expected = RawJob {
            department: Some("Sales".to_owned()),
            locations: vec![
                Location::named("London, United Kingdom"),
                Location::named("Remote (United States)"),
            ],
            description: Some(Description::Deferred("3c36e9c8-0001".to_owned())),
            ..RawJob::new(
                "3c36e9c8-0001",
                "Sales Executive",
                "https://ats.rippling.com/acme/jobs/3c36e9c8-0001",
            )
        };
        let Page {
            jobs,
            total,
            warnings,
            ..
        } = board();
        assert_eq!(jobs[0], expected);
        assert_eq!((jobs.len(), total, warnings.len()), (2, Some(3), 1));
    }

    #[test]
    fn details_add_the_text_and_further_fields() {
        let added =
            details(json::decode(include_bytes!("../cassettes/board/job.json")).expect("JSON"));
        let expected = RawJob {
            company: Some("Acme Ltd".to_owned()),
            locations: vec![
                Location::named("London, United Kingdom"),
                Location::named("Remote (United States)"),
            ],
            employment_type: Some("Salaried, full-time".to_owned()),
            salary: Salary::between(
                Some(5e4),
                Some(9e4),
                Some("GBP".to_owned()),
                Some(PayPeriod::Year),
            ),
            description: Some(Description::Html(
                "<p>We are Acme.</p>\n<p>Sell.</p>".to_owned(),
            )),
            posted_at: Some("2026-09-01T10:00:00.000000-07:00".to_owned()),
            ..RawJob::blank()
        };
        assert_eq!(added, expected);
    }

    #[test]
    fn ranges_of_different_units_become_text() {
        let of =
            |ranges: &str| salary(&serde_json::from_str::<Vec<PayRange>>(ranges).expect("ranges"));
        let hourly =
            r#"{"rangeStart": 18, "rangeEnd": 25.5, "currency": "USD", "frequency": "HOUR"}"#;
        let yearly = r#"{"location": "Bonn", "rangeStart": 60000, "rangeEnd": 70000, "currency": "USD", "frequency": "YEAR"}"#;
        let expected = Salary::between(
            Some(18.0),
            Some(25.5),
            Some("USD".to_owned()),
            Some(PayPeriod::Hour),
        );
        assert_eq!(of(&format!("[{hourly}]")), expected);
        let text = "18 - 25.5 USD an hour; Bonn: 60000 - 70000 USD a year";
        assert_eq!(
            of(&format!("[{hourly}, {yearly}]")),
            Some(Salary::from_text(text))
        );
        assert_eq!(
            of(r#"[{"rangeStart": null, "rangeEnd": 0, "currency": null}]"#),
            None
        );
    }

    #[test]
    fn an_empty_board_is_valid_and_any_other_body_is_an_error() {
        assert_eq!(
            page(api::read(b"[]").expect("a listing")),
            Page::whole_board(vec![])
        );
        assert!(api::read(b"{}").is_err());
    }
}
