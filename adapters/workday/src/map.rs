//! Conversion of Workday's jobs to raw jobs.

use job_scanner_sdk::{
    Chunk, Coverage, Description, Location, Page, RawJob, SourceError, Text, Workplace, extras,
};

use crate::api::{Listing, PAGING, Posting, PostingResponse};
use crate::number;
use crate::site::Site;

/// Reads one chunk of a site's listing.
pub fn chunk(listing: &Listing<'_>, site: &Site) -> Result<Chunk, SourceError> {
    let mut postings = listing.job_postings.read::<Posting<'_>>("jobPostings")?;
    let mut jobs = Vec::with_capacity(postings.read.len());
    for posting in postings.read {
        match id(&posting) {
            Some(id) => jobs.push(raw_job(posting, id, site)),
            None => postings.unreadable.push(format!(
                "`{}` is not the path of a job",
                posting.external_path.trimmed()
            )),
        }
    }
    Ok(Chunk {
        jobs,
        unreadable: postings.unreadable,
        total: Some(listing.total),
    })
}

/// Returns the page as a window if the site lists as many jobs as it can: it may have more. It
/// lists the newest first.
pub fn as_window_if_capped(page: Page) -> Page {
    let max_jobs = PAGING.page_size * PAGING.max_pages;
    if page.total.is_some_and(|total| total as usize >= max_jobs) {
        Page {
            coverage: Coverage::Window,
            ..page
        }
    } else {
        page
    }
}

/// Returns the raw job, with a deferred text. The listing has the posting date only as text,
/// relative to today.
fn raw_job(posting: Posting<'_>, id: String, site: &Site) -> RawJob {
    let path = posting.external_path.trimmed();
    RawJob {
        locations: location(posting.locations_text.trimmed())
            .into_iter()
            .collect(),
        workplace: workplace(posting.remote_type.trimmed()),
        employment_type: posting.time_type.into_option(),
        description: Some(Description::Deferred(path.to_owned())),
        ..RawJob::new(id, posting.title, site.page(path))
    }
}

/// Returns the fields that a job adds to the listing. A job that is no longer posted is not found.
pub fn details(response: PostingResponse<'_>) -> Result<RawJob, SourceError> {
    let details = response.job_posting_info;
    if details.posted == Some(false) {
        return Err(SourceError::NotFound(
            "the job is no longer posted".to_owned(),
        ));
    }
    let country = details
        .job_requisition_location
        .and_then(|place| place.country?.alpha2_code.into_option());
    let first = details.location.into_option().map(|name| Location {
        country,
        ..Location::named(name)
    });
    let others = details.additional_locations.unwrap_or_default().into_iter();
    let others = others.filter_map(|place| Some(Location::named(place.into_option()?)));
    Ok(RawJob {
        url: details.external_url.into(),
        company: response
            .hiring_organization
            .and_then(|company| company.name.into_option()),
        locations: first.into_iter().chain(others).collect(),
        workplace: workplace(details.remote_type.trimmed()),
        employment_type: details.time_type.into_option(),
        description: details.job_description.into_option().map(Description::Html),
        posted_at: details.start_date.into_option(),
        expires_at: details.end_date.into_option(),
        extra: extras([("requisition", details.job_req_id.into_option())]),
        ..RawJob::blank()
    })
}

