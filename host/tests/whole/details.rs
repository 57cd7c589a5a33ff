//! Boards that return the text of each job only in a separate request: which details are requested,
//! when, and which alerts follow.

use jiff::{SignedDuration, Timestamp};
use job_scanner::startup::{self, Folders};
use job_scanner_board_server::{Api, Board, BoardJob, Failure, job};
use job_scanner_core::run::{Counts, ScanOutcome, Trigger};
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{PipelineRunResult, Progress, RunRequest, ScanPipeline, SourceRunStats};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::support::{World, compiled, run_once, source};

const ACME: &str = "deferred/acme";

/// Returns a job that matches, but only by its text.
fn builder(id: u64) -> BoardJob {
    job(id)
        .title(format!("Builder {id}"))
        .content_html("<p>An engineer who builds.</p>")
}

fn cook(id: u64) -> BoardJob {
    job(id)
        .title(format!("Cook {id}"))
        .content_html("<p>Soup.</p>")
}

fn builders(count: u64) -> Board {
    Board::new((1..=count).map(builder))
}

/// Changes all texts, but not the listing.
fn reword(board: &mut Board, text: &str) {
    for job in &mut board.jobs {
        job.content_html = Some(format!("<p>{text}</p>"));
    }
}

/// Returns a world with this board, and the configuration that watches it.
async fn world_of(board: Board, options: &str) -> (World, String) {
    let world = World::new().await;
    world.boards.set_board("acme", board);
    let config = world.config(&[world.deferred("acme", options)]);
    (world, config)
}

/// Returns the configuration with another limit for a scan.
fn limited(config: &str, limit: &str) -> String {
    config.replace(
        "{dir: adapters}",
        &format!("{{dir: adapters, limits: {{deferred: {{{limit}}}}}}}"),
    )
}

fn stats(result: &PipelineRunResult) -> &SourceRunStats {
    source(result, ACME)
}

/// Returns the number of requests for single jobs since the last call.
fn asked_for(world: &World) -> usize {
    let requests = world.boards.requests();
    world.boards.clear_requests();
    requests
        .iter()
        .filter(|request| !request.path.ends_with("/jobs"))
        .count()
}

/// Makes one run at this time, as a process that has just started would.
async fn run_at(
    world: &World,
    config: &str,
    now: Timestamp,
    normalization: u32,
) -> PipelineRunResult {
    let mut context = world.context(config).await;
    context.scanner.clock = Clock::from_fn(move || now);
    context.normalization_version += normalization;
    run_once(context).await
}

fn days(days: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * days)
}

