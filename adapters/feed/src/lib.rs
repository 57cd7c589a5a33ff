//! Feeds: jobs in any RSS 2.0, Atom 1.0 or JSON Feed 1.1, and in the XML of Indeed.
//!
//! [`rss`], [`atom`], [`json_feed`] and [`indeed`] read one format each, [`text`] the texts of
//! Atom, and [`added`] the elements that feeds of jobs add to RSS and Atom. The beginning of the
//! response determines the format. Most feeds list only the newest jobs, so a listing is a window
//! unless the options say otherwise. A complete feed is read page by page.

pub mod added;
pub mod atom;
pub mod indeed;
pub mod json_feed;
pub mod parsed;
pub mod rss;
pub mod text;

use job_scanner_sdk::{
    Adapter, Coverage, FetchRequest, Header, Outcome, Page, Request, Response, SourceError,
    export_adapter, fetch_linked, xml,
};

use parsed::Feed;

struct FeedAdapter;

export_adapter!(FeedAdapter);

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    complete: bool,
    #[serde(default)]
    company: Option<String>,
}

impl Adapter for FeedAdapter {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: Options = request.read_options()?;
        let make_request = |next: Option<&str>| get(next.unwrap_or(&request.identifier));
        fetch_linked(request, make_request, |response| {
            Ok(page(read(response)?, &options))
        })
    }
}

fn get(url: &str) -> Result<Request, SourceError> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        let message =
            format!("`{url}` is not the URL of a feed, such as https://jobs.acme.example/feed.xml");
        return Err(SourceError::InvalidOptions(message));
    }
    let kinds = "application/feed+json, application/atom+xml, application/rss+xml, application/json, application/xml";
    let accept = Header {
        name: "Accept".to_owned(),
        value: kinds.to_owned(),
    };
    Ok(Request {
        headers: vec![accept],
        ..Request::get(url)
    })
}

fn read(response: &Response) -> Result<Feed, SourceError> {
    let text = response.xml_text()?;
    if text.starts_with('{') {
        return json_feed::read(&response.json()?, &response.url);
    }
    let document = xml::parse(&text, &["rss", "feed", "source"])?;
    match document.root_element().tag_name().name() {
        "rss" => rss::read(&document, &response.url),
        "source" => indeed::read(&document, &response.url),
        _ => Ok(atom::read(&document, &response.url)),
    }
}

fn page(feed: Feed, options: &Options) -> Page {
    let mut jobs = feed.jobs;
    for job in &mut jobs {
        job.company = job.company.take().or_else(|| options.company.clone());
    }
    let page = Page::whole_board(jobs);
    if !options.complete {
        return Page {
            coverage: Coverage::Window,
            warnings: feed.unreadable,
            ..page
        };
    }
    Page {
        next: feed.next,
        ..page
    }
    .with_unreadable_as_window(feed.unreadable)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_pages_of_a_complete_feed_are_read_from_a_cassette() {
        let scan = testing::scan::<FeedAdapter>("cassettes/json-feed").expect("a feed");
        assert_eq!(
            (scan.jobs.len(), scan.requests.len(), scan.warnings.len()),
            (3, 2, 1)
        );
        assert!(
            scan.state.is_some(),
            "the state says that there are several pages"
        );
    }

    fn parse(body: &str) -> Result<Feed, SourceError> {
        read(&Response {
            status: 200,
            url: "https://a.example/feed".to_owned(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            unchanged: false,
        })
    }

    #[test]
    fn a_document_that_is_not_a_feed_is_an_error() {
        for body in [
            "",
            "<!doctype html><p>",
            "<html><body/></html>",
            "<urlset/>",
            "{}",
            "[]",
            "<rss/>",
            "<source/>",
        ] {
            assert!(
                matches!(parse(body), Err(SourceError::UnexpectedResponse(_))),
                "{body}"
            );
        }
    }

    #[test]
    fn an_identifier_that_is_not_a_url_is_invalid() {
        assert!(matches!(get("acme"), Err(SourceError::InvalidOptions(_))));
        assert!(get("https://a.example/feed").is_ok());
    }

    #[test]
    fn only_a_complete_feed_has_a_next_page() {
        let feed = || parse(include_str!("../cassettes/json-feed/page-1.json")).expect("a feed");
        let options = |complete| Options {
            complete,
            company: Some("Acme".to_owned()),
        };
        let newest = page(feed(), &options(false));
        assert_eq!((newest.coverage, newest.next), (Coverage::Window, None));
        let whole = page(feed(), &options(true));
        // One of its items is malformed, so it counts as open although it is not listed.
        assert_eq!(whole.coverage, Coverage::Window);
        assert_eq!(
            whole.next.as_deref(),
            Some("https://jobs.acme.example/feed.json?page=2")
        );
        assert_eq!(whole.jobs[0].company.as_deref(), Some("Bäckerei Müller"));
        assert_eq!(whole.jobs[1].company.as_deref(), Some("Acme"));
        let last = parse(include_str!("../cassettes/json-feed/page-2.json")).expect("a feed");
        assert_eq!(page(last, &options(true)).coverage, Coverage::Complete);
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<FeedAdapter, Options>();
    }
}
