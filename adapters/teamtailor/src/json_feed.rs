//! The JSON feed of a site: JSON Feed 1.1 with a `JobPosting` of schema.org in each item.

use job_scanner_sdk::{Description, Elements, Page, RawJob, SourceError, Text, schema_org};
use serde_json::Value;

use crate::job;

/// The feed.
#[derive(Debug, serde::Deserialize)]
pub struct Feed<'a> {
    #[serde(borrow, default)]
    title: Text<'a>,
    #[serde(borrow)]
    items: Elements<'a>,
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

/// The whole board as one page. One odd item does not hide the others.
pub fn page(feed: &Feed<'_>) -> Result<Page, SourceError> {
    let items = feed.items.read::<Item<'_>>("items")?;
    let jobs = items.read.into_iter().map(|item| raw_job(item, &feed.title)).collect();
    Ok(Page::whole_board(jobs).with_unreadable(items.unreadable))
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
    use job_scanner_sdk::{Location, json};

    use super::*;

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let feed = json::decode(include_bytes!("../cassettes/json-feed/jobs.json")).expect("JSON");
        let Page { jobs, total, warnings, .. } = page(&feed).expect("a feed");
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
            ..RawJob::new("7793185", "Säljare", "https://acme.teamtailor.com/jobs/7793185-saljare")
        };
        assert_eq!(jobs[0], expected);
        assert_eq!((jobs.len(), total, warnings.len()), (1, Some(2), 1));
    }
}
