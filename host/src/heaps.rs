//! The heaps of the C library's allocator, which keep the memory that a scan has freed.
//!
//! glibc gives almost every thread a heap of its own, and a heap returns only its free end to the
//! system. A run allocates on about fifteen threads. So a daemon would keep several times the
//! memory that it uses between two runs. Two heaps are enough: most allocations are served by a
//! cache of the thread, without a lock.
//!
//! The library reads the number from the environment before `main`. The alternative, a call of
//! `mallopt`, is `unsafe`. Therefore the program replaces itself by itself, in the same process,
//! with the variable set. This takes about two milliseconds, so only a command that scans does it.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The variable of glibc, and the number of heaps.
const VARIABLE: &str = "MALLOC_ARENA_MAX";
const HEAPS: &str = "2";
/// Another variable of glibc, in which an operator may have chosen the number.
const TUNABLES: &str = "GLIBC_TUNABLES";

/// Restarts the program with few heaps, unless the environment already has a number. Call it before
/// any thread or file exists. If it fails, the program continues and takes more memory.
pub(crate) fn limit() {
    let is_chosen = [VARIABLE, TUNABLES]
        .iter()
        .any(|name| env::var_os(name).is_some());
    if is_chosen || !cfg!(target_env = "gnu") {
        return;
    }

    // The path, because `/proc/self/exe` itself would become the name of the process.
    let Ok(program) = env::current_exe() else {
        return;
    };
    let mut arguments = env::args_os();
    let name = arguments.next().unwrap_or_else(|| program.clone().into());

    // It returns only if it fails.
    let _ = Command::new(program)
        .arg0(name)
        .args(arguments)
        .env(VARIABLE, HEAPS)
        .exec();
}
