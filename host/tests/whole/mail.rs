//! Mail to a real server over real sockets and TLS: what arrives, and what becomes of what does not.

use std::fs;

use job_scanner_smtp_server::{Failure, Options, SmtpServer, Tls};

use crate::post::{Post, SENDER, USER, json, message_id};

const QUICK: &str = "email: {retry_initial_delay: 0s, max_retries: 2}\n";

#[tokio::test(flavor = "multi_thread")]
async fn two_recipients_get_a_message_each_over_either_kind_of_tls() {
    for (tls, email) in
        [(Tls::StartTls, "email: {use_tls: starttls}\n"), (Tls::Implicit, "email: {use_tls: implicit}\n")]
    {
        let post = Post::new(tls, "jo@example.com,kim@example.com", email).await;
        let output = post.run().await;
        let result = json(&output);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(result["totals"]["alerts_sent"], 1, "one alert, however many hear of it");

        let received = post.server.received();
        let to: Vec<&str> = received.iter().flat_map(|mail| &mail.to).map(String::as_str).collect();
        assert_eq!(to, ["jo@example.com", "kim@example.com"]);
        for mail in &received {
            assert_eq!((mail.encrypted, mail.user.as_deref(), mail.from.as_str()), (true, Some(USER), SENDER));
            assert!(mail.message.contains("From: Jobs <scanner@example.com>\r\n"), "{}", mail.message);
            assert!(mail.message.contains("Rust Engineer"), "{}", mail.message);
        }
        assert_ne!(message_id(&received[0]), message_id(&received[1]));
        assert!(post.world.outbox().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_before_the_final_dot_is_tried_again_at_once() {
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
        assert_eq!((post.server.connections(), post.server.received().len()), (3, 1), "{failure:?}");
        assert_eq!(post.delivery().await.0, "sent", "{failure:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stays_broken_waits_for_a_later_run_and_keeps_its_id() {
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

    assert_eq!(post.run().await.status.code(), Some(0), "nothing is due yet");
    assert_eq!(post.server.received().len(), 0);
    post.pass_time().await;
    assert_eq!(json(&post.run().await)["had_errors"], false);
    assert_eq!(post.server.received().len(), 1);
    assert_eq!(post.delivery().await.0, "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_without_an_answer_is_uncertain_and_sent_once_more_under_its_id() {
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
    assert_eq!((state.as_str(), next), ("uncertain", None), "once more and no oftener");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_or_message_refused_for_good_is_given_up_and_the_other_recipient_served() {
    for failure in [Failure::Recipient(550), Failure::Dot(554)] {
        let post = Post::new(Tls::StartTls, "jo@example.com,kim@example.com", QUICK).await;
        post.server.fail_next(failure);
        let output = post.run().await;
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("gave up delivery"), "{failure:?}");
        let (state, next, _) = post.delivery().await;
        assert_eq!((state.as_str(), next), ("abandoned", None), "{failure:?}");
        assert_eq!(post.server.received()[0].to, ["kim@example.com"]);
        let totals = &json(&output)["totals"];
        assert_eq!((&totals["alerts_sent"], &totals["failed"]), (&1.into(), &1.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_login_loses_nothing() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    post.server.fail_next(Failure::Auth(535));
    let output = post.run().await;
    assert_eq!(output.status.code(), Some(1));
    let (state, _, error) = post.delivery().await;
    assert_eq!(state, "pending");
    assert!(error.contains("logging in") && error.contains("535"), "{error}");
    assert!(!error.contains("no such login"), "the server repeats the login there: {error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_vouches_for_gets_neither_password_nor_message() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    let stranger = SmtpServer::start(Options::default()).await.unwrap();
    fs::write(post.world.folder().join("ca.pem"), stranger.certificate()).unwrap();
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(post.server.received(), []);
    assert_eq!(post.delivery().await.0, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_encrypt_gets_nothing_where_encryption_is_wanted() {
    let post = Post::new(Tls::None, "jo@example.com", "email: {use_tls: starttls}\n").await;
    assert_eq!(post.run().await.status.code(), Some(1));
    assert_eq!(post.server.received(), []);
    assert_eq!(post.delivery().await.0, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_this_machine_may_do_without_encryption() {
    let post = Post::new(Tls::None, "jo@example.com", "").await;
    assert_eq!(post.run().await.status.code(), Some(0));
    assert!(!post.server.received()[0].encrypted);
}

#[tokio::test(flavor = "multi_thread")]
async fn check_logs_in_and_sends_nothing() {
    let post = Post::new(Tls::StartTls, "jo@example.com", QUICK).await;
    let output = post.program().arg("check").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!((post.server.connections(), post.server.received()), (1, Vec::new()));

    post.server.fail_next(Failure::Auth(535));
    let output = post.program().arg("check").output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.contains("logging in") && shown.contains("535"), "{shown}");
}