async fn texts(world: &World, sql: &'static str) -> Vec<String> {
    let options: SqliteConnectOptions = world.database_url().parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar(sql)
        .fetch_all(&mut connection)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn details_are_requested_once_and_matched_when_they_arrive() {
    let (world, config) = world_of(Board::new([builder(1), cook(2)]), "").await;
    let first = world.run(&config).await;
    let Counts {
        fetched,
        new,
        matched,
        notified,
        details,
        details_due,
        ..
    } = stats(&first).counts;
    assert_eq!(
        (fetched, new, matched, notified, details, details_due),
        (2, 2, 1, 1, 2, 0)
    );
    assert_eq!(
        (stats(&first).outcome, asked_for(&world)),
        (ScanOutcome::Complete, 2)
    );
    assert_eq!(stats(&first).budget.unwrap().details.used, 2);
    assert_eq!(
        texts(
            &world,
            "SELECT description FROM job_versions ORDER BY title"
        )
        .await,
        ["An engineer who builds.", "Soup."]
    );
    assert_eq!(
        texts(&world, "SELECT DISTINCT department FROM jobs").await,
        ["Engineering"]
    );

    let second = world.run(&config).await;
    assert_eq!(
        (stats(&second).outcome, asked_for(&world)),
        (ScanOutcome::NotModified, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn details_of_a_large_board_are_spread_over_several_scans() {
    let (world, config) = world_of(
        Board::new((1..=2_000).map(|id| if id % 100 == 0 { builder(id) } else { cook(id) })),
        "",
    )
    .await;
    for due in [1_500, 1_000, 500, 0] {
        let result = world.run(&config).await;
        let counts = stats(&result).counts;
        assert_eq!(
            (counts.details, counts.details_due, asked_for(&world)),
            (500, due, 500)
        );
        assert!(
            !result.had_errors && stats(&result).warnings.is_empty(),
            "{:#?}",
            stats(&result)
        );
    }
    assert_eq!(
        texts(&world, "SELECT DISTINCT kind FROM alerts").await,
        ["baseline"],
        "late, but no news"
    );
    assert_eq!(
        texts(&world, "SELECT COUNT(*) || '' FROM alerts").await,
        ["20"]
    );

    let unchanged = world.run(&config).await;
    assert_eq!(
        (stats(&unchanged).outcome, world.boards.requests().len()),
        (ScanOutcome::NotModified, 1)
    );
    world.boards.clear_requests();

    world.boards.edit_board("acme", |board| {
        (1..=10).for_each(|id| board.put(builder(id).location("Elsewhere")));
    });
    let changed = world.run(&config).await;
    let counts = stats(&changed).counts;
    assert_eq!(
        (
            counts.updated,
            counts.unchanged,
            counts.details,
            asked_for(&world)
        ),
        (10, 1_990, 10, 10)
    );
    assert_eq!(
        (counts.notified, stats(&changed).outcome),
        (10, ScanOutcome::Complete)
    );
}

/// Returns the number of requests for parts of the listing and for single jobs, since the last
/// call.
fn workday_requests(world: &World) -> (usize, usize) {
    let requests = world.boards.requests();
    world.boards.clear_requests();
    let parts = requests
        .iter()
        .filter(|request| request.path.ends_with("/jobs"))
        .count();
    (parts, requests.len() - parts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workday_scan_requests_only_the_listing_and_changed_jobs() {
    let world = World::new().await;
    world
        .boards
        .set_board("Careers", Board::new((1..=2_000).map(cook)));
    let config = world.config(&[world.board(Api::Workday, "acme.wd5/Careers", "")]);
    let site = |result: &PipelineRunResult| source(result, "workday/acme.wd5%2FCareers").counts;
    for due in [1_500, 1_000, 500, 0] {
        let filled = world.run(&config).await;
        assert_eq!(
            (
                site(&filled).details,
                site(&filled).details_due,
                filled.had_errors
            ),
            (500, due, false)
        );
        assert_eq!(workday_requests(&world), (100, 500));
    }
    world.run(&config).await;
    assert_eq!(workday_requests(&world), (100, 0), "nothing changed");

    world.boards.edit_board("Careers", |board| {
        (1..=10).for_each(|id| board.put(builder(id).location("Elsewhere")));
    });
    let changed = world.run(&config).await;
    assert_eq!(
        (
            site(&changed).updated,
            site(&changed).details,
            workday_requests(&world)
        ),
        (10, 10, (100, 10))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_job_keeps_its_version_until_its_details_arrive() {
    let (world, config) = world_of(builders(2), "").await;
    world.run(&config).await;
    let version =
        "SELECT hex(j.content_hash) || v.title || v.description FROM jobs j JOIN job_versions v
        ON v.job_id = j.job_id AND v.content_hash = j.content_hash WHERE j.external_id = '1'";
    let before = texts(&world, version).await;

    world.boards.edit_board("acme", |board| {
        board.put(builder(1).title("Engineer of bridges"));
    });
    world.boards.fail("acme/1", Failure::status(500));
    let failed = world.run(&config).await;
    let counts = stats(&failed).counts;
    assert_eq!(
        (counts.updated, counts.unchanged, counts.notified),
        (0, 2, 0)
    );
    assert_eq!(
        (counts.details_failed, counts.details_due, counts.closed),
        (1, 1, 0)
    );
    assert_eq!(
        (stats(&failed).outcome, failed.had_errors),
        (ScanOutcome::Complete, false)
    );
    let [warning] = &stats(&failed).warnings[..] else {
        panic!("{:#?}", stats(&failed))
    };
    assert!(
        warning.starts_with("no text for job `1`: the board answered 500: "),
        "{warning}"
    );
    assert_eq!(texts(&world, version).await, before);

    world.boards.heal("acme/1");
    let healed = world.run(&config).await;
    let counts = stats(&healed).counts;
    assert_eq!(
        (stats(&healed).outcome, counts.updated, counts.notified),
        (ScanOutcome::NotModified, 1, 1)
    );
    assert!(texts(&world, version).await[0].contains("Engineer of bridges"));
    assert_eq!(
        texts(&world, "SELECT kind FROM alerts ORDER BY alert_id").await,
        ["baseline", "baseline", "updated"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_matched_without_new_details_after_five_failures() {
    let (world, config) = world_of(Board::new([cook(2)]), "").await;
    world.run(&config).await;
    world.boards.edit_board("acme", |board| {
        board.add(job(1).title("Engineer"));
        board.put(cook(2).title("Cook, once engineer"));
    });
    world.boards.fail("acme/1", Failure::status(500));
    world.boards.fail("acme/2", Failure::Html);
    for attempt in 1..=4 {
        let result = world.run(&config).await;
        assert_eq!(
            (
                stats(&result).counts.matched,
                stats(&result).counts.details_due
            ),
            (0, 2),
            "attempt {attempt}"
        );
    }
    let result = world.run(&config).await;
    let counts = stats(&result).counts;
    assert_eq!(
        (counts.matched, counts.notified, counts.details_due),
        (2, 2, 0)
    );
    assert_eq!(
        texts(&world, "SELECT kind FROM alerts ORDER BY job_id").await,
        ["updated", "new"]
    );
    let kept = "SELECT description FROM job_versions WHERE title LIKE '%once engineer'";
    assert_eq!(
        texts(&world, kept).await,
        ["Soup."],
        "the text that was there"
    );
    assert_eq!(asked_for(&world), 11);

    world.run(&config).await;
    assert_eq!(asked_for(&world), 0, "not before their next term");
}

/// New jobs whose pages fail, and the expected results of scans that are a quarter of an hour
/// apart.
struct Pages {
    name: &'static str,
    /// The new jobs, all of which match.
    new: &'static [u64],
    /// The jobs whose pages fail with `failure`.
    failing: &'static [u64],
    failure: Failure,
    /// The number of scans in which they fail.
    scans: usize,
    /// The beginning of the first scan's warning.
    warning: &'static str,
    /// The number of pages that each scan requests; the last scan is a day later.
    asked: [u64; 8],
    /// The number of jobs that each scan notifies about.
    told: [u64; 8],
}

#[tokio::test(flavor = "multi_thread")]
async fn failed_details_of_new_jobs_are_reported_retried_and_finally_matched() {
    const ALWAYS: usize = 99;
    let one =
        "no text for job `11`: not found, although the board lists the job; it is requested again";
    let most = "the texts of 2 of 3 requested jobs were not found; treated as a fault of the board";
    let server = "no text for job `11`: the board answered 500: ";
    let pages = |name, new, failing, failure, scans, warning| Pages {
        name,
        new,
        failing,
        failure,
        scans,
        warning,
        asked: [0; 8],
        told: [0; 8],
    };
    let gone = || Failure::status(404);
    let table = [
        Pages {
            asked: [1, 1, 0, 0, 0, 0, 0, 0],
            told: [0, 1, 0, 0, 0, 0, 0, 0],
            ..pages("404 once", &[11], &[11], gone(), 1, one)
        },
        Pages {
            asked: [1, 1, 1, 1, 0, 1, 0, 1],
            told: [0, 0, 1, 0, 0, 0, 0, 0],
            ..pages("404 always", &[11], &[11], gone(), ALWAYS, one)
        },
        Pages {
            asked: [3, 1, 1, 1, 0, 1, 0, 1],
            told: [2, 0, 1, 0, 0, 0, 0, 0],
            ..pages(
                "404 always for one of three",
                &[11, 12, 13],
                &[11],
                gone(),
                ALWAYS,
                one,
            )
        },
        Pages {
            asked: [3, 2, 0, 0, 0, 0, 0, 0],
            told: [1, 2, 0, 0, 0, 0, 0, 0],
            ..pages(
                "404 once for most",
                &[11, 12, 13],
                &[11, 12],
                gone(),
                1,
                most,
            )
        },
        Pages {
            asked: [3, 2, 2, 2, 2, 2, 0, 2],
            told: [1, 0, 0, 0, 2, 0, 0, 0],
            ..pages(
                "404 always for most",
                &[11, 12, 13],
                &[11, 12],
                gone(),
                ALWAYS,
                most,
            )
        },
        Pages {
            asked: [1, 1, 0, 0, 0, 0, 0, 0],
            told: [0, 1, 0, 0, 0, 0, 0, 0],
            ..pages("500 once", &[11], &[11], Failure::status(500), 1, server)
        },
        Pages {
            asked: [1, 1, 1, 1, 1, 1, 0, 1],
            told: [0, 0, 0, 0, 1, 0, 0, 0],
            ..pages(
                "500 always",
                &[11],
                &[11],
                Failure::status(500),
                ALWAYS,
                server,
            )
        },
        Pages {
            asked: [1, 1, 0, 0, 0, 0, 0, 0],
            told: [0, 1, 0, 0, 0, 0, 0, 0],
            ..pages(
                "slow once",
                &[11],
                &[11],
                Failure::SlowBody,
                1,
                "no text for job `11`: ",
            )
        },
    ];
    for pages in table {
        try_pages(pages).await;
    }
}

async fn try_pages(pages: Pages) {
    let Pages {
        name,
        new,
        failing,
        failure,
        scans,
        warning,
        asked,
        told,
    } = pages;
    let (world, config) = world_of(Board::new([cook(1), cook(2)]), "").await;
    let config = format!("{config}advanced: {{http_request_timeout: 5}}\n");
    run_at(&world, &config, days(0), 0).await;
    world.boards.edit_board("acme", |board| {
        for id in new {
            board.add(builder(*id).title(format!("Engineer {id}")));
        }
    });
    for id in failing {
        world.boards.fail(&format!("acme/{id}"), failure.clone());
    }

    let quarters = (1..=7).map(|quarter| SignedDuration::from_mins(15 * quarter));
    for (scan, pause) in quarters.chain([SignedDuration::from_hours(26)]).enumerate() {
        if scan == scans {
            for id in failing {
                world.boards.heal(&format!("acme/{id}"));
            }
        }
        let result = run_at(&world, &config, days(0) + pause, 0).await;
        let SourceRunStats {
            outcome,
            counts,
            warnings,
            ..
        } = stats(&result);
        let unchanged = if scan == 0 {
            ScanOutcome::Complete
        } else {
            ScanOutcome::NotModified
        };
        assert_eq!(
            (*outcome, counts.closed, result.had_errors),
            (unchanged, 0, false),
            "{name}, scan {scan}"
        );
        assert_eq!(
            counts.details + counts.details_failed,
            asked[scan],
            "{name}, scan {scan}: asked for"
        );
        assert_eq!(counts.notified, told[scan], "{name}, scan {scan}: told");
        if scan == 0 {
            assert!(warnings[0].starts_with(warning), "{name}: {warnings:?}");
        }
        if counts.details_failed == 0 {
            assert!(warnings.is_empty(), "{name}, scan {scan}: {warnings:?}");
        }
    }
    let open = "SELECT COUNT(*) || '' FROM jobs WHERE closed_at IS NULL";
    assert_eq!(
        texts(&world, open).await,
        [(2 + new.len()).to_string()],
        "{name}: what is listed is open"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_job_whose_page_disappears_stays_open_and_unchanged() {
    let (world, config) = world_of(builders(3), "").await;
    run_at(&world, &config, days(0), 0).await;
    world.boards.fail("acme/1", Failure::status(404));
    asked_for(&world);
    let week = |minutes| days(7) + SignedDuration::from_mins(minutes);
    for (minutes, asked) in [
        (0, 3),
        (15, 1),
        (30, 1),
        (45, 1),
        (60, 0),
        (75, 1),
        (26 * 60, 1),
    ] {
        let result = run_at(&world, &config, week(minutes), 0).await;
        let counts = stats(&result).counts;
        assert_eq!(
            (
                counts.closed,
                counts.updated,
                counts.notified,
                asked_for(&world)
            ),
            (0, 0, 0, asked),
            "{minutes}"
        );
    }
    let kept = "SELECT description FROM job_versions v JOIN jobs j USING (job_id) WHERE j.external_id = '1'";
    assert_eq!(texts(&world, kept).await, ["An engineer who builds."]);

    world.boards.heal("acme/1");
    world.boards.edit_board("acme", |board| board.remove(1));
    run_at(&world, &config, week(27 * 60), 0).await;
    let closing = run_at(&world, &config, week(28 * 60), 0).await;
    assert_eq!(
        stats(&closing).counts.closed,
        1,
        "what is not listed is gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_without_most_details_is_treated_as_faulty() {
    let (world, config) = world_of(builders(6), "").await;
    world.run(&config).await;
    world.boards.edit_board("acme", |board| {
        (1..=6).for_each(|id| board.put(builder(id).location("Elsewhere")));
    });
    (1..=6).for_each(|id| {
        world
            .boards
            .fail(&format!("acme/{id}"), Failure::status(404));
    });
    let result = world.run(&config).await;
    assert_eq!(
        (
            stats(&result).counts.closed,
            stats(&result).counts.details_failed
        ),
        (0, 6)
    );
    let doubt =
        "the texts of 6 of 6 requested jobs were not found; treated as a fault of the board";
    assert_eq!(stats(&result).warnings[0], doubt);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_source_whose_details_failed_is_due_within_minutes() {
    let (world, _) = world_of(builders(1), "").await;
    let daily = world
        .deferred("acme", "")
        .replace("allow_hosts:", "every: 24h, allow_hosts:");
    let config = world.config(&[daily]);
    world.boards.fail("acme/1", Failure::status(404));
    for (minutes, wait) in [(0, 15), (15, 30), (45, 24 * 60)] {
        let now = days(0) + SignedDuration::from_mins(minutes);
        run_at(&world, &config, now, 0).await;
        let mut context = world.context(&config).await;
        context.scanner.clock = Clock::from_fn(move || now);
        let due = ScanPipeline::new(context).next_due().await.unwrap();
        assert_eq!(
            due,
            Some(now + SignedDuration::from_mins(wait)),
            "after {minutes} minutes"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn baseline_jobs_stay_silent_when_their_details_arrive_later() {
    let (world, config) = world_of(builders(4), "").await;
    let slow = format!("{}on_first_scan: silent\n", limited(&config, "details: 2"));
    for _ in 0..2 {
        let counts = stats(&world.run(&slow).await).counts;
        assert_eq!(
            (
                counts.details,
                counts.matched,
                counts.skipped,
                counts.notified
            ),
            (2, 2, 2, 0)
        );
    }
    world
        .boards
        .edit_board("acme", |board| board.add(builder(5)));
    assert_eq!(
        stats(&world.run(&slow).await).counts.notified,
        1,
        "this one is"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_without_details_causes_no_alert_after_changed_criteria() {
    let (world, config) = world_of(Board::new([cook(1)]), "").await;
    world.boards.fail("acme/1", Failure::status(500));
    world.run(&config).await;
    let wider = config.replace("required_terms: [engineer]", "required_terms: [cook]");
    assert_eq!(stats(&world.run(&wider).await).counts.matched, 0);
    world.boards.heal("acme/1");
    assert_eq!(stats(&world.run(&wider).await).counts.matched, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_in_details_costs_a_batch_and_finally_one_job() {
    let (world, config) = world_of(builders(60), ", trap_on: 7").await;
    let first = world.run(&config).await;
    let counts = stats(&first).counts;
    assert_eq!(
        (stats(&first).outcome, first.had_errors),
        (ScanOutcome::Complete, false)
    );
    assert_eq!(
        (
            counts.new,
            counts.details,
            counts.details_failed,
            counts.details_due
        ),
        (60, 0, 50, 60)
    );
    assert!(
        stats(&first).warnings[1].starts_with("stopped fetching details: the adapter trapped: ")
    );

    for details in [10, 44, 3] {
        assert_eq!(stats(&world.run(&config).await).counts.details, details);
    }
    let last = world.run(&config).await;
    let counts = stats(&last).counts;
    assert_eq!(
        (counts.details, counts.details_failed, counts.details_due),
        (2, 1, 0)
    );
    assert_eq!(
        texts(
            &world,
            "SELECT external_id FROM job_details WHERE state = 'given-up'"
        )
        .await,
        ["7"]
    );
    assert_eq!(
        texts(&world, "SELECT COUNT(*) || '' FROM alerts").await,
        ["59"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn details_that_exceed_a_limit_leave_the_listing_complete() {
    for (crime, why) in [
        (
            "loop",
            "the adapter used up its CPU (one page) budget of 300ms",
        ),
        ("memory", "the adapter exceeded its memory limit"),
        ("flood", "bytes of one page"),
    ] {
        let (world, config) = world_of(builders(20), &format!(", crime: {crime}")).await;
        let result = world
            .run(&limited(
                &config,
                "cpu_page: 300ms, memory: 64MiB, page_bytes: 4MiB",
            ))
            .await;
        let counts = stats(&result).counts;
        assert_eq!(
            (stats(&result).outcome, result.had_errors),
            (ScanOutcome::Complete, false),
            "{crime}"
        );
        assert_eq!(
            (counts.new, counts.details, counts.details_failed),
            (20, 0, 20),
            "{crime}"
        );
        let warnings = stats(&result).warnings.concat();
        assert!(warnings.contains(why), "{crime}: {warnings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn details_of_jobs_that_were_not_requested_are_ignored() {
    let (world, config) = world_of(builders(4), ", crime: strangers").await;
    let result = world.run(&config).await;
    assert_eq!(
        (
            stats(&result).counts.new,
            stats(&result).counts.details_failed
        ),
        (4, 4),
        "{:#?}",
        stats(&result)
    );
    assert_eq!(
        texts(&world, "SELECT COUNT(*) || '' FROM jobs").await,
        ["4"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_stops_fetching_details_when_most_of_a_budget_is_used() {
    let (world, config) = world_of(builders(20), "").await;
    let result = world.run(&limited(&config, "requests: 12")).await;
    let counts = stats(&result).counts;
    assert_eq!(
        (counts.details, counts.details_failed, counts.details_due),
        (11, 0, 9)
    );
    assert_eq!(
        stats(&result).warnings,
        ["stopped fetching details: most of the scan's requests had been used"]
    );
    assert_eq!(
        (stats(&result).outcome, result.had_errors),
        (ScanOutcome::Complete, false)
    );
    assert_eq!(stats(&world.run(&config).await).counts.details_due, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_stops_details_and_delays_the_next_scan() {
    let (world, config) = world_of(builders(60), "").await;
    world.boards.fail(
        "acme/2",
        Failure::Status {
            code: 429,
            retry_after: Some(3_600),
        },
    );
    let result = run_at(&world, &config, days(0), 0).await;
    let counts = stats(&result).counts;
    assert_eq!(
        (counts.details, counts.details_failed, counts.details_due),
        (49, 1, 11)
    );
    assert_eq!(
        texts(&world, "SELECT rest_until FROM sources").await,
        ["2026-11-23T09:00:00.000Z"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn details_are_refreshed_within_a_week_spread_over_days() {
    let (world, config) = world_of(builders(40), "").await;
    run_at(&world, &config, days(0), 0).await;
    assert_eq!(asked_for(&world), 40);
    run_at(&world, &config, days(4), 0).await;
    assert_eq!(asked_for(&world), 0);

    // Only the text changes, which the listing does not contain.
    world.boards.edit_board("acme", |board| {
        reword(board, "An engineer who builds more.");
    });
    let result = run_at(&world, &config, days(6), 0).await;
    let some = asked_for(&world);
    assert!((5..35).contains(&some), "{some} of 40 on the sixth day");
    assert_eq!(
        (stats(&result).outcome, stats(&result).counts.updated),
        (ScanOutcome::NotModified, some as u64)
    );
    run_at(&world, &config, days(7), 0).await;
    assert_eq!(asked_for(&world), 40 - some);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_date_is_stored_without_a_request_unless_it_is_the_revision() {
    let moved = |board: &mut Board| board.put(builder(1).updated_at("2026-11-01T10:00:00Z"));
    for (options, requests) in [("", 0), (", revisions: true", 1)] {
        let (world, config) = world_of(builders(2), options).await;
        world.run(&config).await;
        asked_for(&world);
        world.boards.edit_board("acme", moved);
        let counts = stats(&world.run(&config).await).counts;
        assert_eq!(
            (
                asked_for(&world),
                counts.updated,
                counts.unchanged,
                counts.notified
            ),
            (requests, 0, 2, 0)
        );
        let stored = "SELECT updated_at FROM jobs WHERE external_id = '1'";
        assert_eq!(
            texts(&world, stored).await,
            ["2026-11-01T10:00:00.000Z"],
            "{options}"
        );
        let departments = "SELECT COUNT(*) || '' FROM jobs WHERE department = 'Engineering'";
        assert_eq!(
            texts(&world, departments).await,
            ["2"],
            "what only the details say stays"
        );
    }
}

/// Changes the board's texts to simulate a normalization that reads the same texts differently.
#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_requests_nothing_and_refreshed_details_stay_silent() {
    let (world, config) = world_of(builders(6), "").await;
    run_at(&world, &config, days(0), 0).await;
    asked_for(&world);
    world.boards.edit_board("acme", |board| {
        reword(board, "An engineer, in other words.");
    });
    let upgraded = run_at(&world, &config, days(1), 1).await;
    assert_eq!(
        (
            stats(&upgraded).counts.unchanged,
            stats(&upgraded).counts.notified,
            asked_for(&world)
        ),
        (6, 0, 0)
    );

    let refreshed = run_at(&world, &config, days(8), 1).await;
    let counts = stats(&refreshed).counts;
    assert_eq!(
        (
            counts.details,
            counts.updated,
            counts.skipped,
            counts.notified
        ),
        (6, 6, 6, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_fetches_details_too() {
    let (world, config) = world_of(builders(4), "").await;
    let config = world.load(&limited(&config, "details: 3"));
    let folders = Folders {
        adapters: Vec::new(),
        cache: Some(compiled()),
        outbox: world.folder().join("outbox"),
    };
    let dry_run = startup::dry_run(config, &folders).await.unwrap();
    let (result, matches) = dry_run
        .run(
            None,
            &CancellationToken::new(),
            &watch::channel(Progress::default()).0,
        )
        .await;
    let Counts {
        fetched,
        matched,
        details,
        details_due,
        ..
    } = stats(&result).counts;
    assert_eq!(
        (fetched, matched, details, details_due, matches.len()),
        (4, 3, 3, 1, 3)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superseded_scan_stores_no_details() {
    let (world, config) = world_of(builders(1), "").await;
    world.boards.fail("acme/1", Failure::Hang);
    let pipeline = world.pipeline(&config).await;
    let (request, stop) = (
        RunRequest {
            trigger: Trigger::Manual,
            only: None,
        },
        CancellationToken::new(),
    );
    let scan = pipeline.run_once(&request, &stop);
    let overtake = async {
        // The listing, and the job whose response is delayed.
        world.boards.wait_for_requests(2).await;
        let options: SqliteConnectOptions = world.database_url().parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        sqlx::query("UPDATE sources SET generation = generation + 1")
            .execute(&mut connection)
            .await
            .unwrap();
        world.boards.heal("acme/1");
    };
    let (result, ()) = tokio::join!(scan, overtake);
    assert_eq!(stats(&result.unwrap()).outcome, ScanOutcome::Superseded);
    pipeline.context().store.close().await;
    assert_eq!(
        texts(&world, "SELECT COUNT(*) || '' FROM job_details").await,
        ["0"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_above_the_in_flight_budget_take_turns_and_all_complete() {
    let world = World::new().await;
    let long = format!("<p>Engineer. {}</p>", "words ".repeat(2_000));
    let names: Vec<String> = (0..6).map(|index| format!("board-{index}")).collect();
    for name in &names {
        let jobs = (1..=100).map(|id| job(id).title(format!("Engineer {id}")).content_html(&long));
        world.boards.set_board(name, Board::new(jobs));
    }
    let sources: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            if index % 2 == 0 {
                world.greenhouse(name)
            } else {
                world.deferred(name, "")
            }
        })
        .collect();
    let config = format!(
        "{}advanced: {{max_held_bytes: 1MiB}}\n",
        world.config(&sources)
    );
    let result = world.run(&config).await;
    assert!(
        result
            .sources
            .iter()
            .all(|source| source.outcome == ScanOutcome::Complete),
        "{:#?}",
        result.sources
    );
    assert_eq!((result.totals.new, result.totals.matched), (600, 600));
}
