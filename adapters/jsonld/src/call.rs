//! One call: it reads some pages and returns their jobs.

use std::cell::RefCell;

use job_scanner_sdk::{FetchRequest, Page, SourceError};

use crate::coverage::{self, Judgement};
use crate::identity::Registry;
use crate::position::Position;
use crate::read_pages::{self, ReadPages};
use crate::site::{self, Site};
use crate::state::{State, hash};

thread_local! {
    /// The ids of the current scan, shared by its calls. A call that begins without them knows only
    /// what earlier scans saw.
    static IDS_OF_SCAN: RefCell<Option<Registry>> = const { RefCell::new(None) };
}

/// A call of a scan.
pub(crate) struct Call {
    is_first: bool,
    position: Position,
    /// The memory of the last complete scan.
    last: State,
    site: Site,
}

/// The pages of a call, and the fingerprint of the site if they are all of its pages.
pub(crate) struct Read {
    pages: ReadPages,
    fingerprint: Option<String>,
}

impl Call {
    pub(crate) fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        Ok(Self {
            is_first: request.cursor.is_none(),
            position: Position::from_request(request),
            last: State::from_text(request.state.as_deref()),
            site: Site::from_request(request)?,
        })
    }

    fn pages(&self) -> &[String] {
        self.site.pages_after(self.position.after.as_deref())
    }

    fn is_whole(&self) -> bool {
        self.pages().len() == self.site.pages().len()
    }

    /// Reads the pages of this call. `None` if they are the whole site and none of them has
    /// changed.
    pub(crate) fn read(&self) -> Result<Option<Read>, SourceError> {
        let pages = self.pages();
        let is_whole = self.is_whole();

        let mut responses = read_pages::request(pages, is_whole);
        if is_whole && site::is_unchanged_site(pages, &responses, &self.last.fingerprint) {
            return Ok(None);
        }
        read_pages::request_bodies(pages, &mut responses);

        let fingerprint = is_whole.then(|| site::fingerprint(pages, &responses));
        let pages = ReadPages::from_responses(pages, responses)?;
        Ok(Some(Read { pages, fingerprint }))
    }

    /// Returns the jobs of the pages, and what follows them: the next call, or the end of the scan.
    pub(crate) fn into_page(mut self, read: Read) -> Result<Page, SourceError> {
        let Read {
            pages: mut read,
            fingerprint,
        } = read;
        let (is_whole, is_last) = (self.is_whole(), self.site.is_last(self.pages()));
        let mut ids = self.ids();
        let mut page = Page::whole_board(ids.identify(std::mem::take(&mut read.postings)));
        self.advance(page.jobs.len(), &read);

        if let Some(error) = &read.refusal {
            page.next = Some(error.to_cursor());
        } else if !is_last {
            page.next = Some(self.position.to_cursor());
        } else if self.position.jobs == 0 {
            return Err(read.no_postings_error(is_whole, self.site.pages().len()));
        } else {
            page.state = Some(self.state(&ids, fingerprint).to_text());
            Judgement::of(&self.position, &self.site, &self.last).apply(&mut page, &self.position);
        }

        IDS_OF_SCAN.set(Some(ids));
        if self.is_first {
            page.warnings
                .extend(coverage::left_out(&self.site, &self.last));
        }
        page.warnings.append(&mut read.unreadable);
        Ok(page)
    }

    fn ids(&self) -> Registry {
        IDS_OF_SCAN
            .take()
            .filter(|_| !self.is_first)
            .unwrap_or_else(|| Registry::new(self.last.shared.clone()))
    }

    fn advance(&mut self, jobs: usize, read: &ReadPages) {
        let pages = self.site.pages_after(self.position.after.as_deref());
        self.position.advance(pages, jobs, read, &self.last);
    }

    /// Returns what the next scan has to know about this one.
    fn state(&self, ids: &Registry, fingerprint: Option<String>) -> State {
        let pages = self.site.pages().iter();
        let with_posting = pages
            .zip(&self.position.with_posting)
            .filter(|(_, has_posting)| **has_posting)
            .map(|(page, _)| hash(page));

        State {
            fingerprint: fingerprint.unwrap_or_default(),
            with_posting: with_posting.collect(),
            shared: ids.shared().clone(),
        }
    }
}
