//! The links of messages to the page: from a real mail and a real chat message to the decision.

use job_scanner_chat_server::ChatServer;
use job_scanner_smtp_server::Tls;

use crate::operator_page::browser::Session;
use crate::post::Post;

const PAGE: &str = "http://localhost";

/// Returns a daemon that has sent the same match by mail and to a chat, with both messages.
async fn sent() -> (Post, Session, [String; 2]) {
    let chat = ChatServer::start().await.unwrap();
    let post = Post::new(Tls::StartTls, "jo@example.com", "").await;
    let config = format!(
        "{}on_first_scan: each\nchannels:\n  - {{name: mail, type: email, to: [jo@example.com]}}\n  \
         - {{name: team, type: slack, webhook: env:HOOK}}\n",
        post.world.config(&[post.world.greenhouse("acme")])
    );
    let mut program = post.program();
    program.env("HOOK", chat.url("/hooks/team"));
    let web = format!(", public_url: '{PAGE}'");
    let mut session = Session::start_program(&post.world, program, &config, &web);
    session.daemon.says("event=run.finished");

    let mail = decoded(&post.server.received()[0].message);
    let chat = chat.requests()[0].json()["text"].to_string();
    (post, session, [mail, chat])
}

/// Decodes the ASCII characters of quoted-printable parts (RFC 2045).
fn decoded(mail: &str) -> String {
    let whole = mail.replace("=\r\n", "");
    let mut parts = whole.split('=');
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        let value = part
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(value) = value.filter(u8::is_ascii) {
            text.push(char::from(value));
            text.push_str(&part[2..]);
        } else {
            // The part is not encoded.
            text.push('=');
            text.push_str(part);
        }
    }
    text
}

/// Returns the different paths of the page to which a message links.
fn paths(message: &str) -> Vec<String> {
    let plain = message.replace("&#x2f;", "/").replace("&amp;", "&");
    let links = plain.split(PAGE).skip(1);
    let end = |link: &str| link.find(['"', '|', '\r', '\n', '<', '\\']);
    let mut paths: Vec<String> = links
        .map(|link| link[..end(link).unwrap_or(link.len())].to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_a_message_opens_a_form_and_marks_only_when_it_is_sent() {
    let (post, session, [mail, chat]) = sent().await;
    let (browser, job) = (&session.browser, "/job?key=greenhouse%2Facme%2F1");
    let matches = "/matches?profile=default";
    assert_eq!(paths(&chat), [job, matches], "{chat}");
    let marks = ["applied", "hidden", "interested"].map(|word| format!("{job}&mark={word}"));
    let all = [job, &marks[0], &marks[1], &marks[2], matches];
    assert_eq!(paths(&mail), all, "{mail}");

    // A scanner of mail opens each link, and a person may do so twice.
    for path in all.iter().chain(&all) {
        let page = browser.get(path);
        assert_eq!(page.status, 200, "{path}");
        page.shows(&["Rust Engineer"]);
    }
    let decisions = "SELECT COUNT(*) FROM decision_changes";
    assert_eq!(post.world.number(decisions).await, 0);

    let form = browser.get(&marks[0]);
    form.shows(&["Mark this job as <strong>applied</strong>?"]);
    let mark = "applied greenhouse/acme/1";
    form.shows(&[&format!("name=\"mark\" value=\"{mark}\"")]);
    browser
        .submit("/job/mark", &[("mark", mark), ("back", job)])
        .shows(&["You applied"]);
    assert_eq!(post.world.number(decisions).await, 1);
}
