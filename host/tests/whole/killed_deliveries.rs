//! Many pending deliveries over three channels, and a process that is killed again and again while
//! it sends them: all arrive, and a message arrives twice only if a process was killed between its
//! hand-over and its record.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use job_scanner_board_server::{Board, job};
use job_scanner_chat_server::ChatServer;
use job_scanner_smtp_server::{Options, SmtpServer, Tls};

use crate::post::message_id;
use crate::process::TIME_LIMIT;
use crate::support::World;

/// The channels, each of which gets a message about each job.
const CHANNELS: usize = 3;

/// Part of the second copy of a message that a service cannot recognize.
const REPETITION: &str = "may be a repetition";

/// A world with pending deliveries, a mail server, and a server for the other two channels.
struct Backlog {
    world: World,
    mail: SmtpServer,
    chat: ChatServer,
    jobs: usize,
}

/// The number of messages that have arrived.
#[derive(Debug, Clone, Copy, Default)]
struct Arrived {
    mail: usize,
    chat: usize,
}

/// The copies of the message about one job through one channel.
#[derive(Debug, Default)]
struct Copies {
    /// The id of each copy; empty for services without ids.
    ids: Vec<String>,
    /// True for each copy that says that it may be a repetition.
    marked: Vec<bool>,
}

/// The results of a test, as it prints them.
#[derive(Debug)]
#[expect(dead_code, reason = "they are printed")]
struct Outcome {
    deliveries: usize,
    kills: usize,
    /// The attempts whose process was killed.
    broken_attempts: i64,
    /// The messages that arrived twice or more, by channel: mail, webhook and ntfy.
    repeated: [usize; CHANNELS],
    took: Duration,
}

impl Backlog {
    async fn new(jobs: usize) -> Self {
        let world = World::new().await;
        let titled = |id: usize| job(id as u64).title(format!("Engineer No{id}."));
        world
            .boards
            .set_board("acme", Board::new((1..=jobs).map(titled)));
        let options = Options {
            tls: Tls::None,
            login: None,
        };
        let (mail, chat) = (
            SmtpServer::start(options).await.unwrap(),
            ChatServer::start().await.unwrap(),
        );
        world.write_config(&format!(
            "{}on_first_scan: each\nchannels:\n- {{name: mail, type: email, to: [jo@example.com], when: each}}\n\
             - {{name: hook, type: webhook, url: '{}', when: each}}\n\
             - {{name: phone, type: ntfy, url: '{}', when: each}}\n",
            world.config(&[world.greenhouse("acme")]),
            chat.url("/hook"),
            chat.url("/topic")
        ));
        Self {
            world,
            mail,
            chat,
            jobs,
        }
    }

    fn program(&self) -> Command {
        let mut program = self.world.program();
        program
            .env("SMTP_HOST", "localhost")
            .env("SMTP_PORT", self.mail.port().to_string())
            .env("SMTP_SENDER", "scanner@example.com")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        program
    }

    /// Starts the daemon.
    fn daemon(&self) -> Child {
        self.program().spawn().unwrap()
    }

    fn arrived(&self) -> Arrived {
        Arrived {
            mail: self.mail.received().len(),
            chat: self.chat.requests().len(),
        }
    }

    /// Kills the process, and lets a minute pass for the next one, which otherwise would wait
    /// before its first message.
    async fn kill(&self, mut process: Child) {
        process.kill().unwrap();
        process.wait().unwrap();
        let passed = "UPDATE attempts SET attempted_at = '2020-01-01T00:00:00.000Z' WHERE finished_at IS NULL";
        sqlx::query(passed)
            .execute(&mut self.world.database().await)
            .await
            .unwrap();
    }

    /// Kills a daemon as soon as all deliveries are pending.
    async fn dispatch(&self) {
        let process = self.daemon();
        let total = i64::try_from(self.jobs * CHANNELS).unwrap();
        while !self.is_dispatched(total).await {
            tokio::task::yield_now().await;
        }
        self.kill(process).await;
    }

    async fn is_dispatched(&self, total: i64) -> bool {
        let counted = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM deliveries");
        let file = self.world.folder().join("data/job_scanner.db");
        if !file.exists() {
            return false;
        }
        let counted = counted.fetch_one(&mut self.world.database().await).await;
        // The first process is still creating the tables.
        counted.is_ok_and(|counted| counted == total)
    }

    /// Returns the numbers of messages by mail and through the other channels that no process has
    /// tried yet. A message that several processes died of waits, so it may not arrive at once.
    async fn untried(&self) -> (i64, i64) {
        let mail = "SELECT COUNT(*) FROM deliveries WHERE attempts = 0 AND channel = 'mail'";
        let chat = "SELECT COUNT(*) FROM deliveries WHERE attempts = 0 AND channel <> 'mail'";
        (self.world.number(mail).await, self.world.number(chat).await)
    }

