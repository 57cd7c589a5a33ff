//! The memory and CPU time of a daemon between two runs.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use job_scanner_board_server::generate::token;

use crate::boards::Boards;
use crate::installation::Installation;
use crate::process::{Memory, cpu_time, memory};
use crate::report::{Part, Row, Unit};

const BOARDS: u32 = 32;
const JOBS: u32 = 87;

/// The time after the run from which the CPU time is measured. By then, idle connections are closed
/// and threads without work have ended.
const SETTLED: Duration = Duration::from_secs(30);

/// The time during which it is measured. The memory is measured at its end.
const REST: Duration = Duration::from_secs(30);

pub(super) fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(BOARDS, JOBS)?;
    let sources: Vec<String> = (0..BOARDS)
        .map(|index| boards.source(&token(index)))
        .collect();
    let installation = Installation::new(folder, &sources)?;

    // Once before, because compiling an adapter takes memory that a later start does not.
    let compiled = installation.scan()?.stdout(Stdio::null()).status()?;
    anyhow::ensure!(compiled.success(), "the scan failed: {compiled}");
    let installation = Installation::new(folder, &sources)?;

    let mut daemon = Daemon(
        installation
            .daemon()?
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("could not start job-scanner")?,
    );
    let log = daemon.0.stderr.take().context("the log is not a pipe")?;
    wait_for_run(log)?;
    thread::sleep(SETTLED);
    let before = cpu_time(daemon.0.id())?;
    thread::sleep(REST);
    let used = cpu_time(daemon.0.id())?.saturating_sub(before);

    let of = |kind| memory(daemon.0.id(), kind);
    let memory = Row::new(
        "rest",
        "memory of a daemon a minute after its first run over 32 boards (87 jobs each)",
        of(Memory::Resident)?,
        (40.0, Unit::Megabytes),
        vec![
            Part::new("not in files", of(Memory::Anonymous)?, Unit::Megabytes),
            Part::new("the program", of(Memory::Files)?, Unit::Megabytes),
            Part::new("peak", of(Memory::Peak)?, Unit::Megabytes),
        ],
    );
    let cpu = Row::new(
        "rest-cpu",
        "CPU time of that daemon in half a minute without a run",
        used.as_secs_f64() * 1_000.0,
        (20.0, Unit::Milliseconds),
        Vec::new(),
    );
    Ok(vec![memory, cpu])
}

/// A running daemon. Dropping it stops the process.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        // It fails if the process has ended already, which is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until the daemon has finished its first run. The rest of the log is read and discarded, so
/// that the daemon never waits for the pipe.
fn wait_for_run(log: impl Read + Send + 'static) -> anyhow::Result<()> {
    let mut lines = BufReader::new(log).lines();
    loop {
        let line = lines.next().context("the daemon ended before its run")??;
        if line.contains("event=run.finished") {
            break;
        }
    }

    thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Ok(())
}
