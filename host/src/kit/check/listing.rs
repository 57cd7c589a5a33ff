//! Rules about listings of boards that respond correctly.

use std::collections::HashSet;

use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;
use job_scanner_sandbox::{Adapter, Cassette, Listing, ListingEnd};

use crate::kit::check::board::{Board, NoScan};
use crate::kit::check::dates;
use crate::kit::check::report::{Findings, RuleResult, Verdict, describe_failure, failed, skipped};

/// The maximum number of pages that are requested one by one.
const MAX_PAGES: usize = 50;

/// Checks all rules of this file.
pub(super) async fn check(
    adapter: &Adapter,
    board: &Board,
    cassettes: &[Cassette],
    findings: &mut Findings,
) {
    findings.add(
        "scan",
        "a scan finds jobs and requests only what was recorded",
        finds_jobs(board),
    );
    findings.add(
        "same-twice",
        "the same responses yield the same jobs",
        same_twice(adapter, cassettes).await,
    );
    findings.add(
        "ids",
        "no page has two jobs with the same id",
        ids(adapter, board).await,
    );
    findings.add(
        "jobs",
        "each job has an id, a title and an absolute URL",
        jobs(adapter, board),
    );
    findings.add(
        "dates",
        "each date is RFC 3339 with an offset, or a plain date, in a plausible year",
        dates::dates(adapter, cassettes).await,
    );
    findings.add(
        "resumes",
        "a page that is requested alone is the same page, and paging ends",
        resumes(adapter, board).await,
    );
    findings.add(
        "unchanged",
        "an unchanged board yields `not-modified` or the same jobs",
        unchanged(adapter, board).await,
    );
    findings.add(
        "changed",
        "a board that changed never yields `not-modified`",
        changed(adapter, board).await,
    );
}

fn finds_jobs(board: &Board) -> RuleResult {
    if let Err(NoScan::NoJobs(why)) = &board.scan {
        return failed(format!("no scan finds jobs; {why}"));
    }

    let scan = board.scan()?;
    match scan.missing.first() {
        Some(request) => failed(format!("the cassette has no response to {request}")),
        None => Ok(()),
    }
}

async fn same_twice(adapter: &Adapter, cassettes: &[Cassette]) -> RuleResult {
    if cassettes.is_empty() {
        return skipped("the adapter has no cassette");
    }

    for cassette in cassettes {
        let one = adapter.replay(cassette).await.listing;
        let two = adapter.replay(cassette).await.listing;
        if one.jobs != two.jobs
            || one.state != two.state
            || describe_end(&one) != describe_end(&two)
        {
            return failed(format!(
                "two scans of `{}` differ",
                cassette.source.identifier.as_str()
            ));
        }
    }
    Ok(())
}

fn describe_end(listing: &Listing) -> String {
    format!("{:?}", listing.end)
}

async fn ids(adapter: &Adapter, board: &Board) -> RuleResult {
    board.scan()?;
    // Pages that cannot be requested alone are reported by another rule.
    let Ok(pages) = pages(adapter, board).await else {
        return skipped("the pages cannot be requested alone");
    };

    for page in pages {
        let mut ids = HashSet::new();
        if let Some(job) = page.iter().find(|job| !ids.insert(&job.external_id)) {
            return failed(format!("`{}` is listed twice", job.external_id));
        }
    }
    Ok(())
}

fn jobs(adapter: &Adapter, board: &Board) -> RuleResult {
    let jobs = board.scan()?.listing.jobs.clone();
    let deferred = jobs.iter().find(|job| job.deferred().is_some());
    if let (Some(job), false) = (deferred, adapter.has_details()) {
        return failed(format!(
            "the text of job `{}` is `deferred`, but the adapter does not export `details`, so no \
             job gets a text; export it, and build for the world `detailed-source-adapter`",
            job.external_id
        ));
    }

    let known = KnownJobs::new();
    let normalized = JobNormalizer::new(&known).normalize_all(jobs);
    match normalized.rejected.first() {
        Some(job) => failed(job.to_string()),
        None => Ok(()),
    }
}

