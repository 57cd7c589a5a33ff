//! `deliveries retry`, `drop` and `move`, next to a running daemon and after a kill.

use std::process::{Command, Stdio};

use job_scanner_chat_server::{Answer, ChatServer, Request};
use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::command_line::text;
use crate::kill::is_writing;
use crate::process::{Daemon, TIME_LIMIT};
use crate::support::World;

/// The channels of most tests: one that recognizes repeated messages, by its address `/hook`.
const HOOK: &str = "{name: hook, type: webhook, url: 'HOST/hook'}";
const PHONE: &str = "{name: phone, type: ntfy, url: 'HOST/topic'}";

/// A world with one matching job, whose matches go to channels on a local server.
struct ChatWorld {
    world: World,
    server: ChatServer,
}

impl ChatWorld {
    async fn new(channels: &[&str]) -> Self {
        let world = World::with_a_job().await;
        let server = ChatServer::start().await.unwrap();
        let chat = Self { world, server };
        chat.configure(channels);
        chat
    }

    fn configure(&self, channels: &[&str]) {
        let channels = channels.join("\n- ").replace("HOST", &self.server.url(""));
        let config = self.world.config(&[self.world.greenhouse("acme")]);
        self.world.write_config(&format!(
            "{config}on_first_scan: each\nchannels:\n- {channels}\n"
        ));
    }

