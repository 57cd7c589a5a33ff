//! A feed in the format [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/).

use job_scanner_views::json::json;
use serde::Serialize;

use crate::feeds::entry::EntryText;
use crate::feeds::feed::Feed;

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_url: Option<&'a str>,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    title: &'a str,
    content_text: &'a str,
    date_published: String,
    date_modified: String,
}

/// Writes the feed.
pub(super) fn write(feed: &Feed<'_>) -> String {
    let entries: Vec<EntryText> = feed.entries.iter().map(EntryText::from).collect();
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: format!("Jobs for {}", feed.profile),
        feed_url: feed.address.as_deref(),
        items: entries.iter().map(item).collect(),
    };
    // Texts and times can always be written.
    json(&feed).unwrap_or_default()
}

fn item(entry: &EntryText) -> JsonItem<'_> {
    JsonItem {
        id: &entry.id,
        url: entry.url.as_deref(),
        title: &entry.title,
        content_text: &entry.text,
        date_published: entry.published.to_string(),
        date_modified: entry.updated.to_string(),
    }
}
