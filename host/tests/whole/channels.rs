//! Channels over HTTP, from the configuration to the request.

use std::process::Command;

use jiff::{SignedDuration, Timestamp};
use job_scanner_chat_server::{Answer, ChatServer};
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{RunRequest, ScanPipeline};
use tokio_util::sync::CancellationToken;

use crate::command_line::text;
use crate::support::World;

/// Part of every secret, so that a test can look for it.
const MARKER: &str = "marker-of-a-secret";

/// A world whose matches go to a Slack webhook and an ntfy topic on a local server.
struct Chat {
    world: World,
    server: ChatServer,
}

impl Chat {
    async fn new() -> Self {
        let (world, server) = (
            World::with_a_job().await,
            ChatServer::start().await.unwrap(),
        );
        let chat = Self { world, server };
        chat.configure("");
        chat
    }

    /// Writes the configuration, with further lines.
    fn configure(&self, more: &str) {
        let topic = self.server.url("/jobs");
        let config = self.world.config(&[self.world.greenhouse("acme")]);
        self.world.write_config(&format!(
            "{config}on_first_scan: each\nchannels:\n  - {{name: team, type: slack, webhook: env:HOOK}}\n  \
             - {{name: phone, type: ntfy, url: '{topic}', token: file:token}}\n{more}"
        ));
        std::fs::write(self.world.folder().join("token"), MARKER).unwrap();
    }

    fn program(&self) -> Command {
        let mut program = self.world.program();
        program.env("HOOK", self.server.url(&format!("/hooks/{MARKER}")));
        program
    }

    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = self.program().args(arguments).output().unwrap();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        for printed in [&stdout, &stderr] {
            assert!(!printed.contains(MARKER), "{printed}");
        }
        (output.status.code(), stdout, stderr)
    }

    /// Returns the targets of the requests so far.
    fn targets(&self) -> Vec<String> {
        let requests = self.server.requests().into_iter();
        let mut targets: Vec<String> = requests.map(|request| request.target).collect();
        targets.sort();
        targets
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_goes_to_every_channel_once() {
    let chat = Chat::new().await;
    let (code, stdout, stderr) = chat.run(&["scan"]);
    assert_eq!(code, Some(0), "{stdout}{stderr}");
    let hook = format!("/hooks/{MARKER}");
    assert_eq!(chat.targets(), ["/", hook.as_str()]);
    let bodies: Vec<String> = chat
        .server
        .requests()
        .into_iter()
        .map(|it| it.body)
        .collect();
    assert!(
        bodies.iter().all(|body| body.contains("Rust Engineer")),
        "{bodies:?}"
    );

    chat.run(&["scan"]);
    assert_eq!(chat.targets().len(), 2, "nothing is sent twice");
    let sent =
        "SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND recipient IN ('team', 'phone')";
    assert_eq!(chat.world.number(sent).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_channel_keeps_its_message_and_shows_no_secret() {
    let chat = Chat::new().await;
    let refusal = format!("no such hook: /hooks/{MARKER} or {MARKER}");
    chat.server
        .answer_with([Answer::status(404, &refusal), Answer::status(404, &refusal)]);
    chat.run(&["scan", "--log-level", "trace"]);
    let waiting = "SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND attempts = 1
         AND last_error LIKE '%status 404%'";
    assert_eq!(chat.world.number(waiting).await, 2);
    let leaked = "SELECT COUNT(*) FROM deliveries WHERE last_error LIKE '%marker%' OR recipient LIKE '%marker%'";
    assert_eq!(chat.world.number(leaked).await, 0);
    let (_, deliveries, _) = chat.run(&["deliveries", "--format", "json"]);
    assert!(deliveries.contains("team"), "{deliveries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_goes_to_all_channels_or_to_one() {
    let chat = Chat::new().await;
    let (code, stdout, _) = chat.run(&["notify", "test", "--channel", "phone"]);
    assert_eq!(
        (code, chat.targets()),
        (Some(0), vec!["/".to_owned()]),
        "{stdout}"
    );

    let (code, stdout, _) = chat.run(&["notify", "test"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("team: sent to team"), "{stdout}");
    assert_eq!(chat.targets().len(), 3);

    let (code, _, stderr) = chat.run(&["notify", "test", "--channel", "fone"]);
    assert_eq!(code, Some(1));
    assert!(stderr.contains("write one of `team`, `phone`"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_which_secret_is_missing() {
    let chat = Chat::new().await;
    for arguments in [&["check"][..], &["check", "--offline"]] {
        let output = chat.world.program().args(arguments).output().unwrap();
        let stdout = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{stdout}");
        assert!(
            stdout.contains("the variable `HOOK` is not set"),
            "{stdout}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tries_the_channels_without_a_message() {
    let chat = Chat::new().await;
    let (code, stdout, _) = chat.run(&["check"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(!stdout.contains("mail"), "{stdout}");
    for line in [
        "ntfy; the server accepts the token",
        "slack; not tried, since a webhook of Slack accepts messages only",
    ] {
        assert!(stdout.contains(line), "{stdout}");
    }
    assert_eq!(chat.targets(), ["/v1/health"], "nothing is sent");

    chat.server.answer_with([Answer::status(401, MARKER)]);
    let (code, stdout, _) = chat.run(&["check"]);
    assert_eq!(code, Some(1), "{stdout}");
    assert!(stdout.contains("correct the token"), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_without_the_network_connects_to_no_channel() {
    let chat = Chat::new().await;
    let (code, stdout, _) = chat.run(&["check", "--offline"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("ntfy; not tried"), "{stdout}");
    assert_eq!(chat.targets(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_digest_is_due_at_its_time_and_is_sent_then() {
    let world = World::with_a_job().await;
    let source = world
        .greenhouse("acme")
        .replace("allow_hosts:", "every: 24h, allow_hosts:");
    let config = format!(
        "{}channels:\n- {{name: mail, type: email, to: [jo@example.com], when: {{daily: '18:00'}}, time_zone: UTC}}\n",
        world.config(&[source])
    );
    let at = |time: &str| -> Timestamp { format!("2026-11-23T{time}Z").parse().unwrap() };
    for (now, due, sent) in [
        ("08:00:00", Some(at("18:00:00")), 0),
        ("17:59:59", Some(at("18:00:00")), 0),
        ("18:00:00", None, 1),
    ] {
        let mut context = world.context(&config).await;
        let now = at(now);
        context.scanner.clock = Clock::from_fn(move || now);
        let pipeline = ScanPipeline::new(context);
        let request = RunRequest {
            trigger: Trigger::Schedule,
            only: None,
        };
        let stop = CancellationToken::new();
        pipeline.run_once(&request, &stop).await.unwrap();

        let next_scan = at("08:00:00") + SignedDuration::from_hours(24);
        let next_due = pipeline.next_due().await.unwrap();
        assert_eq!(next_due, Some(due.unwrap_or(next_scan)), "{now}");
        let deliveries = "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'";
        assert_eq!(world.number(deliveries).await, sent, "{now}");
    }
}
