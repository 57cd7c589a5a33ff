//! Secrets of all channels that are markers: they appear in no log, error, database, output or
//! check.

use std::fs;
use std::path::Path;
use std::process::Output;

use job_scanner_chat_server::{Answer, ChatServer};
use job_scanner_smtp_server::{Failure, Tls};

use crate::command_line::text;
use crate::post::{Post, assert_no_secret};

/// Part of every secret.
const MARKER: &str = "marker-of-a-channel";

/// The channels over HTTP.
const CHANNELS: &str = "
  - {name: a-webhook, type: webhook, url: env:WEBHOOK_URL, secret: env:WEBHOOK_SECRET}
  - {name: a-slack, type: slack, webhook: env:SLACK}
  - {name: a-discord, type: discord, webhook: env:DISCORD}
  - {name: a-telegram, type: telegram, token: env:TELEGRAM_TOKEN, chat: 7, url: HOST}
  - {name: an-ntfy, type: ntfy, url: env:NTFY_URL, token: file:ntfy-token}
  - {name: a-gotify, type: gotify, url: HOST, token: env:GOTIFY_TOKEN}
  - {name: a-matrix, type: matrix, url: HOST, token: env:MATRIX_TOKEN, room: '!abc:example.org'}
  - {name: an-apprise, type: apprise, url: env:APPRISE}
";
const NUMBER: usize = 8;

/// The variables, and the paths of those whose secret is a URL.
const SECRETS: [(&str, Option<&str>); 9] = [
    ("WEBHOOK_URL", Some("/hooks/")),
    ("WEBHOOK_SECRET", None),
    ("SLACK", Some("/services/T0/B0/")),
    ("DISCORD", Some("/api/webhooks/1/")),
    ("TELEGRAM_TOKEN", None),
    ("NTFY_URL", Some("/")),
    ("GOTIFY_TOKEN", None),
    ("MATRIX_TOKEN", None),
    ("APPRISE", Some("/notify/")),
];

/// A world with a mail channel and all channels over HTTP.
struct Secrets {
    post: Post,
    chat: ChatServer,
}

impl Secrets {
    async fn new() -> Self {
        let post = Post::new(Tls::StartTls, "jo@example.com", "").await;
        let chat = ChatServer::start().await.unwrap();
        let token = post.world.folder().join("ntfy-token");
        fs::write(token, format!("{MARKER}-NTFY_TOKEN")).unwrap();
        let secrets = Self { post, chat };
        secrets.configure(CHANNELS);
        secrets
    }

    fn configure(&self, channels: &str) {
        let world = &self.post.world;
        let channels = channels.replace("HOST", &format!("'{}'", self.chat.url("")));
        world.write_config(&format!(
            "{}on_first_scan: each\nemail: {{max_retries: 0}}\nchannels:\n  \
             - {{name: a-mail, type: email, to: [jo@example.com]}}{channels}",
            world.config(&[world.greenhouse("acme")])
        ));
    }

    /// Runs the program with its most detailed log, and checks what it prints.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut program = self.post.program();
        for (name, path) in SECRETS {
            let secret = format!("{MARKER}-{name}");
            let value = path.map_or(secret.clone(), |path| {
                self.chat.url(&format!("{path}{secret}"))
            });
            program.env(name, value);
        }
        program.args(arguments).args(["--log-level", "trace"]);
        let output = program.output().unwrap();
        assert_no_marker(&output.stdout);
        assert_no_marker(&output.stderr);
        output
    }

    /// Makes the servers refuse the next messages, with texts that repeat the whole request.
    fn refuse(&self) {
        self.chat
            .answer_with((0..NUMBER).map(|_| Answer::Echo(401)));
        self.post.server.fail_next(Failure::Auth(535));
    }

    async fn deliveries(&self, state: &'static str) -> i64 {
        let count = match state {
            "sent" => "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'",
            _ => "SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND attempts = 1",
        };
        self.post.world.number(count).await
    }
}

fn assert_no_marker(bytes: &[u8]) {
    assert_no_secret(bytes);
    let text = String::from_utf8_lossy(bytes);
    assert!(!text.contains(MARKER), "{text}");
}

/// Checks every file below a folder, and returns their number.
fn check_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap();
    let check = |path: std::path::PathBuf| {
        if path.is_dir() {
            return check_files(&path);
        }
        assert_no_marker(&fs::read(&path).unwrap());
        1
    };
    entries.map(|entry| check(entry.unwrap().path())).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secrets_of_all_channels_are_written_nowhere() {
    let secrets = Secrets::new().await;
    let all = i64::try_from(NUMBER + 1).unwrap();
    secrets.refuse();
    assert_eq!(secrets.run(&["scan"]).status.code(), Some(1));
    assert_eq!(secrets.deliveries("failed").await, all);
    for command in [
        &["deliveries"][..],
        &["deliveries", "--format", "json"],
        &["deliveries", "show", "1"],
        &["deliveries", "show", "2", "--format", "json"],
        &["check"],
        &["check", "--format", "json"],
        &["sources"],
        &["alerts", "--format", "json"],
        &["runs", "--format", "json"],
        &["deliveries", "drop", "99", "--reason", "none"],
        &["deliveries", "move", "--from", "a-slack", "--to", "nowhere"],
    ] {
        secrets.run(command);
    }

    secrets.run(&[
        "deliveries",
        "retry",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
    ]);
    assert_eq!(secrets.run(&["scan"]).status.code(), Some(0));
    assert_eq!(secrets.deliveries("sent").await, all);
    assert_eq!(
        secrets.post.server.received().len(),
        1,
        "the login was used"
    );
    let requests = format!("{:?}", secrets.chat.requests());
    for name in [
        "SLACK",
        "DISCORD",
        "TELEGRAM_TOKEN",
        "NTFY_URL",
        "NTFY_TOKEN",
        "APPRISE",
    ] {
        assert!(
            requests.contains(&format!("{MARKER}-{name}")),
            "{name} was used"
        );
    }

    secrets.refuse();
    assert_eq!(secrets.run(&["notify", "test"]).status.code(), Some(1));
    secrets.run(&["notify", "test"]);
    secrets.run(&["db", "backup", "data/copy.db"]);
    assert!(check_files(&secrets.post.world.folder().join("data")) >= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_in_the_configuration_is_refused_without_being_repeated() {
    let secrets = Secrets::new().await;
    for place in [
        "env:WEBHOOK_SECRET",
        "env:SLACK",
        "env:DISCORD",
        "env:TELEGRAM_TOKEN",
        "file:ntfy-token",
        "env:GOTIFY_TOKEN",
        "env:MATRIX_TOKEN",
    ] {
        let written = format!("'{MARKER}'");
        secrets.configure(&CHANNELS.replace(place, &written));
        for command in ["scan", "check"] {
            let output = secrets.run(&[command]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{place}: {said}");
            assert!(said.contains("env:NAME"), "{place}: {said}");
        }
    }
}
