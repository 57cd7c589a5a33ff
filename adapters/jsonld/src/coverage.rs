//! The judgement whether a listing may close the jobs that it lacks.
//!
//! A page that had a posting at the last complete scan and has none now is *lost*: its job may have
//! ended, or the site may have begun to write its postings in a way that is not understood. One
//! page cannot tell. A few pages are jobs that ended. If more than a tenth of the pages are lost,
//! and more than two, the listing is not complete: the host closes nothing and keeps the memory of
//! the last complete scan, so that the next scan is compared with the same pages. It is complete
//! again when the pages have postings again, do not exist any more or lead to other pages, or when
//! the sitemap no longer lists them.
//!
//! A page that `robots.txt` disallows is not lost. But if it had a posting, its job may well be
//! open, and a listing without it is not complete either.
//!
//! Pages that never had a posting do not count: a sitemap also lists other pages.

use job_scanner_sdk::{Coverage, Page};

use crate::position::Position;
use crate::site::Site;
use crate::state::State;

/// The number of pages that may be lost on any site.
const FEW: usize = 2;

/// The share of the pages with postings that may be lost: one in this many.
const SHARE: usize = 10;

/// The judgement about the listing of a whole scan.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Judgement {
    /// The number of pages that had a posting, have none now, and are too many.
    lost: usize,
    /// The number of pages that had a posting and may not be read any more.
    disallowed: usize,
}

impl Judgement {
    /// Judges a scan after its last call.
    pub(crate) fn of(position: &Position, site: &Site, last: &State) -> Self {
        let most = FEW.max(last.with_posting.len() / SHARE);
        Self {
            lost: if position.lost > most {
                position.lost
            } else {
                0
            },
            disallowed: disallowed_postings(site, last),
        }
    }

    /// Makes the last page of a scan say what the listing lacks.
    pub(crate) fn apply(&self, page: &mut Page, position: &Position) {
        if self.lost > 0 {
            page.warnings.push(format!(
                "pages that had a JobPosting at the last complete scan and have none now: {}. If their jobs have ended, \
                 exclude these pages with `include`",
                self.lost
            ));
        }

        // More jobs than were listed: the host takes the listing for a part and keeps its memory of
        // the last complete one. A window would make it forget.
        let missing = self.lost + self.disallowed;
        if missing > 0 {
            page.total = u32::try_from(position.jobs + missing).ok();
        } else if position.is_incomplete {
            page.coverage = Coverage::Window;
        }
    }
}

/// Returns a warning about the pages that `robots.txt` disallows, if there are any.
pub(crate) fn left_out(site: &Site, last: &State) -> Option<String> {
    let first = site.disallowed().first()?;
    let (out, all) = (site.disallowed().len(), site.pages().len());
    let consequence = match disallowed_postings(site, last) {
        0 => String::new(),
        postings => {
            format!(", and the listing is not complete: {postings} of them had a JobPosting")
        }
    };
    Some(format!(
        "robots.txt disallows {out} of {} pages for job-scanner, such as {first}: they are not read{consequence}",
        out + all
    ))
}

/// Returns the number of pages that had a posting and may not be read any more.
fn disallowed_postings(site: &Site, last: &State) -> usize {
    let had_posting = |page: &&String| last.had_posting(page);
    site.disallowed().iter().filter(had_posting).count()
}
