//! The connections of the server, and its graceful end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use job_scanner_config::WebListen;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt as _;
use tower::util::BoxCloneService;
use tracing::{debug, info, warn};

use crate::access::proxy::is_trusted;
use crate::router::router;
use crate::server::listener::{Listener, Peer, Stream};
use crate::server::slots::{Slot, Slots};
use crate::server::timed_stream::TimedStream;
use crate::state::WebState;

/// The time in which a client has to send the headers of a request, and the time for which a
/// connection may be idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);

/// The size of the buffer of a connection, and so the limit of the headers of a request.
const BUFFER_BYTES: usize = 16 << 10;

/// The time for which a client may read nothing of a response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

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
        let accepting = tokio::spawn(serve(listener, router(state.clone()), state.clone()));
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

/// Serves connections until the server stops, and then waits a little for those that are open.
async fn serve(listener: Listener, router: Router, state: WebState) {
    let slots = Slots::new();
    let graceful = GracefulShutdown::new();
    let mut open = JoinSet::new();

    loop {
        let next = async {
            let slot = slots.wait().await?;
            Some((slot, listener.accept().await))
        };
        let accepted = tokio::select! {
            biased;
            () = state.stopping().cancelled() => break,
            // Takes the ended connections out of the set.
            Some(_) = open.join_next() => continue,
            accepted = next => accepted,
        };
        match accepted {
            Some((slot, Ok((stream, peer)))) => {
                if let Some(slot) = admit(slot, peer, &slots, &state) {
                    let connection = graceful.watch(connection(stream, peer, &router));
                    open.spawn(async move {
                        if let Err(ended) = connection.await {
                            debug!("a connection to the page ended: {ended}");
                        }
                        drop(slot);
                    });
                }
            }
            Some((_, Err(failed))) => {
                warn!("the page cannot accept a connection: {failed}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
            None => break,
        }
    }

    // A new process may listen from now on.
    drop(listener);
    let ended = tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await;
    if ended.is_err() {
        warn!("{} open requests to the page were cut off", open.len());
    }
    open.shutdown().await;
}

/// Returns the slot of a connection; `None` if its address has too many. All connections of a proxy
/// come from one address.
fn admit(slot: Slot, peer: Peer, slots: &Slots, state: &WebState) -> Option<Slot> {
    match peer.address {
        Some(address) if !is_trusted(peer, &state.settings()) => {
            let admitted = slot.counted_for(address, slots);
            if admitted.is_none() {
                debug!("{address} has too many connections to the page");
            }
            admitted
        }
        _ => Some(slot),
    }
}

type PageService =
    TowerToHyperService<BoxCloneService<hyper::Request<Incoming>, Response, Infallible>>;

/// Returns the connection, which serves requests when it is polled. They carry its other end.
fn connection(
    stream: Box<dyn Stream>,
    peer: Peer,
    router: &Router,
) -> http1::Connection<TokioIo<TimedStream<Box<dyn Stream>>>, PageService> {
    let service = router
        .clone()
        .map_request(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(peer);
            request.map(Body::new)
        });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(
            TokioIo::new(TimedStream::new(stream, WRITE_TIMEOUT)),
            TowerToHyperService::new(BoxCloneService::new(service)),
        )
}