    /// Sends the rest without a kill.
    async fn finish(&self) {
        let pending = "SELECT COUNT(*) FROM deliveries WHERE next_attempt_at IS NOT NULL";
        while self.world.number(pending).await > 0 {
            let due = "UPDATE deliveries SET next_attempt_at = '2020-01-01T00:00:00.000Z'
                 WHERE next_attempt_at IS NOT NULL";
            sqlx::query(due)
                .execute(&mut self.world.database().await)
                .await
                .unwrap();
            let mut scan = self.program();
            scan.arg("scan");
            let ended = tokio::task::spawn_blocking(move || scan.status().unwrap());
            assert!(ended.await.unwrap().success());
        }
    }

    /// Returns the copies of all messages by channel: mail, webhook and ntfy.
    fn copies(&self) -> [BTreeMap<usize, Copies>; CHANNELS] {
        let mut copies = [const { BTreeMap::<usize, Copies>::new() }; CHANNELS];
        for mail in self.mail.received() {
            let id = message_id(&mail).to_owned();
            note(&mut copies[0], &mail.message, id);
        }
        for request in self.chat.requests() {
            let hook = request.header("idempotency-key").map(str::to_owned);
            let channel = if hook.is_some() { 1 } else { 2 };
            note(
                &mut copies[channel],
                &request.body,
                hook.unwrap_or_default(),
            );
        }
        copies
    }

    /// Checks that every message arrived, and none twice without a reason.
    async fn check(&self, kills: usize, since: Instant) -> Outcome {
        let total = self.jobs * CHANNELS;
        let sent = "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'";
        assert_eq!(self.world.number(sent).await, i64::try_from(total).unwrap());
        let broken = "SELECT COUNT(*) FROM attempts WHERE finished_at IS NULL";
        let broken_attempts = self.world.number(broken).await;
        let repeated = self.copies().map(|copies| {
            assert_eq!(copies.len(), self.jobs, "a message is missing");
            copies.values().map(Copies::check).sum::<usize>()
        });

        let more = i64::try_from(repeated.iter().sum::<usize>()).unwrap();
        assert!(more <= broken_attempts, "{more} > {broken_attempts}");
        assert!(self.world.is_sound().await);
        Outcome {
            deliveries: total,
            kills,
            broken_attempts,
            repeated,
            took: since.elapsed(),
        }
    }
}

/// Notes a copy of the message about the job that `text` names.
fn note(copies: &mut BTreeMap<usize, Copies>, text: &str, id: String) {
    let (_, rest) = text.split_once("Engineer No").unwrap();
    let (number, _) = rest.split_once('.').unwrap();
    let of_job = copies.entry(number.parse().unwrap()).or_default();
    of_job.ids.push(id);
    of_job.marked.push(text.contains(REPETITION));
}

impl Copies {
    /// Checks that all copies have one id, or that all but the first say that they may be
    /// repetitions. Returns the number of copies after the first.
    fn check(&self) -> usize {
        let first = &self.ids[0];
        assert!(self.ids.iter().all(|id| id == first), "{self:?}");
        if first.is_empty() {
            assert!(self.marked[1..].iter().all(|marked| *marked), "{self:?}");
        } else {
            assert!(self.marked.iter().all(|marked| !marked), "{self:?}");
        }
        self.ids.len() - 1
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dozen_kills_while_hundreds_of_messages_are_sent_lose_none() {
    let since = Instant::now();
    let backlog = Backlog::new(150).await;
    backlog.dispatch().await;

    // Each kill follows the arrival of a message, so it often hits the moment before its record.
    let mut kills = 1;
    while kills <= 12 {
        let before = backlog.arrived();
        let (mail_left, chat_left) = backlog.untried().await;
        if mail_left == 0 && chat_left < 2 {
            break;
        }
        let process = backlog.daemon();
        let progress = async {
            if mail_left > 0 && (kills % 2 == 0 || chat_left < 2) {
                backlog.mail.wait_for(before.mail + 1).await;
            } else {
                backlog.chat.wait_for(before.chat + 2).await;
            }
        };
        let progressed = tokio::time::timeout(TIME_LIMIT, progress).await;
        assert!(progressed.is_ok(), "nothing arrived after {kills} kills");
        backlog.kill(process).await;
        kills += 1;
    }
    assert!(
        kills > 3,
        "the process sent everything within {kills} kills"
    );
    backlog.finish().await;
    println!("{:#?}", backlog.check(kills, since).await);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes"]
async fn a_kill_every_second_for_a_minute_loses_none_of_ten_thousand_messages() {
    let since = Instant::now();
    let backlog = Backlog::new(3_334).await;
    backlog.dispatch().await;

    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.tick().await;
    let mut kills = 1;
    for _ in 0..60 {
        let process = backlog.daemon();
        seconds.tick().await;
        backlog.kill(process).await;
        kills += 1;
    }
    println!("after the kills: {:?}", backlog.arrived());
    backlog.finish().await;
    println!("{:#?}", backlog.check(kills, since).await);
}
