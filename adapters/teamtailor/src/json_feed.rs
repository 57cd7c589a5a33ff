//! The JSON feed of a site: JSON Feed 1.1 with a `JobPosting` of schema.org in each item.

use job_scanner_sdk::{
    Description, Elements, Page, RawJob, SourceError, Text, absolute, schema_org,
};
use serde_json::Value;

use crate::job;

/// The feed.
#[derive(Debug, serde::Deserialize)]
pub struct Feed<'a> {
    #[serde(borrow, default)]
    title: Text<'a>,
    #[serde(borrow)]
    items: Elements<'a>,
    #[serde(borrow, default)]
    next_url: Text<'a>,
}

#[derive(serde::Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow, default)]
    date_published: Text<'a>,
    #[serde(borrow, default)]
    content_html: Text<'a>,
    #[serde(default, rename = "_jobposting")]
    posting: Value,
}

/// The feed that was found at an address as a page. One odd item does not hide the others.
pub fn page(feed: &Feed<'_>, address: &str) -> Result<Page, SourceError> {
    let next = next(feed.next_url.trimmed(), address)?;
    let items = feed.items.read::<Item<'_>>("items")?;
    let jobs = items
        .read
        .into_iter()
        .map(|item| raw_job(item, &feed.title))
        .collect();
    Ok(Page {
        next,
        ..Page::whole_board(jobs)
    }
    .with_unreadable_among_pages(items.unreadable))
}

/// Where the feed goes on. That another company's site, which may be asked as well, has the rest is
/// an error.
fn next(link: &str, address: &str) -> Result<Option<String>, SourceError> {
    if link.is_empty() {
        return Ok(None);
    }
    let next = absolute(address, link);
    if is_same_site(&next, address) {
        Ok(Some(next))
    } else {
        Err(SourceError::UnexpectedResponse(format!(
            "the feed at {address} goes on at another site, {next:?}"
        )))
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

/// One job. Neither its department nor who may work remotely is served.
fn raw_job(item: Item<'_>, company: &Text<'_>) -> RawJob {
    let url = String::from(item.url);
    RawJob {
        external_id: job::id(&url).map_or_else(|| item.id.into(), str::to_owned),
        title: item.title.into(),
        company: company.clone().into_option(),
        description: item.content_html.into_option().map(Description::Html),
        posted_at: item.date_published.into_option(),
        url,
        ..schema_org::raw_job(&item.posting)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Coverage, Location, json};

    use super::*;

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
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
    fn a_feed_goes_on_at_its_own_site_only() {
        let at = |link: &str| next(link, "https://acme.teamtailor.com/jobs.json");
        let two = "https://acme.teamtailor.com/jobs.json?page=2";
        assert_eq!(at(""), Ok(None));
        assert_eq!(at(two), Ok(Some(two.to_owned())));
        assert_eq!(at("/jobs.json?page=2"), Ok(Some(two.to_owned())));
        for link in [
            "https://evil.teamtailor.com/jobs.json",
            "http://acme.teamtailor.com/jobs.json",
            "mailto:x",
        ] {
            assert!(
                matches!(at(link), Err(SourceError::UnexpectedResponse(_))),
                "{link}"
            );
        }
    }
}
