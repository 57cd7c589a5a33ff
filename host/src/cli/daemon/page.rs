//! The page of the daemon: started with it if the configuration has one, and stopped with it.

use anyhow::Context as _;
use job_scanner_web::{Actions, WebServer, WebState};

use crate::cli::daemon::scans::Scans;

/// Starts the page, if the configuration has one.
pub(crate) async fn start(scans: &Scans, actions: &Actions) -> anyhow::Result<Option<WebServer>> {
    let newest = scans.newest();
    let Some(settings) = newest.borrow().context().scanner.config.web.clone() else {
        return Ok(None);
    };

    let listen = settings.listen.clone();
    let state = WebState::new(newest, settings, actions.clone());
    let server = WebServer::start(&listen, state).await;
    Ok(Some(server.context("cannot start the page")?))
}

/// Stops the page, if there is one.
pub(crate) async fn stop(page: Option<WebServer>) {
    if let Some(page) = page {
        page.shutdown().await;
    }
}
