//! The API, the feeds and the metrics of a running daemon: what programs read and request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use job_scanner_board_server::{Board, job};
use sqlx::Row as _;

use crate::process::Daemon;
use crate::support::World;

/// A title with characters that a careless feed would turn into markup.
const TITLE: &str = "Engineer <Rust> & \"C++\" ]]>";

/// A daemon with a page, and the address of the page.
struct Page {
    daemon: Daemon,
    address: String,
}

/// Starts a daemon with one board, and waits for the end of its first run.
fn start(world: &World) -> Page {
    let board = Board::new([job(1).title(TITLE), job(2).title("Engineer of Bridges")]);
    world.boards.set_board("acme", board);
    let config = world.config(&[world.greenhouse("acme")]);
    world.write_config(&format!("{config}web: {{listen: '127.0.0.1:0'}}\n"));

    let mut daemon = Daemon::start(world.program());
    let started = daemon.says("event=web.started");
    let (_, address) = started.split_once("web.address=http://").unwrap();
    let address = address.split_whitespace().next().unwrap().to_owned();
    // The run is counted after it has said that it has finished.
    daemon.says("event=scheduler.next_run");
    Page { daemon, address }
}

impl Page {
    /// Sends a request, and returns the whole response.
    fn send(&self, request: &str, headers: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(
            connection,
            "{request} HTTP/1.0\r\nHost: {host}\r\n{headers}\r\n"
        )
        .unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    }

    fn get(&self, path: &str) -> String {
        let response = self.send(&format!("GET {path}"), "");
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "{path}: {head}");
        body.to_owned()
    }
}

/// Returns the titles of all stored jobs, sorted.
async fn titles(world: &World) -> Vec<String> {
    let rows = sqlx::query("SELECT title FROM job_versions ORDER BY title");
    let rows = rows.fetch_all(&mut world.database().await).await.unwrap();
    rows.iter().map(|row| row.get("title")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn our_feed_adapter_reads_both_feeds_with_hostile_titles() {
    let world = World::new().await;
    let page = start(&world);
    let published = titles(&world).await;

    for format in ["atom", "json"] {
        let reader = World::new().await;
        let address = &page.address;
        let source = format!(
            "{{type: feed, name: Feed, identifier: 'http://{address}/feeds/default.{format}', allow_hosts: ['{address}']}}"
        );
        let result = reader.run(&reader.config(&[source])).await;
        assert!(!result.had_errors, "{format}: {:?}", result.sources);
        let read = titles(&reader).await;
        assert_eq!(read.len(), published.len());
        for (read, published) in read.iter().zip(&published) {
            assert!(
                read.starts_with(&format!("{published} (")),
                "{format}: {read}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_count_runs_scans_and_requests_also_after_a_reload() {
    let world = World::new().await;
    let mut page = start(&world);
    let expected = [
        "job_scanner_runs_total{trigger=\"schedule\",outcome=\"ok\"} 1",
        "job_scanner_scans_total{adapter=\"greenhouse\",outcome=\"complete\"} 1",
        "job_scanner_http_requests_total{host=\"127.0.0.1\",code_class=\"2xx\"} 1",
        "job_scanner_scan_duration_seconds_count{adapter=\"greenhouse\"} 1",
        "job_scanner_db_write_seconds_count 1",
        "job_scanner_sources{state=\"ok\"} 1",
        "job_scanner_jobs{state=\"open\"} 2",
        "job_scanner_alerts_total{profile=\"default\"} 2",
        "job_scanner_deliveries{channel=\"mail\",state=\"sent\"} ",
    ];
    let text = page.get("/metrics");
    for line in expected {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.ends_with("# EOF\n"));

    page.daemon.signal("HUP");
    page.daemon.says("event=config.loaded");
    page.daemon.signal("USR1");
    page.daemon.says("event=run.finished");
    page.daemon.says("event=scheduler.next_run");
    let text = page.get("/metrics");
    for trigger in ["schedule", "manual"] {
        let line = format!("job_scanner_runs_total{{trigger=\"{trigger}\",outcome=\"ok\"}} 1");
        assert!(text.contains(&line), "{line}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_requests_a_scan_and_reads_the_result() {
    let world = World::new().await;
    let mut page = start(&world);
    world.boards.clear_requests();
    let accepted = page.send("POST /api/v1/scans", "Sec-Fetch-Site: same-origin\r\n");
    assert!(accepted.contains(" 202 "), "{accepted}");
    page.daemon.says("event=run.finished");
    assert_eq!(world.boards.requests().len(), 1);

    let runs: serde_json::Value = serde_json::from_str(&page.get("/api/v1/runs")).unwrap();
    assert_eq!(runs[0]["trigger"], "manual");
    let matches = page.get("/api/v1/matches?profile=default");
    let matches: serde_json::Value = serde_json::from_str(&matches).unwrap();
    let found = matches.as_array().unwrap().iter();
    let mut found: Vec<&str> = found.map(|job| job["title"].as_str().unwrap()).collect();
    found.sort_unstable();
    assert_eq!(found, titles(&world).await);
}
