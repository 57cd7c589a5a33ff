//! [JSON Feed 1.1](https://www.jsonfeed.org/version/1.1/).

use job_scanner_sdk::{JsonFeed, SourceError};

use crate::parsed::Feed;

/// Reads the feed at the URL `address`.
pub fn read(feed: &JsonFeed<'_>, address: &str) -> Result<Feed, SourceError> {
    let jobs = feed.jobs(address)?;

    Ok(Feed {
        jobs: jobs.read,
        unreadable: jobs.unreadable,
        next: feed.next(address),
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Description, RawJob, json};

    use super::*;

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let feed =
            json::decode(include_bytes!("../cassettes/json-feed/page-1.json")).expect("JSON");
        let Feed {
            jobs, unreadable, ..
        } = read(&feed, "https://jobs.acme.example/feed.json").expect("a feed");
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
