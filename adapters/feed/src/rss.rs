//! [RSS 2.0](https://www.rssboard.org/rss-specification).

use job_scanner_sdk::xml::{base, child, child_text, children, read_children, text_of};
use job_scanner_sdk::{Description, RawJob, SourceError, absolute, extras, html, joined, rss};
use roxmltree::{Document, Node};

use crate::added::{categories, with_added};
use crate::parsed::{Feed, moment};

/// Reads the feed at the URL `address`.
pub fn read(document: &Document<'_>, address: &str) -> Result<Feed, SourceError> {
    let channel = rss::channel(document)?;
    let items = read_children(channel, "item", ["title", "link"], |item| {
        let title = child_text(item, "title")?;
        let url = link(item, address)?;
        Some(raw_job(item, title, url))
    });

    Ok(Feed {
        jobs: items.read,
        unreadable: items.unreadable,
        next: next(channel, address),
    })
}

/// Returns the URL of the next page. RSS has no element for it. Some feeds use Atom's ([RFC 5005,
/// section 3](https://www.rfc-editor.org/rfc/rfc5005#section-3)).
fn next(channel: Node<'_, '_>, address: &str) -> Option<String> {
    let next = children(channel, "link").find(|link| link.attribute("rel") == Some("next"))?;
    let target = next.attribute("href")?;
    Some(absolute(&base(next, address), target))
}

/// Returns the URL of an item: its link, or its id unless that is declared not to be one.
fn link(item: Node<'_, '_>, address: &str) -> Option<String> {
    let link = child(item, "link").and_then(|link| Some((link, text_of(link)?)));
    let (element, target) = link.or_else(|| {
        let guid =
            child(item, "guid").filter(|guid| guid.attribute("isPermaLink") != Some("false"))?;
        Some((guid, text_of(guid).filter(|text| text.starts_with("http"))?))
    })?;
    Some(absolute(&base(element, address), &target))
}

fn raw_job(item: Node<'_, '_>, title: String, url: String) -> RawJob {
    // The full text may be empty markup.
    let description = children(item, "encoded")
        .find_map(text_of)
        .filter(|html| html::has_text(html))
        .or_else(|| child_text(item, "description"));
    let own_categories = children(item, "category").filter_map(text_of);
    let id = child_text(item, "guid").unwrap_or_else(|| url.clone());
    let job = RawJob {
        description: description.map(Description::Html),
        posted_at: child_text(item, "pubDate").map(|date| moment(&date)),
        extra: extras([("categories", joined(own_categories.chain(categories(item))))]),
        ..RawJob::new(id, title, url)
    };
    with_added(item, job)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Location, xml};

    use super::*;

    fn board() -> Feed {
        let document =
            xml::parse(include_str!("../cassettes/rss/feed.xml"), &["rss"]).expect("XML");
        read(&document, "https://jobs.acme.example/feeds/all.xml").expect("a feed")
    }

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let expected = RawJob {
            company: Some("Bäckerei Müller".to_owned()),
            locations: vec![Location::named("Köln")],
            employment_type: Some("Full Time".to_owned()),
            description: Some(Description::Html("<p>All of it &amp; more.</p>".to_owned())),
            posted_at: Some("2026-03-25T22:02:47+00:00".to_owned()),
            expires_at: Some("2026-04-25".to_owned()),
            extra: vec![("categories".to_owned(), "Baking, Night".to_owned())],
            ..RawJob::new(
                "job-1",
                "Bäcker (m/w/d)",
                "https://jobs.acme.example/jobs/1?from=rss",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn link_and_id_replace_each_other_if_one_is_missing() {
        let Feed {
            jobs,
            unreadable,
            next,
        } = board();
        let ids: Vec<_> = jobs
            .iter()
            .map(|job| (job.external_id.as_str(), job.url.as_str()))
            .collect();
        assert_eq!(
            ids[1],
            (
                "https://jobs.acme.example/jobs/2",
                "https://jobs.acme.example/jobs/2"
            )
        );
        assert_eq!(
            ids[2],
            (
                "https://jobs.acme.example/jobs/3",
                "https://jobs.acme.example/jobs/3"
            )
        );
        assert_eq!((ids.len(), unreadable.len(), next), (3, 1, None));
    }

    /// Reads a feed with one item, which has these elements in addition to title and link.
    fn item(elements: &str) -> RawJob {
        let text = format!(
            "<rss xmlns:a='urn:a'><channel><item><title>Cook</title><link>1</link>{elements}</item></channel></rss>"
        );
        let document = xml::parse(&text, &["rss"]).expect("XML");
        let feed = read(&document, "https://jobs.acme.example/feeds/all.xml").expect("a feed");
        feed.jobs.into_iter().next().expect("a job")
    }

    #[test]
    fn links_are_relative_to_the_base_that_the_feed_states() {
        let text = "<rss xml:base='https://b.example/en/'><channel>
            <link rel='next' href='?page=2'/>
            <item xml:base='jobs/'><title>Cook</title><link>1</link></item>
            <item><title>Baker</title><link xml:base='/de/'>2</link></item></channel></rss>";
        let document = xml::parse(text, &["rss"]).expect("XML");
        let Feed { jobs, next, .. } = read(&document, "https://a.example/rss").expect("a feed");
        let urls: Vec<_> = jobs.iter().map(|job| &*job.url).collect();
        assert_eq!(
            urls,
            ["https://b.example/en/jobs/1", "https://b.example/de/2"]
        );
        assert_eq!(next.as_deref(), Some("https://b.example/en/?page=2"));
    }

    #[test]
    fn dates_with_the_name_of_a_zone_or_without_one_are_read() {
        for (date, expected) in [
            ("Fri, 13 Mar 2026 10:00:00 CET", "2026-03-13T10:00:00+01:00"),
            ("Fri, 13 Mar 2026 10:00:00 QQQ", "2026-03-13"),
            ("2026-03-13 10:00:00", "2026-03-13"),
            ("2026-03-13T10:00:00Z", "2026-03-13T10:00:00Z"),
        ] {
            let job = item(&format!(
                "<pubDate>{date}</pubDate><a:expires>{date}</a:expires>"
            ));
            assert_eq!(job.posted_at.as_deref(), Some(expected));
            assert_eq!(job.expires_at.as_deref(), Some(expected));
        }
    }

    #[test]
    fn the_description_replaces_a_full_text_without_words() {
        for encoded in [
            "",
            "<a:encoded/>",
            "<a:encoded>&lt;p&gt;&lt;/p&gt;</a:encoded>",
        ] {
            let job = item(&format!("{encoded}<description>Short.</description>"));
            assert_eq!(
                job.description,
                Some(Description::Html("Short.".to_owned())),
                "{encoded}"
            );
        }
    }
}
