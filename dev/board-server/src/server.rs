//! The running server and the handle that tests hold.
//!
//! It lives on a thread and a runtime of its own: a test's runtime is not shared with what it
//! measures, and dropping the handle ends the runtime and with it every connection, hanging ones
//! included.

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
use crate::shelf::Shelf;

/// A job-board server on 127.0.0.1. It stops when this is dropped.
pub struct BoardServer {
    address: SocketAddr,
    shelf: Arc<Shelf>,
    /// Dropping it is what tells the server to stop.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl BoardServer {
    /// Starts a server without boards on a free port.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a server without boards on that port; 0 picks a free one.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await?
            .into_std()?;
        let address = listener.local_addr()?;

        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            // A listener belongs to the runtime it is made in, so it is handed over here.
            let _inside = runtime.enter();
            TcpListener::from_std(listener)?
        };

        let shelf = Arc::new(Shelf::new());
        let routes = api::routes(Arc::clone(&shelf));

        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("board-server".to_owned())
            .spawn(move || runtime.block_on(serve(listener, routes, stopped)))?;

        Ok(Self {
            address,
            shelf,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, in front of every API.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stands for scheme and host of that API: what `options.base_url` of a source is set to.
    pub fn api_url(&self, api: Api) -> String {
        format!("{}/{}", self.base_url(), api.host())
    }

    /// Serves that board from now on.
    pub fn set_board(&self, token: &str, board: Board) {
        self.shelf.set_board(token, Some(board));
    }

    /// Changes a board in place, starting from an empty one under an unknown token.
    pub fn edit_board(&self, token: &str, edit: impl FnOnce(&mut Board)) {
        self.shelf.edit_board(token, edit);
    }

    /// Makes the token unknown.
    pub fn remove_board(&self, token: &str) {
        self.shelf.set_board(token, None);
    }

    /// Makes every answer for that token fail, until [`heal`](Self::heal). The board need not
    /// exist. Where an API shows single jobs, `TOKEN/ID` makes one of them fail.
    pub fn fail(&self, token: &str, failure: Failure) {
        self.shelf.fail(token, failure, None);
    }

    /// Makes only the next `times` answers for that token fail.
    pub fn fail_next(&self, token: &str, times: u32, failure: Failure) {
        self.shelf.fail(token, failure, Some(times));
    }

    /// Ends a failure. Requests that hang are answered now.
    pub fn heal(&self, token: &str) {
        self.shelf.heal(token);
    }

    /// Whether answers carry a validator and what clients know of it is honoured. On at first.
    pub fn set_validators(&self, on: bool) {
        self.shelf.set_validators(on);
    }

    /// All requests since the start or the last [`clear_requests`](Self::clear_requests), in order
    /// of arrival.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shelf.log.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shelf.log.clear();
    }

    /// Returns once [`requests`](Self::requests) holds at least `count`, answered or not.
    pub async fn wait_for_requests(&self, count: usize) {
        self.shelf.log.wait_for(count).await;
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
        // Before waiting for the thread, which waits for this.
        drop(self.stop.take());

        if let Some(thread) = self.thread.take() {
            // A panic over there has been printed already, and one from here would hide it.
            let _ = thread.join();
        }
    }
}
