//! Careers pages with `JobPosting`s of schema.org in them, found through a sitemap or a list.
//!
//! Every page costs a request, at every scan: nothing else says what is in it. They are read [`PAGES_AT_ONCE`] at a time in
//! the order of their addresses, and the cursor is the last address read, so that a sitemap which changes meanwhile moves
//! nothing. [`sitemap`] finds the pages, [`postings`] what is in them.

pub mod postings;
pub mod sitemap;

use job_scanner_sdk::{
    Adapter, FetchRequest, Header, Level, Outcome, Page, Request, Response, SourceError, export_adapter, log, send_all,
};

struct JsonLd;

export_adapter!(JsonLd);

/// How many pages one call reads: pages are large, and the host holds no more than 64 MiB of them.
const PAGES_AT_ONCE: usize = 48;

/// So many pages a site may have; the host allows 3,000 requests a scan.
const MOST_PAGES: usize = 2_500;

/// The source's options, as the manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    #[serde(default)]
    include: Option<String>,
    #[serde(default)]
    pages: Option<Vec<String>>,
}

impl Adapter for JsonLd {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: Options = request.read_options()?;
        let addresses = addresses(&request.identifier, options)?;
        let start = request.cursor.as_ref().map_or(0, |last| addresses.partition_point(|address| address <= last));
        let end = addresses.len().min(start + PAGES_AT_ONCE);
        let now = &addresses[start..end];

        let requests: Vec<_> = now.iter().map(|address| get(address)).collect();
        let mut page = Page::whole_board(Vec::new());
        let (mut unread, mut failures) = (Vec::new(), Vec::new());
        for (address, answer) in now.iter().zip(send_all(&requests)) {
            match answer.and_then(Response::ok) {
                Ok(answer) => page.jobs.extend(postings::jobs(&answer.body, address, &mut unread)),
                Err(error) => failures.push((address, error)),
            }
        }
        if failures.len() == now.len() && !failures.is_empty() {
            return Err(failures.swap_remove(0).1);
        }
        for (address, error) in failures {
            match error {
                // It was in the sitemap a moment ago; the job is gone before the sitemap says so.
                SourceError::NotFound(words) => log(Level::Info, &words),
                error => unread.push(format!("{address}: {}", error.words())),
            }
        }
        // A site that has no jobs now cannot be told from one that changed its pages, which must not close any.
        if page.jobs.is_empty() && now.len() == addresses.len() {
            let words = unread.pop().unwrap_or_else(|| format!("none of {} pages carries a JobPosting", now.len()));
            return Err(SourceError::UnexpectedResponse(words));
        }
        page.next = (end < addresses.len()).then(|| addresses[end - 1].clone());
        Ok(Outcome::Page(page.with_unreadable_among_pages(unread)))
    }
}

/// The pages of a site, sorted, each once.
fn addresses(identifier: &str, options: Options) -> Result<Vec<String>, SourceError> {
    if !identifier.starts_with("https://") && !identifier.starts_with("http://") {
        let words = "is no address of a sitemap, such as https://careers.acme.example/sitemap.xml";
        return Err(SourceError::InvalidOptions(format!("`{identifier}` {words}")));
    }
    let mut addresses = match options.pages {
        Some(pages) => pages,
        None => sitemap::pages(identifier, options.include.as_deref().unwrap_or_default())?,
    };
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.len() > MOST_PAGES {
        let words = format!("{} pages, more than {MOST_PAGES}: name those with jobs in `include`", addresses.len());
        return Err(SourceError::InvalidOptions(format!("the sitemap lists {words}")));
    }
    Ok(addresses)
}

fn get(address: &str) -> Request {
    let accept = Header { name: "Accept".to_owned(), value: "text/html, application/xhtml+xml".to_owned() };
    Request { headers: vec![accept], ..Request::get(address) }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_pages_of_a_sitemap_are_read_from_a_cassette() {
        let scan = testing::scan::<JsonLd>("cassettes/sitemap").expect("a site");
        let titles: Vec<_> = scan.jobs.iter().map(|job| job.title.as_str()).collect();
        assert_eq!(titles, ["Köchin", "Writer"]);
        assert!(scan.requests.iter().all(|address| !address.contains("/news/")), "{:?}", scan.requests);
    }
}
