//! The outcome of a message after each answer of a mail server, at each step: the table of
//! `docs/delivery.md`.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use futures::future::join_all;
use job_scanner_config::{EmailConfig, Environment};
use job_scanner_smtp_server::{Failure, Login, Options, SmtpServer, Step, Tls};
use lettre::address::Envelope;

use super::transport::SmtpTransport;
use crate::Remedy;

/// The steps of a dialogue, in the order of the columns.
const STEPS: [Step; 10] = [
    Step::Greeting,
    Step::Hello,
    Step::StartTls,
    Step::Auth,
    Step::Sender,
    Step::Recipient,
    Step::Data,
    Step::Body,
    Step::Dot,
    Step::Quit,
];

/// An answer of a server.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Says(&'static [u8]),
    Closes,
    Hangs,
}

/// A row of the table about a reply of one line, which is the name of the row.
macro_rules! reply {
    ($line:literal) => {
        (
            concat!("`", $line, "`"),
            Answer::Says(concat!($line, "\r\n").as_bytes()),
        )
    };
}

/// The rows of the table.
const ANSWERS: [(&str, Answer); 19] = [
    ("a usual reply", Answer::Says(b"")),
    reply!("299 fine"),
    reply!("421 shutting down"),
    reply!("451 local error"),
    reply!("452 4.2.2 mailbox full"),
    reply!("450 5.1.1 no such user"),
    reply!("550"),
    reply!("550 no such user"),
    reply!("550 5.1.1 rejected"),
    (
        "`550-5.1.1 rejected`, on two lines",
        Answer::Says(b"550-5.1.1 rejected\r\n550 5.1.1 see the manual\r\n"),
    ),
    reply!("550 4.1.1 rejected"),
    reply!("550 5.7.1 spam"),
    reply!("535 5.7.8 wrong password"),
    reply!("552 5.3.4 too large"),
    reply!("552 5.2.2 mailbox full"),
    (
        "`250-yes`, then `550 no`",
        Answer::Says(b"250-yes\r\n550 no\r\n"),
    ),
    ("text that is not a reply", Answer::Says(b"what?\r\n")),
    ("no answer", Answer::Hangs),
    ("connection lost", Answer::Closes),
];

/// Sends a message to a server that answers so at this step, and returns a word for the outcome.
async fn outcome(answer: Answer, step: Step) -> &'static str {
    let server = server().await;
    let failure = match answer {
        Answer::Says(b"") => None,
        Answer::Says(bytes) => Some(Failure::Says(step, bytes)),
        Answer::Closes => Some(Failure::Closes(step)),
        Answer::Hangs => Some(Failure::Silent(step)),
    };
    if let Some(failure) = failure {
        server.fail_next(failure);
    }

    // Only a silent server uses up the time limit.
    let time_limit = match answer {
        Answer::Hangs => Duration::from_secs(3),
        _ => Duration::from_mins(1),
    };
    let transport = transport(&server).with_time_limit(time_limit);
    let envelope = Envelope::new(None, vec!["jo@example.com".parse().unwrap()]).unwrap();
    let sent = transport
        .send(&envelope, &message(answer, step), Instant::now())
        .await;
    match sent.err().map(|error| error.remedy()) {
        None => "sent",
        Some(Remedy::Retry) => "again",
        Some(Remedy::Split { .. }) => "split",
        Some(Remedy::RetryOnce) => "once more",
        Some(Remedy::Abandon) => "given up",
    }
}

/// Returns a message. If the server reads no further than its first line, it is longer than what
/// both ends buffer, so that the client is still sending it.
fn message(answer: Answer, step: Step) -> Vec<u8> {
    let is_read = step != Step::Body || matches!(answer, Answer::Says(_));
    let lines = if is_read { 1 } else { 400_000 };
    let line = format!("{}\r\n", "x".repeat(70));
    format!("Subject: x\r\n\r\n{}", line.repeat(lines)).into_bytes()
}

async fn server() -> SmtpServer {
    let login = Login {
        user: "jo".to_owned(),
        password: "secret".to_owned(),
    };
    let options = Options {
        tls: Tls::StartTls,
        login: Some(login),
    };
    SmtpServer::start(options).await.unwrap()
}

fn transport(server: &SmtpServer) -> SmtpTransport {
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("certificate.pem");
    std::fs::write(&certificate, server.certificate()).unwrap();
    let port = server.port().to_string();
    let environment: Environment = [
        ("SMTP_HOST", "localhost"),
        ("SMTP_PORT", &port),
        ("SMTP_USER", "jo"),
        ("SMTP_PASS", "secret"),
        ("SMTP_CA_FILE", certificate.to_str().unwrap()),
    ]
    .into_iter()
    .collect();

    let mut problems = Vec::new();
    let server = environment.read_smtp(&mut problems).unwrap();
    let email = EmailConfig {
        max_retries: 0,
        ..EmailConfig::default()
    };
    SmtpTransport::new(&server, &email).unwrap()
}

#[tokio::test]
async fn every_answer_at_every_step_has_the_documented_outcome() {
    let manual = include_str!("../../../../../../docs/delivery.md");
    let mut missing = String::new();
    for (name, answer) in ANSWERS {
        let outcomes = join_all(STEPS.map(|step| outcome(answer, step))).await;
        let row = format!("| {name} | {} |", outcomes.join(" | "));
        if !manual.contains(&row) {
            let _ = writeln!(missing, "{row}");
        }
    }
    assert!(missing.is_empty(), "docs/delivery.md lacks\n{missing}");
}
