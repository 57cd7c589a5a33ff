//! SIGKILL at each instant of a run at which a message could be lost or sent twice, and how the
//! next process continues.
//!
//! The program is stopped at that instant from outside: by a board or a mail server that does not
//! respond, or by a trigger in the database that makes one write last for ever. Then it is killed,
//! and a new one is started as a service. If the scan was committed, no source is due in the new
//! process, and it only sends the pending messages.

use std::collections::BTreeSet;
use std::process::Stdio;

use job_scanner_board_server::{Board, Failure as BoardFailure, job};
use job_scanner_smtp_server::{Failure, Received, Tls};
use job_scanner_store::Store;
use sqlx::AssertSqlSafe;

use crate::post::{Post, message_id};
use crate::process::{Daemon, TIME_LIMIT};
use crate::support::World;

/// Two jobs and a message for each, so that a message always follows the one at which the process
/// dies.
const ONE_BY_ONE: &str = "on_first_scan: each\n";
const MATCHES: usize = 2;

/// The instant at which the process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instant {
    Fetch,
    ScanTransaction,
    BetweenCommitAndDispatch,
    BetweenDispatchAndSending,
    BeforeTheFinalDot,
    BetweenDotAndAnswer,
    BetweenAnswerAndMark,
}

/// The state that a dead process left: committed rows, and messages that the server accepted.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    alerts: i64,
    deliveries: i64,
    leases: i64,
    received: usize,
}

impl Instant {
    /// The write that never ends; `None` if one of the servers keeps the process waiting.
    fn endless_write(self) -> Option<&'static str> {
        match self {
            Self::ScanTransaction => Some("INSERT ON alerts"),
            Self::BetweenCommitAndDispatch => Some("INSERT ON deliveries"),
            Self::BetweenDispatchAndSending => Some("INSERT ON attempts"),
            Self::BetweenAnswerAndMark => Some("UPDATE ON attempts"),
            Self::Fetch | Self::BeforeTheFinalDot | Self::BetweenDotAndAnswer => None,
        }
    }

    fn left(self) -> Left {
        let (alerts, deliveries, leases, received) = match self {
            Self::Fetch | Self::ScanTransaction => (0, 0, 0, 0),
            Self::BetweenCommitAndDispatch => (2, 0, 0, 0),
            Self::BetweenDispatchAndSending => (2, 2, 0, 0),
            Self::BeforeTheFinalDot => (2, 2, 1, 0),
            Self::BetweenDotAndAnswer | Self::BetweenAnswerAndMark => (2, 2, 1, 1),
        };
        Left {
            alerts,
            deliveries,
            leases,
            received,
        }
    }

    async fn arrange(self, post: &Post) {
        match self {
            Self::Fetch => post.world.boards.fail("acme", BoardFailure::Hang),
            Self::BeforeTheFinalDot => post.server.fail_next(Failure::SilenceBeforeMessage),
            Self::BetweenDotAndAnswer => post.server.fail_next(Failure::SilenceAfterDot),
            _ => {}
        }
        if let Some(write) = self.endless_write() {
            let trigger = format!(
                "CREATE TRIGGER endless BEFORE {write} BEGIN SELECT count(*) FROM (
                     WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT 1 FROM endless) SELECT n FROM endless); END"
            );
            change(post, &trigger).await;
        }
    }

    /// Waits until the process has reached this instant.
    async fn reached(self, post: &Post) {
        // By then, the process has made the writes that precede its first request.
        post.world.boards.wait_for_requests(1).await;
        match self {
            Self::Fetch => {}
            Self::BeforeTheFinalDot | Self::BetweenDotAndAnswer => {
                post.server.wait_until_silent().await;
            }
            // All earlier writes are visible, so a process that is writing now is in the write that
            // never ends.
            _ => {
                while left(post).await != self.left() || !is_writing(&post.world).await {
                    tokio::task::yield_now().await;
                }
            }
        }
    }

    async fn tidy_up(self, post: &Post) {
        post.world.boards.heal("acme");
        change(post, "DROP TRIGGER IF EXISTS endless").await;
    }
}

