//! The pages of a site, in a stable order, and the detection of an unchanged site.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use job_scanner_sdk::{FetchRequest, Response, SourceError};

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
        let pages = pages(identifier, request.read_options()?)?.into();
        Ok(Self {
            identifier: identifier.clone(),
            options: options.clone(),
            pages,
        })
    }

    /// Returns all pages, sorted and without duplicates.
    pub(crate) fn pages(&self) -> &[String] {
        &self.pages
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

fn pages(identifier: &str, options: Options) -> Result<Vec<String>, SourceError> {
    if !identifier.starts_with("https://") && !identifier.starts_with("http://") {
        let message =
            "is not the URL of a sitemap, such as https://careers.acme.example/sitemap.xml";
        return Err(SourceError::InvalidOptions(format!(
            "`{identifier}` {message}"
        )));
    }
    let mut pages = match options.pages {
        Some(pages) => pages,
        None => sitemap::pages(identifier, options.include.as_deref().unwrap_or_default())?,
    };
    pages.sort_unstable();
    pages.dedup();
    if pages.len() > MAX_PAGES {
        let message = format!(
            "the sitemap lists {} pages, more than {MAX_PAGES}: select those with jobs with `include`",
            pages.len()
        );
        return Err(SourceError::InvalidOptions(message));
    }
    Ok(pages)
}

/// Returns the state of a site that was read in one call: a hash of its pages. Pages that do not
/// exist are left out.
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
    state: Option<&str>,
) -> bool {
    let is_missing = |response: &Result<Response, SourceError>| {
        matches!(response, Err(SourceError::NotFound(_)))
    };
    responses.iter().any(is_unchanged)
        && responses
            .iter()
            .all(|response| is_unchanged(response) || is_missing(response))
        && state == Some(&fingerprint(pages, responses))
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
            |pages: &[String], responses: &[_]| is_unchanged_site(pages, responses, Some(&state));
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
            Some(&all_missing)
        ));
    }

    #[test]
    fn the_order_of_pages_is_stable_when_pages_are_added() {
        let options = Options {
            include: None,
            pages: Some(site(&["b", "a", "b"])),
        };
        assert_eq!(
            pages("https://a.example", options).expect("pages"),
            ["a", "b"]
        );
        let site = Site {
            identifier: String::new(),
            options: String::new(),
            pages: site(&["a", "c"]).into(),
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
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::JsonLd, Options>();
    }
}
