//! The connections of the server, and its graceful end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use job_scanner_config::WebListen;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use tracing::{debug, info, warn};

use crate::router::router;
use crate::server::listener::{Listener, Peer};
use crate::state::WebState;

/// The connections that are served at once. Further ones wait in the queue of the system.
const MAX_CONNECTIONS: usize = 256;

/// The time in which a client has to send the headers of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// The size of the buffer of a connection, and so the limit of the headers of a request.
const BUFFER_BYTES: usize = 32 << 10;

/// The time that open requests have when the server stops.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);

/// The pause after a failed `accept`, such as one without a free file descriptor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// The reason why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum WebServerError {
    #[error("the page cannot listen on `{address}` (`web.listen`)")]
    Listen {
        address: String,
        #[source]
        cause: io::Error,
    },
}

/// A running server.
pub struct WebServer {
    state: WebState,
    address: String,
    accepting: JoinHandle<()>,
}

impl WebServer {
    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// Fails if the address is in use, or is not an address of this machine.
    pub async fn start(listen: &WebListen, state: WebState) -> Result<Self, WebServerError> {
        let bound = Listener::bind(listen).await;
        let listener = bound.map_err(|cause| WebServerError::Listen {
            address: describe(listen, None),
            cause,
        })?;

        let address = describe(listen, listener.port());
        info!(event = "web.started", web.address = %address, "the page is at {address}");
        let accepting = tokio::spawn(accept(listener, router(state.clone()), state.clone()));
        Ok(Self {
            state,
            address,
            accepting,
        })
    }

    /// Returns the address: a URL, or `unix:` and a path.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Stops. Open requests have a few seconds to end.
    pub async fn shutdown(self) {
        self.state.stopping().cancel();
        if let Err(panic) = self.accepting.await {
            warn!("the server of the page panicked: {panic}");
        }
    }
}

/// Returns the address as a URL, with this port. A unix socket is `unix:` and its path.
fn describe(listen: &WebListen, port: Option<u16>) -> String {
    match listen {
        WebListen::Tcp(address) => {
            let port = port.unwrap_or(address.port());
            format!("http://{}", SocketAddr::new(address.ip(), port))
        }
        WebListen::Unix(path) => format!("unix:{}", path.display()),
    }
}

/// Serves connections until the server stops, and then waits for those that are open.
async fn accept(listener: Listener, router: Router, state: WebState) {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();

    loop {
        let next = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let Some((slot, accepted)) = state.stopping().run_until_cancelled(next).await else {
            break;
        };

        match accepted {
            Ok((stream, peer)) => {
                let service = TowerToHyperService::new(router_for(&router, peer));
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_TIMEOUT)
                    .max_buf_size(BUFFER_BYTES)
                    .serve_connection(TokioIo::new(stream), service);
                let connection = open.watch(connection);
                tokio::spawn(async move {
                    if let Err(ended) = connection.await {
                        debug!("a connection to the page ended: {ended}");
                    }
                    drop(slot);
                });
            }
            Err(failed) => {
                warn!("the page cannot accept a connection: {failed}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }

    // A new process may listen from now on.
    drop(listener);
    let ended = tokio::time::timeout(SHUTDOWN_GRACE, open.shutdown()).await;
    if ended.is_err() {
        warn!("open requests to the page were cut off");
    }
}

/// Returns the service of one connection: requests carry its other end.
fn router_for(
    router: &Router,
    peer: Peer,
) -> impl tower::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone
+ Send
+ use<> {
    router
        .clone()
        .map_request(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request.map(Body::new)
        })
}
