//! A world for one whole-program test: a board server on loopback, and a folder with a
//! configuration, a database and an outbox.
//!
//! ```ignore
//! let world = World::new().await;
//! world.boards.set_board("acme", Board::new([job(1).title("Rust Engineer")]));
//! let result = world.run(&world.config(&[world.greenhouse("acme")])).await;
//! ```
//!
//! Sources are real components: first-party ones from `adapters/dist`, hostile ones from
//! `target/test-adapters` (`./just build-adapters` makes both, and accepts them).
//! [`World::put_adapter`] adds one with another manifest ([`hostile_with`]), which
//! [`World::accept`] then accepts.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::Timestamp;
use job_scanner::startup::{Folders, catalog, scan_context};
use job_scanner_board_server::{Api, Board, BoardServer, job};
use job_scanner_config::{AdaptersConfig, AdvancedConfig, Config, Environment};
use job_scanner_core::adapter::LockFile;
use job_scanner_core::run::Trigger;
use job_scanner_pipeline::clock::Clock;
use job_scanner_pipeline::{
    PipelineRunResult, RunRequest, ScanContext, ScanPipeline, SourceRunStats,
};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The criteria of most tests.
pub(crate) const CRITERIA: &str =
    "search_criteria: {required_terms: [engineer], exclude_terms: [intern]}\n";

/// The world of one test, removed when dropped.
pub(crate) struct World {
    /// The boards, on loopback.
    pub(crate) boards: BoardServer,
    folder: TempDir,
}

impl World {
    /// Returns a board server without boards, and a folder that has only the adapters.
    pub(crate) async fn new() -> Self {
        let boards = BoardServer::start()
            .await
            .expect("loopback has a free port");
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let adapters = folder.path().join("adapters");
        fs::create_dir(&adapters).unwrap();
        let mut lock = LockFile::default();
        for built in ["adapters/dist", "target/test-adapters"] {
            copy_adapters(&repository().join(built), &adapters, &mut lock);
        }
        fs::write(adapters.join("adapters.lock"), lock.to_string()).unwrap();
        Self { boards, folder }
    }

    /// Returns the same with a board `acme`, which has one job that matches [`CRITERIA`].
    pub(crate) async fn with_a_job() -> Self {
        let world = Self::new().await;
        let board = Board::new([job(1).title("Rust Engineer")]);
        world.boards.set_board("acme", board);
        world
    }

    /// Returns the folder with all files of this world.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns one line of `sources:` that reads a Greenhouse board of this world.
    pub(crate) fn greenhouse(&self, token: &str) -> String {
        self.greenhouse_with(token, "")
    }

    /// Returns the same line with further keys of the source, such as `, max_jobs: 1`.
    pub(crate) fn greenhouse_with(&self, token: &str, more: &str) -> String {
        self.board(Api::Greenhouse, token, more)
    }

    /// Returns one line of `sources:` that reads a board of this world through another API.
    pub(crate) fn board(&self, api: Api, token: &str, more: &str) -> String {
        let kind = match api {
            Api::Greenhouse => "greenhouse",
            Api::Lever => "lever",
            Api::Ashby => "ashby",
            Api::Workday => "workday",
        };
        let (base_url, address) = (self.boards.api_url(api), self.boards.address());
        format!(
            "{{type: {kind}, identifier: {token}, options: {{base_url: '{base_url}'}}, allow_hosts: ['{address}']{more}}}"
        )
    }

    /// Returns one line of `sources:` that runs the hostile adapter in a mode, with further
    /// options.
    pub(crate) fn hostile(&self, mode: &str, options: &str) -> String {
        let address = self.boards.address();
        format!(
            "{{type: hostile, identifier: {mode}, options: {{mode: {mode}{options}}}, allow_hosts: ['{address}']}}"
        )
    }

    /// Returns one line of `sources:` whose adapter requests the text of each job separately, with
    /// further options.
    pub(crate) fn deferred(&self, token: &str, options: &str) -> String {
        let (base_url, address) = (self.boards.api_url(Api::Greenhouse), self.boards.address());
        format!(
            "{{type: deferred, identifier: {token}, options: {{base_url: '{base_url}'{options}}}, allow_hosts: ['{address}']}}"
        )
    }

    /// Writes a component next to the others, without accepting it.
    pub(crate) fn put_adapter(&self, name: &str, component: &[u8]) -> PathBuf {
        let path = self.folder().join(format!("adapters/{name}.wasm"));
        fs::write(&path, component).unwrap();
        path
    }

    /// Accepts an adapter as it is, with everything that it requests.
    pub(crate) async fn accept(&self, path: &Path) {
        let folders = Folders {
            adapters: Vec::new(),
            cache: Some(compiled()),
            outbox: PathBuf::new(),
        };
        let candidate = catalog(
            &AdaptersConfig::under(Path::new("")),
            &AdvancedConfig::default(),
            &folders,
        )
        .unwrap()
        .inspect(path)
        .await
        .unwrap();
        candidate
            .accept(candidate.manifest().requested_grants())
            .unwrap();
    }

