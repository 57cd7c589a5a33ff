//! `job-scanner web sessions` and `web logout`: the browsers in which the password was given.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{SessionId, Store};
use job_scanner_views::access::sessions;
use job_scanner_views::access::sessions::SessionView;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::cli::queries::read_store;
use crate::cli::web::{ListOptions, LogoutOptions};

/// Lists the sessions.
pub(crate) async fn list(config: &Config, options: &ListOptions) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    let stored = read_store(config, async |store| store.sessions(now).await).await?;
    match options.format {
        Format::Json => print_json(&stored.iter().map(SessionView::from).collect::<Vec<_>>())?,
        Format::Table if stored.is_empty() => print("the page has no sessions\n")?,
        Format::Table => {
            let lines = stored.iter().map(|session| sessions::line(session) + "\n");
            print(&lines.collect::<String>())?;
        }
    }
    Ok(SUCCESS)
}

/// Ends sessions. Fails if one of them does not exist.
pub(crate) async fn log_out(config: &Config, options: &LogoutOptions) -> anyhow::Result<u8> {
    let store = Store::open_existing(&config.database_url)
        .await
        .context("cannot open the database")?;
    let code = if options.all {
        let ended = store.end_all_sessions().await?;
        print(&format!(
            "ended {}\n",
            counted(ended, "session", "sessions")
        ))?;
        SUCCESS
    } else {
        end(&store, &options.numbers).await?
    };
    store.close().await;
    Ok(code)
}

async fn end(store: &Store, numbers: &[i64]) -> anyhow::Result<u8> {
    let mut code = SUCCESS;
    for number in numbers {
        let ended = store.end_session(SessionId::from_number(*number)).await?;
        let said = if ended {
            format!("ended session {number}")
        } else {
            code = FAILURE;
            format!("session {number} does not exist; `job-scanner web sessions` lists them")
        };
        print(&format!("{said}\n"))?;
    }
    Ok(code)
}