/// Reads each page with a separate instance. The pages have to contain the jobs that one instance
/// reads, because a scan may continue in another process.
async fn resumes(adapter: &Adapter, board: &Board) -> RuleResult {
    let ids = |jobs: &[RawJob]| {
        jobs.iter()
            .map(|job| job.external_id.clone())
            .collect::<Vec<_>>()
    };

    let pages = pages(adapter, board).await?;
    if pages.len() == 1 {
        return skipped("the board has one page");
    }
    let alone: Vec<_> = pages.iter().flat_map(|page| ids(page)).collect();

    // The listing without details: when details are requested, the board may report that a job has
    // closed.
    let listing = adapter.replay_listing(&board.cassette).await;
    let together = ids(&listing.jobs);
    if alone == together {
        Ok(())
    } else {
        failed(format!(
            "one instance read {} jobs, separate instances for each page read {}",
            together.len(),
            alone.len()
        ))
    }
}

async fn pages(adapter: &Adapter, board: &Board) -> Result<Vec<Vec<RawJob>>, Verdict> {
    board.scan()?;

    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    while pages.len() < MAX_PAGES {
        let number = pages.len() + 1;
        let page = adapter.replay_page(&board.cassette, cursor.as_deref());
        let page = match page.await {
            Ok(page) => page,
            Err(error) if pages.is_empty() => {
                return skipped(format!(
                    "the first page fails: {}",
                    describe_failure(&error)
                ));
            }
            Err(error) => {
                let why = describe_failure(&error);
                return failed(format!("page {number}, requested alone: {why}"));
            }
        };

        pages.push(page.jobs);

        match page.next {
            None => return Ok(pages),
            next if next == cursor => return failed("a page refers to itself as the next page"),
            next => cursor = next,
        }
    }
    skipped(format!("the board has more than {MAX_PAGES} pages"))
}

async fn unchanged(adapter: &Adapter, board: &Board) -> RuleResult {
    let first = &board.scan()?.listing;

    let second = adapter.replay(&next_scan(board)?).await.listing;
    match second.end {
        ListingEnd::NotModified => Ok(()),
        ListingEnd::Failed(error) => failed(format!(
            "the second scan failed: {}",
            describe_failure(&error)
        )),
        _ if second.jobs == first.jobs => Ok(()),
        _ => failed(format!(
            "the second scan found {} jobs, the first {}",
            second.jobs.len(),
            first.jobs.len()
        )),
    }
}

async fn changed(adapter: &Adapter, board: &Board) -> RuleResult {
    let first = &board.scan()?.listing;

    let mut cassette = next_scan(board)?;
    for exchange in &mut cassette.exchanges {
        if let Ok(response) = &mut exchange.outcome {
            // White space at the end does not change the meaning, but it is another body for an
            // adapter that compares bytes.
            response.body.push(b'\n');
            response
                .headers
                .retain(|(name, _)| name != "etag" && name != "last-modified");
        }
    }

    let second = adapter.replay(&cassette).await.listing;
    match second.end {
        ListingEnd::NotModified => {
            failed("every response changed, but the adapter returned `not-modified`")
        }
        ListingEnd::Failed(error) => failed(format!(
            "the second scan failed: {}",
            describe_failure(&error)
        )),
        _ if second.jobs.len() == first.jobs.len() => Ok(()),
        _ => failed(format!(
            "the second scan found {} jobs, the first {}",
            second.jobs.len(),
            first.jobs.len()
        )),
    }
}

/// Returns the same board with the state and validators of the first scan.
fn next_scan(board: &Board) -> Result<Cassette, Verdict> {
    let first = &board.scan()?.listing;

    let mut cassette = board.cassette.clone();
    cassette.source.state.clone_from(&first.state);
    cassette.source.validators.clone_from(&first.validators);
    Ok(cassette)
}
