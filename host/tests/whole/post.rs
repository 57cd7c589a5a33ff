//! A world with a mail server: matching jobs, a program that may send mail, and the state of its
//! messages.

use std::fs;
use std::process::{Command, Output};

use job_scanner_board_server::{Board, job};
use job_scanner_smtp_server::{Login, Options, Received, SmtpServer, Tls};
use sqlx::Row as _;

use crate::support::World;

/// The login at the server. No output of the program may show it, in clear text or as `AUTH PLAIN`
/// sends it.
pub(crate) const USER: &str = "marker-of-a-user";
const PASSWORD: &str = "marker-of-a-password";
const LOGIN: &str = "AG1hcmtlci1vZi1hLXVzZXIAbWFya2VyLW9mLWEtcGFzc3dvcmQ=";

pub(crate) const SENDER: &str = "scanner@example.com";

/// A world with one matching job, and a mail server.
pub(crate) struct Post {
    pub(crate) world: World,
    pub(crate) server: SmtpServer,
    tls: Tls,
    recipients: &'static str,
}

/// The place where the program finds its login.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LoginPlace {
    Environment,
    Files,
    DotEnv,
}

impl Post {
    /// `more` is added to the configuration.
    pub(crate) async fn new(tls: Tls, recipients: &'static str, more: &str) -> Self {
        let world = World::new().await;
        world.boards.set_board(
            "acme",
            Board::new([job(1).title("Rust Engineer").location("Berlin")]),
        );
        world.write_config(&format!(
            "{}{more}",
            world.config(&[world.greenhouse("acme")])
        ));
        let login = Login {
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
        };
        let server = SmtpServer::start(Options {
            tls,
            login: Some(login),
        })
        .await
        .unwrap();
        fs::write(world.folder().join("ca.pem"), server.certificate()).unwrap();
        fs::write(world.folder().join("password"), format!("{PASSWORD}\n")).unwrap();
        Self {
            world,
            server,
            tls,
            recipients,
        }
    }

    /// Returns the program in this world, with its mail settings.
    pub(crate) fn program(&self) -> Command {
        let mut program = self.world.program();
        program
            .env("ALERT_TO_EMAIL", self.recipients)
            .env("SMTP_HOST", "localhost")
            .env("SMTP_PORT", self.server.port().to_string())
            .env("SMTP_USER", USER)
            .env("SMTP_PASS_FILE", self.world.folder().join("password"))
            .env("SMTP_SENDER", SENDER)
            .env("SMTP_SENDER_NAME", "Jobs");
        if self.tls != Tls::None {
            program.env("SMTP_CA_FILE", self.world.folder().join("ca.pem"));
        }
        program
    }

    /// Returns the same program with the whole login in one place.
    pub(crate) fn program_with_login(&self, place: LoginPlace) -> Command {
        let mut program = self.program();
        program.env_remove("SMTP_USER").env_remove("SMTP_PASS_FILE");
        let folder = self.world.folder();
        match place {
            LoginPlace::Environment => {
                program.env("SMTP_USER", USER).env("SMTP_PASS", PASSWORD);
            }
            LoginPlace::Files => {
                fs::write(folder.join("user"), format!("{USER}\n")).unwrap();
                program
                    .env("SMTP_USER_FILE", folder.join("user"))
                    .env("SMTP_PASS_FILE", folder.join("password"));
            }
            LoginPlace::DotEnv => {
                fs::write(
                    folder.join(".env"),
                    format!("SMTP_USER={USER}\nSMTP_PASS='{PASSWORD}'\n"),
                )
                .unwrap();
            }
        }
        program
    }

    /// Runs the program once, on another thread, because the servers run on this one.
    pub(crate) async fn run(&self) -> Output {
        let mut program = self.program();
        program.args(["scan", "--format", "json", "--log-level", "trace"]);
        let output = tokio::task::spawn_blocking(move || program.output().unwrap())
            .await
            .unwrap();
        assert_no_secret(&output.stdout);
        assert_no_secret(&output.stderr);
        output
    }

    /// Returns the state, next attempt and last error of the first delivery.
    pub(crate) async fn delivery(&self) -> (String, Option<String>, String) {
        let query = "SELECT state, next_attempt_at, COALESCE(last_error, '') FROM deliveries ORDER BY delivery_id";
        let row = sqlx::query(query)
            .fetch_one(&mut self.world.database().await)
            .await
            .unwrap();
        (row.get(0), row.get(1), row.get(2))
    }

    /// Makes every delivery due that waits for its next attempt.
    pub(crate) async fn pass_time(&self) {
        let update = "UPDATE deliveries SET next_attempt_at = '2020-01-01T00:00:00.000Z' \
                      WHERE next_attempt_at IS NOT NULL";
        sqlx::query(update)
            .execute(&mut self.world.database().await)
            .await
            .unwrap();
    }
}

/// Fails if these bytes contain a part of the login.
pub(crate) fn assert_no_secret(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for secret in [USER, PASSWORD, LOGIN] {
        assert!(!text.contains(secret), "`{secret}` in {text}");
    }
}

/// Parses the output of a run with `--format json`.
pub(crate) fn json(output: &Output) -> serde_json::Value {
    let stderr = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
}

pub(crate) fn message_id(mail: &Received) -> &str {
    mail.message
        .lines()
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .unwrap()
}
