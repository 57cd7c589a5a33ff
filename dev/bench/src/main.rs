//! Measures what job-scanner promises about its speed, as ratios within one run: arguments, rows,
//! report.
//!
//! A machine that is twice as slow changes no ratio, and what is compared is measured in turns, so
//! that one which is busy for a moment changes few. Where work is compared, it is CPU time of this
//! process: the boards are served by another one. `docs/benchmarks.md` says what each row means.

mod boards;
mod installation;
mod measure;
mod native;
mod report;
mod rows;

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use job_scanner::logging;
use job_scanner_config::LoggingConfig;

use report::Report;
use rows::RowName;

/// Measures what job-scanner promises about its speed.
#[derive(Parser)]
struct Options {
    /// Only this row; may be given several times
    #[arg(long = "row", value_enum, value_name = "ROW")]
    rows: Vec<RowName>,

    /// What is printed; `results.json` has the JSON either way
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

    // Lines are made as in any run, and thrown away: this process prints results.
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

/// `target/bench`, beside the folder of this program. Everything that is measured writes there.
fn results_folder() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("this program is in no target folder")?;

    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A program that was built together with this one.
fn sibling(name: &str) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(name);
    anyhow::ensure!(
        program.is_file(),
        "there is no `{}`; run `./just bench`",
        program.display()
    );
    Ok(program)
}

/// A file of the checkout.
fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}
