//! Atom 1.0 ([RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)).

use job_scanner_sdk::xml::{base, child, child_text, children, read_children};
use job_scanner_sdk::{RawJob, absolute, extras, joined};
use roxmltree::{Document, Node};

use crate::added::{categories, with_added};
use crate::parsed::{Feed, moment};
use crate::text;

/// Reads the feed at the URL `address`.
pub fn read(document: &Document<'_>, address: &str) -> Feed {
    let root = document.root_element();
    let entries = read_children(root, "entry", ["title", "link"], |entry| {
        let title = text::line(child(entry, "title")?)?;
        let url = link(entry, "alternate", address)?;
        Some(raw_job(entry, title, url))
    });

    Feed {
        jobs: entries.read,
        unreadable: entries.unreadable,
        next: link(root, "next", address),
    }
}

/// Returns the URL of the link with this relation. A link without one is `alternate`.
fn link(node: Node<'_, '_>, relation: &str, address: &str) -> Option<String> {
    let link = children(node, "link")
        .find(|link| link.attribute("rel").unwrap_or("alternate") == relation)?;
    let target = link.attribute("href")?;
    Some(absolute(&base(link, address), target))
}

fn raw_job(entry: Node<'_, '_>, title: String, url: String) -> RawJob {
    let own_categories = children(entry, "category").filter_map(|category| {
        let label = category.attribute("label");
        label
            .or_else(|| category.attribute("term"))
            .map(str::to_owned)
    });
    let job = RawJob {
        // The content may be empty, as when it is elsewhere (`src`), or may not be a text.
        description: ["content", "summary"]
            .iter()
            .find_map(|name| text::read(child(entry, name)?)),
        posted_at: child_text(entry, "published").map(|date| moment(&date)),
        updated_at: child_text(entry, "updated").map(|date| moment(&date)),
        extra: extras([(
            "categories",
            joined(own_categories.chain(categories(entry))),
        )]),
        ..RawJob::new(
            child_text(entry, "id").unwrap_or_else(|| url.clone()),
            title,
            url,
        )
    };
    with_added(entry, job)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Description, Location, xml};

    use super::*;

    fn board() -> Feed {
        let document =
            xml::parse(include_str!("../cassettes/atom/feed.xml"), &["feed"]).expect("XML");
        read(&document, "https://jobs.acme.example/atom")
    }

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let expected = RawJob {
            locations: vec![Location::named("Bonn")],
            description: Some(Description::Html("<p>Cook.</p>".to_owned())),
            posted_at: Some("2026-11-01T09:00:00+01:00".to_owned()),
            updated_at: Some("2026-11-02T09:00:00Z".to_owned()),
            extra: vec![("categories".to_owned(), "Kitchen, night".to_owned())],
            ..RawJob::new("urn:job:1", "Köchin", "https://jobs.acme.example/jobs/1")
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn all_three_forms_of_a_text_are_read() {
        let Feed {
            jobs,
            unreadable,
            next,
        } = board();
        assert_eq!(
            jobs[1].description,
            Some(Description::Text("Plain < text".to_owned()))
        );
        let Some(Description::Html(xhtml)) = &jobs[2].description else {
            panic!("no HTML")
        };
        assert!(xhtml.contains("<b>bold</b>"), "{xhtml}");
        assert_eq!(
            (unreadable.len(), next.as_deref()),
            (1, Some("https://jobs.acme.example/atom?page=2"))
        );
    }

    /// Reads a feed with these entries.
    fn feed(entries: &str) -> Feed {
        let text = format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>");
        let document = xml::parse(&text, &["feed"]).expect("XML");
        read(&document, "https://jobs.acme.example/feeds/atom")
    }

    #[test]
    fn titles_of_type_html_become_plain_text() {
        let Feed {
            jobs, unreadable, ..
        } = feed(
            "<entry><title type='html'>Q&amp;amp;A Lead</title><link href='1'/></entry>
            <entry><title>Q&amp;amp;A Lead</title><link href='2'/></entry>
            <entry><title type='html'>&lt;br&gt;</title><link href='3'/></entry>",
        );
        let titles: Vec<_> = jobs.iter().map(|job| &*job.title).collect();
        assert_eq!(titles, ["Q&A Lead", "Q&amp;A Lead"]);
        assert_eq!(unreadable, ["entry[2]: missing `title` or `link`"]);
    }

    #[test]
    fn links_are_relative_to_the_base_that_the_feed_states() {
        let text = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://b.example/en/'>
            <link rel='next' href='?page=2'/>
            <entry><title>Cook</title><link href='jobs/1'/></entry>
            <entry xml:base='jobs/2026/'><title>Baker</title><link href='2'/></entry>
            <entry><title>Waiter</title><link xml:base='/de/' href='3'/></entry>
            <entry><title>Chef</title><link href='https://c.example/4'/></entry></feed>";
        let document = xml::parse(text, &["feed"]).expect("XML");
        let Feed { jobs, next, .. } = read(&document, "https://a.example/feeds/atom.xml");
        let urls: Vec<_> = jobs.iter().map(|job| &*job.url).collect();
        assert_eq!(
            urls,
            [
                "https://b.example/en/jobs/1",
                "https://b.example/en/jobs/2026/2",
                "https://b.example/de/3",
                "https://c.example/4"
            ]
        );
        assert_eq!(next.as_deref(), Some("https://b.example/en/?page=2"));
    }

    #[test]
    fn dates_of_other_formats_are_read() {
        let jobs = feed(
            "<entry><title>Cook</title><link href='1'/><published>2026-03-13T10:00:00</published>
            <updated>Fri, 13 Mar 2026 10:00:00 CET</updated></entry>",
        )
        .jobs;
        assert_eq!(jobs[0].posted_at.as_deref(), Some("2026-03-13"));
        assert_eq!(
            jobs[0].updated_at.as_deref(),
            Some("2026-03-13T10:00:00+01:00")
        );
    }

    #[test]
    fn the_summary_replaces_content_without_text() {
        for content in [
            "<content/>",
            "<content type='html'>&lt;p&gt;&amp;nbsp;&lt;/p&gt;</content>",
            "<content type='xhtml'><div> </div></content>",
            "<content type='text/html' src='1.html'/>",
            "<content type='image/png'>iVBORw0KGgo=</content>",
            "",
        ] {
            let jobs = feed(&format!(
                "<entry><title>Cook</title><link href='1'/>{content}
                <summary type='html'>&lt;p&gt;Cook.</summary></entry>"
            ))
            .jobs;
            assert_eq!(
                jobs[0].description,
                Some(Description::Html("<p>Cook.".to_owned())),
                "{content}"
            );
        }
    }
}
