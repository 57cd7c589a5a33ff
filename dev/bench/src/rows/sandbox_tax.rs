//! The cost of the sandbox: the code of an adapter in it, compared with the same code natively.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use job_scanner::startup;
use job_scanner_board_server::generate::token;
use job_scanner_sandbox::{InFlightBudget, Listing, ListingEnd, Scan, ScanRequest, Secrets};

use crate::boards::Boards;
use crate::installation::Installation;
use crate::measure::median_ms;
use crate::native;
use crate::report::{Part, Row, Unit};

const JOBS: u32 = 500;
const ROUNDS: u32 = 60;

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(1, JOBS)?;

    let installation = Installation::new(folder, &[boards.source(&token(0))])?;
    let config = installation.config()?;
    let source = config
        .sources
        .first()
        .context("the configuration has no source")?;

    let clients = startup::http_clients(&config.advanced)?;
    let catalog = startup::catalog(&config.adapters, &config.advanced, &installation.folders())?;
    let file = source.adapter_file.as_deref();
    let adapter = catalog.load(&source.key.adapter, file).await?;
    let request = ScanRequest {
        source: source.key.clone(),
        options: source.options.clone(),
        secrets: Secrets::default(),
        allow_hosts: source.allow_hosts.clone(),
        max_jobs: None,
        state: None,
        validators: Vec::new(),
        now: jiff::Timestamp::UNIX_EPOCH,
        run_ends: None,
    };

    let body = boards.body(&token(0))?;
    let reservation = Arc::new(InFlightBudget::new(u64::MAX).reserve());

    let (mut guest, mut native) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // In turns, so that a short load on the machine slows both.
        native.push(time_natively(&body)?);

        let mut scan = adapter.start_scan(&clients, &reservation, request.clone());
        let listing = scan.read_listing().await;
        guest.push(time_in_guest(&scan, &listing)?);
    }

    let (guest, native) = (median_ms(guest), median_ms(native));

    Ok(vec![Row::new(
        "sandbox-tax",
        "sandbox tax: guest parse of a 500-job board ÷ the same code natively",
        guest / native,
        (2.0, Unit::Ratio),
        vec![
            Part::ms("in the guest", guest),
            Part::ms("natively", native),
        ],
    )])
}

/// Measures the time from the bytes of a response to raw jobs, including the release of their
/// memory, which the guest also does before it returns.
fn time_natively(body: &[u8]) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    drop(black_box(native::parse(black_box(body))?));
    Ok(begun.elapsed())
}

/// Returns the time of the guest's calls without that of its requests, which the sandbox does not
/// change.
fn time_in_guest(scan: &Scan<'_>, listing: &Listing) -> anyhow::Result<Duration> {
    let complete =
        matches!(listing.end, ListingEnd::Complete) && listing.jobs.len() == JOBS as usize;

    anyhow::ensure!(complete, "the board could not be read: {:?}", listing.end);
    Ok(scan.guest_cpu())
}
