//! A page on a real socket, for tests.
//!
//! [`TestPage`] has an empty database, a configuration and a server on a free port of loopback. Its
//! store is the one of the server, so a test fills it first. Its clock stands still, at [`NOW`] at
//! first. [`TestPage::send`] sends a request as it is written and reads the whole response.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use job_scanner_config::{Config, WebListen};
use job_scanner_core::matching::QueryMatcher;
use job_scanner_notify::{Channels, NotificationService, NotifySettings};
use job_scanner_outbound::{HttpClients, HttpOptions};
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{ScanContext, ScanPipeline, Scanner, deadline_for};
use job_scanner_sandbox::{Catalog, Engine, EngineOptions, InFlightBudget};
use job_scanner_store::Store;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::actions::Actions;
use crate::new_sources::{AddedSources, DetectedSources, NewSources, Pending};
use crate::server::WebServer;
use crate::state::WebState;

/// The time at which the page starts.
pub(crate) const NOW: &str = "2026-11-23T12:00:00Z";

/// The rest of the configuration.
const SOURCES: &str = "sources: [{type: greenhouse, identifier: acme, name: Acme}]\n\
    profiles: [{name: default, query: engineer}]\n";

/// A page that is being served.
pub(crate) struct TestPage {
    pub(crate) state: WebState,
    pub(crate) server: WebServer,
    newest: watch::Sender<ScanPipeline>,
    now: Arc<Mutex<Timestamp>>,
    folder: TempDir,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: u16,
    /// The names in lower case.
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Finds and adds no sources: the parts that do are in the program, with its whole tests.
struct NoNewSources;

impl NewSources for NoNewSources {
    fn detect(&self, _text: &str) -> DetectedSources {
        DetectedSources::default()
    }

    fn add(&self, _yaml: String) -> Pending<'_, Result<AddedSources, String>> {
        Box::pin(async { Err("the tests of the page add no sources".to_owned()) })
    }
}

impl TestPage {
    /// Starts a page without authentication.
    pub(crate) async fn start() -> Self {
        Self::with("listen: \"127.0.0.1:0\"").await
    }

    /// Starts a page with these keys of `web`, one or more, separated by commas.
    pub(crate) async fn with(web: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(Mutex::new(NOW.parse().unwrap()));
        let pipeline = pipeline(folder.path(), web, &now).await;
        let settings = pipeline.context().scanner.config.web.clone().unwrap();
        let newest = watch::Sender::new(pipeline);

        let listen: WebListen = settings.listen.clone();
        let new_sources = Box::new(NoNewSources);
        let actions = Actions::default();
        let state = WebState::new(newest.subscribe(), settings, actions, new_sources);
        let server = WebServer::start(&listen, state.clone()).await.unwrap();
        Self {
            state,
            server,
            newest,
            now,
            folder,
        }
    }

    /// Reloads with these keys of `web`.
    pub(crate) async fn reload(&self, web: &str) {
        let reloaded = pipeline(self.folder.path(), web, &self.now).await;
        self.newest.send_replace(reloaded);
    }

    /// Sets the clock of the page.
    pub(crate) fn set_time(&self, now: Timestamp) {
        *self.now.lock().unwrap() = now;
    }

    pub(crate) fn store(&self) -> Store {
        self.state.store()
    }

    /// Returns the host and the port, as in the header `Host`.
    pub(crate) fn host(&self) -> &str {
        let address = self.server.address();
        address.strip_prefix("http://").unwrap_or("localhost")
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.host()).await.unwrap()
    }

    /// Requests a path without further headers.
    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.send("GET", path, &[], "").await
    }

    /// Sends a form as a browser does on a page of this host.
    pub(crate) async fn post_form(&self, path: &str, form: &str) -> TestResponse {
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.send("POST", path, &headers, form).await
    }

    /// Sends a request with these headers on a connection of its own. A `Host` among the headers
    /// replaces the usual one.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> TestResponse {
        let mut head = vec![
            format!("{method} {path} HTTP/1.1"),
            "Connection: close".to_owned(),
        ];
        if !headers.iter().any(|(name, _)| *name == "Host") {
            head.push(format!("Host: {}", self.host()));
        }
        if !body.is_empty() {
            head.push(format!("Content-Length: {}", body.len()));
        }
        head.extend(
            headers
                .iter()
                .map(|(name, value)| format!("{name}: {value}")),
        );
        let request = format!("{}\r\n\r\n{body}", head.join("\r\n"));

        let mut stream = self.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        TestResponse::read(&mut stream).await
    }
}

impl TestResponse {
    /// Reads a response until the server closes the connection.
    pub(crate) async fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Self::parse(&String::from_utf8_lossy(&bytes))
    }

    pub(crate) fn parse(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        });
        let headers: Vec<_> = headers.collect();
        let chunked = headers
            .iter()
            .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        Self {
            status: status.and_then(|status| status.parse().ok()).unwrap_or(0),
            headers,
            body: if chunked {
                joined(body)
            } else {
                body.to_owned()
            },
        }
    }

    /// Returns the first header with this name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Returns the text of chunks.
fn joined(mut chunks: &str) -> String {
    let mut text = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        text += &rest[..size];
        chunks = rest.get(size + 2..).unwrap_or("");
    }
    text
}

/// Opens the pipeline of a configuration with these keys of `web`. Its database is in the folder.
async fn pipeline(folder: &Path, web: &str, now: &Arc<Mutex<Timestamp>>) -> ScanPipeline {
    let text = format!("{SOURCES}web: {{{web}}}\n");
    let config = job_scanner_config::parse(&folder.join("config.yaml"), &text)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let database = format!("sqlite:{}", folder.join("jobs.db").display());
    let store = Store::open(&database).await.unwrap();
    ScanPipeline::new(ScanContext {
        normalization_version: 1,
        failed_exchanges: None,
        counts_terms: false,
        store,
        notify: NotifySettings {
            recipients: Vec::new(),
            chosen: config.notify.clone(),
            when: config.when.clone(),
            notices_to: None,
            digest_above: config.email.digest_above,
            on_first_scan: config.on_first_scan,
        },
        notifier: NotificationService::new(Channels::new(Vec::new()), Duration::from_secs(1)),
        deadline: deadline_for(config.scan_interval),
        meter: None,
        scanner: scanner(config, Arc::clone(now)),
    })
}

fn scanner(config: Config, now: Arc<Mutex<Timestamp>>) -> Scanner {
    let engine = Engine::new(&EngineOptions {
        cache_folder: None,
        parallel_scans: 1,
        max_memory_bytes: 64 << 20,
    });
    let folders = vec![config.adapters.dir.clone()];
    let catalog = Catalog::new(engine.unwrap(), folders, config.adapters.limits.clone());
    let clients = HttpClients::new(&HttpOptions {
        user_agent: "tests".to_owned(),
        request_timeout: Duration::from_secs(5),
        max_rate_per_host: 1000,
    });
    Scanner {
        catalog: Arc::new(catalog.unwrap()),
        clients: clients.unwrap(),
        in_flight: InFlightBudget::new(64 << 20),
        matcher: Arc::new(QueryMatcher::new(config.profiles.clone()).unwrap()),
        clock: Clock::from_fn(move || *now.lock().unwrap()),
        config,
    }
}
