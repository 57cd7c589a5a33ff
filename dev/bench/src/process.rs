//! The memory and CPU time of another process, as Linux reports them in `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// The number of ticks per second in `/proc/PID/stat`, which is the same on all of today's
/// machines.
const TICKS_PER_SECOND: f64 = 100.0;

/// A kind of memory, by its name in `/proc/PID/status`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Memory {
    /// The most that was resident at any time.
    Peak,
    /// All that is resident now.
    Resident,
    /// The part of it that is not a file: heaps, stacks, memories of guests, compiled adapters.
    Anonymous,
    /// The part of it that is the program itself. The system can drop it and read it again.
    Files,
}

/// Returns an amount of memory of a process in megabytes.
pub(crate) fn memory(process: u32, kind: Memory) -> anyhow::Result<f64> {
    let name = match kind {
        Memory::Peak => "VmHWM:",
        Memory::Resident => "VmRSS:",
        Memory::Anonymous => "RssAnon:",
        Memory::Files => "RssFile:",
    };
    let status = fs::read_to_string(format!("/proc/{process}/status"))
        .context("only Linux reports the memory of a process")?;

    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes: f64 = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .with_context(|| format!("the status of the process has no {name}"))?
        .trim()
        .parse()?;

    Ok(kibibytes * 1024.0 / 1e6)
}

/// Returns the CPU time that all threads of a process have used so far.
pub(crate) fn cpu_time(process: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))
        .context("only Linux reports the CPU time of a process")?;

    // The second field is the name of the program, which may contain spaces and parentheses.
    let (_, fields) = stat.rsplit_once(')').context("the process has no name")?;
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut ticks = || -> anyhow::Result<f64> {
        let field = fields.next().context("the CPU time is missing")?;
        Ok(field.parse()?)
    };

    Ok(Duration::from_secs_f64(
        (ticks()? + ticks()?) / TICKS_PER_SECOND,
    ))
}

#[cfg(test)]
mod tests {
    use std::process;

    use super::*;

    #[test]
    fn the_memory_of_a_process_is_the_sum_of_its_parts() {
        let of = |kind| memory(process::id(), kind).unwrap();
        let parts = of(Memory::Anonymous) + of(Memory::Files);
        assert!((of(Memory::Resident) - parts).abs() < 5.0);
        assert!(of(Memory::Peak) >= of(Memory::Anonymous));
    }

    #[test]
    fn the_cpu_time_of_a_process_grows_with_its_work() {
        let before = cpu_time(process::id()).unwrap();
        let mut sum = 0_u64;
        while cpu_time(process::id()).unwrap() < before + Duration::from_millis(20) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }
}
