//! Conversion of Breezy's positions to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Response, Salary, SourceError, Text, Workplace, json_ld,
    schema_org,
};

use crate::api::{Named, Place, Position};

/// Returns the whole board as one page.
pub fn page(positions: Each<Position<'_>>) -> Page {
    Page::whole_board(positions.read.into_iter().map(raw_job).collect())
        .with_unreadable(positions.unreadable)
}

/// Returns the raw job. The text is deferred if the listing omits it.
fn raw_job(position: Position<'_>) -> RawJob {
    let description = match position.description.into_option() {
        Some(html) => Description::Html(html),
        None => Description::Deferred(page_name(
            &position.friendly_id,
            &position.url,
            &position.id,
        )),
    };
    let mut places = position.locations.unwrap_or_default();
    if places.is_empty() {
        places.extend(position.location);
    }
    // `false` can also mean hybrid. If there are several places, only some may be remote.
    let is_remote = !places.is_empty() && places.iter().all(|place| place.is_remote == Some(true));
    RawJob {
        company: name(position.company),
        department: position.department.into_option(),
        workplace: is_remote.then_some(Workplace::Remote),
        locations: places.into_iter().filter_map(location).collect(),
        employment_type: name(position.kind),
        salary: position.salary.into_option().map(Salary::from_text),
        description: Some(description),
        posted_at: position.published_date.into_option(),
        ..RawJob::new(position.id, position.name, position.url)
    }
}

/// Returns the last part of the URL of a position's page. In older records only the URL contains
/// it.
fn page_name(friendly_id: &Text<'_>, url: &Text<'_>, id: &Text<'_>) -> String {
    let in_url = url
        .trimmed()
        .split_once("/p/")
        .map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let names = [Some(friendly_id.trimmed()), in_url, Some(id.trimmed())];
    names
        .into_iter()
        .flatten()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned()
}

/// Returns the fields that a position's page adds to the listing: its text, and the pay if it is
/// given as numbers.
pub fn details(page: &Response) -> Result<RawJob, SourceError> {
    let postings = json_ld::job_postings(&page.body);
    let Some(posting) = postings.found.first() else {
        let why = postings
            .unreadable
            .into_iter()
            .next()
            .unwrap_or_else(|| "no JobPosting in the page".to_owned());
        return Err(SourceError::UnexpectedResponse(format!(
            "{}: {why}",
            page.url
        )));
    };
    let RawJob {
        description,
        salary,
        ..
    } = schema_org::raw_job(posting);
    Ok(RawJob {
        description,
        salary,
        ..RawJob::blank()
    })
}

fn name(named: Option<Named<'_>>) -> Option<String> {
    named?.name.into_option()
}

fn location(place: Place<'_>) -> Option<Location> {
    let (code, country) = place
        .country
        .map(|it| (it.id.into_option(), it.name.into_option()))
        .unwrap_or_default();
    let in_parts = Location::from_parts(
        place.city.into_option(),
        name(place.state),
        country.or_else(|| code.clone()),
    );
    match (place.name.into_option(), in_parts) {
        (Some(name), Some(place)) => Some(Location {
            name,
            country: code.or(place.country),
            ..place
        }),
        (Some(name), None) => Some(Location::named(name)),
        (None, place) => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn board() -> Page {
        page(api::read(include_bytes!("../cassettes/board/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            department: Some("Local".to_owned()),
            locations: vec![Location {
                name: "Tacoma, WA".to_owned(),
                city: Some("Tacoma".to_owned()),
                region: Some("Washington".to_owned()),
                country: Some("US".to_owned()),
            }],
            employment_type: Some("Full-Time".to_owned()),
            salary: Some(Salary::from_text("$1.40k - $1.80k")),
            description: Some(Description::Html("<p>Drive.</p>".to_owned())),
            posted_at: Some("2026-06-04T23:24:11.988Z".to_owned()),
            ..RawJob::new(
                "e63605aeb81c",
                "Driver",
                "https://acme.breezy.hr/p/e63605aeb81c-driver",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn the_page_name_is_in_the_record_or_in_the_url() {
        let name = |position: &str| {
            let Position {
                friendly_id,
                url,
                id,
                ..
            } = serde_json::from_str(position).expect("a position");
            page_name(&friendly_id, &url, &id)
        };
        let url = r#""name": "Cook", "id": "1", "url": "https://acme.breezy.hr/p/1-cook?x=1""#;
        assert_eq!(
            name(&format!(r#"{{{url}, "friendly_id": "1-chef"}}"#)),
            "1-chef"
        );
        assert_eq!(
            name(&format!(r#"{{{url}, "friendly_id": null}}"#)),
            "1-cook"
        );
        assert_eq!(
            name(r#"{"name": "Cook", "id": "1", "url": "https://jobs.acme.example/1"}"#),
            "1"
        );
    }

    #[test]
    fn a_position_is_remote_only_if_all_places_are() {
        let workplaces: Vec<_> = board().jobs.iter().map(|job| job.workplace).collect();
        assert_eq!(workplaces, [None, Some(Workplace::Remote), None]);
    }

    #[test]
    fn a_place_without_a_name_is_named_after_its_parts() {
        let of = |json: &str| location(serde_json::from_str(json).expect("a place"));
        let country = r#""country": {"id": "AT", "name": "Austria"}"#;
        let austria = Location {
            country: Some("AT".to_owned()),
            ..Location::named("Austria")
        };
        assert_eq!(of(&format!("{{{country}}}")), Some(austria.clone()));
        assert_eq!(
            of(&format!(r#"{{{country}, "name": "Anywhere"}}"#)),
            Some(Location {
                name: "Anywhere".to_owned(),
                ..austria
            })
        );
        assert_eq!(
            of(r#"{"name": "Anywhere", "country": null}"#),
            Some(Location::named("Anywhere"))
        );
        assert_eq!(of("{}"), None);
    }
}