    /// Runs the program and returns its exit code, and what it printed.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.program(arguments).output().unwrap();
        let printed = text(&output.stdout) + &text(&output.stderr);
        (output.status.code(), printed)
    }

    /// Runs the program and returns the JSON that it printed.
    fn json(&self, arguments: &[&str]) -> Value {
        let mut program = self.program(arguments);
        let output = program.args(["--format", "json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut program = self.world.program();
        program.args(arguments);
        program
    }

    /// Scans while the server refuses the message.
    fn scan_in_vain(&self) {
        self.server.answer_with([Answer::status(500, "broken")]);
        let (code, printed) = self.run(&["scan"]);
        assert_eq!((code, self.requests().len()), (Some(1), 1), "{printed}");
    }

    fn requests(&self) -> Vec<Request> {
        self.server.requests()
    }

    async fn change(&self, statement: &str) {
        sqlx::query(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.world.database().await)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_message_is_sent_again_by_hand_under_the_same_id() {
    let chat = ChatWorld::new(&[HOOK]).await;
    chat.scan_in_vain();
    assert_eq!(chat.run(&["deliveries"]), chat.run(&["deliveries", "list"]));

    let (code, printed) = chat.run(&["deliveries", "retry", "1", "1", "7"]);
    assert_eq!(code, Some(1));
    assert_eq!(
        printed.lines().collect::<Vec<_>>(),
        [
            "delivery 1 is due now, under the same message id; the daemon or `job-scanner scan` sends it",
            "delivery 7 does not exist; `job-scanner deliveries` lists the latest",
        ]
    );
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    let ids: Vec<Option<String>> = chat
        .requests()
        .iter()
        .map(|request| request.header("idempotency-key").map(str::to_owned))
        .collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");

    let result = chat.json(&["deliveries", "retry", "1"]);
    assert_eq!(result[0]["result"], "sent");
    let shown = chat.json(&["deliveries", "show", "1"]);
    assert_eq!(shown["delivery"]["state"], "sent");
    assert_eq!(shown["attempts"].as_array().unwrap().len(), 2);
    assert_eq!(shown["operations"][0]["operation"], "retried");
    let (code, printed) = chat.run(&["deliveries", "show", "1"]);
    assert_eq!(code, Some(0));
    assert!(printed.contains("Rust Engineer"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_message_is_never_sent_and_says_who_and_why() {
    let chat = ChatWorld::new(&[HOOK]).await;
    chat.scan_in_vain();
    let (code, printed) = chat.run(&["deliveries", "drop", "1"]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("--reason <TEXT>"), "{printed}");

    let (code, printed) = chat.run(&["deliveries", "drop", "1", "--reason", "too late"]);
    assert_eq!(
        (code, printed.as_str()),
        (Some(0), "delivery 1 is not sent\n")
    );
    chat.change("UPDATE deliveries SET next_attempt_at = '2020-01-01T00:00:00.000Z' WHERE next_attempt_at IS NOT NULL")
        .await;
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    assert_eq!(chat.requests().len(), 1);

    let (_, printed) = chat.run(&["deliveries"]);
    assert!(
        printed.contains("dropped by ") && printed.contains(": too late"),
        "{printed}"
    );
    let (code, printed) = chat.run(&["deliveries", "retry", "1"]);
    assert_eq!(code, Some(1), "{printed}");
    assert!(printed.contains("was ended before"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_removed_channel_goes_through_another_once() {
    let chat = ChatWorld::new(&[HOOK]).await;
    chat.scan_in_vain();
    chat.configure(&[PHONE]);
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    assert_eq!(chat.requests().len(), 1, "a new channel gets nothing old");

    for (from, to, said) in [
        (
            "hook",
            "fone",
            "no channel is called `fone`; write one of `phone`",
        ),
        ("phone", "phone", "cannot be moved to itself"),
        (
            "team",
            "phone",
            "nothing waits for `team`; deliveries wait for `hook`",
        ),
    ] {
        let (code, printed) = chat.run(&["deliveries", "move", "--from", from, "--to", to]);
        assert_eq!(code, Some(1));
        assert!(printed.contains(said), "{printed}");
    }
    let moved = chat.json(&["deliveries", "move", "--from", "hook", "--to", "phone"]);
    assert_eq!(moved["deliveries"], 1);
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    let requests = chat.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].json()["topic"], "topic");
    assert!(requests[1].body.contains("Rust Engineer"));
    let (_, printed) = chat.run(&["deliveries"]);
    assert!(printed.contains("moved to `phone`"), "{printed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_a_daemon_is_sending_is_not_changed() {
    let chat = ChatWorld::new(&[HOOK, PHONE]).await;
    chat.server.answer_with([Answer::Hang, Answer::Hang]);
    let daemon = Daemon::start(chat.world.program());
    let sending = tokio::time::timeout(TIME_LIMIT, chat.server.wait_for(2)).await;
    assert!(sending.is_ok());

    for arguments in [
        &["deliveries", "retry", "1"][..],
        &["deliveries", "drop", "1", "--reason", "now"],
    ] {
        let result = chat.json(arguments);
        assert_eq!(result[0]["result"], "leased", "{arguments:?}");
    }
    let (code, printed) = chat.run(&["deliveries", "move", "--from", "hook", "--to", "phone"]);
    assert_eq!(code, Some(1));
    assert!(printed.contains("a run is in progress"), "{printed}");

    // The daemon is killed: its lease keeps nothing.
    drop(daemon);
    let dropped = chat.json(&["deliveries", "drop", "1", "--reason", "now"]);
    assert_eq!(dropped[0]["result"], "done");
    let moved = chat.json(&["deliveries", "move", "--from", "phone", "--to", "hook"]);
    assert_eq!(
        (&moved["deliveries"], &moved["uncertain"]),
        (&0.into(), &1.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_the_middle_of_a_move_moves_nothing_and_doubles_nothing() {
    let chat = ChatWorld::new(&[HOOK, PHONE]).await;
    let broken = Answer::status(500, "broken");
    chat.server.answer_with([broken.clone(), broken]);
    assert_eq!(chat.run(&["scan"]).0, Some(1));
    chat.configure(&[PHONE]);
    chat.change(
        "CREATE TRIGGER endless BEFORE INSERT ON delivery_operations BEGIN SELECT count(*) FROM (
             WITH RECURSIVE endless(n) AS (SELECT 1 UNION ALL SELECT 1 FROM endless) SELECT n FROM endless); END",
    )
    .await;

    let move_all = ["deliveries", "move", "--from", "hook", "--to", "phone"];
    let mut process = chat
        .program(&move_all)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !is_writing(&chat.world).await {
        tokio::task::yield_now().await;
    }
    process.kill().unwrap();
    process.wait().unwrap();
    chat.change("DROP TRIGGER endless").await;
    let pending = "SELECT COUNT(*) FROM deliveries WHERE state = 'pending'";
    assert_eq!(chat.world.number(pending).await, 2);

    // The phone has a pending message about the same job.
    let moved = chat.json(&move_all);
    assert_eq!(moved["deliveries"], 1);
    chat.change("UPDATE deliveries SET next_attempt_at = '2020-01-01T00:00:00.000Z' WHERE next_attempt_at IS NOT NULL")
        .await;
    assert_eq!(chat.run(&["scan"]).0, Some(0));
    assert_eq!(chat.requests().len(), 3, "one more message, to the phone");
    let waiting = "SELECT COUNT(*) FROM waiting_alerts";
    assert_eq!(chat.world.number(waiting).await, 0);
}