/// Returns the job's id: the number at the end of its path. `None` if that is not the path of a job.
fn id(posting: &Posting<'_>) -> Option<String> {
    let path = posting.external_path.trimmed();
    let slug = path.strip_prefix("/job/")?.rsplit('/').next()?;
    let bullets = posting
        .bullet_fields
        .as_ref()
        .and_then(|bullets| bullets.read::<Text<'_>>("bulletFields").ok())
        .map_or_else(Vec::new, |bullets| bullets.read);

    let number = number::at_end(slug, bullets.iter().map(Text::trimmed));
    (!number.is_empty() && !path.contains("..")).then(|| number.to_owned())
}

/// Returns the place. `None` if the text is only the number of places: `2 Locations`, in any
/// language.
fn location(text: &str) -> Option<Location> {
    let is_count = match text.split_once(' ') {
        Some((number, word)) => {
            number.bytes().all(|it| it.is_ascii_digit()) && word.chars().all(char::is_alphabetic)
        }
        None => text.is_empty(),
    };
    (!is_count).then(|| Location::named(text))
}

/// Returns the workplace for the words that many tenants use.
fn workplace(words: &str) -> Option<Workplace> {
    match words.to_ascii_lowercase().as_str() {
        "remote" | "fully remote" | "100% remote" => Some(Workplace::Remote),
        "hybrid" | "hybrid remote" => Some(Workplace::Hybrid),
        "on-site" | "onsite" | "on site" | "in office" | "in-office" => Some(Workplace::OnSite),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{json, testing};

    use super::*;

    fn site() -> Site {
        let request = testing::request("acme.wd5/Careers", "{}");
        Site::from_request(&request).expect("a site")
    }

    fn board() -> Chunk {
        chunk(
            &json::decode(include_bytes!("../cassettes/board/jobs.json")).expect("JSON"),
            &site(),
        )
        .expect("a chunk")
    }

    #[test]
    fn every_field_of_the_listing_is_read() {
        let path = "/job/US-OR-Beaverton/Engineer--Equipment_R264661";
        let expected = RawJob {
            locations: vec![Location::named("US, OR, Beaverton")],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some("Full time".to_owned()),
            description: Some(Description::Deferred(path.to_owned())),
            ..RawJob::new(
                "R264661",
                "Engineer, Equipment",
                format!("https://acme.wd5.myworkdayjobs.com/Careers{path}"),
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn postings_of_one_opening_have_different_ids_and_an_invalid_path_is_reported() {
        let Chunk {
            jobs,
            unreadable,
            total,
        } = board();
        let ids: Vec<_> = jobs.iter().map(|job| job.external_id.as_str()).collect();
        assert_eq!(
            (ids, total),
            (vec!["R264661", "RQ221571-1", "RQ221571-2"], Some(5))
        );
        assert_eq!(unreadable.len(), 2);
        assert!(jobs[1].locations.is_empty());
    }

    #[test]
    fn a_number_with_underscores_is_whole() {
        let body = r#"{"total": 4, "jobPostings": [
            {"title": "Cook", "externalPath": "/job/Bonn/Cook_R_2026_001", "bulletFields": ["R_2026_001"]},
            {"title": "Cook", "externalPath": "/job/Bonn/Cook_req_9-1", "bulletFields": [{}, "req_9"]},
            {"title": "Cook", "externalPath": "/job/Bonn/Cook_R_2026_002", "bulletFields": []},
            {"title": "Cook", "externalPath": "/job/Bonn/Cook_R7", "bulletFields": [{}]}]}"#;
        let listing = json::decode(body.as_bytes()).expect("JSON");
        let jobs = chunk(&listing, &site()).expect("a chunk").jobs;
        let ids: Vec<_> = jobs.iter().map(|job| job.external_id.as_str()).collect();
        assert_eq!(ids, ["R_2026_001", "req_9-1", "R_2026_002", "R7"]);
    }

    #[test]
    fn details_add_text_places_and_dates() {
        let added =
            details(json::decode(include_bytes!("../cassettes/board/job.json")).expect("JSON"))
                .expect("a job");
        let expected = RawJob {
            company: Some("Acme, Inc.".to_owned()),
            locations: vec![
                Location { country: Some("US".to_owned()), ..Location::named("US, OR, Beaverton") },
                Location::named("US, CA, Remote"),
            ],
            employment_type: Some("Full time".to_owned()),
            description: Some(Description::Html("<p>Build.</p>".to_owned())),
            posted_at: Some("2026-08-18".to_owned()),
            expires_at: Some("2026-12-31".to_owned()),
            extra: vec![("requisition".to_owned(), "R264661".to_owned())],
            url: "https://acme.wd5.myworkdayjobs.com/Careers/job/US-OR-Beaverton/Engineer--Equipment_R264661"
                .to_owned(),
            ..RawJob::blank()
        };
        assert_eq!(added, expected);
    }

    #[test]
    fn a_job_that_is_no_longer_posted_is_not_found() {
        let response = json::decode(br#"{"jobPostingInfo": {"posted": false}}"#).expect("JSON");
        assert!(matches!(details(response), Err(SourceError::NotFound(_))));
    }

    #[test]
    fn a_number_of_places_is_not_a_place() {
        for count in ["2 Locations", "7 Standorte", "12 emplacements", ""] {
            assert_eq!(location(count), None, "{count}");
        }
        for place in [
            "Berlin",
            "US, NC, Durham",
            "330 C St SW",
            "DEU Wiesbaden - Airfield (APC180)",
        ] {
            assert_eq!(location(place), Some(Location::named(place)));
        }
    }

    #[test]
    fn a_listing_at_the_maximum_is_a_window() {
        let page = |total| {
            as_window_if_capped(Page {
                total: Some(total),
                ..Page::whole_board(Vec::new())
            })
            .coverage
        };
        assert_eq!(
            (page(1_999), page(2_000)),
            (Coverage::Complete, Coverage::Window)
        );
    }
}
