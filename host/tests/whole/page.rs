//! The page as a part of the program: its start and end with the daemon, the commands about its
//! password and keys, and the service manager.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::process::{Output, Stdio};
use std::time::Duration;

use job_scanner_board_server::{Board, Failure, job};

use crate::command_line::{job_scanner, text};
use crate::process::{Daemon, TIME_LIMIT};
use crate::support::World;

async fn world(web: &str) -> World {
    let world = World::new().await;
    world
        .boards
        .set_board("acme", Board::new([job(1).title("Rust Engineer")]));
    let config = world.config(&[world.greenhouse("acme")]);
    world.write_config(&format!(
        "{config}\nweb: {{listen: \"127.0.0.1:0\"{web}}}\n"
    ));
    world
}

/// Waits for the start of the page, and returns its host and port.
fn address(daemon: &mut Daemon) -> String {
    let said = daemon.says("event=web.started");
    let (_, address) = said.split_once("http://").unwrap();
    let end = address.find(|character: char| !matches!(character, '0'..='9' | '.' | ':'));
    address[..end.unwrap_or(address.len())].to_owned()
}

/// Sends a request with this first line and these headers, and returns the response.
fn request(address: &str, line: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// Runs a command with this standard input.
fn piped(world: &World, arguments: &[&str], input: &str) -> Output {
    let mut process = world
        .program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    // The program may end before it has read everything.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    process.wait_with_output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_starts_and_ends_with_the_daemon() {
    let world = world("").await;
    let mut daemon = Daemon::start(world.program());
    let address = address(&mut daemon);
    let response = request(&address, "GET /healthz", "", "");
    assert!(response.starts_with("HTTP/1.1 200 OK"), "{response}");
    daemon.says("event=run.finished");
    let response = request(&address, "GET /readyz", "", "");
    assert!(response.ends_with("ok\n"), "{response}");

    // A request that never ends does not delay the end.
    let mut endless = TcpStream::connect(&address).unwrap();
    write!(
        endless,
        "POST /login HTTP/1.1\r\nHost: {address}\r\nContent-Length: 9\r\n\r\nx"
    )
    .unwrap();
    daemon.signal("TERM");
    let end = daemon.ends();
    assert_eq!(end.code, Some(0));
    assert!(end.took < Duration::from_secs(10), "{:?}", end.took);
    assert!(TcpStream::connect(&address).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_many_clients_do_not_delay_a_scan() {
    let world = world("").await;
    let mut daemon = Daemon::start(world.program());
    let address = address(&mut daemon);
    daemon.says("event=run.finished");

    let mut clients = Vec::new();
    for _ in 0..300 {
        let mut client = TcpStream::connect(&address).unwrap();
        // The server may have closed it already.
        let _ = client.write_all(b"GET /healthz HTTP/1.1\r\n");
        clients.push(client);
    }
    daemon.signal("USR1");
    daemon.says("event=run.started");
    daemon.says("event=run.finished");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_stops_the_program_at_once() {
    let world = world("").await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let config = world.config(&[world.greenhouse("acme")]);
    world.write_config(&format!("{config}\nweb: {{listen: \"{listen}\"}}\n"));

    let end = Daemon::start(world.program()).ends();
    let last = end.log.last().unwrap();
    assert_eq!(end.code, Some(1));
    assert!(
        last.contains(&format!(
            "cannot listen on `http://{listen}` (`web.listen`)"
        )),
        "{last}"
    );
    assert!(world.boards.requests().is_empty(), "no scan begins");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piped_password_opens_the_page_and_is_written_nowhere() {
    let first = world("").await;
    let made = piped(&first, &["web", "password"], "marker of a password\n");
    let hash = text(&made.stdout);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");

    let world = world(&format!(", password_hash: \"{}\"", hash.trim())).await;
    let mut program = world.program();
    program.env("LOG_LEVEL", "trace");
    let mut daemon = Daemon::start(program);
    let address = address(&mut daemon);
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let wrong = request(&address, "POST /login", form, "password=marker+of+another");
    assert!(wrong.starts_with("HTTP/1.1 403"), "{wrong}");
    let right = request(
        &address,
        "POST /login",
        form,
        "password=marker+of+a+password",
    );
    assert!(right.starts_with("HTTP/1.1 303"), "{right}");
    let (_, cookie) = right.split_once("job-scanner=").unwrap();
    let (_, secret) = cookie.split(';').next().unwrap().split_once('.').unwrap();
    let created = job_scanner(&world, &["key", "create", "reader", "--feed", "default"]);
    let key = text(&created.stdout).trim().to_owned();
    let feed = format!("GET /feeds/default.atom?key={key}");
    request(&address, &feed, "", "");
    request(
        &address,
        "GET /api/v1/none",
        &format!("X-API-Key: {key}\r\n"),
        "",
    );

    let sessions = text(&job_scanner(&world, &["web", "sessions"]).stdout);
    assert!(sessions.starts_with("1: last used "), "{sessions}");
    assert!(
        sessions.contains("from 127.0.0.1, an unnamed program"),
        "{sessions}"
    );
    let listed = text(&job_scanner(&world, &["key", "list"]).stdout);

    daemon.signal("TERM");
    let log = daemon.ends().log.join("\n");
    let database = std::fs::read(world.folder().join("data/job_scanner.db")).unwrap();
    let stored = String::from_utf8_lossy(&database);
    for marker in ["marker", secret, &key, hash.trim()] {
        assert!(!log.contains(marker), "`{marker}` is in the log");
        assert!(!stored.contains(marker), "`{marker}` is in the database");
        assert!(!listed.contains(marker) && !sessions.contains(marker));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_password_is_refused_with_the_reason() {
    let world = world("").await;
    for (input, reason) in [
        ("short\n", "has fewer than 8 characters"),
        ("", "standard input is empty"),
        ("\n", "standard input is empty"),
        (&"x".repeat(2000), "has more than 1024 bytes"),
    ] {
        let output = piped(&world, &["web", "password"], input);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains(reason), "{stderr}");
        assert_eq!(text(&output.stdout), "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_opens_nothing_after_it_is_revoked() {
    let world = world("").await;
    let refused = job_scanner(&world, &["key", "create", "reader", "--read"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("cannot open the database"));

    job_scanner(&world, &["scan"]);
    let created = job_scanner(&world, &["key", "create", "reader", "--read"]);
    let key = text(&created.stdout);
    assert!(
        key.starts_with("js_r_") && key.lines().count() == 1,
        "{key}"
    );
    assert!(text(&created.stderr).contains("cannot be shown again"));

    let again = job_scanner(&world, &["key", "create", "reader", "--write"]);
    assert_eq!(again.status.code(), Some(1));
    let listed = text(&job_scanner(&world, &["key", "list"]).stdout);
    assert!(
        listed.starts_with("`reader` (read), created 20"),
        "{listed}"
    );
    assert!(
        listed.ends_with(", never used\n") && listed.lines().count() == 1,
        "{listed}"
    );

    let revoke = || job_scanner(&world, &["key", "revoke", "reader"]);
    assert_eq!(revoke().status.code(), Some(0));
    assert_eq!(revoke().status.code(), Some(1));
    for wrong in [
        &["key", "create", "reader"][..],
        &["key", "create", "a", "--read", "--write"],
        &["key", "create", " ", "--read"],
        &["key", "create", "a", "--feed", "none"],
    ] {
        assert_eq!(
            job_scanner(&world, wrong).status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_number_or_all_at_once() {
    let world = world("").await;
    job_scanner(&world, &["scan"]);
    let none = job_scanner(&world, &["web", "logout", "7"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stdout).contains("session 7 does not exist"));
    let all = job_scanner(&world, &["web", "logout", "--all"]);
    assert_eq!(
        (all.status.code(), text(&all.stdout).as_str()),
        (Some(0), "ended 0 sessions\n")
    );
    assert_eq!(
        job_scanner(&world, &["web", "logout"]).status.code(),
        Some(2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_manager_hears_that_the_daemon_starts_lives_and_stops() {
    let world = world("").await;
    world.boards.fail("acme", Failure::Hang);
    let path = world.folder().join("manager");
    let manager = UnixDatagram::bind(&path).unwrap();
    manager.set_read_timeout(Some(TIME_LIMIT)).unwrap();
    let heard = || {
        let mut state = [0; 64];
        let length = manager.recv(&mut state).unwrap();
        String::from_utf8_lossy(&state[..length]).into_owned()
    };

    let mut program = world.program();
    program
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "100000");
    let daemon = Daemon::start(program);
    assert_eq!(heard(), "READY=1");
    // A scan that hangs does not matter.
    assert_eq!(
        (heard(), heard()),
        ("WATCHDOG=1".to_owned(), "WATCHDOG=1".to_owned())
    );
    daemon.signal("TERM");
    while heard() != "STOPPING=1" {}
    assert_eq!(daemon.ends().code, Some(0));
}