async fn left(post: &Post) -> Left {
    let counts =
        "SELECT (SELECT COUNT(*) FROM alerts), COUNT(*), COUNT(lease_token) FROM deliveries";
    let counted = sqlx::query_as(counts)
        .fetch_one(&mut post.world.database().await)
        .await;
    let (alerts, deliveries, leases) = counted.unwrap();
    Left {
        alerts,
        deliveries,
        leases,
        received: post.server.received().len(),
    }
}

/// Returns true if a process holds the database's one write lock.
pub(crate) async fn is_writing(world: &World) -> bool {
    let mut connection = world.database().await;
    sqlx::query("PRAGMA busy_timeout = 0")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut connection)
        .await
        .is_err()
}

async fn change(post: &Post, statement: &str) {
    sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(&mut post.world.database().await)
        .await
        .unwrap();
}

/// Kills the process at that instant and starts a new one. Returns the messages that arrived.
async fn survives(instant: Instant) -> Vec<Received> {
    let post = Post::new(Tls::StartTls, "jo@example.com", ONE_BY_ONE).await;
    let jobs = [job(1).title("Rust Engineer"), job(2).title("Go Engineer")];
    post.world.boards.set_board("acme", Board::new(jobs));
    Store::open(&post.world.database_url())
        .await
        .unwrap()
        .close()
        .await;
    instant.arrange(&post).await;

    let mut process = post
        .program()
        .arg("scan")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let reached = tokio::time::timeout(TIME_LIMIT, instant.reached(&post)).await;
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(
        reached.is_ok(),
        "{instant:?} never came, but {:?}",
        left(&post).await
    );
    assert_eq!(left(&post).await, instant.left());
    instant.tidy_up(&post).await;

    let mut restarted = Daemon::start(post.program());
    for _ in 0..MATCHES {
        restarted.says("event=notification.sent");
    }
    restarted.says("event=scheduler.next_run");
    restarted.signal("TERM");
    assert_eq!(restarted.ends().code, Some(0));
    assert_eq!(
        post.run().await.status.code(),
        Some(0),
        "and nothing is left to do"
    );
    assert_eq!(
        post.world
            .number("SELECT COUNT(*) FROM deliveries WHERE state <> 'sent'")
            .await,
        0
    );
    assert!(post.world.is_sound().await);

    let received = post.server.received();
    for title in ["Rust Engineer", "Go Engineer"] {
        assert!(
            received.iter().any(|mail| mail.message.contains(title)),
            "no message has {title}"
        );
    }
    received
}

async fn arrives_once(instant: Instant) {
    assert_eq!(survives(instant).await.len(), MATCHES);
}

/// The server accepted a message that the process never marked as sent. It arrives once more, byte
/// for byte, so that its id identifies the duplicate.
async fn may_arrive_twice(instant: Instant) {
    let received = survives(instant).await;
    let ids: BTreeSet<&str> = received.iter().map(message_id).collect();
    assert_eq!((received.len(), ids.len()), (MATCHES + 1, MATCHES));
    let again = received[1..]
        .iter()
        .find(|mail| message_id(mail) == message_id(&received[0]))
        .unwrap();
    assert_eq!(again.message, received[0].message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_the_fetch_loses_no_message() {
    arrives_once(Instant::Fetch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_inside_the_scans_transaction_loses_no_message() {
    arrives_once(Instant::ScanTransaction).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_commit_and_dispatch_loses_no_message() {
    arrives_once(Instant::BetweenCommitAndDispatch).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_dispatch_and_sending_loses_no_message() {
    arrives_once(Instant::BetweenDispatchAndSending).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_before_the_final_dot_loses_no_message() {
    arrives_once(Instant::BeforeTheFinalDot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_before_the_reply_to_the_dot_may_send_twice() {
    may_arrive_twice(Instant::BetweenDotAndAnswer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_before_the_message_is_marked_may_send_twice() {
    may_arrive_twice(Instant::BetweenAnswerAndMark).await;
}
