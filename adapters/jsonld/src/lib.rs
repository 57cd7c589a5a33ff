//! Careers pages that contain a [`JobPosting`](https://schema.org/JobPosting), found through a
//! sitemap or a list.
//!
//! Each scan requests every page, since nothing else reveals its content. Each call reads
//! [`PAGES_PER_CALL`] pages, in the order of their URLs.
//!
//! [`call`] is one call. [`site`] finds the pages, with [`robots`] and [`sitemap`]. [`read_pages`]
//! requests them, [`postings`] and [`headings`] read the postings of a page, and [`identity`] gives
//! them ids. [`position`] is the progress of a scan, and [`state`] the memory from one scan to the
//! next, with which [`coverage`] judges whether the listing may close jobs.

mod call;
mod coverage;
mod headings;
mod identity;
mod position;
mod postings;
mod read_pages;
mod robots;
mod site;
mod sitemap;
mod state;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, SourceError, export_adapter};

use call::Call;

struct JsonLd;

export_adapter!(JsonLd);

/// The number of pages that one call reads. Pages are large, and the host holds at most 64 MiB of
/// responses.
const PAGES_PER_CALL: usize = 48;

impl Adapter for JsonLd {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        request.check_cursor()?;
        let call = Call::from_request(request)?;
        match call.read()? {
            Some(read) => call.into_page(read).map(Outcome::Page),
            None => Ok(Outcome::NotModified),
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Coverage, testing};
    use serde_json::json;

    use super::*;

    const SITE: &str = "https://careers.acme.example";

    /// Scans a site that consists of these files, each a path and its content, with this state of
    /// an earlier scan. A file without content does not exist.
    fn scan(
        identifier: &str,
        files: &[(String, String)],
        state: Option<&str>,
    ) -> Result<testing::Scan, SourceError> {
        let none = ("/robots.txt".to_owned(), String::new());
        let exchanges = files.iter().rev().chain([&none]).map(|(path, body)| {
            let status = if body.is_empty() { 404 } else { 200 };
            json!({
                "request": {"url": format!("{SITE}{path}")},
                "response": {"status": status, "body": body},
            })
        });
        let cassette = json!({
            "source": {"identifier": identifier, "state": state},
            "exchanges": exchanges.collect::<Vec<_>>(),
        });
        testing::scan_json::<JsonLd>(&cassette.to_string())
    }

    /// Returns the sitemap of pages `/jobs/1`, `/jobs/2` and so on, and the pages.
    fn site(pages: &[String]) -> Vec<(String, String)> {
        let paths = (1..=pages.len()).map(|number| format!("/jobs/{number:03}"));
        let listed = paths
            .clone()
            .map(|path| format!("<url><loc>{SITE}{path}</loc></url>"));
        let sitemap = format!("<urlset>{}</urlset>", listed.collect::<String>());

        let mut files: Vec<_> = paths.zip(pages.iter().cloned()).collect();
        files.push(("/sitemap.xml".to_owned(), sitemap));
        files
    }

    fn scan_site(pages: &[String], state: Option<&str>) -> testing::Scan {
        scan(&format!("{SITE}/sitemap.xml"), &site(pages), state).expect("a site")
    }

    fn job(title: &str) -> String {
        let posting = json!({"@type": "JobPosting", "title": title});
        format!("<title>{title}</title><script type=\"application/ld+json\">{posting}</script>")
    }

    fn jobs(number: usize) -> Vec<String> {
        (1..=number)
            .map(|number| job(&format!("Cook {number}")))
            .collect()
    }

    /// Returns true if the host takes the scan for a complete one.
    fn is_complete(scan: &testing::Scan) -> bool {
        let listed = u32::try_from(scan.jobs.len()).expect("a number");
        scan.coverage == Coverage::Complete && scan.total.is_none_or(|total| total <= listed)
    }

    #[test]
    fn the_pages_of_a_sitemap_are_read_from_a_cassette() {
        let scan = testing::scan::<JsonLd>("cassettes/sitemap").expect("a site");
        let titles: Vec<_> = scan.jobs.iter().map(|job| job.title.as_str()).collect();
        assert_eq!(titles, ["Köchin", "Writer"]);
        assert!(
            scan.requests
                .iter()
                .all(|address| !address.contains("/news/")),
            "{:?}",
            scan.requests
        );
    }

