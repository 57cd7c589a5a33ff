//! Replays a cassette instead of contacting the board.

use std::sync::Arc;

use job_scanner_core::key::SourceKey;
use job_scanner_core::raw::RawJob;

use crate::budgets::in_flight::InFlightBudget;
use crate::budgets::usage::BudgetUse;
use crate::cassette::cassette::{Cassette, CassetteSource};
use crate::error::ScanError;
use crate::http::transport::{Player, RefusedRequest, Request, Transport};
use crate::loading::adapter::{Adapter, ScanRequest};
use crate::scan::listing::Listing;
use crate::scan::page::PageOutcome;
use crate::scan::scan::Scan;
use crate::secrets::Secrets;

/// The result of a replayed scan.
#[derive(Debug)]
pub struct Replay {
    /// The listing with the fetched details.
    pub listing: Listing,
    pub budget: BudgetUse,
    /// Requests of the adapter that are not on the cassette, each once. Only the first ones are
    /// kept with their bodies.
    pub missing: Vec<Request>,
    /// Requests on the cassette that the adapter did not make, in the cassette's order.
    pub unused: Vec<Request>,
    /// Requests that the adapter's grants and the source's allowed hosts do not allow, each once. Only
    /// the first ones are kept.
    pub refused: Vec<RefusedRequest>,
}

/// One page that was fetched alone.
#[derive(Debug)]
pub struct ReplayedPage {
    /// The jobs as the adapter returned them.
    pub jobs: Vec<RawJob>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<String>,
}

impl Adapter {
    /// Scans the cassette's source with the cassette's responses, without a network and without
    /// pauses. Equal requests always get equal responses. The adapter's grants and limits apply as
    /// in any scan.
    pub async fn replay(&self, cassette: &Cassette) -> Replay {
        let (mut scan, player) = self.start_replay(cassette);
        let listing = scan.read_in_full().await;

        Replay {
            listing,
            budget: scan.budget(),
            missing: player.missing(),
            unused: player.unused(),
            refused: player.refused(),
        }
    }

    /// Reads only the listing, without details.
    pub async fn replay_listing(&self, cassette: &Cassette) -> Listing {
        let (mut scan, _) = self.start_replay(cassette);
        scan.read_listing().await
    }

    /// Lets a fresh instance fetch the page at a cursor, or the first page.
    ///
    /// # Errors
    ///
    /// The errors that end a scan. `not-modified` is an error too, since it is not a page.
    pub async fn replay_page(
        &self,
        cassette: &Cassette,
        cursor: Option<&str>,
    ) -> Result<ReplayedPage, ScanError> {
        let (mut scan, _) = self.start_replay(cassette);
        scan.request.cursor = cursor.map(str::to_owned);

        scan.instantiate().await?;
        match scan.fetch_page().await? {
            PageOutcome::Page(page) => Ok(ReplayedPage {
                jobs: page.jobs,
                next: page.next,
            }),
            PageOutcome::NotModified => Err(ScanError::UnexpectedResponse(
                "the adapter returned `not-modified`".to_owned(),
            )),
            PageOutcome::Failed(error) => Err(scan.guest_error(error)),
        }
    }

    fn start_replay(&self, cassette: &Cassette) -> (Scan<'_>, Arc<Player>) {
        let CassetteSource {
            identifier,
            options,
            max_jobs,
            allow_hosts,
            state,
            validators,
        } = cassette.source.clone();

        let request = ScanRequest {
            source: SourceKey::new(self.name().clone(), identifier),
            options,
            secrets: Secrets::default(),
            allow_hosts,
            max_jobs,
            state,
            validators,
            now: cassette.now,
            run_ends: None,
        };

        let player = Arc::new(Player::new(cassette.exchanges.clone()));
        let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());
        let transport = Transport::Cassette(Arc::clone(&player));
        (
            self.start_scan_over(transport, &reservation, request),
            player,
        )
    }
}
