//! The pages of a site that may be read, in a stable order, and the detection of an unchanged site.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use job_scanner_sdk::{FetchRequest, Response, SourceError, absolute, send_all};

use crate::robots::{self, Robots};
use crate::{PAGES_PER_CALL, sitemap};

/// The maximum number of pages of a site. At four requests per second, the rate for a third party's
/// host, they take most of the ten minutes of a scan.
const MAX_PAGES: usize = 2_000;

thread_local! {
    /// The site of the current scan, shared by its calls. Reading the sitemaps in each call would
    /// take as long again.
    static SITE_OF_SCAN: RefCell<Option<Site>> = const { RefCell::new(None) };
}

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    include: Option<String>,
    #[serde(default)]
    pages: Option<Vec<String>>,
}

/// A site's pages.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    identifier: String,
    options: String,
    pages: Rc<[String]>,
    disallowed: Rc<[String]>,
}

impl Site {
    /// Returns the site of a request. The first call of a scan reads it, later calls use the same
    /// one.
    pub(crate) fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let is_same =
            |site: &Self| site.identifier == request.identifier && site.options == request.options;
        let stored = SITE_OF_SCAN
            .take()
            .filter(|site| request.cursor.is_some() && is_same(site));
        let site = match stored {
            Some(site) => site,
            None => Self::find(request)?,
        };
        SITE_OF_SCAN.set(Some(site.clone()));
        Ok(site)
    }

    fn find(request: &FetchRequest) -> Result<Self, SourceError> {
        let FetchRequest {
            identifier,
            options,
            ..
        } = request;
        let (pages, robots) = find_pages(identifier, request.read_options()?)?;
        let (pages, disallowed) = sorted(pages)
            .into_iter()
            .partition::<Vec<_>, _>(|page| robots.allow(page));

        if pages.is_empty() && !disallowed.is_empty() {
            return Err(SourceError::Blocked(format!(
                "robots.txt disallows all {} pages for job-scanner",
                disallowed.len()
            )));
        }
        check_number(pages.len())?;
        Ok(Self {
            identifier: identifier.clone(),
            options: options.clone(),
            pages: pages.into(),
            disallowed: disallowed.into(),
        })
    }

    /// Returns all pages that may be read, sorted and without duplicates.
    pub(crate) fn pages(&self) -> &[String] {
        &self.pages
    }

    /// Returns the pages that `robots.txt` disallows.
    pub(crate) fn disallowed(&self) -> &[String] {
        &self.disallowed
    }

    /// Returns the pages to read next, after this one.
    pub(crate) fn pages_after(&self, after: Option<&str>) -> &[String] {
        let start = after.map_or(0, |last| {
            self.pages.partition_point(|page| page.as_str() <= last)
        });
        &self.pages[start..self.pages.len().min(start + PAGES_PER_CALL)]
    }

    /// Returns true if there are no pages after these.
    pub(crate) fn is_last(&self, pages: &[String]) -> bool {
        pages.last() == self.pages.last() || pages.is_empty()
    }
}

/// Finds the pages of a source: those of its option `pages`, those of the sitemap that is its
/// identifier, or those of the sitemaps that the site names.
fn find_pages(identifier: &str, options: Options) -> Result<(Vec<String>, Robots), SourceError> {
    let origin = origin(identifier)?;
    let has_sitemap = options.pages.is_none() && is_sitemap(identifier);
    let (sitemap, robots) = request_first(has_sitemap.then_some(identifier), &origin)?;

    let pages = match (options.pages, sitemap) {
        (Some(pages), _) => return Ok((pages, robots)),
        (None, Some(sitemap)) => sitemap::pages(vec![sitemap])?,
        (None, None) => pages_of_site(&origin, &robots)?,
    };
    let include = options.include.unwrap_or_default();
    let included = pages.into_iter().filter(|page| page.contains(&include));
    Ok((included.collect(), robots))
}

