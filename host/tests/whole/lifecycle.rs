//! Jobs over many scans: changed, moved, closed, reopened, and read by another version of an
//! adapter or of the host.

use std::fs;

use jiff::{SignedDuration, Timestamp};
use job_scanner_board_server::{Board, BoardJob, Failure, job};
use job_scanner_config::Environment;
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::{PipelineRunResult, SourceRunStats};

use crate::support::{World, run_once, source};

const ACME: &str = "greenhouse/acme";

/// Returns a board with this many engineers, the first with id 1.
fn engineers(count: u64) -> Board {
    Board::new((1..=count).map(engineer))
}

fn engineer(id: u64) -> BoardJob {
    job(id).title(format!("Engineer {id}"))
}

/// Returns a world whose one board was scanned once, and its configuration.
async fn watching(board: Board) -> (World, String) {
    let world = World::new().await;
    world.boards.set_board("acme", board);
    let config = world.config(&[world.greenhouse("acme")]);
    let first = world.run(&config).await;
    assert_eq!(source(&first, ACME).outcome, ScanOutcome::Complete);
    (world, config)
}

fn stats(result: &PipelineRunResult) -> &SourceRunStats {
    source(result, ACME)
}

/// Returns true if this run notified no recipient.
fn is_quiet(result: &PipelineRunResult) -> bool {
    (result.totals.notified, result.totals.alerts_sent) == (0, 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_job_closes_with_the_second_scan_without_it() {
    let (world, config) = watching(engineers(4)).await;
    world.boards.edit_board("acme", |board| board.remove(2));
    let missing = world.run(&config).await;
    assert_eq!(
        (stats(&missing).outcome, stats(&missing).counts.closed),
        (ScanOutcome::Complete, 0)
    );

    let closing = world.run(&config).await;
    assert_eq!(
        (stats(&closing).outcome, stats(&closing).counts.closed),
        (ScanOutcome::NotModified, 1)
    );
    assert_eq!(open_jobs(&world).await, ["1", "3", "4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_job_that_returns_reopens_without_an_alert() {
    let (world, config) = watching(engineers(4)).await;
    world.boards.edit_board("acme", |board| board.remove(2));
    world.run(&config).await;
    world.run(&config).await;
    world
        .boards
        .edit_board("acme", |board| board.add(engineer(2)));
    let back = world.run(&config).await;
    let counts = stats(&back).counts;
    assert_eq!(
        (
            counts.reopened,
            counts.new,
            counts.updated,
            counts.unchanged
        ),
        (1, 0, 0, 4)
    );
    assert!(is_quiet(&back));
    assert_eq!(open_jobs(&world).await, ["1", "2", "3", "4"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn incomplete_responses_close_no_jobs() {
    let (world, config) = watching(engineers(3)).await;
    let failures = [
        (Failure::status(404), ScanOutcome::Failed),
        (Failure::status(500), ScanOutcome::Failed),
        (Failure::CutBody, ScanOutcome::Failed),
        (Failure::Empty, ScanOutcome::Failed),
        (Failure::WrongTotal(9), ScanOutcome::Partial),
    ];
    // Two of three jobs are removed, so any response that is read lacks two jobs.
    world.boards.set_board("acme", engineers(1));
    for (failure, outcome) in failures {
        world.boards.fail("acme", failure.clone());
        for _ in 0..4 {
            let result = world.run(&config).await;
            assert_eq!(
                (stats(&result).outcome, stats(&result).counts.closed),
                (outcome, 0),
                "{failure:?}"
            );
        }
    }
    assert_eq!(open_jobs(&world).await, ["1", "2", "3"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_truncated_at_max_jobs_closes_no_jobs() {
    let (world, _) = watching(engineers(3)).await;
    let config = world.config(&[world.greenhouse_with("acme", ", max_jobs: 1")]);
    for _ in 0..4 {
        let result = world.run(&config).await;
        assert_eq!(
            (stats(&result).outcome, stats(&result).counts.closed),
            (ScanOutcome::Truncated, 0)
        );
    }
    assert_eq!(open_jobs(&world).await, ["1", "2", "3"]);
}

/// The response of a board of twenty jobs to one scan.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// This many of its jobs.
    Jobs(u64),
    /// A status instead.
    Status(u16),
    /// Half of a body.
    Cut,
}

/// Returns the results of scans with these responses, a quarter of an hour apart: the outcome, `!`
/// for a warning about missing jobs, `-N` for closed jobs and `+N` for reopened jobs. Also returns
/// the number of messages about missing jobs.
async fn polls(answers: &[Answer]) -> (String, usize) {
    let world = World::new().await;
    let config = world.config(&[world.greenhouse("acme")]);
    let start: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    let mut told = Vec::new();
    for (poll, answer) in [Answer::Jobs(20)].iter().chain(answers).enumerate() {
        match answer {
            Answer::Jobs(jobs) => {
                world.boards.heal("acme");
                world.boards.set_board("acme", engineers(*jobs));
            }
            Answer::Status(code) => world.boards.fail("acme", Failure::status(*code)),
            Answer::Cut => world.boards.fail("acme", Failure::CutBody),
        }
        let now = start + SignedDuration::from_mins(15 * i64::try_from(poll).unwrap());
        let result = world.run_at(&config, now).await;
        let SourceRunStats {
            outcome,
            counts,
            warnings,
            ..
        } = stats(&result);
        let mark = if warnings.iter().any(|it| it.starts_with("the board lists ")) {
            "!"
        } else {
            ""
        };
        let changes = match (counts.closed, counts.reopened) {
            (0, 0) => String::new(),
            (closed, 0) => format!(" -{closed}"),
            (0, reopened) => format!(" +{reopened}"),
            (closed, reopened) => format!(" -{closed} +{reopened}"),
        };
        told.push(format!("{outcome}{mark}{changes}"));
    }
    let messages = world
        .outbox()
        .iter()
        .filter(|mail| mail.contains("far fewer jobs"))
        .count();
    (told[1..].join(", "), messages)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspicious_drop_is_reported_at_once_and_closes_jobs_late() {
    use Answer::{Cut, Jobs, Status};
    let doubted = |scans| vec!["complete!"; scans].join(", ");
    for (answers, expected, messages) in [
        (vec![Jobs(20); 2], "not-modified, not-modified".to_owned(), 0),
        // A small loss closes with the second scan, which may be a 304.
        (vec![Jobs(18), Jobs(18), Jobs(18)], "complete, not-modified -2, not-modified".to_owned(), 0),
        // A loss of more than a job or two needs another complete response that agrees.
        (vec![Jobs(11), Jobs(11)], "complete, complete -9".to_owned(), 0),
        // A large loss gets a complete response to each scan, so that no 304 agrees with it.
        (vec![Jobs(10); 7], format!("{}, complete -10, not-modified", doubted(5)), 1),
        (vec![Jobs(2); 13], format!("{}, complete -18, not-modified", doubted(11)), 1),
        (vec![Jobs(0); 13], format!("{}, complete -20, not-modified", doubted(11)), 1),
        // An incomplete response neither agrees nor disagrees.
        (vec![Status(404), Status(500), Cut, Jobs(20)], "failed, failed, failed, not-modified".to_owned(), 0),
        (
            vec![Jobs(10), Status(404), Jobs(10), Status(500), Jobs(10), Cut, Jobs(10), Jobs(10), Jobs(10)],
            "complete!, failed, complete!, failed, complete!, failed, complete!, complete!, complete -10".to_owned(),
            1,
        ),
        // The jobs return: nothing had closed, and validators are used again.
        (vec![Jobs(2), Jobs(2), Jobs(20), Jobs(20)], "complete!, complete!, complete, not-modified".to_owned(), 1),
        // The jobs return after they were closed.
        (
            [vec![Jobs(10); 6], vec![Jobs(20), Jobs(20)]].concat(),
            format!("{}, complete -10, complete +10, not-modified", doubted(5)),
            1,
        ),
        // Each drop causes a warning, and one message a day.
        (vec![Jobs(0), Jobs(20), Jobs(0), Jobs(20)], "complete!, complete, complete!, complete".to_owned(), 1),
        // In steps: none of them removes half of the jobs that the last one left.
        (
            vec![Jobs(14), Jobs(14), Jobs(9), Jobs(9), Jobs(9), Jobs(9), Jobs(9), Jobs(9)],
            format!("complete, complete -6, {}, complete -5", doubted(5)),
            1,
        ),
        // Most jobs return, and the others have to be missing again before they close.
        (vec![Jobs(2), Jobs(2), Jobs(2), Jobs(18), Jobs(18)], format!("{}, complete, not-modified -2", doubted(3)), 1),
    ] {
        assert_eq!(polls(&answers).await, (expected, messages), "{answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_in_doubt_alerts_about_new_jobs_not_returning_ones() {
    let (world, config) = watching(engineers(20)).await;
    world
        .boards
        .set_board("acme", Board::new([engineer(1), engineer(99)]));
    let told = world.run(&config).await;
    assert_eq!(
        (
            stats(&told).counts.new,
            stats(&told).counts.notified,
            stats(&told).counts.closed
        ),
        (1, 1, 0)
    );
    let warning = "the board lists 2 jobs (previously 20): 19 are missing, and will close only if further complete responses agree";
    assert_eq!(
        (&stats(&told).warnings[..], told.had_errors),
        (&[warning.to_owned()][..], false)
    );
    for _ in 0..10 {
        assert!(is_quiet(&world.run(&config).await));
    }
    assert_eq!(stats(&world.run(&config).await).counts.closed, 19);

    world
        .boards
        .set_board("acme", Board::new((1..=20).chain([99]).map(engineer)));
    let back = world.run(&config).await;
    assert_eq!((stats(&back).counts.reopened, is_quiet(&back)), (19, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_years_ahead_deletes_closes_and_sends_nothing() {
    let world = World::new().await;
    world.boards.set_board("acme", engineers(4));
    let config = world.config(&[world.greenhouse("acme")]);
    let at = |minutes: i64| {
        "2026-11-23T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
    };
    world.run_at(&config, at(0)).await;
    world.boards.edit_board("acme", |board| board.remove(2));
    for minutes in [15, 30] {
        world.run_at(&config, at(minutes)).await;
    }
    let jobs = "SELECT COUNT(*) FROM jobs";
    let ended =
        "UPDATE jobs SET expires_at = '2027-01-01' WHERE external_id = '1' RETURNING external_id";
    assert_eq!(
        (world.number(jobs).await, texts(&world, ended).await.len()),
        (4, 1)
    );

    world.boards.fail_next("acme", 1, Failure::status(500));
    world.run_at(&config, at(45)).await;
    let messages = world.outbox().len();
    let ahead = 60 * 24 * 365 * 10;
    world.boards.fail_next("acme", 1, Failure::status(500));
    for minutes in [ahead, ahead + 15] {
        world.run_at(&config, at(minutes)).await;
    }
    assert_eq!(
        (
            world.number(jobs).await,
            world.number("SELECT COUNT(*) FROM runs").await
        ),
        (4, 6)
    );
    assert_eq!(open_jobs(&world).await, ["1", "3", "4"]);
    assert_eq!(
        world.outbox().len(),
        messages,
        "it failed for minutes, not for years"
    );

    world.run_at(&config, at(60)).await;
    assert_eq!(open_jobs(&world).await, ["1", "3", "4"]);
    world.run_at(&config, at(ahead)).await;
    world.run_at(&config, at(ahead + 60 * 36)).await;
    assert_eq!(world.number(jobs).await, 3, "a day later it is believed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_job_is_stored_with_its_new_url() {
    let (world, config) = watching(Board::new([engineer(1), engineer(2)])).await;
    world.boards.edit_board("acme", |board| {
        board.put(
            engineer(1)
                .url("https://careers.example/moved")
                .department("Tools"),
        );
    });
    let result = world.run(&config).await;
    let counts = stats(&result).counts;
    assert_eq!(
        (counts.updated, counts.unchanged, counts.upserted),
        (0, 2, 0)
    );
    assert!(is_quiet(&result));
    let stored = texts(
        &world,
        "SELECT url || ' ' || department FROM jobs ORDER BY external_id",
    )
    .await;
    assert_eq!(stored[0], "https://careers.example/moved Tools");
    assert!(stored[1].ends_with("Engineering"), "{stored:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_adapter_on_an_unchanged_board_sends_no_alert() {
    let (world, config) = watching(engineers(3)).await;
    rebuild_adapter(&world).await;
    let result = world.run(&config).await;
    assert_eq!(
        (stats(&result).outcome, stats(&result).counts.unchanged),
        (ScanOutcome::Complete, 3)
    );
    assert!(is_quiet(&result));
}

/// Changes the board's texts to simulate a normalization that reads the same texts differently.
#[tokio::test(flavor = "multi_thread")]
async fn changes_by_a_new_normalization_are_stored_silently() {
    let (world, config) =
        watching(Board::new([engineer(1), engineer(2), job(3).title("Chef")])).await;
    let reworded = |job: BoardJob| job.content_html("<p>The same in other words.</p>");
    world.boards.set_board(
        "acme",
        Board::new([
            reworded(engineer(1)),
            reworded(engineer(2)),
            reworded(job(3).title("Chef engineer")),
            engineer(4),
        ]),
    );
    let result = run_raised(&world, &config).await;
    let counts = stats(&result).counts;
    assert_eq!((counts.new, counts.updated, counts.matched), (1, 3, 4));
    assert_eq!(
        (counts.skipped, counts.notified),
        (2, 2),
        "the new job, and the one that did not fit before"
    );

    world.boards.edit_board("acme", |board| {
        board.put(engineer(1).content_html("<p>News.</p>"));
    });
    let counts = run_raised(&world, &config).await.totals;
    assert_eq!(
        (counts.updated, counts.notified),
        (1, 1),
        "later changes are the board's"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_in_the_text_is_not_a_change_but_the_pay_is() {
    let advertisement = |pay: &str, counter: &str| {
        let text = format!("<p>We pay {pay}.</p><p>{counter}</p>");
        Board::new([engineer(1).content_html(&text)])
    };
    let (world, config) = watching(advertisement("70,000", "3 views, posted today")).await;
    for counter in ["17 views, posted 1 day ago", "48 views, posted 2 days ago"] {
        world
            .boards
            .set_board("acme", advertisement("70,000", counter));
        let result = world.run(&config).await;
        let counts = stats(&result).counts;
        assert_eq!((counts.updated, counts.unchanged), (0, 1), "{counter}");
        assert!(is_quiet(&result));
    }

    world.boards.set_board(
        "acme",
        advertisement("80,000", "48 views, posted 2 days ago"),
    );
    let counts = world.run(&config).await.totals;
    assert_eq!((counts.updated, counts.notified), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_source_keeps_its_jobs_and_continues_when_it_returns() {
    let (world, config) = watching(engineers(2)).await;
    world.boards.set_board("other", engineers(1));
    let without = world.config(&[world.greenhouse("other")]);
    for _ in 0..3 {
        world.run(&without).await;
    }
    let states = "SELECT state FROM job_sightings ORDER BY job_id";
    assert_eq!(
        texts(&world, states).await,
        ["unwatched", "unwatched", "open"]
    );

    world
        .boards
        .edit_board("acme", |board| board.add(engineer(3)));
    let back = world.run(&config).await;
    assert_eq!(
        (
            stats(&back).counts.new,
            stats(&back).counts.unchanged,
            stats(&back).counts.notified
        ),
        (1, 2, 1)
    );
    assert_eq!(
        texts(&world, states).await,
        ["open", "open", "unwatched", "open"]
    );
    assert_eq!(
        texts(
            &world,
            "SELECT kind FROM alerts ORDER BY alert_id DESC LIMIT 1"
        )
        .await,
        ["new"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_deletes_runs_beyond_their_retention() {
    let (world, config) = watching(engineers(2)).await;
    let old = "UPDATE runs SET started_at = '2000-01-01T00:00:00.000Z' RETURNING trigger";
    assert_eq!(texts(&world, old).await.len(), 1);
    world
        .run(&format!("{config}retention: {{runs: 1d}}\n"))
        .await;
    assert_eq!(
        texts(&world, "SELECT trigger FROM runs").await.len(),
        1,
        "the run itself"
    );
}

#[tokio::test]
async fn retention_periods_are_configured_in_days() {
    let world = World::new().await;
    let with = |retention: &str| {
        format!(
            "{}retention: {retention}\n",
            world.config(&[world.greenhouse("acme")])
        )
    };
    let kept = world
        .load(&with("{runs: 1d, closed_jobs: 10 d, versions: 2}"))
        .retention;
    assert_eq!(
        (
            kept.runs.as_secs(),
            kept.closed_jobs.as_secs(),
            kept.versions
        ),
        (86_400, 864_000, 2)
    );

    let path = world.write_config(&with("{runs: 12h, closed_jobs: 0d, versions: 0}"));
    let environment = Environment::from_iter([("LOG_LEVEL", "info")]);
    let errors = job_scanner_config::load(Some(&path), &environment)
        .unwrap_err()
        .to_string();
    assert!(
        errors.contains(
            "retention.runs: `12h` is not a number of days; write a value from `1d` to `3650d`"
        ),
        "{errors}"
    );
    assert!(
        errors.contains("retention.closed_jobs: `0d`") && errors.contains("retention.versions: "),
        "{errors}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_criteria_match_open_jobs_once_in_one_digest() {
    let cooks = (11..=17).map(|id| job(id).title(format!("Chef {id}")));
    let (world, config) = watching(Board::new((1..=2).map(engineer).chain(cooks))).await;
    assert_eq!(world.outbox().len(), 1);
    let wider = config.replace(
        "required_terms: [engineer]",
        "keyword_groups: [[engineer, chef]]",
    );
    // The board fails, but the open jobs are matched without it.
    world.boards.fail("acme", Failure::status(500));
    let told = world.run(&wider).await;
    assert_eq!(
        (stats(&told).outcome, stats(&told).counts.notified),
        (ScanOutcome::Failed, 7)
    );
    let mail = world.outbox();
    assert_eq!(
        mail.len(),
        2,
        "one digest, and no word of the engineers that fitted before"
    );
    assert!(
        mail.iter()
            .any(|mail| mail.contains("Subject: 7 open jobs now match your search\r\n")),
        "{mail:?}"
    );

    world.boards.heal("acme");
    assert!(is_quiet(&world.run(&wider).await));
    // A change back and forth sends nothing twice.
    assert!(is_quiet(&world.run(&config).await));
    assert!(is_quiet(&world.run(&wider).await));
    assert_eq!(world.outbox().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_criteria_do_not_send_jobs_of_a_silent_first_scan() {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([engineer(1), job(2).title("Chef")]));
    let config = format!(
        "{}on_first_scan: silent\n",
        world.config(&[world.greenhouse("acme")])
    );
    assert!(is_quiet(&world.run(&config).await));
    let wider = config.replace(
        "required_terms: [engineer]",
        "keyword_groups: [[engineer, chef]]",
    );
    assert_eq!(world.run(&wider).await.totals.notified, 1, "the chef alone");
}

/// Makes one run of a program with a later normalization version.
async fn run_raised(world: &World, config: &str) -> PipelineRunResult {
    let mut context = world.context(config).await;
    context.normalization_version += 1;
    run_once(context).await
}

/// Gives the same adapter another digest, with a custom section without a meaning at its end.
async fn rebuild_adapter(world: &World) {
    let path = world.folder().join("adapters/greenhouse.wasm");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([0, 2, 1, b'x']);
    fs::write(&path, bytes).unwrap();
    world.accept(&path).await;
}

async fn open_jobs(world: &World) -> Vec<String> {
    texts(
        world,
        "SELECT external_id FROM jobs WHERE closed_at IS NULL ORDER BY external_id",
    )
    .await
}

async fn texts(world: &World, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql)
        .fetch_all(&mut world.database().await)
        .await
        .unwrap()
}
