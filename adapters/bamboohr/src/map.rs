//! Conversion of BambooHR's openings to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{Description, Location, Page, RawJob, Salary, Workplace, extras};

use crate::api::{Board, Opening, OpeningResponse, Place};

/// Returns the whole board as one page, with the number of openings that the board states.
pub fn page((openings, total): (Each<Opening<'_>>, Option<u32>), board: &Board) -> Page {
    let jobs = openings
        .read
        .into_iter()
        .map(|opening| raw_job(opening, board))
        .collect();
    Page {
        total,
        ..Page::whole_board(jobs)
    }
    .with_unreadable(openings.unreadable)
}

/// Returns the raw job, with a deferred text. The board does not provide the company's name.
fn raw_job(opening: Opening<'_>, board: &Board) -> RawJob {
    let url = board.page(opening.id.trimmed());
    RawJob {
        department: opening.department_label.into_option(),
        workplace: workplace(opening.location_type.trimmed(), opening.is_remote),
        locations: location(opening.location, opening.ats_location)
            .into_iter()
            .collect(),
        employment_type: opening.employment_status_label.into_option(),
        description: Some(Description::Deferred(opening.id.trimmed().to_owned())),
        posted_at: opening.date_posted.into_option(),
        ..RawJob::new(opening.id, opening.job_opening_name, url)
    }
}

/// Returns the fields that an opening adds to the listing.
pub fn details(response: OpeningResponse<'_>) -> RawJob {
    let opening = response.result.job_opening;
    RawJob {
        locations: added_location(opening.location, opening.ats_location)
            .into_iter()
            .collect(),
        employment_type: opening.employment_status_label.into_option(),
        salary: opening.compensation.into_option().map(Salary::from_text),
        description: opening.description.into_option().map(Description::Html),
        posted_at: opening.date_posted.into_option(),
        extra: extras([("experience", opening.minimum_experience.into_option())]),
        ..RawJob::blank()
    }
}

/// Returns the place. Only one of the two is set.
fn location(at_company: Option<Place<'_>>, elsewhere: Option<Place<'_>>) -> Option<Location> {
    at_company
        .and_then(place)
        .or_else(|| elsewhere.and_then(place))
}

/// Returns the place of an opening's details. For a place of the company they add the country. For
/// other places they add nothing, and lack the province: without a region, the listing's place has
/// to stay.
fn added_location(at_company: Option<Place<'_>>, elsewhere: Option<Place<'_>>) -> Option<Location> {
    let elsewhere = elsewhere.and_then(place);
    at_company
        .and_then(place)
        .or_else(|| elsewhere.filter(|place| place.region.is_some()))
}

fn place(place: Place<'_>) -> Option<Location> {
    let city = place.city.into_option();
    let region = place
        .state
        .into_option()
        .or_else(|| place.province.into_option());
    let country = place.country.into_option();
    Location::from_parts(city, region, country)
}

/// Returns the workplace. Older listings state only whether a job is remote, and `false` can also
/// mean hybrid.
fn workplace(kind: &str, is_remote: Option<bool>) -> Option<Workplace> {
    match kind {
        "0" => Some(Workplace::OnSite),
        "1" => Some(Workplace::Remote),
        "2" => Some(Workplace::Hybrid),
        _ => is_remote
            .filter(|&is_remote| is_remote)
            .map(|_| Workplace::Remote),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{json, testing};

    use super::*;
    use crate::api;

    fn board() -> Page {
        let request = testing::request("acme", r#"{"base_url": "http://127.0.0.1:8080"}"#);
        let board = Board::from_request(&request).expect("a board");
        page(
            api::read(include_bytes!("../cassettes/board/list.json")).expect("a listing"),
            &board,
        )
    }

    #[test]
    fn every_field_of_the_listing_is_read() {
        let expected = RawJob {
            department: Some("Maintenance".to_owned()),
            locations: vec![Location {
                name: "Edmonton, Alberta".to_owned(),
                city: Some("Edmonton".to_owned()),
                region: Some("Alberta".to_owned()),
                country: None,
            }],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Full-Time".to_owned()),
            description: Some(Description::Deferred("39".to_owned())),
            ..RawJob::new(
                "39",
                "Aircraft Engineer",
                "https://acme.bamboohr.com/careers/39",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn the_place_is_read_from_either_of_two_fields() {
        let jobs = board().jobs;
        let remote = Location {
            name: "Calgary, Alberta, Canada".to_owned(),
            city: Some("Calgary".to_owned()),
            region: Some("Alberta".to_owned()),
            country: Some("CA".to_owned()),
        };
        assert_eq!(
            (&jobs[1].locations, jobs[1].workplace),
            (&vec![remote], Some(Workplace::Remote))
        );
        assert_eq!(
            (&jobs[2].locations, jobs[2].workplace),
            (&vec![], Some(Workplace::Remote))
        );
        assert_eq!(jobs[2].posted_at.as_deref(), Some("2026-06-15"));
    }

    #[test]
    fn details_add_the_text_and_further_fields() {
        let added =
            details(json::decode(include_bytes!("../cassettes/board/opening.json")).expect("JSON"));
        assert_eq!(
            added.description,
            Some(Description::Html("<p>Repair.</p>".to_owned()))
        );
        assert_eq!(added.locations[0].country.as_deref(), Some("CA"));
        assert_eq!(
            added.salary.and_then(|salary| salary.text).as_deref(),
            Some("$40 an hour")
        );
        assert_eq!(
            added.extra,
            [("experience".to_owned(), "Experienced".to_owned())]
        );
    }

    #[test]
    fn details_without_a_province_leave_the_place_of_the_listing() {
        let names = |places: &str| -> Vec<String> {
            let body = format!(r#"{{"result": {{"jobOpening": {{{places}}}}}}}"#);
            let added = details(json::decode(body.as_bytes()).expect("JSON"));
            added.locations.into_iter().map(|it| it.name).collect()
        };
        let none = r#""location": {"city": null, "state": null, "addressCountry": null}"#;
        let elsewhere = |place: &str| names(&format!(r#"{none}, "atsLocation": {place}"#));

        let poorer =
            r#"{"city": "Calgary", "state": null, "country": "Canada", "countryId": "39"}"#;
        assert!(elsewhere(poorer).is_empty());
        assert!(elsewhere(r#"{"country": "Canada"}"#).is_empty());

        let province = r#"{"city": "Calgary", "province": "Alberta", "country": "Canada"}"#;
        assert_eq!(elsewhere(province), ["Calgary, Alberta, Canada"]);
        let at_company = r#""location": {"city": "Wien", "addressCountry": "Austria"}"#;
        assert_eq!(names(at_company), ["Wien, Austria"]);
    }

    #[test]
    fn a_web_page_is_an_error() {
        assert!(api::read(b"<!doctype html>").is_err());
    }

    #[test]
    fn a_listing_shorter_than_the_stated_total_keeps_the_total() {
        let request = testing::request("acme", "{}");
        let body =
            br#"{"meta": {"totalCount": 2}, "result": [{"id": "1", "jobOpeningName": "Cook"}]}"#;
        let page = page(
            api::read(body).expect("a listing"),
            &Board::from_request(&request).expect("a board"),
        );
        assert_eq!((page.jobs.len(), page.total), (1, Some(2)));
    }
}