/// Requests `robots.txt` and, whatever that says, the sitemap that the operator named: sitemaps are
/// published for programs like this one.
fn request_first(
    sitemap: Option<&str>,
    origin: &str,
) -> Result<(Option<Response>, Robots), SourceError> {
    let sitemap = sitemap.map(sitemap::request);
    let requests: Vec<_> = sitemap
        .into_iter()
        .chain([robots::request(origin)])
        .collect();
    let mut responses = send_all(&requests);
    let robots = responses
        .pop()
        .map_or(Ok(Robots::default()), Robots::from_response);

    // If both fail, the failure of the sitemap says more about the source.
    let sitemap = responses.pop().map(|response| response?.ok()).transpose()?;
    Ok((sitemap, robots?))
}

fn pages_of_site(origin: &str, robots: &Robots) -> Result<Vec<String>, SourceError> {
    let sitemaps = sitemap::send(&sitemaps(origin, robots)?);
    sitemaps.and_then(sitemap::pages).map_err(|error| match error {
        SourceError::NotFound(message) if robots.sitemaps().is_empty() => {
            SourceError::NotFound(format!(
                "robots.txt names no sitemap, and {message}: use the URL of the sitemap as the identifier, or set `pages`"
            ))
        }
        other => other,
    })
}

/// Returns the sitemaps that the site names and that may be requested: those on its host. If it
/// names none at all, it may have one at the usual place.
fn sitemaps(origin: &str, robots: &Robots) -> Result<Vec<String>, SourceError> {
    let named = robots.sitemaps();
    if named.is_empty() {
        return Ok(vec![format!("{origin}/sitemap.xml")]);
    }

    let on_site = named
        .iter()
        .map(|address| absolute(&format!("{origin}/robots.txt"), address))
        .filter(|address| host(address) == host(origin));
    let on_site = sorted(on_site.collect());
    if on_site.is_empty() {
        let message = format!(
            "robots.txt of {origin} names only sitemaps on other hosts, such as {}: use the URL of one as the identifier",
            named[0]
        );
        return Err(SourceError::InvalidOptions(message));
    }
    Ok(on_site)
}

/// Returns the host of a URL, with its port.
fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    rest.split('/').next().map(str::to_lowercase)
}

