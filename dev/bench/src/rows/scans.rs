//! A first scan of 200 boards, and a second one without changes.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_board_server::generate::token;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::QueryMatcher;
use job_scanner_core::run::ScanOutcome;
use job_scanner_core::run::Trigger;
use job_scanner_store::Store;

use crate::boards::Boards;
use crate::installation::{Installation, run};
use crate::measure::{Cost, Stopwatch, median_ms};
use crate::native;
use crate::report::{Part, Row, Unit};

const BOARDS: u32 = 200;
const JOBS: u32 = 50;
const ROUNDS: u32 = 5;
/// The number of rescans that are measured as one, because a single one is short.
const RESCANS: u32 = 10;

/// The times of the native calls for all boards, one after the other.
#[derive(Debug, Default)]
struct Native {
    parse: Duration,
    normalize: Duration,
    matching: Duration,
    insert: Duration,
    wall: Duration,
}

pub(super) async fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(BOARDS, JOBS)?;
    let tokens: Vec<String> = (0..BOARDS).map(token).collect();
    let sources: Vec<String> = tokens.iter().map(|token| boards.source(token)).collect();

    // Before any measurement. The server renders a board at the first request.
    let bodies = tokens
        .iter()
        .map(|token| boards.body(token))
        .collect::<anyhow::Result<Vec<_>>>()?;

    let (mut native, mut first, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // In turns, so that a short load on the machine slows both.
        native.push(natively(&Installation::new(folder, &sources)?, &bodies).await?);

        let (first_scan, rescan) = scan_twice(&Installation::new(folder, &sources)?).await?;
        first.push(first_scan);
        again.push(rescan);
    }

    let of_native = |part: fn(&Native) -> Duration| median_ms(native.iter().map(part));
    let of = |costs: &[Cost], part: fn(&Cost) -> Duration| median_ms(costs.iter().map(part));
    let (native_cpu, first_cpu, again_cpu) = (
        of_native(Native::cpu),
        of(&first, |it| it.cpu),
        of(&again, |it| it.cpu),
    );

    Ok(vec![
        Row::new(
            "first-scan",
            "first scan of 200 boards × 50 jobs ÷ native parse + normalize + match + insert (CPU)",
            first_cpu / native_cpu,
            (1.8, Unit::Ratio),
            vec![
                Part::ms("first scan", first_cpu),
                Part::ms("wall clock", of(&first, |it| it.wall)),
                Part::ms("natively", native_cpu),
                Part::ms("wall clock", of_native(|it| it.wall)),
                Part::ms("parse", of_native(|it| it.parse)),
                Part::ms("normalize", of_native(|it| it.normalize)),
                Part::ms("match", of_native(|it| it.matching)),
                Part::ms("insert", of_native(|it| it.insert)),
            ],
        ),
        Row::new(
            "rescan",
            "rescan of the same, unchanged boards ÷ first scan (CPU)",
            again_cpu / first_cpu,
            (0.05, Unit::Ratio),
            vec![
                Part::ms("rescan", again_cpu),
                Part::ms("wall clock", of(&again, |it| it.wall)),
                Part::ms("first scan", first_cpu),
            ],
        ),
    ])
}

impl Native {
    fn cpu(&self) -> Duration {
        self.parse + self.normalize + self.matching + self.insert
    }
}

/// Parses, normalizes, matches and stores every board, one after the other.
async fn natively(installation: &Installation, bodies: &[Vec<u8>]) -> anyhow::Result<Native> {
    let config = installation.config()?;
    let matcher = QueryMatcher::new(config.profiles.clone())?;
    let store = Store::open(&installation.database_url()).await?;
    let run = store
        .start_run(Trigger::Manual, Timestamp::UNIX_EPOCH)
        .await?;

    let mut cost = Native::default();
    let whole = Stopwatch::start();

    for (source, body) in config.sources.iter().zip(bodies) {
        let source: &SourceKey = &source.key;

        let raw = timed(&mut cost.parse, || {
            native::parse(body).map(native::raw_jobs)
        })?;
        let normalized = timed(&mut cost.normalize, || native::normalize(raw));
        let found = timed(&mut cost.matching, || {
            native::find(&matcher, &normalized, source)
        });

        let watch = Stopwatch::start();
        native::insert(&store, run, source, &normalized, &found).await?;
        cost.insert += watch.stop().cpu;
    }

    cost.wall = whole.stop().wall;

    store.close().await;
    Ok(cost)
}

fn timed<T>(sum: &mut Duration, work: impl FnOnce() -> T) -> T {
    let watch = Stopwatch::start();
    let done = work();
    *sum += watch.stop().cpu;
    done
}

/// Measures a first scan, and the mean of several rescans without changes.
async fn scan_twice(installation: &Installation) -> anyhow::Result<(Cost, Cost)> {
    let pipeline = installation.pipeline().await?;

    let watch = Stopwatch::start();
    let result = run(&pipeline).await?;
    let first = watch.stop();

    let jobs = u64::from(BOARDS * JOBS);
    anyhow::ensure!(
        result.totals.new == jobs,
        "{} of {jobs} jobs are new",
        result.totals.new
    );

    let watch = Stopwatch::start();
    for _ in 0..RESCANS {
        let result = run(&pipeline).await?;
        let unchanged = result
            .sources
            .iter()
            .all(|source| source.outcome == ScanOutcome::NotModified);
        anyhow::ensure!(
            unchanged,
            "an unchanged board was not reported as unchanged"
        );
    }

    let Cost { wall, cpu } = watch.stop();
    pipeline.context().store.close().await;

    Ok((
        first,
        Cost {
            wall: wall / RESCANS,
            cpu: cpu / RESCANS,
        },
    ))
}
