//! The page of the daemon: started with it if the configuration has one, and stopped with it.

use anyhow::Context as _;
use job_scanner_config::{Config, ConfigErrors, WebAuth, WebConfig};
use job_scanner_web::{Actions, WebServer, WebState};
use tracing::warn;

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

    warn_if_unencrypted(&settings);
    let listen = settings.listen.clone();
    let new_sources = Box::new(SourcesOfPage::new(newest.clone(), load));
    let state = WebState::new(newest, settings, actions.clone(), new_sources);
    let server = WebServer::start(&listen, state).await;
    Ok(Some(server.context("cannot start the page")?))
}

/// Warns if others in the network can read the password.
fn warn_if_unencrypted(settings: &WebConfig) {
    let url = settings.public_url.as_ref();
    let leaves_machine = url.is_some() || !settings.listen.is_local();
    let is_encrypted = url.is_some_and(|url| url.scheme() == "https");
    if matches!(settings.auth, WebAuth::Password(_)) && leaves_machine && !is_encrypted {
        warn!(
            event = "web.unencrypted",
            "the password of the page crosses the network unencrypted; add TLS with a reverse proxy, and set \
             `web.public_url` to its address"
        );
    }
}

/// Stops the page, if there is one.
pub(crate) async fn stop(page: Option<WebServer>) {
    if let Some(page) = page {
        page.shutdown().await;
    }
}
