//! Rules about listings, of boards that answer as they should.

use std::collections::HashSet;

use job_scanner_core::normalize::{JobNormalizer, KnownJobs};
use job_scanner_core::raw::RawJob;
use job_scanner_sandbox::{Adapter, Cassette, Listing, ListingEnd};

use crate::kit::check::board::{Board, NoScan};
use crate::kit::check::report::{Held, Report, Verdict, broken, skipped};

/// More pages than this are not asked for one by one.
const MOST_PAGES: usize = 50;

/// Tries all of them.
pub(super) async fn check(
    adapter: &Adapter,
    board: &Board,
    cassettes: &[Cassette],
    report: &mut Report,
) {
    report.add(
        "scan",
        "a scan of a board brings jobs, and asks for nothing that a cassette lacks",
        scanned(board),
    );
    report.add(
        "same-twice",
        "the same answers give the same jobs",
        same_twice(adapter, cassettes).await,
    );
    report.add(
        "ids",
        "no page has two jobs of one id",
        ids(adapter, board).await,
    );
    report.add(
        "jobs",
        "each job has an id, a title and an absolute URL",
        jobs(board),
    );
    report.add(
        "resumes",
        "a page that is asked for alone is the same page, and pages end",
        resumes(adapter, board).await,
    );
    report.add(
        "unchanged",
        "an unchanged board is `not-modified` or the same jobs",
        unchanged(adapter, board).await,
    );
    report.add(
        "changed",
        "a board that changed is never `not-modified`",
        changed(adapter, board).await,
    );
}

fn scanned(board: &Board) -> Held {
    if let Err(NoScan::NoJobs(why)) = &board.scan {
        return broken(format!("no cassette brings jobs; {why}"));
    }

    let scan = board.scan()?;
    match scan.missing.first() {
        Some(request) => broken(format!("the cassette has no answer to {request}")),
        None => Ok(()),
    }
}

async fn same_twice(adapter: &Adapter, cassettes: &[Cassette]) -> Held {
    if cassettes.is_empty() {
        return skipped("there is no cassette");
    }

    for cassette in cassettes {
        let one = adapter.replay(cassette).await.listing;
        let two = adapter.replay(cassette).await.listing;
        if one.jobs != two.jobs || one.state != two.state || how(&one) != how(&two) {
            return broken(format!(
                "two scans of `{}` differ",
                cassette.source.identifier.as_str()
            ));
        }
    }
    Ok(())
}

fn how(listing: &Listing) -> String {
    format!("{:?}", listing.end)
}

async fn ids(adapter: &Adapter, board: &Board) -> Held {
    board.scan()?;
    // Pages that cannot be had alone are another rule's business.
    let Ok(pages) = pages(adapter, board).await else {
        return skipped("its pages cannot be asked for alone");
    };

    for page in pages {
        let mut ids = HashSet::new();
        if let Some(job) = page.iter().find(|job| !ids.insert(&job.external_id)) {
            return broken(format!("`{}` is there twice", job.external_id));
        }
    }
    Ok(())
}

fn jobs(board: &Board) -> Held {
    let jobs = board.scan()?.listing.jobs.clone();
    let known = KnownJobs::new();
    let normalized = JobNormalizer::new(&known).normalize_all(jobs);
    match normalized.rejected.first() {
        Some(job) => broken(job.to_string()),
        None => Ok(()),
    }
}

/// Reads the board with an instance for each page, which must bring what one instance reads: a scan
/// may go on in another process.
async fn resumes(adapter: &Adapter, board: &Board) -> Held {
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

    // As they are listed: of those that are asked for one by one, the board may say that they are
    // over.
    let listing = adapter.replay_listing(&board.cassette).await;
    let together = ids(&listing.jobs);
    if alone == together {
        Ok(())
    } else {
        broken(format!(
            "one instance read {} jobs, an instance for each page {}",
            together.len(),
            alone.len()
        ))
    }
}

async fn pages(adapter: &Adapter, board: &Board) -> Result<Vec<Vec<RawJob>>, Verdict> {
    board.scan()?;

    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    while pages.len() < MOST_PAGES {
        let number = pages.len() + 1;
        let page = adapter.replay_page(&board.cassette, cursor.as_deref());
        let page = match page.await {
            Ok(page) => page,
            Err(error) if pages.is_empty() => {
                return skipped(format!("its first page fails: {error}"));
            }
            Err(error) => {
                return broken(format!("page {number}, asked for alone: {error}"));
            }
        };

        pages.push(page.jobs);

        match page.next {
            None => return Ok(pages),
            next if next == cursor => return broken("a page names itself as the next one"),
            next => cursor = next,
        }
    }
    skipped(format!("the board has more than {MOST_PAGES} pages"))
}

async fn unchanged(adapter: &Adapter, board: &Board) -> Held {
    let first = &board.scan()?.listing;

    let second = adapter.replay(&next_scan(board)?).await.listing;
    match second.end {
        ListingEnd::NotModified => Ok(()),
        ListingEnd::Failed(error) => broken(format!("the second scan failed: {error}")),
        _ if second.jobs == first.jobs => Ok(()),
        _ => broken(format!(
            "the second scan brought {} jobs, the first {}",
            second.jobs.len(),
            first.jobs.len()
        )),
    }
}

async fn changed(adapter: &Adapter, board: &Board) -> Held {
    let first = &board.scan()?.listing;

    let mut cassette = next_scan(board)?;
    for exchange in &mut cassette.exchanges {
        if let Ok(response) = &mut exchange.outcome {
            // White space at the end is nothing to a reader, and another body to an adapter
            // that compares bytes.
            response.body.push(b'\n');
            response
                .headers
                .retain(|(name, _)| name != "etag" && name != "last-modified");
        }
    }

    let second = adapter.replay(&cassette).await.listing;
    match second.end {
        ListingEnd::NotModified => {
            broken("every answer was another one, and it said `not-modified`")
        }
        ListingEnd::Failed(error) => broken(format!("the second scan failed: {error}")),
        _ if second.jobs.len() == first.jobs.len() => Ok(()),
        _ => broken(format!(
            "the second scan brought {} jobs, the first {}",
            second.jobs.len(),
            first.jobs.len()
        )),
    }
}

/// Returns the same board, for a scan that knows what this one learned.
fn next_scan(board: &Board) -> Result<Cassette, Verdict> {
    let first = &board.scan()?.listing;

    let mut cassette = board.cassette.clone();
    cassette.source.state.clone_from(&first.state);
    cassette.source.validators.clone_from(&first.validators);
    Ok(cassette)
}
