//! Conversion of Greenhouse's posts to raw jobs.

use job_scanner_sdk::{Description, Location, Page, RawJob, extras, joined, place_text};

use crate::api::{Job, Listing, Named, Office};
use crate::{custom, salary};

/// Greenhouse's names for a missing department and a missing office.
const NO_DEPARTMENT: &str = "No Department";
const NO_OFFICE: &str = "No Office";

/// Returns the whole board as one page.
pub fn page(listing: Listing<Job<'_>>) -> Page {
    let total = listing.meta.and_then(|meta| meta.total);
    let jobs = listing.jobs.into_iter().map(raw_job).collect();
    Page {
        total,
        ..Page::whole_board(jobs)
    }
    .with_unreadable(listing.unreadable)
}

fn raw_job(job: Job<'_>) -> RawJob {
    let custom = custom::read(&job.metadata.unwrap_or_default());
    let location = job
        .location
        .as_ref()
        .map_or("", |location| location.name.trimmed());
    RawJob {
        company: job.company_name.into_option(),
        department: department(job.departments.unwrap_or_default()),
        workplace: custom.workplace.or_else(|| place_text::workplace(location)),
        locations: locations(location, custom.places, job.offices.unwrap_or_default()),
        employment_type: custom.employment_type,
        salary: salary::of_pay_ranges(&job.pay_input_ranges.unwrap_or_default()).or(custom.salary),
        description: Some(job.content.0)
            .filter(|html| !html.is_empty())
            .map(Description::Html),
        // `language` is the language of the application form, not of the text.
        language: None,
        posted_at: job.first_published.into_option(),
        updated_at: job.updated_at.into_option(),
        expires_at: job.application_deadline.into_option(),
        // `updated_at` also changes with invisible edits, so it is not a revision.
        revision: None,
        extra: extras([("requisition", job.requisition_id.into_option())]),
        ..RawJob::new(job.id, job.title, job.absolute_url)
    }
}

fn department(departments: Vec<Named<'_>>) -> Option<String> {
    let names = departments.into_iter().map(|department| department.name);
    joined(names.filter(|name| name.trimmed() != NO_DEPARTMENT))
}

/// Returns the places that a post's location names. If it names none, the places are those of the
/// employer's custom field, or else those of the offices.
fn locations(location: &str, custom: Vec<Location>, offices: Vec<Office<'_>>) -> Vec<Location> {
    let own = Location::from_names(place_text::places(location));
    if !place_text::names_no_place(location) {
        return own;
    }

    let mut places = if custom.is_empty() {
        office_places(offices)
    } else {
        custom
    };
    // No other field has the words of `Hybrid or Remote`, and people search for them.
    if places.is_empty() || place_text::leaves_workplace_open(location) {
        places.extend(own);
    }
    places
}

