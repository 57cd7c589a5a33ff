//! The page of the daemon with 100,000 stored jobs: the time and size of its answers, and the
//! memory that they cost.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use jiff::Timestamp;
use job_scanner_board_server::generate::token;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::QueryMatcher;
use job_scanner_core::raw::{Description, RawJob, RawLocation};
use job_scanner_core::run::Trigger;
use job_scanner_store::Store;

use crate::boards::Boards;
use crate::daemon::Daemon;
use crate::installation::Installation;
use crate::measure::median_ms;
use crate::native;
use crate::report::{Part, Row, Unit};

const SOURCES: u32 = 200;
const JOBS: u32 = 500;
/// One job of this number matches: 5,000 of 100,000.
const MATCHING: u32 = 20;
const ROUNDS: u32 = 21;

/// The section that starts the page on a free port.
const PAGE: &str = "web: {listen: '127.0.0.1:0'}\n";

/// The addresses that a person and programs open most.
const OPENED: [&str; 6] = [
    "/matches",
    "/matches?q=engineer+7",
    "/api/v1/matches?limit=50",
    "/api/v1/sources",
    "/feeds/default.atom",
    "/metrics",
];

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(1, 1)?;
    let installation = Installation::new(folder, &sources(&boards))?;
    installation.add_to_config(PAGE)?;
    fill(&installation).await?;

    let daemon = Daemon::start(&installation)?;
    let before = daemon.memory()?;
    let pages = times(&daemon, "/matches")?;
    let searches = times(&daemon, "/matches?q=engineer+7")?;
    let lists = times(&daemon, "/api/v1/matches?limit=50")?;
    let size = daemon.get("/matches")?.len();
    for path in OPENED.iter().cycle().take(OPENED.len() * 50) {
        daemon.get(path)?;
    }
    let after = daemon.memory()?;

    Ok(vec![
        Row::new(
            "page-matches",
            "the first page of matches, of 5,000 among 100,000 stored jobs",
            pages,
            (50.0, Unit::Milliseconds),
            vec![Part::ms("the same as JSON of the API", lists)],
        ),
        Row::new(
            "page-size",
            "its size, not compressed",
            kilobytes(size),
            (100.0, Unit::Kilobytes),
            Vec::new(),
        ),
        Row::new(
            "page-search",
            "a search in them",
            searches,
            (150.0, Unit::Milliseconds),
            Vec::new(),
        ),
        Row::new(
            "page-memory",
            "growth of the daemon's memory by 300 requests to pages, API, feed and metrics",
            (after - before).max(0.0),
            (10.0, Unit::Megabytes),
            vec![
                Part::new("before", before, Unit::Megabytes),
                Part::new("after", after, Unit::Megabytes),
            ],
        ),
    ])
}

/// Returns one source that is scanned, and those of the stored jobs, which are not.
fn sources(boards: &Boards) -> Vec<String> {
    let stored = (0..SOURCES)
        .map(|number| format!("{{type: greenhouse, identifier: stored-{number}, enabled: false}}"));
    [boards.source(&token(0))]
        .into_iter()
        .chain(stored)
        .collect()
}

/// Stores the jobs and their matches as scans do.
async fn fill(installation: &Installation) -> anyhow::Result<()> {
    let store = Store::open(&installation.database_url()).await?;
    let matcher = QueryMatcher::new(installation.config()?.profiles)?;
    let run = store
        .start_run(Trigger::Manual, Timestamp::UNIX_EPOCH)
        .await?;
    for number in 0..SOURCES {
        let source: SourceKey = format!("greenhouse/stored-{number}").parse()?;
        let normalized = native::normalize((0..JOBS).map(|job| raw_job(number, job)).collect());
        let found = native::find(&matcher, &normalized, &source);
        anyhow::ensure!(
            found.len() == (JOBS / MATCHING) as usize,
            "{} of the jobs match",
            found.len()
        );
        native::insert(&store, run, &source, &normalized, &found).await?;
    }
    store.close().await;
    Ok(())
}

fn raw_job(source: u32, number: u32) -> RawJob {
    let role = if number.is_multiple_of(MATCHING) {
        "Platform Engineer"
    } else {
        "Accountant"
    };
    RawJob {
        external_id: number.to_string(),
        title: format!("{role} {number}"),
        url: format!("https://boards.example/{source}/jobs/{number}"),
        company: Some(format!("Company {source}")),
        locations: vec![RawLocation {
            name: "Berlin, Germany".to_owned(),
            city: Some("Berlin".to_owned()),
            region: None,
            country: Some("Germany".to_owned()),
        }],
        description: Some(Description::Text(format!(
            "{role} number {number} of company {source}. {}",
            "You work with people who like what they do, in a calm office by the river. "
                .repeat(25)
        ))),
        apply_url: None,
        department: None,
        workplace: None,
        employment_type: None,
        salary: None,
        language: None,
        posted_at: None,
        updated_at: None,
        expires_at: None,
        revision: None,
        extra: Vec::new(),
    }
}

/// Returns the median time of a request, in milliseconds.
fn times(daemon: &Daemon, path: &str) -> anyhow::Result<f64> {
    let once = || -> anyhow::Result<Duration> {
        let begun = Instant::now();
        daemon
            .get(path)
            .with_context(|| format!("could not get {path}"))?;
        Ok(begun.elapsed())
    };
    let times: anyhow::Result<Vec<Duration>> = (0..ROUNDS).map(|_| once()).collect();
    Ok(median_ms(times?))
}

#[expect(clippy::cast_precision_loss, reason = "a page has less than 2⁵³ bytes")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1e3
}
