//! `job-scanner hide` and `job-scanner unhide`: companies whose jobs are hidden or snoozed.

use anyhow::Context as _;
use jiff::civil::Date;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{HiddenCompany, Store};

use crate::cli::decide::author::author;
use crate::cli::decide::day::{check_until, day};
use crate::cli::decide::text::{company, note};
use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::queries::read_store;

/// The subcommands of `hide`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum HideOptions {
    /// Hide the jobs of a company: they are not listed, and no message is sent about them
    Company(CompanyOptions),
    /// List the hidden and snoozed companies
    List,
}

/// The subcommands of `unhide`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum UnhideOptions {
    /// Show the jobs of a company again
    Company(NameOptions),
}

/// The arguments of `hide company`.
#[derive(Debug, clap::Args)]
pub(crate) struct CompanyOptions {
    #[command(flatten)]
    name: NameOptions,

    /// Only until this day (UTC), such as 2027-01-31; matches of that time that are still open then
    /// come in one message
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<Date>,

    /// A note for yourself
    #[arg(long, value_name = "TEXT", value_parser = note)]
    note: Option<String>,
}

/// The name of a company.
#[derive(Debug, clap::Args)]
pub(crate) struct NameOptions {
    /// Name of the company, as `jobs` shows it; upper and lower case do not matter
    #[arg(value_name = "COMPANY", value_parser = company)]
    company: String,
}

/// Hides a company, or lists the hidden ones.
pub(crate) async fn hide(config: &Config, options: &HideOptions) -> anyhow::Result<u8> {
    match options {
        HideOptions::Company(options) => hide_company(config, options).await,
        HideOptions::List => list(config).await,
    }
}

async fn hide_company(config: &Config, options: &CompanyOptions) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    if let Some(until) = options.until {
        check_until(until, now)?;
    }
    let hidden = HiddenCompany {
        company: options.name.company.clone(),
        until: options.until,
        note: options.note.clone(),
        hidden_at: now,
    };
    let store = open(config).await?;
    let jobs = store.hide_company(&hidden, &author()).await?;
    store.close().await;

    let jobs = match jobs {
        0 => "no open job has this company; `job-scanner jobs` shows the names".to_owned(),
        jobs => counted(jobs, "open job", "open jobs"),
    };
    print(&format!("{}: {jobs}\n", describe(&hidden)))?;
    Ok(SUCCESS)
}

/// Shows a company again.
pub(crate) async fn unhide(config: &Config, options: &UnhideOptions) -> anyhow::Result<u8> {
    let UnhideOptions::Company(NameOptions { company }) = options;
    let now = Clock::system().now();
    let store = open(config).await?;
    let before = store.unhide_company(company, &author(), now).await?;
    store.close().await;

    let company = Printable(company);
    let said = match before.map(|before| before.until) {
        Some(Some(_)) => format!("`{company}` is no longer snoozed"),
        Some(None) => format!("`{company}` is no longer hidden"),
        None => {
            format!("`{company}` was not hidden; `job-scanner hide list` lists hidden companies")
        }
    };
    print(&format!("{said}\n"))?;
    Ok(SUCCESS)
}

async fn list(config: &Config) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    let hidden = read_store(config, async |store| store.hidden_companies(now).await).await?;
    for company in &hidden {
        let note = company.note.as_deref().map(Printable);
        let note = note.map_or_else(String::new, |note| format!(" ({note})"));
        print(&format!("{}{note}\n", describe(company)))?;
    }
    if hidden.is_empty() {
        print("no company is hidden\n")?;
    }
    Ok(SUCCESS)
}

/// Returns text such as `` `Acme` is snoozed until 2027-01-31``.
fn describe(hidden: &HiddenCompany) -> String {
    let company = Printable(&hidden.company);
    match hidden.until {
        Some(until) => format!("`{company}` is snoozed until {until}"),
        None => format!("`{company}` is hidden"),
    }
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")
}
