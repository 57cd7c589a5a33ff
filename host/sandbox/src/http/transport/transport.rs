//! The transport of requests: a common interface to the network and to recorded exchanges.

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

/// The transport of a scan's requests.
#[derive(Debug, Clone)]
pub(crate) enum Transport {
    Network(HttpClients),
    /// The network, with a recorder.
    Recorded(HttpClients, Arc<Recorder>),
    /// Recorded exchanges instead of the network.
    Cassette(Arc<Player>),
}

impl Transport {
    /// Sends a permitted request and waits for the head of the response. Secrets are inserted here
    /// and masked in the response.
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

                sent.map(|response| {
                    ArrivingResponse::from_network(response, secrets, Some(recording))
                })
            }
            Self::Cassette(player) => player
                .response_to(as_recorded(outgoing))
                .map(ArrivingResponse::from_recording),
        }
    }

    /// Records a request that the host refused, if the transport is a cassette.
    pub(crate) fn refuse(&self, outgoing: &OutgoingRequest, why: &HttpError) {
        if let Self::Cassette(player) = self {
            player.refuse(as_recorded(outgoing), why);
        }
    }

    /// Returns the time limit of one request with all its retries and redirects.
    pub(crate) fn request_timeout(&self) -> Duration {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => clients.request_timeout(),
            Self::Cassette(_) => Duration::MAX,
        }
    }

    /// Returns the rate limiter for a source of this adapter; `None` if requests need not wait.
    pub(crate) fn rate_limiter(&self, adapter: &str) -> Option<RateLimiter> {
        match self {
            Self::Network(clients) | Self::Recorded(clients, _) => {
                Some(clients.rate_limiter(adapter))
            }
            Self::Cassette(_) => None,
        }
    }

    /// Waits before a retry, if that is useful to the board.
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

    let sent = request.send().await;
    clients.count(
        outgoing.url.host_str().unwrap_or_default(),
        sent.as_ref().ok(),
    );
    sent.map_err(|error| http_error(error, secrets))
}

fn as_recorded(outgoing: &OutgoingRequest) -> Request {
    Request {
        method: outgoing.method.clone(),
        url: outgoing.url.clone(),
        headers: headers_as_text(&outgoing.headers),
        body: outgoing.body.clone().unwrap_or_default(),
    }
}
