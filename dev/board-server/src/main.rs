//! The program that serves generated job boards on loopback until a signal stops it: arguments,
//! start and signals, nothing else.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context as _;
use clap::Parser;
use job_scanner_board_server::{BoardServer, Failure, generate};
use tokio::signal::unix::{SignalKind, signal};

/// Serves generated job boards `board-0`, `board-1`, … on 127.0.0.1.
///
/// The first line on standard output is the base URL. To scan a board, set `options.base_url` of a
/// source to `BASE_URL/boards-api.greenhouse.io`, `BASE_URL/api.lever.co`,
/// `BASE_URL/api.ashbyhq.com` or, for the site `acme.wd5/board-0` of Workday,
/// `BASE_URL/acme.wd5.myworkdayjobs.com`.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Port to listen on; 0 picks a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Number of boards
    #[arg(long, default_value_t = 2)]
    boards: u32,
    /// Jobs on each board
    #[arg(long, default_value_t = 40)]
    jobs: u32,
    /// Seed of the boards: the same seed generates the same boards, byte for byte
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the base URL into this file once the server listens
    #[arg(long, value_name = "FILE")]
    address_file: Option<PathBuf>,
    /// Make a board fail: `board-1=500`, `board-1=429:30`, `=hang`, `=cut`, `=slow`, `=empty`,
    /// `=html`, `=redirect:URL`, `=total:N`
    #[arg(long, value_name = "TOKEN=FAILURE")]
    fail: Vec<FailingBoard>,
    /// Send no validators (`ETag`, `Last-Modified`) and ignore those of clients
    #[arg(long)]
    no_validators: bool,
}

#[derive(Clone)]
struct FailingBoard {
    token: String,
    failure: Failure,
}

impl FromStr for FailingBoard {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (token, failure) = text
            .split_once('=')
            .context("`=` is missing; write TOKEN=FAILURE")?;

        Ok(Self {
            token: token.to_owned(),
            failure: failure.parse()?,
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();

    // Before the server starts, so that an early signal ends the program with exit code 0, too.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;

    let server = BoardServer::start_on(options.port)
        .await
        .with_context(|| format!("could not listen on port {}", options.port))?;

    for index in 0..options.boards {
        server.set_board(
            &generate::token(index),
            generate::board(options.seed, index, options.jobs),
        );
    }
    for FailingBoard { token, failure } in options.fail {
        server.fail(&token, failure);
    }
    server.set_validators(!options.no_validators);

    // Last, because a client may send a request as soon as it reads the address.
    announce(&server.base_url(), options.address_file.as_deref())?;

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

fn announce(base_url: &str, file: Option<&Path>) -> anyhow::Result<()> {
    if let Some(file) = file {
        write_atomically(file, base_url)
            .with_context(|| format!("could not write `{}`", file.display()))?;
    }

    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{base_url}")?;
    stdout.flush()?;
    Ok(())
}

/// Writes the file under another name and renames it, so that a process that waits for the file
/// never reads half of it.
fn write_atomically(file: &Path, base_url: &str) -> io::Result<()> {
    let mut unfinished = file.as_os_str().to_owned();
    unfinished.push(".part");

    fs::write(&unfinished, format!("{base_url}\n"))?;
    fs::rename(&unfinished, file)
}
