//! Conversion of Ashby's jobs to raw jobs.

use job_scanner_sdk::{Description, Location, Page, RawJob, Text, Workplace, country, extras};

use crate::api::{Address, Job, Listing};
use crate::salary;

/// Returns the whole board as one page.
pub fn page(listing: Listing<Job<'_>>) -> Page {
    let listed = listing
        .jobs
        .into_iter()
        .filter(|job| job.is_listed != Some(false));
    Page::whole_board(listed.map(raw_job).collect()).with_unreadable(listing.unreadable)
}

/// Returns the raw job. The board provides neither the company's name nor an update time.
fn raw_job(job: Job<'_>) -> RawJob {
    let (department, team) = (job.department.into_option(), job.team.into_option());
    let own_team = team.clone().filter(|team| {
        department
            .as_ref()
            .is_some_and(|department| department != team)
    });
    let shown = job
        .compensation
        .filter(|_| job.should_display_compensation_on_job_postings != Some(false));
    let mut locations = vec![location(&job.location, job.address)];
    locations.extend(
        job.secondary_locations
            .into_iter()
            .flatten()
            .map(|it| location(&it.location, it.address)),
    );
    let summary = shown.as_ref().and_then(salary::summary);
    RawJob {
        apply_url: job.apply_url.into_option(),
        locations: locations.into_iter().flatten().collect(),
        workplace: workplace(job.workplace_type.trimmed()),
        employment_type: job.employment_type.into_option(),
        salary: shown.and_then(salary::salary),
        description: job.description_html.into_option().map(Description::Html),
        posted_at: job.published_at.into_option(),
        extra: extras([("team", own_team), ("compensation", summary)]),
        department: department.or(team),
        ..RawJob::new(job.id, job.title, job.job_url)
    }
}

/// Returns a place with the employer's name for it, or with a name from its parts. `None` if it has
/// neither.
fn location(name: &Text<'_>, address: Option<Address<'_>>) -> Option<Location> {
    let address = address
        .and_then(|address| address.postal_address)
        .unwrap_or_default();
    let (city, region) = (
        address.address_locality.into_option(),
        address.address_region.into_option(),
    );
    let country = address.address_country.into_option();
    let name = name.trimmed();
    if name.is_empty() {
        return Location::from_parts(city, region, country);
    }
    let country = country
        .as_deref()
        .and_then(country::code)
        .map(str::to_owned);
    Some(Location {
        name: name.to_owned(),
        city,
        region,
        country,
    })
}

