//! The program as a service: it scans on its own, listens to signals, and shares a database politely.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use job_scanner_board_server::{Board, Failure, job};

use crate::support::{World, compiled};

/// How long a test waits for something that should happen at once.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running daemon; killed when dropped.
struct Daemon {
    process: Child,
    log: Receiver<String>,
}

impl Daemon {
    fn start(world: &World) -> Self {
        let mut process = program(world).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = process.stderr.take().unwrap();
        let (line, log) = channel();
        std::thread::spawn(move || {
            for written in BufReader::new(stderr).lines().map_while(Result::ok) {
                if line.send(written).is_err() {
                    return;
                }
            }
        });
        Self { process, log }
    }

    /// Waits for a log line that holds `words`.
    fn says(&self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut heard = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => heard.push(line),
                Err(silence) => panic!("`{words}` was never said ({silence}), but: {heard:#?}"),
            }
        }
    }

    fn signal(&self, name: &str) {
        let kill = Command::new("kill").arg(format!("-{name}")).arg(self.process.id().to_string()).status();
        assert!(kill.unwrap().success());
    }

    /// The exit code, and how long the end took.
    fn ends(mut self) -> (Option<i32>, Duration) {
        let asked = Instant::now();
        // The log ends with the process, so nobody has to poll.
        while self.log.recv_timeout(PATIENCE).is_ok() {}
        (self.process.wait().unwrap().code(), asked.elapsed())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program(world: &World) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_job-scanner"));
    program
        .current_dir(world.folder())
        .env_clear()
        .env("DATABASE_URL", world.database_url())
        .env("XDG_CACHE_HOME", compiled())
        .stdout(Stdio::piped());
    program
}

async fn world() -> World {
    let world = World::new().await;
    world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_run_happens_at_once_and_the_next_when_the_source_is_due() {
    let world = world().await;
    let daemon = Daemon::start(&world);
    daemon.says("event=run.finished");
    assert_eq!(world.outbox().len(), 1);
    let next = daemon.says("event=scheduler.next_run");
    assert!(next.contains("next_run_at="), "{next}");

    drop(daemon);
    world.boards.clear_requests();
    let restarted = Daemon::start(&world);
    restarted.says("event=scheduler.next_run");
    assert!(world.boards.requests().is_empty(), "a restart does not scan what is not due");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_runs_it_now_and_another_ends_it() {
    let world = world().await;
    let daemon = Daemon::start(&world);
    daemon.says("event=run.finished");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);
    daemon.signal("TERM");
    assert_eq!(daemon.ends().0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_in_the_middle_of_a_scan_is_quick_and_loses_nothing() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(&world);
    world.boards.wait_for_requests(1).await;
    daemon.signal("TERM");
    let (code, took) = daemon.ends();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");

    world.boards.heal("acme");
    let config = world.config(&[world.greenhouse("acme")]);
    assert_eq!(world.run(&config).await.totals.alerts_sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_is_refused_while_the_old_one_stays_in_force() {
    let world = world().await;
    let daemon = Daemon::start(&world);
    daemon.says("event=run.finished");
    world.write_config("sources: [\n");
    daemon.signal("HUP");
    daemon.says("event=config.refused");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);

    world.boards.set_board("other", Board::new([job(2).title("Go Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("other")]));
    daemon.signal("HUP");
    daemon.says("event=run.finished");
    assert_eq!(world.outbox().len(), 2, "the new source was due and is scanned");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_asks_for_rest_gets_it() {
    let world = world().await;
    world.boards.fail("acme", Failure::Status { code: 429, retry_after: Some(7200) });
    let daemon = Daemon::start(&world);
    daemon.says("event=source.failed");
    let next = daemon.says("event=scheduler.next_run");
    let at: jiff::Timestamp = next.split("next_run_at=").nth(1).unwrap().trim().parse().unwrap();
    let wait = at.duration_since(std::time::SystemTime::now().try_into().unwrap());
    assert!(wait > jiff::SignedDuration::from_mins(110), "15 minutes without the board's wish: {wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_skipped_and_told_whose_run_is_under_way() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(&world);
    world.boards.wait_for_requests(1).await;

    let second = program(&world).arg("scan").output().unwrap();
    let stdout = String::from_utf8(second.stdout).unwrap();
    assert_eq!(second.status.code(), Some(1));
    let holder = format!("skipped: another run is under way on this database (process {} since", daemon.process.id());
    assert!(stdout.starts_with(&holder), "{stdout}");
}
