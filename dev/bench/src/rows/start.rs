//! The time from the start of the program to its first request.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use job_scanner_board_server::{BoardServer, generate};

use crate::boards::source;
use crate::in_repository;
use crate::installation::Installation;
use crate::measure::median_ms;
use crate::report::{Part, Row, Unit};

const ADAPTERS: u32 = 20;
const ROUNDS: u32 = 15;

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    // In this process, so that the moment of a request is known. Its three jobs cost almost no CPU
    // time.
    let server = BoardServer::start().await?;
    server.set_board("acme", generate::board(1, 0, 3));

    let names: Vec<String> = (0..ADAPTERS)
        .map(|number| format!("adapter-{number}"))
        .collect();

    let adapters = tempfile::tempdir_in(folder)?;
    let files: Vec<_> = names
        .iter()
        .map(|name| adapters.path().join(format!("{name}.wasm")))
        .collect();
    for (name, file) in names.iter().zip(&files) {
        fs::write(file, distinct_adapter(name)?)?;
    }

    let address = server.address().to_string();
    let sources: Vec<String> = names
        .iter()
        .map(|name| source(name, "acme", &address))
        .collect();
    let installation = Installation::with_adapters(folder, &sources, adapters.path())?;
    installation.accept(&files)?;

    // Once before the rounds, because the first start fills the cache.
    first_request(&installation, &server)
        .await
        .context("with an empty cache")?;

    let mut starts = Vec::new();
    for _ in 0..ROUNDS {
        starts.push(first_request(&installation, &server).await?);
    }

    let slowest = starts.iter().max().copied().unwrap_or_default();
    let fastest = starts.iter().min().copied().unwrap_or_default();

    Ok(vec![Row::new(
        "start",
        "time from the start of the process to its first request, with 20 cached adapters",
        median_ms(starts),
        (100.0, Unit::Milliseconds),
        vec![
            Part::ms("fastest", median_ms([fastest])),
            Part::ms("slowest", median_ms([slowest])),
        ],
    )])
}

/// Measures the time from before the process is created until the server has its first request.
async fn first_request(
    installation: &Installation,
    server: &BoardServer,
) -> anyhow::Result<Duration> {
    server.clear_requests();
    let mut scan = installation.scan()?;

    let begun = Instant::now();
    let mut process = scan
        .stdout(Stdio::null())
        .spawn()
        .context("could not start job-scanner")?;

    tokio::time::timeout(Duration::from_mins(1), server.wait_for_requests(1))
        .await
        .context("job-scanner sent no request within a minute")?;
    let took = begun.elapsed();

    let ended = process.wait()?;
    let requests = server.requests().len();
    anyhow::ensure!(
        ended.success() && requests == ADAPTERS as usize,
        "the scan failed: {ended}, {requests} requests"
    );

    Ok(took)
}

/// Returns the Greenhouse adapter with a name in a custom section that has no effect, so that no
/// two files are the same.
fn distinct_adapter(name: &str) -> anyhow::Result<Vec<u8>> {
    const CUSTOM_SECTION: u8 = 0;

    let path = in_repository("adapters/dist/greenhouse.wasm");
    let mut component =
        fs::read(&path).with_context(|| format!("could not read `{}`", path.display()))?;

    // Both lengths are below 128, hence one byte each.
    let length = u8::try_from(name.len())
        .ok()
        .filter(|length| *length < 127)
        .context("the name is too long")?;

    component.extend([CUSTOM_SECTION, length + 1, length]);
    component.extend(name.as_bytes());
    Ok(component)
}
