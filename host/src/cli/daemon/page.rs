//! The page of the daemon: started with it if the configuration has one, and stopped with it.

use anyhow::Context as _;
use job_scanner_config::{Config, ConfigErrors};
use job_scanner_web::{Actions, WebServer, WebState};

use crate::cli::daemon::new_sources::SourcesOfPage;
use crate::cli::daemon::scans::Scans;

/// Starts the page, if the configuration has one. `load` reads the configuration again, which
/// validates new sources.
pub(crate) async fn start(
    scans: &Scans,
    actions: &Actions,
    load: impl Fn() -> Result<Config, ConfigErrors> + Send + Sync + 'static,
) -> anyhow::Result<Option<WebServer>> {
    let newest = scans.newest();
    let Some(settings) = newest.borrow().context().scanner.config.web.clone() else {
        return Ok(None);
    };

    let listen = settings.listen.clone();
    let new_sources = Box::new(SourcesOfPage::new(newest.clone(), load));
    let state = WebState::new(newest, settings, actions.clone(), new_sources);
    let server = WebServer::start(&listen, state).await;
    Ok(Some(server.context("cannot start the page")?))
}

/// Stops the page, if there is one.
pub(crate) async fn stop(page: Option<WebServer>) {
    if let Some(page) = page {
        page.shutdown().await;
    }
}
