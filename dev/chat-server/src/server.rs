//! The server: one task per connection.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::request::Request;
use crate::services;

/// The reaction of the server to a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Sends a response.
    Response {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: String,
    },
    /// Sends a response with this status that repeats the whole request.
    Echo(u16),
    /// Sends nothing and keeps the connection open.
    Hang,
    /// Closes the connection without a response.
    Cut,
}

/// A running server.
#[derive(Debug)]
pub struct ChatServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<Request>,
    /// The number of requests, for those who wait for more.
    arrived: watch::Sender<usize>,
    /// The answers to the next requests. Without one, the server answers as the service would.
    answers: VecDeque<Answer>,
}

impl Answer {
    /// Returns a response without headers.
    pub fn status(status: u16, body: &str) -> Self {
        Self::Response {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
        }
    }
}

impl ChatServer {
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// Fails if no port is free.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State::default()));
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            task,
        })
    }

    /// Returns the URL of a path on the server, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the answers to the next requests.
    pub fn answer_with(&self, answers: impl IntoIterator<Item = Answer>) {
        self.locked(|state| state.answers = answers.into_iter().collect());
    }

    /// Returns the requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.locked(|state| state.requests.clone())
    }

    /// Waits until this many requests have arrived.
    pub async fn wait_for(&self, requests: usize) {
        let mut arrived = self.locked(|state| state.arrived.subscribe());
        // The sender lives as long as the server.
        let _ = arrived.wait_for(|number| *number >= requests).await;
    }

    fn locked<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for ChatServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<Mutex<State>>) {
    // Ends with the server: the connections are dropped with the set.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((connection, _)) = listener.accept().await {
        connections.spawn(serve(connection, Arc::clone(&state)));
    }
}

async fn serve(connection: TcpStream, state: Arc<Mutex<State>>) -> io::Result<()> {
    let mut connection = BufReader::new(connection);
    while let Some(request) = Request::read(&mut connection).await? {
        let answer = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let usual = services::answer(&request);
            let echo = format!("{request:?}");
            state.requests.push(request);
            state.arrived.send_replace(state.requests.len());
            match state.answers.pop_front() {
                Some(Answer::Echo(status)) => Answer::status(status, &echo),
                Some(answer) => answer,
                None => usual,
            }
        };
        match answer {
            Answer::Response {
                status,
                headers,
                body,
            } => {
                let mut head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n", body.len());
                for (name, value) in headers {
                    let _ = write!(head, "{name}: {value}\r\n");
                }
                let response = format!("{head}\r\n{body}");
                connection.get_mut().write_all(response.as_bytes()).await?;
            }
            Answer::Hang => future::pending().await,
            // An echo has become a response.
            Answer::Cut | Answer::Echo(_) => return Ok(()),
        }
    }
    Ok(())
}