    /// Returns the text of a configuration with these sources.
    #[expect(
        clippy::unused_self,
        reason = "a test reads better when everything comes from its world"
    )]
    pub(crate) fn config(&self, sources: &[String]) -> String {
        format!(
            "sources:\n  - {}\n{CRITERIA}adapters: {{dir: adapters}}\n",
            sources.join("\n  - ")
        )
    }

    /// Writes a configuration and loads it as the program does.
    pub(crate) fn load(&self, text: &str) -> Config {
        let path = self.write_config(text);
        job_scanner_config::load(Some(&path), &self.environment())
            .unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// Writes a configuration and returns its path.
    pub(crate) fn write_config(&self, text: &str) -> PathBuf {
        let path = self.folder().join("config.yaml");
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn database_url(&self) -> String {
        format!(
            "sqlite:{}",
            self.folder().join("data/job_scanner.db").display()
        )
    }

    /// Opens a separate connection to this world's database.
    pub(crate) async fn database(&self) -> SqliteConnection {
        let options: SqliteConnectOptions = self.database_url().parse().unwrap();
        options.connect().await.unwrap()
    }

    /// Returns the one number that `sql` selects.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&mut self.database().await)
            .await
            .unwrap()
    }

    /// Returns true if the database passes its integrity check.
    pub(crate) async fn is_sound(&self) -> bool {
        let check: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut self.database().await)
            .await
            .unwrap();
        check == "ok"
    }

    /// Returns the program in this world's folder, with a separate environment.
    pub(crate) fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_job-scanner"));
        program
            .current_dir(self.folder())
            .env_clear()
            .env("DATABASE_URL", self.database_url())
            .env("XDG_CACHE_HOME", compiled());
        program
    }

    /// Returns a pipeline with this configuration, as in a process that has just started.
    pub(crate) async fn pipeline(&self, text: &str) -> ScanPipeline {
        ScanPipeline::new(self.context(text).await)
    }

    /// Returns the context of a pipeline with this configuration.
    pub(crate) async fn context(&self, text: &str) -> ScanContext {
        let folders = Folders {
            adapters: Vec::new(),
            cache: Some(compiled()),
            outbox: self.folder().join("data/outbox"),
        };
        scan_context(self.load(text), folders).await.unwrap()
    }

    /// Makes one manual run over all sources of this configuration.
    pub(crate) async fn run(&self, text: &str) -> PipelineRunResult {
        run_once(self.context(text).await).await
    }

    /// Makes the same run at this time.
    pub(crate) async fn run_at(&self, text: &str, now: Timestamp) -> PipelineRunResult {
        let mut context = self.context(text).await;
        context.scanner.clock = Clock::from_fn(move || now);
        run_once(context).await
    }

    /// Returns the messages in the outbox, as they are on disk.
    pub(crate) fn outbox(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.folder().join("data/outbox")) else {
            return Vec::new();
        };
        let mut messages: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        messages.sort();
        messages
            .iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    }

    fn environment(&self) -> Environment {
        [
            ("DATABASE_URL", self.database_url()),
            ("ALERT_TO_EMAIL", "seeker@example.com".to_owned()),
        ]
        .into_iter()
        .map(|(name, value)| (OsString::from(name), OsString::from(value)))
        .collect()
    }
}

/// Returns the run's result for the source with this printed key.
pub(crate) fn source<'r>(result: &'r PipelineRunResult, key: &str) -> &'r SourceRunStats {
    let found = result
        .sources
        .iter()
        .find(|source| source.source.to_string() == key);
    found.unwrap_or_else(|| panic!("no `{key}` in {:#?}", result.sources))
}

/// Returns the kind of error with which this source failed; empty if it did not fail.
pub(crate) fn failure<'r>(result: &'r PipelineRunResult, key: &str) -> &'r str {
    source(result, key)
        .error
        .as_ref()
        .map_or("", |error| error.kind.as_str())
}

/// Returns the hostile adapter with another manifest, which may not be longer than its own. The
/// manifest is data in the component.
pub(crate) fn hostile_with(manifest: &str) -> Vec<u8> {
    let own = include_str!("../guests/hostile/manifest.json");
    assert!(
        manifest.len() <= own.len(),
        "there is room for {} bytes",
        own.len()
    );
    let mut component = fs::read(repository().join("target/test-adapters/hostile.wasm")).unwrap();
    let at = component
        .windows(own.len())
        .position(|bytes| bytes == own.as_bytes())
        .expect("it has its manifest");
    component[at..at + own.len()].fill(b' ');
    component[at..at + manifest.len()].copy_from_slice(manifest.as_bytes());
    component
}

/// Returns the root of the checkout.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Makes one manual run over all sources, as a separate process would.
pub(crate) async fn run_once(context: ScanContext) -> PipelineRunResult {
    let pipeline = ScanPipeline::new(context);
    let request = RunRequest {
        trigger: Trigger::Manual,
        only: None,
    };

    let result = pipeline
        .run_once(&request, &CancellationToken::new())
        .await
        .unwrap();
    pipeline.context().store.close().await;
    result
}

/// Returns the folder of compiled adapters, which all tests share. Compiling them again for each
/// test would take most of the tests' time.
pub(crate) fn compiled() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled-adapters")
}

fn copy_adapters(built: &Path, adapters: &Path, lock: &mut LockFile) {
    let files = fs::read_dir(built).unwrap_or_else(|error| not_built(built, &error));
    for path in files.map(|file| file.unwrap().path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            fs::copy(&path, adapters.join(path.file_name().unwrap())).unwrap();
        }
    }
    let text = fs::read_to_string(built.join("adapters.lock"))
        .unwrap_or_else(|error| not_built(built, &error));
    for (name, accepted) in LockFile::parse(&text).unwrap().iter() {
        lock.insert(name, accepted.clone());
    }
}

fn not_built(folder: &Path, error: &io::Error) -> ! {
    panic!(
        "{}: {error}; run `./just build-adapters` first",
        folder.display()
    )
}
