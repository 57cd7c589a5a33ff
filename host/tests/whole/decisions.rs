//! What a person decides about jobs and companies: what is sent afterwards, and what is shown.

use std::fs;
use std::process::Output;

use jiff::{SignedDuration, Timestamp};
use job_scanner_board_server::{Board, BoardJob, job};
use job_scanner_pipeline::PipelineRunResult;
use job_scanner_pipeline::clock::Clock;
use serde_json::Value;

use crate::support::World;

const KEY: &str = "greenhouse/acme/1";

/// A decision, and what is sent and shown after it.
struct Case {
    name: &'static str,
    /// The commands that make the decision. `IN_TWO_DAYS` is the day after the next one, so that a
    /// test at midnight does not reach it too early.
    commands: &'static [&'static str],
    /// The days after the decision on which the events happen.
    days: i64,
    /// The messages about a new vacancy of the company, and about a change of the job.
    sent: (u64, u64),
    /// True if `jobs` lists the job while it is open.
    listed: bool,
}

const fn case(
    name: &'static str,
    commands: &'static [&'static str],
    sent: (u64, u64),
    listed: bool,
) -> Case {
    Case {
        name,
        commands,
        days: 0,
        sent,
        listed,
    }
}

const CASES: [Case; 12] = [
    case("none", &[], (1, 1), true),
    case("interested", &["mark 1 interested"], (1, 1), true),
    case("applied", &["mark 1 applied"], (1, 1), true),
    case("interview", &["mark 1 interview"], (1, 1), true),
    case("offer", &["mark 1 offer"], (1, 1), true),
    case("rejected", &["mark 1 rejected"], (1, 1), true),
    case("hidden", &["mark 1 hidden"], (1, 0), false),
    case("unmarked", &["mark 1 hidden", "unmark 1"], (1, 1), true),
    case("company hidden", &["hide company Acme"], (0, 0), false),
    case(
        "company shown",
        &["hide company Acme", "unhide company acme"],
        (1, 1),
        true,
    ),
    case(
        "snoozed",
        &["hide company Acme --until IN_TWO_DAYS"],
        (0, 0),
        false,
    ),
    Case {
        days: 2,
        ..case(
            "snooze over",
            &["hide company Acme --until IN_TWO_DAYS"],
            (1, 1),
            true,
        )
    },
];

/// Returns a posting of one vacancy, whose text names the shift.
fn posting(id: u64, town: &str, shift: &str) -> BoardJob {
    let text = format!(
        "<p>You plan the routes of our trams, {shift}. {}</p>",
        "You know them all. ".repeat(15)
    );
    job(id)
        .title("Tram Engineer")
        .location(town)
        .content_html(text)
}

/// Returns another vacancy of the company.
fn other(id: u64) -> BoardJob {
    posting(id, "Ulm", "on foot").title(format!("Bus Engineer {id}"))
}

/// Returns a world with the board of a company, scanned once, with one message for each job.
async fn world() -> (World, String) {
    let world = World::new().await;
    let cooks = (90..96).map(|id| job(id).title("Cook"));
    let jobs = cooks.chain([posting(1, "Ulm", "by day")]);
    let board = Board {
        company: Some("Acme".to_owned()),
        ..Board::new(jobs)
    };
    world.boards.set_board("acme", board);
    let config = world.config(&[world.greenhouse("acme")]) + "on_first_scan: each\n";
    assert_eq!(world.run(&config).await.totals.alerts_sent, 1);
    (world, config)
}

fn edit(world: &World, change: impl FnOnce(&mut Board)) {
    world.boards.edit_board("acme", change);
}

fn replace(board: &mut Board, posting: BoardJob) {
    board.remove(1);
    board.add(posting);
}

fn after_days(days: i64) -> Timestamp {
    Clock::system().now() + SignedDuration::from_hours(24 * days)
}

fn sent(result: &PipelineRunResult) -> u64 {
    assert!(!result.had_errors, "{result:?}");
    result.totals.alerts_sent
}

fn command(world: &World, line: &str) -> Output {
    let in_two_days = after_days(2).to_string();
    let arguments = line.split(' ').map(|word| match word {
        "1" => KEY,
        "IN_TWO_DAYS" => &in_two_days[..10],
        other => other,
    });
    world.program().args(arguments).output().unwrap()
}

