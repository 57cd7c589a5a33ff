//! The running server and the handle that tests hold.
//!
//! The server has its own thread and runtime. It shares no runtime with the code under test, and
//! dropping the handle ends the runtime with every connection, including those that hang.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::api::{self, Api};
use crate::board::Board;
use crate::failure::Failure;
use crate::log::RequestRecord;
use crate::state::ServerState;

/// A job-board server on 127.0.0.1. Dropping it stops the server.
pub struct BoardServer {
    address: SocketAddr,
    state: Arc<ServerState>,
    /// Dropping it stops the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl BoardServer {
    /// Starts a server without boards on a free port.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a server without boards on `port`; 0 picks a free one.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await?
            .into_std()?;
        let address = listener.local_addr()?;

        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            // A listener is tied to the runtime in which it is created.
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };

        let state = Arc::new(ServerState::new());
        let routes = api::routes(Arc::clone(&state));

        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("board-server".to_owned())
            .spawn(move || runtime.block_on(serve(listener, routes, stopped)))?;

        Ok(Self {
            address,
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns `http://127.0.0.1:PORT`, the beginning of every API's URL.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the value for `options.base_url` of a source, which replaces scheme and host of that
    /// API.
    pub fn api_url(&self, api: Api) -> String {
        format!("{}/{}", self.base_url(), api.host())
    }

    /// Adds or replaces a board.
    pub fn set_board(&self, token: &str, board: Board) {
        self.state.set_board(token, Some(board));
    }

    /// Changes a board in place. An unknown token starts with an empty board.
    pub fn edit_board(&self, token: &str, edit: impl FnOnce(&mut Board)) {
        self.state.edit_board(token, edit);
    }

    /// Removes a board. Its token is then unknown.
    pub fn remove_board(&self, token: &str) {
        self.state.set_board(token, None);
    }

    /// Makes every response for that token fail until [`heal`](Self::heal) is called. The board
    /// does not have to exist. In an API with single jobs, `TOKEN/ID` makes one of them fail.
    pub fn fail(&self, token: &str, failure: Failure) {
        self.state.fail(token, failure, None);
    }

    /// Makes only the next `times` responses for that token fail.
    pub fn fail_next(&self, token: &str, times: u32, failure: Failure) {
        self.state.fail(token, failure, Some(times));
    }

    /// Removes a failure. Requests that hang then get their response.
    pub fn heal(&self, token: &str) {
        self.state.heal(token);
    }

    /// Turns validators on or off. When off, responses carry none and those of requests are
    /// ignored. The default is on.
    pub fn set_validators(&self, on: bool) {
        self.state.set_validators(on);
    }

    /// Returns all requests since the start or the last [`clear_requests`](Self::clear_requests),
    /// in order of arrival.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.log.all()
    }

    /// Returns the paths of [`requests`](Self::requests).
    pub fn requested_paths(&self) -> Vec<String> {
        let requests = self.requests().into_iter();
        requests.map(|request| request.path).collect()
    }

    /// Clears the recorded requests.
    pub fn clear_requests(&self) {
        self.state.log.clear();
    }

    /// Waits until [`requests`](Self::requests) has at least `count`, with a response or without.
    pub async fn wait_for_requests(&self, count: usize) {
        self.state.log.wait_for(count).await;
    }
}

async fn serve(listener: TcpListener, routes: Router, stopped: oneshot::Receiver<()>) {
    tokio::select! {
        _ = axum::serve(listener, routes).into_future() => {}
        _ = stopped => {}
    }
}

impl Drop for BoardServer {
    fn drop(&mut self) {
        // Before the join, because the thread waits for this.
        drop(self.stop.take());

        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already, and another one would hide it.
            let _ = thread.join();
        }
    }
}
