//! From Breezy's positions to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{Description, Location, Page, RawJob, Salary, Workplace};

use crate::api::{Named, Place, Position};

/// The whole board as one page.
pub fn page(positions: Each<Position<'_>>) -> Page {
    Page::whole_board(positions.read.into_iter().map(raw_job).collect()).with_unreadable(positions.unreadable)
}

/// One position.
fn raw_job(position: Position<'_>) -> RawJob {
    let in_words = |text| Salary { min: None, max: None, currency: None, period: None, text: Some(text) };
    let mut places = position.locations.unwrap_or_default();
    if places.is_empty() {
        places.extend(position.location);
    }
    // "No" is said of hybrid jobs, too; and of several places, one may be remote.
    let is_remote = !places.is_empty() && places.iter().all(|place| place.is_remote == Some(true));
    RawJob {
        company: name(position.company),
        department: position.department.into_option(),
        workplace: is_remote.then_some(Workplace::Remote),
        locations: places.into_iter().filter_map(location).collect(),
        employment_type: name(position.kind),
        salary: position.salary.into_option().map(in_words),
        description: position.description.into_option().map(Description::Html),
        posted_at: position.published_date.into_option(),
        ..RawJob::new(position.id, position.name, position.url)
    }
}

fn name(named: Option<Named<'_>>) -> Option<String> {
    named?.name.into_option()
}

fn location(place: Place<'_>) -> Option<Location> {
    let country = place.country.and_then(|country| country.id.into_option());
    let (city, region) = (place.city.into_option(), name(place.state));
    let name = place.name.into_option().or_else(|| city.clone())?;
    Some(Location { name, city, region, country })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn board() -> Page {
        page(api::read(include_bytes!("../cassettes/board/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_that_the_board_serves_is_taken() {
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
            salary: Some(Salary {
                min: None,
                max: None,
                currency: None,
                period: None,
                text: Some("$1.40k - $1.80k".to_owned()),
            }),
            description: Some(Description::Html("<p>Drive.</p>".to_owned())),
            posted_at: Some("2026-06-04T23:24:11.988Z".to_owned()),
            ..RawJob::new("e63605aeb81c", "Driver", "https://acme.breezy.hr/p/e63605aeb81c-driver")
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn remote_is_said_only_where_all_places_are() {
        let workplaces: Vec<_> = board().jobs.iter().map(|job| job.workplace).collect();
        assert_eq!(workplaces, [None, Some(Workplace::Remote), None]);
    }
}
