//! The wire itself: the network or a stand-in for it, behind one face.

use std::sync::Arc;
use std::time::Duration;

use job_scanner_core::net::AddressRule;
use job_scanner_outbound::{HttpClients, Turns};

use crate::http::failure::describe;
use crate::http::outgoing::Hop;
use crate::http::response::{Answer, in_text};
use crate::http::transport::player::Player;
use crate::http::transport::recorded::Request;
use crate::http::transport::recorder::Recorder;
use crate::http::types::HttpError;
use crate::secrets::Secrets;

/// The way that the requests of a scan leave the host.
#[derive(Debug, Clone)]
pub(crate) enum Wire {
    /// The network.
    Network(HttpClients),
    /// The network, with a recorder that listens.
    Recorded(HttpClients, Arc<Recorder>),
    /// A cassette in place of the network.
    Cassette(Arc<Player>),
}

impl Wire {
    /// Sends a request that may be sent, and waits for the head of its answer. Secrets are put in
    /// where it leaves this machine, and masked in what comes back.
    pub(crate) async fn send(
        &self,
        hop: &Hop,
        addresses: AddressRule,
        secrets: &Secrets,
    ) -> Result<Answer, HttpError> {
        match self {
            Self::Network(clients) => {
                let response = send(clients, hop, addresses, secrets).await?;
                Ok(Answer::arriving(response, secrets, None))
            }
            Self::Recorded(clients, recorder) => {
                let take = recorder.begin(as_recorded(hop));
                let sent = send(clients, hop, addresses, secrets).await;
                let sent = sent.inspect_err(|error| take.failed(error));

                sent.map(|response| Answer::arriving(response, secrets, Some(take)))
            }
            Self::Cassette(player) => player.answer(as_recorded(hop)).map(Answer::recorded),
        }
    }

    /// The time that one request may take with everything that belongs to it.
    pub(crate) fn request_timeout(&self) -> Duration {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => clients.request_timeout(),
            Self::Cassette(_) => Duration::MAX,
        }
    }

    /// The turns at its hosts of a source that this adapter reads; `None` where it need not wait
    /// for any.
    pub(crate) fn turns(&self, adapter: &str) -> Option<Turns> {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => Some(clients.turns(adapter)),
            Self::Cassette(_) => None,
        }
    }

    /// Waits before a retry, where the board gains by it.
    pub(crate) async fn pause(&self, pause: Duration) {
        match self {
            Self::Network(_) | Self::Recorded(..) => tokio::time::sleep(pause).await,
            Self::Cassette(_) => {}
        }
    }
}

async fn send(
    clients: &HttpClients,
    hop: &Hop,
    addresses: AddressRule,
    secrets: &Secrets,
) -> Result<reqwest::Response, HttpError> {
    let (url, headers) = hop.filled(secrets)?;

    let mut request = clients
        .under(addresses)
        .request(hop.method.clone(), url)
        .headers(headers);
    if let Some(body) = &hop.body {
        request = request.body(body.clone());
    }

    request
        .send()
        .await
        .map_err(|error| describe(error, secrets))
}

fn as_recorded(hop: &Hop) -> Request {
    Request {
        method: hop.method.clone(),
        url: hop.url.clone(),
        headers: in_text(&hop.headers),
        body: hop.body.clone().unwrap_or_default(),
    }
}
