//! The wire itself: the network or a stand-in for it, behind one face.

use std::sync::Arc;
use std::time::Duration;

use job_scanner_core::net::AddressRule;
use job_scanner_outbound::{HttpClients, RateLimiter};

use crate::http::failure::http_error;
use crate::http::outgoing::OutgoingRequest;
use crate::http::response::{ArrivingResponse, headers_as_text};
use crate::http::transport::player::Player;
use crate::http::transport::recorded::Request;
use crate::http::transport::recorder::Recorder;
use crate::http::types::HttpError;
use crate::secrets::Secrets;

/// The way that the requests of a scan leave the host.
#[derive(Debug, Clone)]
pub(crate) enum Transport {
    /// The network.
    Network(HttpClients),
    /// The network, with a recorder that listens.
    Recorded(HttpClients, Arc<Recorder>),
    /// A cassette in place of the network.
    Cassette(Arc<Player>),
}

impl Transport {
    /// Sends a request that may be sent, and waits for the head of its answer. Secrets are put in
    /// where it leaves this machine, and masked in what comes back.
    pub(crate) async fn send(
        &self,
        outgoing: &OutgoingRequest,
        addresses: AddressRule,
        secrets: &Secrets,
    ) -> Result<ArrivingResponse, HttpError> {
        match self {
            Self::Network(clients) => {
                let response = send(clients, outgoing, addresses, secrets).await?;
                Ok(ArrivingResponse::from_network(response, secrets, None))
            }
            Self::Recorded(clients, recorder) => {
                let recording = recorder.begin(as_recorded(outgoing));
                let sent = send(clients, outgoing, addresses, secrets).await;
                let sent = sent.inspect_err(|error| recording.failed(error));

                sent.map(|response| ArrivingResponse::from_network(response, secrets, Some(recording)))
            }
            Self::Cassette(player) => player
                .response_to(as_recorded(outgoing))
                .map(ArrivingResponse::from_recording),
        }
    }

    /// The time that one request may recording with everything that belongs to it.
    pub(crate) fn request_timeout(&self) -> Duration {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => clients.request_timeout(),
            Self::Cassette(_) => Duration::MAX,
        }
    }

    /// The turns at its hosts of a source that this adapter reads; `None` where it need not wait
    /// for any.
    pub(crate) fn rate_limiter(&self, adapter: &str) -> Option<RateLimiter> {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => {
                Some(clients.rate_limiter(adapter))
            }
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
    outgoing: &OutgoingRequest,
    addresses: AddressRule,
    secrets: &Secrets,
) -> Result<reqwest::Response, HttpError> {
    let (url, headers) = outgoing.with_secret_values(secrets)?;

    let mut request = clients
        .under(addresses)
        .request(outgoing.method.clone(), url)
        .headers(headers);
    if let Some(body) = &outgoing.body {
        request = request.body(body.clone());
    }

    request
        .send()
        .await
        .map_err(|error| http_error(error, secrets))
}

fn as_recorded(outgoing: &OutgoingRequest) -> Request {
    Request {
        method: outgoing.method.clone(),
        url: outgoing.url.clone(),
        headers: headers_as_text(&outgoing.headers),
        body: outgoing.body.clone().unwrap_or_default(),
    }
}
