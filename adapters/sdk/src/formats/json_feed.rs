//! [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/). Feeds of jobs add a
//! [`JobPosting`](https://schema.org/JobPosting) to each item.

use serde::Deserialize;
use serde_json::Value;

use super::each::Each;
use super::elements::Elements;
use super::json::Text;
use super::{html, schema_org};
use crate::values::joined;
use crate::values::time::date_or_time;
use crate::{Description, RawJob, SourceError, absolute, extras};

/// A feed, or one page of it.
#[derive(Debug, Deserialize)]
pub struct JsonFeed<'a> {
    /// The feed's title, which may be the name of the company.
    #[serde(borrow, default)]
    pub title: Text<'a>,
    #[serde(borrow)]
    items: Elements<'a>,
    #[serde(borrow, default)]
    next_url: Text<'a>,
}

#[derive(Deserialize)]
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
    summary: Text<'a>,
    #[serde(borrow, default)]
    date_published: Text<'a>,
    #[serde(borrow, default)]
    date_modified: Text<'a>,
    #[serde(borrow, default)]
    language: Text<'a>,
    #[serde(borrow, default)]
    tags: Option<Vec<Text<'a>>>,
    #[serde(default, rename = "_jobposting")]
    posting: Value,
}

impl JsonFeed<'_> {
    /// Returns the jobs of a feed at the URL `address`. A malformed item does not hide the others.
    pub fn jobs(&self, address: &str) -> Result<Each<RawJob>, SourceError> {
        let items = self.items.read::<Item<'_>>("items")?;
        let jobs = items.read.into_iter().map(|item| item.into_job(address));

        Ok(Each {
            read: jobs.collect(),
            unreadable: items.unreadable,
        })
    }

    /// Returns the URL of the next page of a feed at the URL `address`.
    pub fn next(&self, address: &str) -> Option<String> {
        let link = self.next_url.trimmed();
        (!link.is_empty()).then(|| absolute(address, link))
    }
}

impl Item<'_> {
    /// Returns the job. The fields of the item have priority over those of its posting.
    fn into_job(self, address: &str) -> RawJob {
        let posting = schema_org::raw_job(&self.posting);
        let html = self.content_html.into_option();
        let html = html
            .filter(|html| html::has_text(html))
            .map(Description::Html);
        let text = self.content_text.into_option().map(Description::Text);
        let summary = self.summary.into_option().map(Description::Text);

        RawJob {
            external_id: self.id.into(),
            title: self.title.into(),
            url: absolute(address, self.url.trimmed()),
            description: html.or(text).or(posting.description).or(summary),
            posted_at: self
                .date_published
                .into_option()
                .map(date_or_time)
                .or(posting.posted_at),
            updated_at: self.date_modified.into_option().map(date_or_time),
            language: self.language.into_option(),
            extra: extras([("categories", joined(self.tags.iter().flatten()))]),
            ..posting
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    const ADDRESS: &str = "https://jobs.acme.example/feed.json";

    fn feed(body: &str) -> JsonFeed<'_> {
        json::decode(body.as_bytes()).expect("a feed")
    }

    #[test]
    fn fields_of_the_item_have_priority_over_its_posting() {
        let body = r#"{"items": [
            {"id": 1, "title": "Cook", "url": "/jobs/1", "content_text": "Cook.",
                "date_published": "2026-05-26T09:00:00", "date_modified": "2026-05-27T09:00:00",
                "_jobposting": {"title": "Chef", "url": "https://b.example", "description": "<p>No.",
                "datePosted": "2020-01-01", "employmentType": "FULL_TIME"}},
            {"id": "2", "title": "Waiter", "url": "https://jobs.acme.example/jobs/2",
                "_jobposting": {"description": "<p>Yes.", "datePosted": "2026-05-27"}}
        ]}"#;
        let jobs = feed(body).jobs(ADDRESS).expect("jobs");

        let cook = RawJob {
            description: Some(Description::Text("Cook.".to_owned())),
            posted_at: Some("2026-05-26".to_owned()),
            updated_at: Some("2026-05-27".to_owned()),
            employment_type: Some("FULL_TIME".to_owned()),
            ..RawJob::new("1", "Cook", "https://jobs.acme.example/jobs/1")
        };
        let waiter = RawJob {
            description: Some(Description::Html("<p>Yes.".to_owned())),
            posted_at: Some("2026-05-27".to_owned()),
            ..RawJob::new("2", "Waiter", "https://jobs.acme.example/jobs/2")
        };
        assert_eq!(jobs.read, [cook, waiter]);
    }

    #[test]
    fn the_summary_replaces_content_without_words() {
        for (content, expected) in [
            (r#""content_html": "<p></p>""#, "Short."),
            (r#""content_html": "", "content_text": """#, "Short."),
            (
                r#""content_html": "<p></p>", "content_text": "Long.""#,
                "Long.",
            ),
        ] {
            let body = format!(
                r#"{{"items": [{{"id": 1, "title": "Cook", "url": "/1", "summary": "Short.", {content}}}]}}"#
            );
            let jobs = feed(&body).jobs(ADDRESS).expect("jobs").read;
            assert_eq!(
                jobs[0].description,
                Some(Description::Text(expected.to_owned())),
                "{content}"
            );
        }
    }

    #[test]
    fn the_link_to_the_next_page_may_be_relative() {
        for (body, expected) in [
            (r#"{"items": []}"#, None),
            (r#"{"items": [], "next_url": null}"#, None),
            (
                r#"{"items": [], "next_url": "/feed.json?page=2"}"#,
                Some("https://jobs.acme.example/feed.json?page=2"),
            ),
        ] {
            assert_eq!(feed(body).next(ADDRESS).as_deref(), expected, "{body}");
        }
    }
}