/// Returns scheme and host of the identifier.
fn origin(identifier: &str) -> Result<String, SourceError> {
    let parts = identifier.split_once("://");
    match parts.filter(|(scheme, _)| matches!(*scheme, "https" | "http")) {
        Some((scheme, rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            Ok(format!("{scheme}://{host}"))
        }
        None => Err(SourceError::InvalidOptions(format!(
            "`{identifier}` is not the URL of a sitemap or of a site, such as \
             https://careers.acme.example/sitemap.xml"
        ))),
    }
}

/// Returns true if the identifier is the URL of a sitemap rather than of the site.
fn is_sitemap(identifier: &str) -> bool {
    let address = identifier.to_ascii_lowercase();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let is_file = [".xml", ".gz", ".txt"]
        .iter()
        .any(|end| path.ends_with(end));
    is_file || address.contains("sitemap")
}

fn sorted(mut addresses: Vec<String>) -> Vec<String> {
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

fn check_number(pages: usize) -> Result<(), SourceError> {
    if pages <= MAX_PAGES {
        return Ok(());
    }
    Err(SourceError::InvalidOptions(format!(
        "the sitemap lists {pages} pages, more than {MAX_PAGES}: select those with jobs with `include`"
    )))
}

/// Returns the fingerprint of a site that was read in one call: a hash of its pages. Pages that do
/// not exist are left out.
pub(crate) fn fingerprint(pages: &[String], responses: &[Result<Response, SourceError>]) -> String {
    let mut hasher = DefaultHasher::new();
    pages
        .iter()
        .zip(responses)
        .filter(|(_, response)| response.is_ok())
        .for_each(|(page, _)| page.hash(&mut hasher));
    format!("{:016x}", hasher.finish())
}

/// Returns true if the site has the same pages as in the last complete scan, and all of them are
/// unchanged.
pub(crate) fn is_unchanged_site(
    pages: &[String],
    responses: &[Result<Response, SourceError>],
    last: &str,
) -> bool {
    let is_missing = |response: &Result<Response, SourceError>| {
        matches!(response, Err(SourceError::NotFound(_)))
    };
    responses.iter().any(is_unchanged)
        && responses
            .iter()
            .all(|response| is_unchanged(response) || is_missing(response))
        && last == fingerprint(pages, responses)
}

/// Returns true if the page is unchanged, so its response has no body.
pub(crate) fn is_unchanged(response: &Result<Response, SourceError>) -> bool {
    response.as_ref().is_ok_and(|response| response.unchanged)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    fn site(pages: &[&str]) -> Vec<String> {
        pages.iter().map(ToString::to_string).collect()
    }

    fn response(unchanged: bool) -> Response {
        Response {
            status: 200,
            url: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            unchanged,
        }
    }

    fn missing() -> Result<Response, SourceError> {
        Err(SourceError::NotFound(String::new()))
    }

    #[test]
    fn a_site_is_unchanged_if_it_has_the_same_unchanged_pages() {
        let three = site(&["a", "b", "c"]);
        let state = fingerprint(
            &three,
            &[Ok(response(false)), missing(), Ok(response(false))],
        );
        let is_unchanged_site =
            |pages: &[String], responses: &[_]| is_unchanged_site(pages, responses, &state);
        assert!(is_unchanged_site(
            &three,
            &[Ok(response(true)), missing(), Ok(response(true))]
        ));
        assert!(
            is_unchanged_site(
                &site(&["a", "c"]),
                &[Ok(response(true)), Ok(response(true))]
            ),
            "the sitemap no longer lists the missing page"
        );

        assert!(!is_unchanged_site(
            &three,
            &[Ok(response(true)), missing(), Ok(response(false))]
        ));
        assert!(
            !is_unchanged_site(&three, &[Ok(response(true)), missing(), missing()]),
            "a page is missing"
        );
        assert!(
            !is_unchanged_site(&site(&["a"]), &[Ok(response(true))]),
            "the sitemap lists fewer pages"
        );
        let failed = Err(SourceError::Network(String::new()));
        assert!(!is_unchanged_site(
            &three,
            &[Ok(response(true)), missing(), failed]
        ));
        let all_missing = fingerprint(&three, &[missing(), missing(), missing()]);
        assert!(!super::is_unchanged_site(
            &three,
            &[missing(), missing(), missing()],
            &all_missing
        ));
    }

    #[test]
    fn the_order_of_pages_is_stable_when_pages_are_added() {
        assert_eq!(sorted(site(&["b", "a", "b"])), ["a", "b"]);
        let site = Site {
            identifier: String::new(),
            options: String::new(),
            pages: site(&["a", "c"]).into(),
            disallowed: Rc::new([]),
        };
        assert_eq!(
            (site.pages_after(None).len(), site.pages_after(Some("b"))),
            (2, &["c".to_owned()][..])
        );
        assert!(
            site.is_last(site.pages_after(Some("b"))) && site.is_last(site.pages_after(Some("d")))
        );
    }

    #[test]
    fn an_identifier_is_the_url_of_a_sitemap_or_of_a_site() {
        for (identifier, expected) in [
            ("https://a.example/sitemap.xml", true),
            ("https://a.example/jobs.XML.gz?x", true),
            ("https://a.example/index.php?type=sitemap", true),
            ("https://a.example", false),
            ("https://a.example/jobs/?page=1", false),
        ] {
            assert_eq!(is_sitemap(identifier), expected, "{identifier}");
            assert_eq!(
                origin(identifier),
                Ok("https://a.example".to_owned()),
                "{identifier}"
            );
        }
        assert!(matches!(
            origin("careers.acme.example"),
            Err(SourceError::InvalidOptions(_))
        ));
    }

    #[test]
    fn the_sitemaps_of_a_site_are_those_on_its_host_or_the_usual_one() {
        let named = |lines: &str| sitemaps("https://a.example", &Robots::parse(lines.as_bytes()));
        assert_eq!(named("").expect("one"), ["https://a.example/sitemap.xml"]);
        assert_eq!(
            named("Sitemap: https://b.example/s.xml\nSitemap: /jobs.xml\nsitemap: https://A.example/s.xml")
                .expect("two"),
            ["https://A.example/s.xml", "https://a.example/jobs.xml"]
        );
        assert!(matches!(
            named("Sitemap: https://b.example/s.xml"),
            Err(SourceError::InvalidOptions(_))
        ));
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::JsonLd, Options>();
    }
}
