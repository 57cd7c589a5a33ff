//! The benchmark of the speed that job-scanner promises, mostly as ratios within one run:
//! arguments, rows and report.
//!
//! A ratio is the same on a slower machine. The compared cases are measured in turns, so that a
//! short load on the machine changes little. Work is compared by the CPU time of this process, and
//! another process serves the boards. `docs/benchmarks.md` explains each row.

mod boards;
mod daemon;
mod installation;
mod measure;
mod native;
mod process;
mod report;
mod rows;
mod scan_cost;

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use job_scanner::logging;
use job_scanner_config::LoggingConfig;

use report::Report;
use rows::RowName;

/// Measures the speed that job-scanner promises.
#[derive(Parser)]
struct Options {
    /// Measure only this row; may be given several times
    #[arg(long = "row", value_enum, value_name = "ROW")]
    rows: Vec<RowName>,

    /// Format of the output; the JSON is also written to `target/bench/results.json`
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Json,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let rows = if options.rows.is_empty() {
        RowName::value_variants()
    } else {
        &options.rows
    };

    // Log lines are formatted as in any run and discarded, because this process prints results.
    tracing::subscriber::set_global_default(logging::subscriber(
        LoggingConfig::default(),
        io::sink,
    ))?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;

    let folder = results_folder()?;
    let mut report = Report::default();
    for row in rows {
        eprintln!("bench: measuring {row}");
        let measured = runtime
            .block_on(row.measure(&folder))
            .with_context(|| format!("could not measure {row}"))?;
        report.rows.extend(measured);
    }

    report.write(&folder.join("results.json"))?;

    match options.format {
        Format::Table => println!("{}", report.table()),
        Format::Json => println!("{}", report.json()?),
    }
    Ok(())
}

/// Creates `target/bench`, next to the folder of this program. All rows write their files there.
fn results_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("this program is not in a target folder; run `./just bench`")?;

    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Returns the path of a program that was built together with this one.
fn sibling(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(name);
    anyhow::ensure!(
        program.is_file(),
        "`{}` does not exist; run `./just bench`, which builds it",
        program.display()
    );
    Ok(program)
}

/// Returns the path of a file in the checkout.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
