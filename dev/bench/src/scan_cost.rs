//! The cost of one scan in a process of its own.

use std::io::Read as _;
use std::process::Stdio;

use anyhow::Context as _;

use crate::installation::Installation;
use crate::process::{Memory, cpu_time, memory};

/// The cost of one scan in a process of its own.
pub(crate) struct ScanCost {
    pub(crate) cpu_ms: f64,
    /// The peak memory in megabytes.
    pub(crate) peak: f64,
}

impl ScanCost {
    /// Scans all sources and measures the process at the end of its work.
    pub(crate) fn measure(installation: &Installation) -> anyhow::Result<Self> {
        let mut process = installation
            .scan()?
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start job-scanner")?;
        let mut report = process
            .stdout
            .take()
            .context("the output of job-scanner is not a pipe")?;

        // The program prints its report at the end of its work. The report is larger than the
        // pipe's buffer, so after the first byte the program still runs and waits for the rest to
        // be read.
        let mut first = [0];
        let printed = report.read_exact(&mut first);
        let cost = Self::of_process(process.id());

        let mut rest = Vec::new();
        report.read_to_end(&mut rest)?;
        let ended = process.wait()?;
        anyhow::ensure!(
            printed.is_ok() && ended.success(),
            "the scan failed: {ended}"
        );

        cost
    }

    fn of_process(process: u32) -> anyhow::Result<Self> {
        Ok(Self {
            cpu_ms: cpu_time(process)?.as_secs_f64() * 1_000.0,
            peak: memory(process, Memory::Peak)?,
        })
    }
}
