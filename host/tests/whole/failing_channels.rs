//! A channel that fails for a day, and rows that cannot be read: what is reported, and what is not
//! delayed.

use jiff::SignedDuration;
use job_scanner_board_server::{Board, job};
use job_scanner_chat_server::ChatServer;
use job_scanner_pipeline::clock::Clock;
use sqlx::AssertSqlSafe;

use crate::command_line::text;
use crate::process::Daemon;
use crate::support::World;

/// An address on which no server listens: nothing can bind this port without privileges.
const NO_SERVER: &str = "http://127.0.0.1:1";

fn config(world: &World, channels: &str) -> String {
    let sources = world.config(&[world.greenhouse("acme")]);
    format!("{sources}on_first_scan: each\nchannels:\n{channels}\n")
}

fn printed(world: &World, arguments: &[&str]) -> (String, String) {
    let output = world.program().args(arguments).output().unwrap();
    (text(&output.stdout), text(&output.stderr))
}

async fn change(world: &World, statement: &str) {
    sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut world.database().await)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_failures_is_reported_once_everywhere_and_so_is_their_end() {
    let world = World::with_a_job().await;
    let chat = ChatServer::start().await.unwrap();
    let through = |host: &str| {
        let phone = chat.url("/topic");
        let channels = format!(
            "- {{name: hook, type: webhook, url: '{host}/hook'}}\n- {{name: phone, type: ntfy, url: '{phone}'}}"
        );
        config(&world, &channels)
    };
    let begin = Clock::system().now() - SignedDuration::from_hours(72);
    let notices = || {
        let requests = chat.requests().into_iter();
        let about = requests.filter(|it| it.body.contains("A channel of job-scanner"));
        about.map(|it| it.body).collect::<Vec<_>>()
    };

    let broken = through(NO_SERVER);
    for (hours, expected) in [(0, 0), (23, 0), (25, 1), (26, 1), (48, 1)] {
        world
            .run_at(&broken, begin + SignedDuration::from_hours(hours))
            .await;
        assert_eq!(notices().len(), expected, "after {hours} hours");
    }
    assert!(
        notices()[0].contains("has failed for a day"),
        "{:?}",
        notices()
    );
    assert!(notices()[0].contains("hook"), "{:?}", notices());
    let failing = "messages to `hook` (webhook) have failed since";
    for command in ["check", "sources"] {
        let (stdout, _) = printed(&world, &[command]);
        let words = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.replace(" │ ", " ").contains(failing), "{stdout}");
    }

    let repaired = through(&chat.url(""));
    for hours in [60, 61] {
        world
            .run_at(&repaired, begin + SignedDuration::from_hours(hours))
            .await;
        assert_eq!(notices().len(), 2, "after {hours} hours");
    }
    assert!(notices()[1].contains("has recovered"), "{:?}", notices());
    let (stdout, _) = printed(&world, &["sources"]);
    assert!(!stdout.contains(failing), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_match_that_cannot_be_read_is_reported_once_and_delays_no_other() {
    let world = World::new().await;
    let chat = ChatServer::start().await.unwrap();
    let jobs = [job(1).title("Rust Engineer"), job(2).title("Go Engineer")];
    world.boards.set_board("acme", Board::new(jobs));
    let sends = |when: &str| {
        let url = chat.url("/topic");
        config(
            &world,
            &format!("- {{name: phone, type: ntfy, url: '{url}', when: {when}}}"),
        )
    };
    // The matches wait, since the weekly digest was two hours ago.
    let ago = Clock::system().now() - SignedDuration::from_hours(2);
    let weekly = ago
        .strftime("{weekly: '%a %H:%M'}, time_zone: UTC")
        .to_string();
    world.write_config(&sends(&weekly));
    printed(&world, &["scan"]);
    assert_eq!(chat.requests().len(), 0);
    change(
        &world,
        "UPDATE alerts SET kind = 'pigeon' WHERE alert_id = 1",
    )
    .await;

    world.write_config(&sends("each"));
    let (_, stderr) = printed(&world, &["scan", "--log-level", "info"]);
    assert_eq!(
        stderr.matches("event=database.unreadable").count(),
        1,
        "{stderr}"
    );
    assert_eq!(chat.requests().len(), 1);
    let (stdout, _) = printed(&world, &["check"]);
    assert!(stdout.contains("unreadable rows"), "{stdout}");

    // Nothing is due at once: the daemon would otherwise run again each second.
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=scheduler.next_run");
    daemon.signal("TERM");
    let log = daemon.ends().log.join("\n");
    assert!(!log.contains("event=database.unreadable"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_cannot_be_read_is_given_up_and_can_be_retried_after_a_repair() {
    let world = World::with_a_job().await;
    let chat = ChatServer::start().await.unwrap();
    let hook = format!("- {{name: hook, type: webhook, url: '{NO_SERVER}/hook'}}");
    world.write_config(&config(&world, &hook));
    printed(&world, &["scan"]);
    let hook = format!(
        "- {{name: hook, type: webhook, url: '{}'}}",
        chat.url("/hook")
    );
    world.write_config(&config(&world, &hook));
    change(
        &world,
        "UPDATE deliveries SET kind = 'pigeon', next_attempt_at = '2020-01-01T00:00:00.000Z'",
    )
    .await;
    let (_, stderr) = printed(&world, &["scan", "--log-level", "info"]);
    assert!(stderr.contains("cannot read a delivery"), "{stderr}");
    let (stdout, _) = printed(&world, &["deliveries"]);
    assert!(
        stdout.contains("abandoned") && stdout.contains("cannot be read"),
        "{stdout}"
    );
    let (_, stderr) = printed(&world, &["scan", "--log-level", "info"]);
    assert!(!stderr.contains("cannot read a delivery"), "{stderr}");

    change(&world, "UPDATE deliveries SET kind = 'each'").await;
    printed(&world, &["deliveries", "retry", "1"]);
    printed(&world, &["scan"]);
    assert_eq!(chat.requests().len(), 1);
}
