//! The [XML of Indeed](https://docs.indeed.com/dev/reference/xml-feed), which many boards provide
//! for job search engines: a `source` with a `job` for each vacancy.

use job_scanner_sdk::xml::{base, child, child_text, children, read_children, text_of};
use job_scanner_sdk::{Description, RawJob, SourceError, absolute, extras, joined};
use roxmltree::{Document, Node};

use crate::added::{categories, with_added};
use crate::parsed::Feed;

/// Reads the feed at the URL `address`. It is never in pages.
///
/// # Errors
///
/// [`SourceError::UnexpectedResponse`] without a job and without the name of a publisher, as in any
/// other document that is called `source`.
pub fn read(document: &Document<'_>, address: &str) -> Result<Feed, SourceError> {
    let root = document.root_element();
    if child(root, "job")
        .or_else(|| child(root, "publisher"))
        .is_none()
    {
        let message = "expected <job> or <publisher> in <source>".to_owned();
        return Err(SourceError::UnexpectedResponse(message));
    }

    let jobs = read_children(root, "job", ["title", "url"], |job| {
        let title = child_text(job, "title")?;
        let link = child(job, "url")?;
        let url = absolute(&base(link, address), &child_text(job, "url")?);
        Some(raw_job(job, title, url))
    });

    Ok(Feed {
        jobs: jobs.read,
        unreadable: jobs.unreadable,
        next: None,
    })
}

fn raw_job(job: Node<'_, '_>, title: String, url: String) -> RawJob {
    let id = child_text(job, "referencenumber").unwrap_or_else(|| url.clone());
    let own_categories = children(job, "category").filter_map(text_of);
    let raw = RawJob {
        description: child_text(job, "description").map(Description::Html),
        extra: extras([("categories", joined(own_categories.chain(categories(job))))]),
        ..RawJob::new(id, title, url)
    };
    with_added(job, raw)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Location, Salary, xml};

    use super::*;

    #[test]
    fn every_field_that_the_feed_serves_is_taken() {
        let text = "<source><publisher>Acme</publisher><publisherurl>https://acme.example</publisherurl>
            <job><title><![CDATA[Cook]]></title><date><![CDATA[Fri, 13 Mar 2026 10:00:00 GMT]]></date>
            <referencenumber>R7</referencenumber><url><![CDATA[/jobs/7?a=1&b=2]]></url>
            <company>Acme</company><city>Bonn</city><state>NRW</state><country>Germany</country>
            <description><![CDATA[<p>Cook.</p>]]></description><salary>3,000 EUR a month</salary>
            <jobtype>fulltime</jobtype><category>Kitchen, Night</category></job>
            <job><title>Baker</title><url>https://jobs.acme.example/8</url></job>
            <job><title>Nowhere</title></job></source>";
        let document = xml::parse(text, &["source"]).expect("XML");
        let feed = read(&document, "https://jobs.acme.example/indeed.xml").expect("a feed");
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            locations: vec![Location {
                name: "Bonn, NRW, Germany".to_owned(),
                city: Some("Bonn".to_owned()),
                region: Some("NRW".to_owned()),
                country: Some("DE".to_owned()),
            }],
            employment_type: Some("fulltime".to_owned()),
            salary: Some(Salary::from_text("3,000 EUR a month")),
            description: Some(Description::Html("<p>Cook.</p>".to_owned())),
            posted_at: Some("2026-03-13T10:00:00Z".to_owned()),
            extra: vec![
                ("categories".to_owned(), "Kitchen, Night".to_owned()),
                ("requisition".to_owned(), "R7".to_owned()),
            ],
            ..RawJob::new("R7", "Cook", "https://jobs.acme.example/jobs/7?a=1&b=2")
        };
        assert_eq!(feed.jobs[0], expected);
        let url = "https://jobs.acme.example/8";
        assert_eq!(feed.jobs[1], RawJob::new(url, "Baker", url));
        assert_eq!(feed.unreadable, ["job[2]: missing `title` or `url`"]);
    }

    #[test]
    fn a_feed_without_jobs_is_valid() {
        let text = "<source><publisher>Acme</publisher></source>";
        let document = xml::parse(text, &["source"]).expect("XML");
        let feed = read(&document, "https://jobs.acme.example/indeed.xml").expect("a feed");
        assert!(feed.jobs.is_empty() && feed.unreadable.is_empty());
    }
}