/// Returns the place of each office: its location, or else its name.
fn office_places(offices: Vec<Office<'_>>) -> Vec<Location> {
    let names_place = |text: &String| !place_text::names_no_place(text) && text.trim() != NO_OFFICE;
    let places = offices.into_iter().filter_map(|office| {
        let mut texts = [office.location, office.name].into_iter();
        texts.find_map(|text| text.into_option().filter(names_place))
    });
    Location::from_names(places)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Coverage, PayPeriod, Salary, SourceError, Workplace};

    use super::*;
    use crate::api;

    fn read(body: &str) -> Page {
        page(api::read(body.as_bytes()).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let Page {
            jobs,
            next,
            state,
            total,
            coverage,
            warnings,
        } = read(include_str!("../fixtures/board.json"));
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            department: Some("Platform".to_owned()),
            locations: vec![
                Location::named("Berlin, Germany"),
                Location::named("Remote - Germany"),
            ],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some("Full-time".to_owned()),
            salary: Some(Salary {
                min: Some(70_000.0),
                max: Some(90_000.0),
                currency: Some("EUR".to_owned()),
                period: None,
                text: None,
            }),
            description: Some(Description::Html(
                "<h2 class=\"intro\">Who we are</h2>\n<p>R&amp;D&nbsp;at Acme: it's café 🚀</p>"
                    .to_owned(),
            )),
            posted_at: Some("2026-07-30T06:59:38-04:00".to_owned()),
            updated_at: Some("2026-08-04T07:02:31-04:00".to_owned()),
            expires_at: Some("2026-12-01T14:15:00-04:00".to_owned()),
            extra: vec![("requisition".to_owned(), "R-107".to_owned())],
            ..RawJob::new(
                "4000001",
                " Backend Engineer, R&D ",
                "https://job-boards.greenhouse.io/acme/jobs/4000001",
            )
        };
        assert_eq!(jobs[0], expected);
        assert_eq!(
            (jobs.len(), next, state, total, coverage),
            (2, None, None, Some(2), Coverage::Complete)
        );
        assert!(warnings.is_empty());
    }

    #[test]
    fn a_post_without_places_has_those_of_its_offices() {
        let post = &read(include_str!("../fixtures/board.json")).jobs[1];
        assert_eq!(
            post.locations,
            [Location::named("Paris, France"), Location::named("London")]
        );
        assert_eq!(post.department.as_deref(), Some("Engineering, Data"));
        assert_eq!(post.description, None);
        let salary = post.salary.clone().expect("a range");
        assert_eq!(
            (salary.min, salary.max, salary.period),
            (Some(50.0), Some(65.5), Some(PayPeriod::Hour))
        );
    }

    /// Returns the places, joined by `; `, and the workplace of a post.
    fn post(place: &str, metadata: &str, offices: &str) -> (String, Option<Workplace>) {
        let body = format!(
            r#"{{"jobs": [{{"id": 1, "title": "Cook", "absolute_url": "https://a.example/1",
                "location": {{"name": "{place}"}}, "metadata": [{metadata}], "offices": [{offices}]}}]}}"#
        );
        let job = read(&body).jobs.remove(0);
        let names: Vec<String> = job.locations.into_iter().map(|it| it.name).collect();
        (names.join("; "), job.workplace)
    }

    const FIELD: &str = r#"{"name": "Job Posting Location", "value": ["Austin, US", "Bonn"], "value_type": "multi_select"}"#;
    const OFFICES: &str =
        r#"{"name": "HQ", "location": "Wien, Austria"}, {"name": "Lisboa", "location": null}"#;

    fn expected(places: &str, workplace: Option<Workplace>) -> (String, Option<Workplace>) {
        (places.to_owned(), workplace)
    }

    #[test]
    fn a_location_that_names_only_the_workplace_is_replaced_by_the_custom_field() {
        let post = |place: &str| post(place, FIELD, OFFICES);
        assert_eq!(
            post("Hybrid"),
            expected("Austin, US; Bonn", Some(Workplace::Hybrid))
        );
        assert_eq!(
            post("In-Office"),
            expected("Austin, US; Bonn", Some(Workplace::OnSite))
        );
        assert_eq!(
            post("Distributed; Hybrid"),
            expected("Austin, US; Bonn; Distributed; Hybrid", None)
        );
        assert_eq!(post("Remote India"), expected("Remote India", None));
        assert_eq!(post("Bonn, Germany"), expected("Bonn, Germany", None));
    }

    #[test]
    fn a_location_that_names_only_the_workplace_is_replaced_by_the_offices() {
        let offices = "Wien, Austria; Lisboa";
        for (place, workplace) in [
            ("Hybrid", Some(Workplace::Hybrid)),
            ("In-Office", Some(Workplace::OnSite)),
            ("Distributed", Some(Workplace::Remote)),
            ("Remote", Some(Workplace::Remote)),
            ("N/A", None),
        ] {
            let post = post(place, "", OFFICES);
            assert_eq!(post, expected(offices, workplace), "{place}");
        }
    }

    #[test]
    fn words_that_leave_the_workplace_open_stay_next_to_the_offices() {
        for (place, words) in [
            ("Hybrid or Remote", "Hybrid or Remote"),
            ("Hybrid | In-Office", "Hybrid; In-Office"),
            ("Remote-First", "Remote-First"),
        ] {
            let places = format!("Wien, Austria; Lisboa; {words}");
            assert_eq!(post(place, "", OFFICES), expected(&places, None));
        }
    }

    #[test]
    fn a_location_that_names_a_place_keeps_the_offices_out() {
        for place in ["Tokyo", "Remote - Japan", "Hybrid; Tokyo", "Remote, OR"] {
            assert_eq!(post(place, "", OFFICES), expected(place, None));
        }
    }

    #[test]
    fn without_any_place_the_words_of_the_location_stay() {
        let hybrid = Some(Workplace::Hybrid);
        let empty = FIELD.replace(r#"["Austin, US", "Bonn"]"#, "null");
        assert_eq!(post("Hybrid", &empty, ""), expected("Hybrid", hybrid));

        let nowhere = r#"{"name": "No Office", "location": ""}, {"name": "Remote", "location": "N/A"}, {"name": null}"#;
        assert_eq!(post("Hybrid", "", nowhere), expected("Hybrid", hybrid));
    }

    #[test]
    fn a_location_with_several_places_becomes_several_locations() {
        for (place, places) in [
            ("Austin, TX | Bonn; Wien", "Austin, TX; Bonn; Wien"),
            ("Bonn / Wien", "Bonn; Wien"),
            ("Bonn/Wien", "Bonn; Wien"),
            ("Bonn or Wien", "Bonn; Wien"),
            ("Bonn | Bonn | ", "Bonn"),
        ] {
            assert_eq!(post(place, "", OFFICES), expected(places, None), "{place}");
        }
    }

    #[test]
    fn missing_values_stay_unknown() {
        let Page { jobs, total, .. } = read(include_str!("../fixtures/sparse.json"));
        assert_eq!(total, None);
        assert_eq!(
            jobs,
            [
                RawJob::new(
                    "5000001",
                    "Gardener",
                    "https://job-boards.greenhouse.io/acme/jobs/5000001"
                ),
                RawJob::new(
                    "5000002",
                    "Cook",
                    "https://job-boards.greenhouse.io/acme/jobs/5000002"
                ),
            ]
        );
    }

    #[test]
    fn a_malformed_post_is_a_warning_and_counts_as_open() {
        let Page {
            jobs,
            total,
            warnings,
            ..
        } = read(include_str!("../fixtures/odd-post.json"));
        assert_eq!(
            jobs.iter()
                .map(|job| job.external_id.as_str())
                .collect::<Vec<_>>(),
            ["6000001"]
        );
        assert_eq!(total, Some(3));
        assert_eq!(warnings.len(), 2);
        assert!(
            warnings[0].starts_with("jobs[1].title: invalid type: sequence, expected text"),
            "{}",
            warnings[0]
        );
        assert!(
            warnings[1].starts_with("jobs[2]: missing field `id`"),
            "{}",
            warnings[1]
        );
    }

    #[test]
    fn a_malformed_post_counts_as_open_without_a_total() {
        let body = include_str!("../fixtures/odd-post.json").replace("\"meta\"", "\"other\"");
        assert_eq!(read(&body).total, Some(3));
    }

    #[test]
    fn an_empty_board_is_valid_and_any_other_body_is_an_error() {
        assert_eq!(
            read(r#"{"jobs": [], "meta": {"total": 0}}"#),
            Page {
                total: Some(0),
                ..Page::whole_board(vec![])
            }
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
