//! `job-scanner web sessions` and `web logout`: the browsers in which the password was given.

use anyhow::Context as _;
use job_scanner_config::Config;
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::clock::Clock;
use job_scanner_store::{Session, SessionId, Store};

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::print;
use crate::cli::queries::read_store;
use crate::cli::web::LogoutOptions;

/// Lists the sessions.
pub(crate) async fn list(config: &Config) -> anyhow::Result<u8> {
    let now = Clock::system().now();
    let sessions = read_store(config, async |store| store.sessions(now).await).await?;
    for session in &sessions {
        print(&format!("{}\n", describe(session)))?;
    }
    if sessions.is_empty() {
        print("the page has no sessions\n")?;
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

/// Returns text such as `3: last used 2026-11-23T08:00:00Z, since 2026-11-20T10:00:00Z, from
/// 192.0.2.1, Firefox`.
fn describe(session: &Session) -> String {
    let Session {
        id,
        last_used_at,
        created_at,
        ..
    } = session;
    let address = session.address.as_deref().unwrap_or("a unix socket");
    let client = session.client.as_deref().unwrap_or("an unnamed program");
    format!(
        "{id}: last used {last_used_at:.0}, since {created_at:.0}, from {}, {}",
        Printable(address),
        Printable(client)
    )
}
