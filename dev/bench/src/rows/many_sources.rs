//! A configuration with 6,000 sources: start, commands, an unchanged run, and memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use job_scanner_board_server::generate::token;
use job_scanner_board_server::{BoardServer, generate};

use crate::boards::{Boards, source};
use crate::installation::Installation;
use crate::measure::median_ms;
use crate::report::{Part, Row, Unit};
use crate::scan_cost::ScanCost;

const SOURCES: u32 = 6_000;
const JOBS: u32 = 5;
const ROUNDS: u32 = 5;

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let start = first_requests(folder).await?;

    let boards = Boards::serve(SOURCES, JOBS)?;
    let sources: Vec<String> = (0..SOURCES)
        .map(|index| boards.source(&token(index)))
        .collect();
    let installation = Installation::new(folder, &sources)?;
    let first = ScanCost::measure(&installation).context("in the first scan")?;
    let unchanged = ScanCost::measure(&installation).context("in the unchanged scan")?;

    let check = commands(&installation, "check")?;
    let list = commands(&installation, "sources")?;

    let row = |name, what, value, bound| {
        Row::new(name, what, value, (bound, Unit::Milliseconds), Vec::new())
    };
    Ok(vec![
        row(
            "many-start",
            "time to the first request with 6,000 sources",
            start,
            1_000.0,
        ),
        row("many-check", "`check` with 6,000 sources", check, 500.0),
        row("many-sources", "`sources` with 6,000 sources", list, 500.0),
        row(
            "many-rescan",
            "unchanged scan of 6,000 sources in a new process (CPU)",
            unchanged.cpu_ms,
            7_000.0,
        ),
        Row::new(
            "many-memory",
            "peak memory of the first scan of 6,000 sources (5 jobs each)",
            first.peak,
            (120.0, Unit::Megabytes),
            vec![
                Part::new("unchanged scan", unchanged.peak, Unit::Megabytes),
                Part::ms("first scan (CPU)", first.cpu_ms),
            ],
        ),
    ])
}

/// Returns the median time of a command in milliseconds.
fn commands(installation: &Installation, name: &str) -> anyhow::Result<f64> {
    let times: anyhow::Result<Vec<Duration>> = (0..ROUNDS)
        .map(|_| time_of(installation.command(name)?))
        .collect();

    Ok(median_ms(
        times.with_context(|| format!("could not measure `{name}`"))?,
    ))
}

fn time_of(mut command: Command) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let ended = command.stdout(Stdio::null()).status()?;
    let took = begun.elapsed();

    anyhow::ensure!(ended.success(), "the command failed: {ended}");
    Ok(took)
}

/// Returns the median time from the start of a process to its first request, in milliseconds. The
/// first start of each database also stores its sources.
async fn first_requests(folder: &Path) -> anyhow::Result<f64> {
    // In this process, so that the moment of a request is known.
    let server = BoardServer::start().await?;
    server.set_board(&token(0), generate::board(1, 0, 1));
    let address = server.address().to_string();
    let sources: Vec<String> = (0..SOURCES)
        .map(|index| source("greenhouse", &token(index), &address))
        .collect();

    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let installation = Installation::new(folder, &sources)?;
        times.push(first_request(&installation, &server).await?);
    }
    Ok(median_ms(times))
}

/// Starts a scan and stops it at its first request.
async fn first_request(
    installation: &Installation,
    server: &BoardServer,
) -> anyhow::Result<Duration> {
    server.clear_requests();
    let mut scan = installation.scan()?;

    let begun = Instant::now();
    let mut process = scan.stdout(Stdio::null()).spawn()?;
    let requested = tokio::time::timeout(Duration::from_mins(1), server.wait_for_requests(1)).await;
    let took = begun.elapsed();

    process.kill()?;
    process.wait()?;
    requested.context("job-scanner sent no request within a minute")?;
    Ok(took)
}