fn done(world: &World, line: &str) -> String {
    let output = command(world, line);
    assert_eq!(output.status.code(), Some(0), "{line}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn json_of(world: &World, line: &str) -> Value {
    serde_json::from_str(&done(world, line)).unwrap()
}

/// Returns the keys of the jobs that a command lists.
fn keys(world: &World, line: &str) -> Vec<String> {
    let jobs = json_of(world, line);
    let jobs = jobs.as_array().unwrap().iter();
    jobs.map(|job| job["key"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_decision_has_its_effect_on_each_event() {
    for case in CASES {
        let (world, config) = world().await;
        for line in case.commands {
            done(&world, line);
        }
        let run = async |minutes: i64| {
            let at = after_days(case.days) + SignedDuration::from_mins(minutes);
            sent(&world.run_at(&config, at).await)
        };

        edit(&world, |board| board.add(other(2)));
        assert_eq!(run(10).await, case.sent.0, "{}: new", case.name);
        edit(&world, |board| {
            replace(board, posting(1, "Ulm", "by night"));
        });
        assert_eq!(run(20).await, case.sent.1, "{}: changed", case.name);
        edit(&world, |board| board.add(posting(3, "Köln", "by night")));
        assert_eq!(run(30).await, 0, "{}: grouped", case.name);
        edit(&world, |board| {
            board.remove(1);
        });
        assert_eq!(run(40).await + run(50).await, 0, "{}: closed", case.name);
        let closed = keys(&world, "jobs --closed --all --format json");
        assert_eq!(closed, [KEY], "{}", case.name);
        edit(&world, |board| board.add(posting(1, "Ulm", "by night")));
        assert_eq!(run(60).await, 0, "{}: reopened", case.name);

        let listed = keys(&world, "jobs --format json");
        assert_eq!(
            listed.iter().any(|key| key == KEY),
            case.listed,
            "{}",
            case.name
        );
        let all = keys(&world, "jobs --all --format json");
        assert!(all.iter().any(|key| key == KEY), "{}", case.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snooze_ends_with_one_message_about_open_and_undecided_jobs() {
    let (world, config) = world().await;
    done(&world, "hide company ACME --until IN_TWO_DAYS");
    edit(&world, |board| (2..=5).for_each(|id| board.add(other(id))));
    assert_eq!(sent(&world.run(&config).await), 0);
    done(&world, "mark greenhouse/acme/2 applied");
    edit(&world, |board| {
        board.remove(3);
    });
    for hours in [1, 2] {
        let at = after_days(0) + SignedDuration::from_mins(10 * hours);
        assert_eq!(sent(&world.run_at(&config, at).await), 0);
    }

    let before = world.outbox().len();
    assert_eq!(sent(&world.run_at(&config, after_days(2)).await), 2);
    let messages = world.outbox();
    assert_eq!(messages.len(), before + 1);
    let digest = messages
        .iter()
        .find(|text| text.contains("The snooze is over"))
        .unwrap();
    assert!(
        digest.contains("Bus Engineer 4") && digest.contains("Bus Engineer 5"),
        "{digest}"
    );
    assert!(
        !digest.contains("Bus Engineer 2") && !digest.contains("Bus Engineer 3"),
        "{digest}"
    );
    assert_eq!(sent(&world.run_at(&config, after_days(3)).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_hidden_before_the_handover_is_skipped_with_the_reason() {
    let (world, config) = world().await;
    let outbox = world.folder().join("data/outbox");
    fs::rename(&outbox, world.folder().join("data/other")).unwrap();
    fs::write(&outbox, "").unwrap();
    edit(&world, |board| {
        replace(board, posting(1, "Ulm", "by night"));
    });
    assert_eq!(world.run(&config).await.totals.failed, 1);

    fs::remove_file(&outbox).unwrap();
    done(&world, "mark 1 hidden");
    assert_eq!(sent(&world.run_at(&config, after_days(1)).await), 0);
    assert!(world.outbox().is_empty());
    let alerts = json_of(&world, "alerts --format json");
    assert_eq!(alerts[0]["skipped"], "hidden");
    let deliveries = json_of(&world, "deliveries --format json");
    assert_eq!(deliveries[0]["state"], "skipped");
    assert_eq!(deliveries[0]["last_error"], "skipped: the job is hidden");

    done(&world, "unmark 1");
    assert_eq!(sent(&world.run_at(&config, after_days(2)).await), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_applied_job_says_that_you_applied() {
    let (world, config) = world().await;
    done(&world, "mark 1 applied --note form");
    let today = after_days(0).to_string();
    edit(&world, |board| {
        replace(board, posting(1, "Ulm", "by night"));
    });
    assert_eq!(sent(&world.run(&config).await), 1);
    let line = format!("You applied on {}.", &today[..10]);
    let messages = world.outbox();
    let told = messages.iter().filter(|message| message.contains(&line));
    assert_eq!(told.count(), 1, "{messages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_mark_one_job_at_once_lose_nothing() {
    let (world, _) = world().await;
    let decisions = ["interested", "applied", "interview", "offer"];
    let processes = decisions.map(|decision| {
        let mut program = world.program();
        program.args(["mark", KEY, decision]);
        program.stdout(std::process::Stdio::null()).spawn().unwrap()
    });
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }

    let shown = json_of(&world, "jobs show 1 --format json");
    let history = shown["decisions"].as_array().unwrap();
    let mut recorded: Vec<&str> = history
        .iter()
        .map(|it| it["decision"].as_str().unwrap())
        .collect();
    assert_eq!(
        recorded.last().copied(),
        shown["job"]["decision"]["decision"].as_str()
    );
    recorded.sort_unstable();
    assert_eq!(recorded, ["applied", "interested", "interview", "offer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_listed_by_decision_in_each_format() {
    let (world, _) = world().await;
    done(&world, "mark 1 interested --note Ulm!");
    assert_eq!(keys(&world, "jobs --state interested --format json"), [KEY]);
    assert!(keys(&world, "jobs --state applied --format json").is_empty());
    let table = done(&world, "jobs --state interested");
    assert!(table.contains("interested"), "{table}");
    let csv = done(&world, "jobs --state interested --format csv");
    assert!(csv.contains(",interested,Ulm!,"), "{csv}");
    let hidden = done(&world, "mark 1 hidden");
    assert_eq!(hidden, format!("`{KEY}` is hidden, no longer interested\n"));
    assert_eq!(keys(&world, "jobs --state hidden --format json"), [KEY]);
    let table = done(&world, "jobs");
    assert!(
        table.ends_with("6 jobs; 1 hidden (`--all` shows them)\n"),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shown_job_has_its_versions_times_alerts_and_decisions() {
    let (world, config) = world().await;
    edit(&world, |board| {
        replace(board, posting(1, "Ulm", "by night"));
    });
    world.run(&config).await;
    edit(&world, |board| {
        board.remove(1);
    });
    world.run(&config).await;
    world.run(&config).await;
    edit(&world, |board| board.add(posting(1, "Ulm", "by night")));
    world.run(&config).await;
    done(&world, "mark 1 applied --note form");

    let text = done(&world, "jobs show 1");
    for line in [
        "Tram Engineer\n",
        "  company: Acme\n",
        "opened again",
        "description: 1 word added, 1 removed",
        "updated for default: mail sent",
        "applied by ",
        " (form)",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let shown = json_of(&world, "jobs show 1 --format json");
    assert_eq!(shown["versions"].as_array().unwrap().len(), 2);
    assert_eq!(shown["closures"].as_array().unwrap().len(), 1);
    assert_eq!(shown["alerts"].as_array().unwrap().len(), 2);
    assert_ne!(shown["decisions"][0]["user"], "");
    assert_ne!(shown["decisions"][0]["host"], "");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_arguments_of_decisions_are_refused_with_advice() {
    let (world, _) = world().await;
    for (line, code, advice) in [
        (
            "mark greenhouse/acme/77 applied",
            1,
            "`job-scanner jobs` lists the stored jobs",
        ),
        (
            "unmark greenhouse/acme/77",
            1,
            "`job-scanner jobs` lists the stored jobs",
        ),
        (
            "jobs show greenhouse/acme/77",
            1,
            "`job-scanner jobs` lists the stored jobs",
        ),
        ("mark 1 aplied", 2, "applied"),
        ("jobs --state aplied", 2, "applied"),
        ("hide company Acme --until soon", 2, "2027-01-31"),
        (
            "hide company Acme --until 2020-01-01",
            2,
            "is not in the future",
        ),
        ("hide company Acme --note ", 2, "write some text"),
    ] {
        let output = command(&world, line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        assert!(said.contains(advice), "{line}: {said}");
    }
    let said = done(&world, "hide company Nobody");
    assert!(said.contains("no open job has this company"), "{said}");
    assert_eq!(done(&world, "hide list"), "`Nobody` is hidden\n");
    assert_eq!(
        done(&world, "unmark 1"),
        format!("nothing was decided about `{KEY}`\n")
    );
}
