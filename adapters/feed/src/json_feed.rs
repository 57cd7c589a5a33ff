//! JSON Feed 1.1.

use job_scanner_sdk::{
    Description, Elements, RawJob, SourceError, Text, absolute, extras, joined, schema_org,
};
use serde_json::Value;

use crate::parsed::Feed;

/// The feed's own form.
#[derive(serde::Deserialize)]
pub struct JsonFeed<'a> {
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
    content_html: Text<'a>,
    #[serde(borrow, default)]
    content_text: Text<'a>,
    #[serde(borrow, default)]
    date_published: Text<'a>,
    #[serde(borrow, default)]
    date_modified: Text<'a>,
    #[serde(borrow, default)]
    language: Text<'a>,
    #[serde(borrow, default)]
    tags: Option<Vec<Text<'a>>>,
    /// What some feeds of jobs add.
    #[serde(default, rename = "_jobposting")]
    posting: Value,
}

/// Reads a feed that was found at that address.
pub fn read(feed: JsonFeed<'_>, address: &str) -> Result<Feed, SourceError> {
    let items = feed.items.read::<Item<'_>>("items")?;
    Ok(Feed {
        jobs: items
            .read
            .into_iter()
            .map(|item| raw_job(item, address))
            .collect(),
        unreadable: items.unreadable,
        next: feed
            .next_url
            .into_option()
            .map(|link| absolute(address, &link)),
    })
}

fn raw_job(item: Item<'_>, address: &str) -> RawJob {
    let html = item.content_html.into_option().map(Description::Html);
    let posting = schema_org::raw_job(&item.posting);
    RawJob {
        external_id: item.id.into(),
        title: item.title.into(),
        url: absolute(address, item.url.trimmed()),
        description: html
            .or_else(|| item.content_text.into_option().map(Description::Text))
            .or(posting.description),
        posted_at: item.date_published.into_option().or(posting.posted_at),
        updated_at: item.date_modified.into_option(),
        language: item.language.into_option(),
        extra: extras([("categories", joined(item.tags.iter().flatten()))]),
        ..posting
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::json;

    use super::*;

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let feed =
            json::decode(include_bytes!("../cassettes/json-feed/page-1.json")).expect("JSON");
        let Feed {
            jobs, unreadable, ..
        } = read(feed, "https://jobs.acme.example/feed.json").expect("a feed");
        let expected = RawJob {
            company: Some("Bäckerei Müller".to_owned()),
            description: Some(Description::Html("<p>Backen.</p>".to_owned())),
            language: Some("de".to_owned()),
            posted_at: Some("2026-05-26T08:33:05+02:00".to_owned()),
            updated_at: Some("2026-05-27T08:33:05+02:00".to_owned()),
            employment_type: Some("FULL_TIME".to_owned()),
            extra: vec![("categories".to_owned(), "Nacht, Brot".to_owned())],
            ..RawJob::new("1", "Bäcker", "https://jobs.acme.example/jobs/1")
        };
        assert_eq!(jobs[0], expected);
        assert_eq!(
            jobs[1].description,
            Some(Description::Text("Cook.".to_owned()))
        );
        assert_eq!((jobs.len(), unreadable.len()), (2, 1));
    }
}
