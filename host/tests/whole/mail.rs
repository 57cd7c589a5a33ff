//! Mail to a real server over real sockets and TLS: messages that arrive, and deliveries that fail.

use std::collections::BTreeSet;
use std::fs;

use job_scanner_board_server::{Board, job};
use job_scanner_smtp_server::{Failure, Options, SmtpServer, Step, Tls};

use crate::post::{Post, SENDER, USER, json, message_id};

const QUICK: &str = "email: {retry_initial_delay: 0s, max_retries: 2}\n";

#[tokio::test(flavor = "multi_thread")]
async fn two_recipients_get_a_message_each_over_either_kind_of_tls() {
    for (tls, email) in [
        (Tls::StartTls, "email: {use_tls: starttls}\n"),
        (Tls::Implicit, "email: {use_tls: implicit}\n"),
    ] {
        let post = Post::new(tls, "jo@example.com,kim@example.com", email).await;
        let output = post.run().await;
        let result = json(&output);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            result["totals"]["alerts_sent"], 1,
            "one alert, however many hear of it"
        );

        let received = post.server.received();
        let to: Vec<&str> = received
            .iter()
            .flat_map(|mail| &mail.to)
            .map(String::as_str)
            .collect();
        assert_eq!(to, ["jo@example.com", "kim@example.com"]);
        for mail in &received {
            assert_eq!(
                (mail.encrypted, mail.user.as_deref(), mail.from.as_str()),
                (true, Some(USER), SENDER)
            );
            assert!(
                mail.message
                    .contains("From: Jobs <scanner@example.com>\r\n"),
                "{}",
                mail.message
            );
            assert!(mail.message.contains("Rust Engineer"), "{}", mail.message);
        }
        assert_ne!(message_id(&received[0]), message_id(&received[1]));
        assert!(post.world.outbox().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transient_failures_before_the_final_dot_are_retried_at_once() {
    for failure in [
        Failure::Greeting(421),
        Failure::Sender(451),
        Failure::Recipient(450),
        Failure::DropBeforeMessage,
        Failure::Dot(452),
    ] {
        let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
        post.server.fail_next(failure);
        post.server.fail_next(failure);
        assert_eq!(post.run().await.status.code(), Some(0), "{failure:?}");
        assert_eq!(
            (post.server.connections(), post.server.received().len()),
            (3, 1),
            "{failure:?}"
        );
        assert_eq!(post.delivery().await.0, "sent", "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persistent_failure_is_retried_in_a_later_run() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    for _ in 0..3 {
        post.server.fail_next(Failure::Dot(451));
    }
    let output = post.run().await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(json(&output)["totals"]["failed"], 1);
    let (state, next, error) = post.delivery().await;
    assert_eq!((state.as_str(), next.is_some()), ("pending", true));
    assert!(error.contains("451"), "{error}");

    assert_eq!(
        post.run().await.status.code(),
        Some(0),
        "nothing is due yet"
    );
    assert_eq!(post.server.received().len(), 0);
    post.pass_time().await;
    assert_eq!(json(&post.run().await)["had_errors"], false);
    assert_eq!(post.server.received().len(), 1);
    assert_eq!(post.delivery().await.0, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_message_is_uncertain_and_sent_once_more() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    post.server.fail_next(Failure::DropAfterDot);
    let output = post.run().await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("may have arrived"));
    let (state, next, _) = post.delivery().await;
    assert_eq!((state.as_str(), next.is_some()), ("uncertain", true));
    assert_eq!(post.server.connections(), 1, "no quick retry");

    post.pass_time().await;
    post.server.fail_next(Failure::DropAfterDot);
    post.run().await;
    let received = post.server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].message, received[1].message);
    let (state, next, _) = post.delivery().await;
    assert_eq!(
        (state.as_str(), next),
        ("uncertain", None),
        "once more and no oftener"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_recipient_is_abandoned_and_the_other_one_notified() {
    for failure in [
        Failure::Says(
            Step::Recipient,
            b"550 5.1.1 <jo@example.com>: Recipient address rejected: User unknown\r\n",
        ),
        Failure::Says(Step::Dot, b"550-5.1.1 no such\r\n550 5.1.1 user\r\n"),
    ] {
        let post = Post::new(Tls::StartTls, "jo@example.com,kim@example.com", QUICK).await;
        post.server.fail_next(failure);
        let output = post.run().await;
        assert_eq!(output.status.code(), Some(1));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains("abandoned delivery"),
            "{failure:?}"
        );
        let (state, next, _) = post.delivery().await;
        assert_eq!((state.as_str(), next), ("abandoned", None), "{failure:?}");
        assert_eq!(post.server.received()[0].to, ["kim@example.com"]);
        let totals = &json(&output)["totals"];
        assert_eq!(
            (&totals["alerts_sent"], &totals["failed"]),
            (&1.into(), &1.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_unrelated_to_the_recipient_is_retried_later() {
    for (failure, told) in [
        (
            Failure::Says(
                Step::Recipient,
                b"554 5.7.1 <jo@example.com>: Relay access denied\r\n",
            ),
            "correct SMTP_*",
        ),
        (
            Failure::Says(
                Step::Recipient,
                b"550 5.1.8 Sender address rejected: Domain not found\r\n",
            ),
            "correct SMTP_*",
        ),
        (
            Failure::Says(
                Step::Dot,
                b"550 5.4.5 Daily user sending limit exceeded\r\n",
            ),
            "is retried",
        ),
        (Failure::Dot(554), "is retried"),
        (Failure::Recipient(550), "is retried"),
    ] {
        let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
        post.server.fail_next(failure);
        let output = post.run().await;
        assert_eq!(output.status.code(), Some(1), "{failure:?}");
        let (state, next, error) = post.delivery().await;
        assert_eq!(
            (state.as_str(), next.is_some()),
            ("pending", true),
            "{failure:?}"
        );
        assert!(error.contains(told), "{error}");
        assert_eq!(
            post.server.connections(),
            1,
            "no quick retry of what takes longer"
        );

        post.pass_time().await;
        post.run().await;
        assert_eq!(post.delivery().await.0, "sent", "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_is_too_large_arrives_in_parts() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    let jobs = (1..=40).map(|id| job(id).title(format!("Rust Engineer no {id} of all")));
    post.world.boards.set_board("acme", Board::new(jobs));
    post.server.fail_always(Failure::LargerThan(20_000, 552));
    let output = post.run().await;
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let received = post.server.received();
    let ids: BTreeSet<&str> = received.iter().map(message_id).collect();
    assert!(
        received.len() > 1 && ids.len() == received.len(),
        "{}",
        received.len()
    );
    let all: String = received.iter().map(|mail| mail.message.as_str()).collect();
    for id in 1..=40 {
        assert!(all.contains(&format!("no {id} of all")), "job {id}");
    }
    assert_eq!(
        post.world
            .number("SELECT COUNT(*) FROM deliveries WHERE state <> 'sent'")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_digest_that_is_too_large_even_in_parts_waits() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    post.world.boards.set_board(
        "acme",
        Board::new((1..=3).map(|id| job(id).title(format!("Rust Engineer {id}")))),
    );
    post.server.fail_always(Failure::LargerThan(10, 552));
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(
        post.world
            .number("SELECT COUNT(*) FROM deliveries WHERE state = 'pending'")
            .await,
        3
    );
    assert_eq!(
        post.world
            .number("SELECT COUNT(*) FROM delivery_alerts")
            .await,
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_marked_as_sent_before_the_reply_to_quit() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    post.server.fail_next(Failure::Silent(Step::Quit));
    let while_the_server_is_silent = async {
        post.server.wait_until_silent().await;
        (
            post.delivery().await.0,
            post.world
                .number("SELECT COUNT(finished_at) FROM attempts")
                .await,
        )
    };
    let (output, marked) = tokio::join!(post.run(), while_the_server_is_silent);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(marked, ("sent".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_ends_with_quit() {
    let post = Post::new(
        Tls::StartTls,
        "jo@example.com,kim@example.com,sam@example.com",
        QUICK,
    )
    .await;
    post.server.fail_next(Failure::Says(
        Step::Recipient,
        b"550 5.1.1 user unknown\r\n",
    ));
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(
        (post.server.connections(), post.server.received().len()),
        (3, 2)
    );
    assert_eq!(post.server.goodbyes(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_quit_ends_before_the_next_message_begins() {
    let post = Post::new(Tls::StartTls, "jo@example.com,kim@example.com", QUICK).await;
    post.server.fail_next(Failure::Silent(Step::Quit));
    assert_eq!(post.run().await.status.code(), Some(0));
    let pause = "SELECT CAST((julianday(MAX(attempted_at)) - julianday(MIN(finished_at))) * 86400000 AS INTEGER)
                 FROM attempts";
    let pause = post.world.number(pause).await;
    assert!(
        pause >= 1_900,
        "the goodbye alone takes two seconds: {pause} ms"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_beyond_ascii_is_sent_in_ascii() {
    let post = Post::new(Tls::StartTls, "jo@bücher.example", QUICK).await;
    assert_eq!(post.run().await.status.code(), Some(0));
    let received = post.server.received();
    assert_eq!(received[0].to, ["jo@xn--bcher-kva.example"]);
    assert!(
        received[0]
            .message
            .contains("To: jo@xn--bcher-kva.example\r\n"),
        "{}",
        received[0].message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_a_mistyped_recipient_goes_to_the_corrected_one() {
    let post = Post::new(Tls::StartTls, "jo@exmaple.com", QUICK).await;
    post.server
        .fail_next(Failure::Says(Step::Recipient, b"550 5.4.4 no route\r\n"));
    post.run().await;
    assert_eq!(post.delivery().await.0, "pending");

    let mut corrected = post.program();
    corrected
        .env("ALERT_TO_EMAIL", "jo@example.com")
        .args(["scan", "--format", "json"]);
    let output = tokio::task::spawn_blocking(move || corrected.output().unwrap())
        .await
        .unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(post.delivery().await.0, "skipped");
    let received = post.server.received();
    assert_eq!(
        (received.len(), received[0].to.as_slice()),
        (1, &["jo@example.com".to_owned()][..])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_loses_nothing() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    post.server.fail_next(Failure::Auth(535));
    let output = post.run().await;
    assert_eq!(output.status.code(), Some(1));
    let (state, _, error) = post.delivery().await;
    assert_eq!(state, "pending");
    assert!(
        error.contains("logging in") && error.contains("535"),
        "{error}"
    );
    assert!(
        !error.contains("no such login"),
        "the server repeats the login there: {error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_gets_neither_password_nor_message() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    let stranger = SmtpServer::start(Options::default()).await.unwrap();
    fs::write(post.world.folder().join("ca.pem"), stranger.certificate()).unwrap();
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(post.server.received(), []);
    assert_eq!(post.delivery().await.0, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_encryption_gets_nothing_if_encryption_is_required() {
    let post = Post::new(Tls::None, "jo@example.com", "email: {use_tls: starttls}\n").await;
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(post.server.received(), []);
    assert_eq!(post.delivery().await.0, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_this_machine_may_be_unencrypted() {
    let post = Post::new(Tls::None, "jo@example.com", "").await;
    assert_eq!(post.run().await.status.code(), Some(0));
    assert!(!post.server.received()[0].encrypted);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_logs_in_and_sends_nothing() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    let output = post.program().arg("check").output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(
        (post.server.connections(), post.server.received()),
        (1, Vec::new())
    );

    let output = post
        .program()
        .args(["check", "--offline"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(post.server.connections(), 1, "nothing connects");

    post.server.fail_next(Failure::Auth(535));
    let output = post.program().arg("check").output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(
        shown.contains("logging in") && shown.contains("535"),
        "{shown}"
    );
}