    #[test]
    fn a_site_of_many_pages_takes_several_calls_and_one_sitemap_request() {
        let scan = testing::scan::<JsonLd>("cassettes/many-pages")
            .expect("a site whose last pages do not exist");
        assert_eq!(
            (scan.jobs.len(), scan.coverage, scan.warnings.len()),
            (2, Coverage::Complete, 0)
        );
        assert_eq!(scan.requests.len(), 2 + 51);
    }

    #[test]
    fn a_site_that_lost_all_its_postings_is_an_error() {
        let error = testing::scan::<JsonLd>("cassettes/many-pages-lost").expect_err("no jobs");
        assert_eq!(
            error,
            SourceError::UnexpectedResponse("none of 50 pages contains a JobPosting".to_owned())
        );
    }

    #[test]
    fn a_site_that_names_its_sitemap_is_read_without_the_pages_that_it_disallows() {
        let scan = testing::scan::<JsonLd>("cassettes/robots").expect("a site");
        let ids: Vec<_> = scan.jobs.iter().map(|job| &*job.external_id).collect();
        assert_eq!(ids, ["R-1", "R-2", "https://careers.acme.example/jobs/3"]);
        assert_eq!(
            scan.warnings,
            [
                "robots.txt disallows 1 of 4 pages for job-scanner, such as \
              https://careers.acme.example/internal/4: they are not read"
            ]
        );
        assert!(!scan.requests.iter().any(|url| url.contains("/internal/")));
        assert!(is_complete(&scan));
    }

    #[test]
    fn a_site_that_disallows_all_pages_is_blocked() {
        let mut files = site(&jobs(2));
        files.push((
            "/robots.txt".to_owned(),
            "User-agent: *\nDisallow: /jobs".to_owned(),
        ));
        assert_eq!(
            scan(&format!("{SITE}/sitemap.xml"), &files, None).expect_err("blocked"),
            SourceError::Blocked("robots.txt disallows all 2 pages for job-scanner".to_owned())
        );
    }

