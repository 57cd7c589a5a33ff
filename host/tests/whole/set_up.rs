//! Every channel, set up as `docs/delivery.md` says, against local servers.

use std::fs;

use job_scanner_chat_server::ChatServer;
use job_scanner_smtp_server::Tls;

use crate::command_line::text;
use crate::post::Post;

const MANUAL: &str = include_str!("../../../docs/delivery.md");

/// Returns the channels of the section about setting them up: what stands between backticks and
/// begins with a name.
fn documented_channels() -> Vec<&'static str> {
    let (_, section) = MANUAL.split_once("## Set up a channel").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let between_backticks = section.split('`').skip(1).step_by(2);
    between_backticks
        .filter(|code| code.starts_with("{name: "))
        .collect()
}

/// Returns a channel of the manual that sends to the local server.
fn at_home(channel: &str, server: &ChatServer) -> String {
    let root = server.url("");
    let mut local = channel.to_owned();
    for host in [
        "https://ntfy.sh",
        "https://gotify.example.org",
        "https://matrix.example.org",
        "https://example.org",
        "http://127.0.0.1:8000",
    ] {
        local = local.replace(host, &root);
    }
    if local.contains("type: telegram") {
        local = local.replace('}', &format!(", url: '{root}'}}"));
    }
    local
}

#[tokio::test(flavor = "multi_thread")]
async fn every_channel_of_the_manual_can_be_checked_and_used() {
    let post = Post::new(Tls::StartTls, "unused@example.com", "").await;
    let server = ChatServer::start().await.unwrap();
    let channels = documented_channels();
    assert_eq!(channels.len(), 9, "{channels:?}");

    let mut config = fs::read_to_string(post.world.folder().join("config.yaml")).unwrap();
    config += "channels:\n";
    for channel in &channels {
        config.extend(["  - ", &at_home(channel, &server), "\n"]);
    }
    post.world.write_config(&config);
    let hooks = server.url("");
    let secrets = format!(
        "TELEGRAM_TOKEN=1234:abcdefgh\nSLACK_WEBHOOK={hooks}/services/T/B/x\n\
         DISCORD_WEBHOOK={hooks}/api/webhooks/1/x\nGOTIFY_TOKEN=AbcdefghiJklmno\nMATRIX_TOKEN=syt_abcdefgh\n\
         HOOK_SECRET=whsec_YWJjZGVmZ2hpamtsbW5vcA==\n"
    );
    fs::write(post.world.folder().join(".env"), secrets).unwrap();

    for (arguments, requests, mails) in [
        (&["check"][..], 6, 0),
        (&["notify", "test"], 6 + 8, 1),
        (&["scan"], 6 + 8 + 8, 2),
    ] {
        let output = post.program().args(arguments).output().unwrap();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}\n{stdout}{stderr}"
        );
        assert_eq!(
            server.requests().len(),
            requests,
            "{arguments:?}\n{stdout}{stderr}"
        );
        assert_eq!(post.server.received().len(), mails, "{arguments:?}");
    }
}
