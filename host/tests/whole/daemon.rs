//! The program as a service: it scans on a schedule, handles signals, and shares the database with
//! other processes.

use std::fs;
use std::process::Command;
use std::time::Duration;

use job_scanner_board_server::{Board, Failure, job};
use job_scanner_store::Store;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::process::Daemon;
use crate::support::World;

async fn world() -> World {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("acme")]));
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_run_is_immediate_and_the_next_when_due() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    assert_eq!(world.outbox().len(), 1);
    let next = daemon.says("event=scheduler.next_run");
    assert!(next.contains("next_run_at="), "{next}");

    drop(daemon);
    world.boards.clear_requests();
    let mut restarted = Daemon::start(world.program());
    restarted.says("event=scheduler.next_run");
    assert!(
        world.boards.requests().is_empty(),
        "a restart does not scan what is not due"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_signal_starts_a_run_and_another_stops_the_service() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_during_a_scan_is_quick_and_loses_nothing() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
    assert!(world.is_sound().await);

    world.boards.heal("acme");
    let config = world.config(&[world.greenhouse("acme")]);
    assert_eq!(world.run(&config).await.totals.alerts_sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_configuration_is_refused_and_the_old_one_stays() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    world.write_config("sources: [\n");
    daemon.signal("HUP");
    daemon.says("event=config.refused");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 2);

    world
        .boards
        .set_board("other", Board::new([job(2).title("Go Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("other")]));
    daemon.signal("HUP");
    daemon.says("event=run.finished");
    assert_eq!(
        world.outbox().len(),
        2,
        "the new source was due and is scanned"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_quickly_while_a_reload_waits_for_a_run() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let mut daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;
    daemon.signal("HUP");
    daemon.says("event=config.loaded");
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_of_a_board_delays_the_next_run() {
    let world = world().await;
    world.boards.fail(
        "acme",
        Failure::Status {
            code: 429,
            retry_after: Some(7200),
        },
    );
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=source.failed");
    let next = daemon.says("event=scheduler.next_run");
    let at: jiff::Timestamp = next
        .split("next_run_at=")
        .nth(1)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let wait = at.duration_since(std::time::SystemTime::now().try_into().unwrap());
    assert!(
        wait > jiff::SignedDuration::from_mins(110),
        "15 minutes without the board's wish: {wait}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_is_skipped_and_names_the_running_one() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let daemon = Daemon::start(world.program());
    world.boards.wait_for_requests(1).await;

    let second = world.program().arg("scan").output().unwrap();
    let stdout = String::from_utf8(second.stdout).unwrap();
    assert_eq!(second.status.code(), Some(1));
    let holder = format!(
        "skipped: another run is in progress on this database (process {} since",
        daemon.id()
    );
    assert!(stdout.starts_with(&holder), "{stdout}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_replaced_by_a_pipe_is_refused_and_signals_still_work() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=scheduler.next_run");
    let config = world.folder().join("config.yaml");
    fs::remove_file(&config).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(&config)
            .status()
            .unwrap()
            .success()
    );
    daemon.signal("HUP");
    let refused = daemon.says("event=config.refused");
    assert!(
        refused.contains("config.yaml: cannot be read: it is a pipe, not a file"),
        "{refused}"
    );
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code, Some(0));
}

/// Returns a world whose database is named in `.env`, so that a reload can change it.
async fn world_with_dotenv(database: &str) -> (World, Command) {
    let world = world().await;
    write_dotenv(&world, &format!("DATABASE_URL=sqlite:data/{database}"));
    let mut program = world.program();
    program.env_remove("DATABASE_URL");
    (world, program)
}

fn write_dotenv(world: &World, text: &str) {
    fs::write(world.folder().join(".env"), text).unwrap();
}

/// Locks a database against reads and writes until the connection is dropped.
async fn hold_database(world: &World, database: &str) -> SqliteConnection {
    let file = world.folder().join("data").join(database);
    Store::open(&format!("sqlite:{}", file.display()))
        .await
        .unwrap()
        .close()
        .await;
    let mut held = SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .unwrap();
    for statement in ["PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"] {
        sqlx::query(statement).execute(&mut held).await.unwrap();
    }
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_quickly_while_a_reload_waits_for_a_locked_database() {
    let (world, program) = world_with_dotenv("a.db").await;
    let mut daemon = Daemon::start(program);
    daemon.says("event=scheduler.next_run");
    let _held = hold_database(&world, "b.db").await;
    write_dotenv(&world, "DATABASE_URL=sqlite:data/b.db");
    daemon.signal("HUP");
    daemon.says("event=config.loaded");
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0), "{:#?}", end.log);
    // The stop takes at most two seconds. Waiting for the database would take ten.
    assert!(end.took < Duration::from_secs(8), "{:?}", end.took);
    assert!(
        !end.log.iter().any(|line| line.contains("panicked")),
        "{:#?}",
        end.log
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_requested_during_a_reload_starts_after_it() {
    let (world, program) = world_with_dotenv("a.db").await;
    let mut daemon = Daemon::start(program);
    daemon.says("event=scheduler.next_run");
    world.boards.clear_requests();
    world
        .boards
        .set_board("other", Board::new([job(2).title("Go Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("other")]));
    let held = hold_database(&world, "b.db").await;
    write_dotenv(&world, "DATABASE_URL=sqlite:data/b.db");
    daemon.signal("HUP");
    daemon.says("event=config.loaded");
    for signal in ["USR1", "HUP", "USR1"] {
        daemon.signal(signal);
    }
    held.close().await.unwrap();
    daemon.says("event=run.finished");
    let asked = world.boards.requested_paths();
    assert!(
        asked.iter().all(|path| path.contains("other")),
        "no run under the old configuration: {asked:?}"
    );
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(
        !end.log
            .iter()
            .any(|line| line.contains("event=run.skipped")),
        "{:#?}",
        end.log
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_and_a_run_requested_together_use_the_new_configuration() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=scheduler.next_run");
    world
        .boards
        .set_board("other", Board::new([job(2).title("Go Engineer")]));
    for board in ["other", "acme", "other"] {
        world.write_config(&world.config(&[world.greenhouse(board)]));
        world.boards.clear_requests();
        let id = daemon.id().to_string();
        let both = Command::new("sh")
            .args(["-c", "kill -HUP $0; kill -USR1 $0", &id])
            .status();
        assert!(both.unwrap().success());
        daemon.says("event=run.finished");
        let is_asked = || {
            let requests = world.boards.requests();
            requests.iter().any(|request| request.path.contains(board))
        };
        // A new board is due when the configuration is read, so the requested run may have been the
        // second one of the board before.
        if !is_asked() {
            daemon.says("event=run.finished");
        }
        assert!(is_asked(), "{board}: {:?}", world.boards.requests());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_rereads_dotenv_and_reports_settings_that_need_a_restart() {
    let world = world().await;
    write_dotenv(&world, "ALERT_TO_EMAIL=jo@example.com\n");
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=scheduler.next_run");
    assert!(
        world.outbox()[0].contains("To: jo@example.com"),
        "{:?}",
        world.outbox()
    );

    world
        .boards
        .set_board("other", Board::new([job(2).title("Go Engineer")]));
    world.write_config(&world.config(&[world.greenhouse("acme"), world.greenhouse("other")]));
    write_dotenv(&world, "ALERT_TO_EMAIL=kim@example.com\nLOG_LEVEL=debug\n");
    daemon.signal("HUP");
    daemon.says("event=config.needs_restart");
    daemon.says("event=run.finished");
    assert!(
        world
            .outbox()
            .iter()
            .any(|mail| mail.contains("To: kim@example.com")),
        "{:?}",
        world.outbox()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stops_when_its_terminal_is_closed() {
    let world = world().await;
    let mut daemon = Daemon::start_in_terminal(&world.program(), "");
    daemon.says("event=scheduler.next_run");
    daemon.signal("HUP");
    daemon.says("event=config.loaded");
    daemon.close_terminal();
    daemon.says("event=scheduler.stopped");
    let log = daemon.ends().log;
    assert!(
        !log.iter().any(|line| line.contains("panicked")),
        "{log:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_running_without_its_terminal_under_nohup() {
    let world = world().await;
    let mut daemon = Daemon::start_in_terminal(&world.program(), "nohup");
    daemon.says("event=scheduler.next_run");
    daemon.close_terminal();
    // The closed terminal caused no more than a reload.
    daemon.says("event=config.loaded");
    daemon.signal("USR1");
    daemon.says("event=run.finished");
    daemon.signal("TERM");
    daemon.says("event=scheduler.stopped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_stops_when_its_terminal_is_closed() {
    let world = world().await;
    world.boards.fail("acme", Failure::Hang);
    let mut program = world.program();
    program.arg("scan");
    let mut scan = Daemon::start_in_terminal(&program, "");
    world.boards.wait_for_requests(1).await;
    scan.close_terminal();
    scan.says("event=run.finished");
    let log = scan.ends().log;
    assert!(
        !log.iter().any(|line| line.contains("panicked")),
        "{log:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_removed_while_in_use_is_opened_again() {
    // The removed files, and the number of runs that are stored after the next one.
    for (removed, runs) in [
        (&["data"][..], 1),
        (&["data/job_scanner.db"], 1),
        (&["data/job_scanner.db-wal"], 2),
    ] {
        let world = world().await;
        let mut daemon = Daemon::start(world.program());
        daemon.says("event=run.finished");
        for name in removed {
            let path = world.folder().join(name);
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }

        daemon.signal("USR1");
        let noticed = daemon.says("event=run.failed");
        assert!(
            noticed.contains("was replaced or removed while it was in use"),
            "{noticed}"
        );
        daemon.says("event=database.opened_again");
        daemon.signal("USR1");
        daemon.says("event=run.finished");

        daemon.signal("TERM");
        assert_eq!(daemon.ends().code, Some(0));
        assert_eq!(
            world.number("SELECT COUNT(*) FROM runs").await,
            runs,
            "without {removed:?}"
        );
        assert!(world.is_sound().await, "without {removed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_database_with_the_old_journal_is_never_read() {
    let world = world().await;
    let mut daemon = Daemon::start(world.program());
    daemon.says("event=run.finished");
    let file = world.folder().join("data/job_scanner.db");
    let backup = world.folder().join("backup.db");
    let made = world
        .program()
        .args(["db", "backup"])
        .arg(&backup)
        .output()
        .unwrap();
    assert!(made.status.success());
    let before = fs::read(&backup).unwrap();
    fs::rename(&backup, &file).unwrap();

    daemon.signal("HUP");
    let refused = daemon.says("event=config.refused");
    assert!(
        refused.contains("the journal of the old one is still there"),
        "{refused}"
    );
    daemon.signal("USR1");
    let failed = daemon.says("event=run.failed");
    assert!(
        failed.contains("the journal of the old one is still there"),
        "{failed}"
    );
    daemon.signal("TERM");
    assert_eq!(daemon.ends().code, Some(0));
    assert!(
        fs::read(&file).unwrap() == before,
        "the restored file is as it was"
    );
}