    #[test]
    fn no_page_is_requested_while_robots_txt_cannot_be_read() {
        let exchanges = [("/robots.txt", 503), ("/sitemap.xml", 200)].map(|(path, status)| {
            json!({
                "request": {"url": format!("{SITE}{path}")},
                "response": {"status": status, "body": site(&jobs(1))[1].1},
            })
        });
        for identifier in [SITE.to_owned(), format!("{SITE}/sitemap.xml")] {
            let cassette = json!({"source": {"identifier": identifier}, "exchanges": exchanges});
            let error = testing::scan_json::<JsonLd>(&cassette.to_string());
            assert!(
                matches!(error, Err(SourceError::Upstream((503, _)))),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_site_without_a_sitemap_is_not_found_and_the_error_says_what_to_write() {
        let files = [("/sitemap.xml".to_owned(), String::new())];
        let error = scan(SITE, &files, None).expect_err("no sitemap");
        let message = error.message();
        assert!(
            matches!(error, SourceError::NotFound(_)) && message.ends_with("or set `pages`"),
            "{message}"
        );
    }

    #[test]
    fn a_posting_keeps_its_id_when_its_page_gains_and_loses_others() {
        let page = |postings: &[&str]| {
            vec![format!(
                "<h1>Cook</h1><script type=\"application/ld+json\">[{}]</script>",
                postings.join(",")
            )]
        };
        let cook = r#"{"@type": "JobPosting", "title": "Cook"}"#;
        let waiter = r#"{"@type": "JobPosting", "title": "Waiter"}"#;
        let ids = |postings: &[&str]| -> Vec<String> {
            let scan = scan_site(&page(postings), None);
            scan.jobs.into_iter().map(|job| job.external_id).collect()
        };
        assert_eq!(ids(&[cook]), [format!("{SITE}/jobs/001")]);
        assert_eq!(ids(&[waiter]), [format!("{SITE}/jobs/001#Waiter")]);
        assert_eq!(
            ids(&[waiter, cook]),
            [
                format!("{SITE}/jobs/001#Waiter"),
                format!("{SITE}/jobs/001")
            ]
        );
    }

    #[test]
    fn an_identifier_of_several_jobs_identifies_none_in_later_scans_either() {
        let page =
            |title: &str| job(title).replace("\"title\"", "\"identifier\": \"4711\", \"title\"");
        let pages: Vec<_> = (0..60)
            .map(|number| page(&format!("Cook {number}")))
            .collect();
        let first = scan_site(&pages, None);
        assert_eq!(first.jobs.len(), 60, "in two calls");

        let next = scan_site(&pages[..1], first.state.as_deref());
        assert_eq!(next.jobs[0].external_id, format!("{SITE}/jobs/001"));
        assert_eq!(
            scan_site(&pages[..1], None).jobs[0].external_id,
            "4711",
            "as far as one page can tell"
        );
    }

    #[test]
    fn a_listing_that_lost_the_postings_of_many_pages_is_not_complete() {
        let all = scan_site(&jobs(60), None);
        assert!(is_complete(&all));

        let with_lost = |lost: usize| {
            let mut pages = jobs(60);
            for page in pages.iter_mut().rev().take(lost) {
                *page = "<p itemscope>written in another way".to_owned();
            }
            scan_site(&pages, all.state.as_deref())
        };
        let few = with_lost(6);
        assert!(is_complete(&few) && few.warnings.is_empty());

        let many = with_lost(7);
        assert_eq!((many.total, many.coverage), (Some(60), Coverage::Complete));
        assert_eq!(
            many.warnings,
            [
                "pages that had a JobPosting at the last complete scan and have none now: 7. If their jobs have ended, \
              exclude these pages with `include`"
            ]
        );

        // The pages that never had a posting do not count.
        let mut pages = jobs(3);
        pages.extend(vec!["<p>about us".to_owned(); 30]);
        let mostly_others = scan_site(&pages, None);
        let again = scan_site(&pages, mostly_others.state.as_deref());
        assert!(is_complete(&again) && again.warnings.is_empty());
    }

    #[test]
    fn a_listing_with_an_unreadable_posting_closes_nothing() {
        let mut pages = jobs(60);
        pages[0] = job(" ");
        let scan = scan_site(&pages, None);
        assert_eq!((scan.coverage, scan.jobs.len()), (Coverage::Window, 59));
        assert_eq!(
            scan.warnings,
            [format!("{SITE}/jobs/001: JobPosting without a title")]
        );
    }

    #[test]
    fn pages_of_a_small_site_may_lose_two_postings_and_pages_may_disappear() {
        let all = scan_site(&jobs(5), None);
        let state = all.state.as_deref();
        let mut pages = jobs(5);
        pages[3..].fill("<p>this job has ended".to_owned());
        assert!(is_complete(&scan_site(&pages, state)));
        pages[2] = "<p>this one too".to_owned();
        assert!(!is_complete(&scan_site(&pages, state)));

        pages[..3].fill(String::new());
        pages[3..].clone_from_slice(&jobs(2));
        let gone = scan_site(&pages, state);
        assert_eq!(gone.jobs.len(), 2);
        assert!(is_complete(&gone), "pages that do not exist are not lost");
    }

    #[test]
    fn a_listing_without_postings_that_robots_txt_hides_now_is_not_complete() {
        let all = scan_site(&jobs(40), None);
        let mut files = site(&jobs(40));
        files.push((
            "/robots.txt".to_owned(),
            "User-agent: *\nDisallow: /jobs/040".to_owned(),
        ));
        let hidden = scan(&format!("{SITE}/sitemap.xml"), &files, all.state.as_deref());
        let hidden = hidden.expect("a site");
        assert_eq!((hidden.jobs.len(), hidden.total), (39, Some(40)));
        assert_eq!(
            hidden.warnings,
            [
                "robots.txt disallows 1 of 40 pages for job-scanner, such as https://careers.acme.example/jobs/040: \
              they are not read, and the listing is not complete: 1 of them had a JobPosting"
            ]
        );
        assert!(!hidden.requests.iter().any(|url| url.ends_with("/jobs/040")));
    }
}