fn workplace(word: &str) -> Option<Workplace> {
    match word {
        "OnSite" => Some(Workplace::OnSite),
        "Hybrid" => Some(Workplace::Hybrid),
        "Remote" => Some(Workplace::Remote),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{PayPeriod, Salary, SourceError};

    use super::*;
    use crate::api;

    fn read(body: &str) -> Page {
        page(api::read(body.as_bytes()).expect("a listing"))
    }

    fn owned(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn every_field_is_read() {
        let page = read(include_str!("../fixtures/board.json"));
        let url = "https://jobs.ashbyhq.com/Acme/7d0b1c52-0000-4000-8000-000000000001";
        let expected = RawJob {
            apply_url: Some(format!("{url}/application")),
            department: Some(owned("Engineering")),
            locations: vec![
                Location {
                    name: "Berlin (HQ)".to_owned(),
                    city: Some(owned("Berlin")),
                    region: None,
                    country: Some(owned("DE")),
                },
                Location {
                    name: "New York".to_owned(),
                    city: Some(owned("New York City")),
                    region: Some(owned("NY ")),
                    country: Some(owned("US")),
                },
                Location::named("Remote (EU)"),
                Location::named("Anywhere"),
            ],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some(owned("FullTime")),
            salary: Some(Salary {
                min: Some(119_000.0),
                max: Some(189_000.0),
                currency: Some(owned("USD")),
                period: Some(PayPeriod::Year),
                text: None,
            }),
            description: Some(Description::Html(
                "<h1>Acme</h1><p>R&amp;D \u{2013} caf\u{e9}</p>".to_owned(),
            )),
            posted_at: Some(owned("2026-04-07T17:12:35.753+00:00")),
            extra: vec![
                (owned("team"), owned("Payments")),
                (
                    owned("compensation"),
                    owned("$119K – $189K • Offers Equity"),
                ),
            ],
            ..RawJob::new(
                "7d0b1c52-0000-4000-8000-000000000001",
                " Backend Engineer, R&D ",
                url,
            )
        };
        assert_eq!(page, Page::whole_board(vec![expected]));
    }

    #[test]
    fn missing_values_stay_unknown() {
        let expected =
            |id: &str| RawJob::new(id, "Cook", format!("https://jobs.ashbyhq.com/acme/{id}"));
        let page = read(include_str!("../fixtures/sparse.json"));
        assert_eq!(
            page,
            Page::whole_board(vec![expected("a-1"), expected("a-2")])
        );
    }

    #[test]
    fn an_unlisted_job_is_left_out() {
        let job = |id: &str, listed: &str| {
            format!(
                r#"{{"id": "{id}", "title": "Cook", "jobUrl": "https://a.example/{id}"{listed}}}"#
            )
        };
        let jobs = [
            job("1", r#", "isListed": false"#),
            job("2", r#", "isListed": true"#),
            job("3", ""),
        ];
        let page = read(&format!(r#"{{"jobs": [{}]}}"#, jobs.join(",")));
        assert_eq!(
            page.jobs
                .iter()
                .map(|job| job.external_id.as_str())
                .collect::<Vec<_>>(),
            ["2", "3"]
        );
        assert_eq!(page.total, None);
    }

    #[test]
    fn is_remote_does_not_determine_the_workplace() {
        for is_remote in ["true", "false", "null"] {
            let body = format!(
                r#"{{"jobs": [{{"id": "1", "title": "Cook", "jobUrl": "https://a.example/1", "isRemote": {is_remote}}}]}}"#
            );
            assert_eq!(read(&body).jobs[0].workplace, None, "{is_remote}");
        }
    }

    #[test]
    fn a_hidden_salary_is_not_read() {
        let body = include_str!("../fixtures/board.json")
            .replace("OnJobPostings\": true", "OnJobPostings\": false");
        assert_eq!(read(&body).jobs[0].salary, None);
    }

    #[test]
    fn a_place_without_a_name_is_named_after_its_parts() {
        let address = r#"{"postalAddress": {"addressLocality": "Wien", "addressRegion": " ", "addressCountry": "Austria"}}"#;
        let place = location(
            &Text::default(),
            serde_json::from_str(address).expect("an address"),
        )
        .expect("a place");
        assert_eq!(
            (place.name.as_str(), place.country.as_deref()),
            ("Wien, Austria", Some("AT"))
        );
        assert_eq!(location(&Text::default(), None), None);
    }

    #[test]
    fn a_malformed_job_is_a_warning_and_counts_as_open() {
        let Page {
            jobs,
            total,
            warnings,
            ..
        } = read(include_str!("../fixtures/odd-job.json"));
        assert_eq!((jobs.len(), total, warnings.len()), (1, Some(3), 2));
        assert!(
            warnings[0].starts_with("jobs[1].title: invalid type: boolean"),
            "{}",
            warnings[0]
        );
        assert!(
            warnings[1].starts_with("jobs[2]: missing field `jobUrl`"),
            "{}",
            warnings[1]
        );
    }

    #[test]
    fn an_empty_board_is_valid_and_any_other_body_is_an_error() {
        assert_eq!(
            read(r#"{"jobs": [], "apiVersion": "1"}"#),
            Page::whole_board(vec![])
        );
        for body in [
            "",
            "[]",
            "{}",
            r#"{"jobs": null}"#,
            "<!doctype html>",
            r#"{"jobs": [{"title": "Cook"}]}"#,
        ] {
            let error = api::read(body.as_bytes()).expect_err(body);
            assert!(
                matches!(error, SourceError::UnexpectedResponse(_)),
                "{body}: {error:?}"
            );
        }
    }
}
