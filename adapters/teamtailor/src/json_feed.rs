//! The JSON feed of a site. It has neither departments nor remote work.

use job_scanner_sdk::{JsonFeed, Page, SourceError};

use crate::job;

/// Returns the feed at the URL `address` as a page. A malformed item does not hide the others.
pub fn page(feed: &JsonFeed<'_>, address: &str) -> Result<Page, SourceError> {
    let next = feed.next(address);
    check_next(next.as_deref(), address)?;

    let mut jobs = feed.jobs(address)?;
    for job in &mut jobs.read {
        if let Some(id) = job::id(&job.url) {
            job.external_id = id.to_owned();
        }
        job.company = feed.title.clone().into_option();
    }

    let page = Page {
        next,
        ..Page::whole_board(jobs.read)
    };
    Ok(page.with_unreadable_as_window(jobs.unreadable))
}

/// Checks that the next page is on the same site. The site of another company could be reached too.
fn check_next(next: Option<&str>, address: &str) -> Result<(), SourceError> {
    match next {
        Some(next) if !is_same_site(next, address) => Err(SourceError::UnexpectedResponse(
            format!("the next page of the feed at {address} is on another site: {next:?}"),
        )),
        _ => Ok(()),
    }
}

fn is_same_site(one: &str, other: &str) -> bool {
    let site = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        Some((scheme.to_ascii_lowercase(), host.to_ascii_lowercase()))
    };
    site(one).is_some_and(|it| Some(it) == site(other))
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Coverage, Description, Location, RawJob, json};

    use super::*;

    #[test]
    fn every_field_is_read() {
        let feed = json::decode(include_bytes!("../cassettes/json-feed/jobs.json")).expect("JSON");
        let Page {
            jobs,
            warnings,
            coverage,
            ..
        } = page(&feed, "https://acme.teamtailor.com/jobs.json").expect("a feed");
        let expected = RawJob {
            company: Some("Acme Sverige".to_owned()),
            locations: vec![Location {
                name: "Stockholm, Mälardalen, SE".to_owned(),
                city: Some("Stockholm".to_owned()),
                region: Some("Mälardalen".to_owned()),
                country: Some("SE".to_owned()),
            }],
            employment_type: Some("FULL_TIME".to_owned()),
            description: Some(Description::Html("<p>Sälj.</p>".to_owned())),
            posted_at: Some("2026-05-26T08:33:05+02:00".to_owned()),
            expires_at: Some("2026-12-24".to_owned()),
            ..RawJob::new(
                "7793185",
                "Säljare",
                "https://acme.teamtailor.com/jobs/7793185-saljare",
            )
        };
        assert_eq!(jobs[0], expected);
        assert_eq!(
            (jobs.len(), coverage, warnings.len()),
            (1, Coverage::Window, 1)
        );
    }

    #[test]
    fn a_next_page_on_another_site_is_an_error() {
        let address = "https://acme.teamtailor.com/jobs.json";
        let next = |link: &str| {
            let body = format!(r#"{{"items": [], "next_url": "{link}"}}"#);
            let feed = json::decode(body.as_bytes()).expect("a feed");
            page(&feed, address).map(|page| page.next)
        };
        let two = "https://acme.teamtailor.com/jobs.json?page=2";
        assert_eq!(next(""), Ok(None));
        assert_eq!(next(two), Ok(Some(two.to_owned())));
        assert_eq!(next("/jobs.json?page=2"), Ok(Some(two.to_owned())));
        for link in [
            "https://evil.teamtailor.com/jobs.json",
            "http://acme.teamtailor.com/jobs.json",
            "mailto:x",
        ] {
            assert!(
                matches!(next(link), Err(SourceError::UnexpectedResponse(_))),
                "{link}"
            );
        }
    }
}
