//! The `job-scanner` program. Everything is in the library; see `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    job_scanner::cli::main()
}
