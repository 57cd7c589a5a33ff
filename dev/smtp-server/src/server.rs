//! The server, with its options, the messages that it accepted and the failures that it simulates.

use std::collections::VecDeque;
use std::future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::certificate;
use crate::session::Session;

/// The options of a server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub tls: Tls,
    /// The login that may send mail. With `None`, every client may, and AUTH is not offered.
    pub login: Option<Login>,
}

/// The point at which TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// Never.
    #[default]
    None,
    /// After the client's `STARTTLS`. AUTH is offered only after it.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// A user name with its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub user: String,
    pub password: String,
}

/// The point in a dialogue at which a failure occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The server's first line.
    Greeting,
    /// `EHLO` and `HELO`.
    Hello,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`.
    Auth,
    /// `MAIL`.
    Sender,
    /// `RCPT`.
    Recipient,
    /// `DATA`.
    Data,
    /// After the first line of the message.
    Body,
    /// The final dot.
    Dot,
    /// `QUIT`.
    Quit,
}

/// A failure in one connection. Numbers are reply codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Sends exactly these bytes instead of the reply. A reply that begins with `2` accepts the
    /// login, the recipient or the message. Within the message, the server reads on, and does not
    /// reply to the final dot.
    Says(Step, &'static [u8]),
    /// Closes the connection instead of the reply. At the final dot, and within the message, the
    /// message is not accepted.
    Closes(Step),
    /// Never replies. At the final dot, the message is not accepted. Within the message, the server
    /// does not read on either.
    Silent(Step),
    /// Replies to the final dot with this code if the message has more than this many bytes.
    LargerThan(usize, u16),
    /// Replies with this code instead of the greeting.
    Greeting(u16),
    /// Replies with this code to AUTH, and repeats the line of the client, as careless servers do.
    Auth(u16),
    /// Offers only this kind of login. After this many challenges, the server repeats the client's
    /// last line with this prefix.
    RepeatsLogin {
        /// `PLAIN` or `LOGIN`.
        offers: &'static str,
        /// The number of challenges after the command.
        challenges: usize,
        /// A reply code and a space, such as `535 `. Without a prefix, the line is not a valid
        /// reply.
        prefix: &'static str,
    },
    /// Replies with this code to the sender's address.
    Sender(u16),
    /// Replies with this code to the recipient's address.
    Recipient(u16),
    /// Replies with this code to the final dot. The message is not accepted.
    Dot(u16),
    /// Closes the connection before the message.
    DropBeforeMessage,
    /// Never replies before the message.
    SilenceBeforeMessage,
    /// Accepts the message and closes the connection without a reply.
    DropAfterDot,
    /// Accepts the message and never replies.
    SilenceAfterDot,
}

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The address in `MAIL`.
    pub from: String,
    /// The addresses in `RCPT`.
    pub to: Vec<String>,
    /// Header and body, without the dots that the protocol adds.
    pub message: String,
    /// True if it arrived over TLS.
    pub encrypted: bool,
    /// The user name of the login, or `None` without a login.
    pub user: Option<String>,
}

/// The reason why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("could not listen on loopback")]
    Listen(#[from] io::Error),
    #[error("could not make a certificate")]
    Certificate(#[from] rcgen::Error),
    #[error("could not set up TLS")]
    Tls(#[from] rustls::Error),
}

/// A running server. Dropping it stops the server.
#[derive(Debug)]
pub struct SmtpServer {
    port: u16,
    certificate: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// The options and the state that all connections share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) acceptor: TlsAcceptor,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<Received>,
    failures: VecDeque<Failure>,
    always: Option<Failure>,
    connections: usize,
    goodbyes: usize,
    silent: usize,
}

impl SmtpServer {
    /// Starts a server on a free port of loopback.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the server cannot listen or make a certificate.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (certificate, acceptor) = certificate::make()?;

        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();

        let shared = Arc::new(Shared {
            options,
            acceptor,
            state: Mutex::default(),
            changed: Notify::new(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));

        Ok(Self {
            port,
            certificate,
            shared,
            accepting,
        })
    }

    /// Returns the port on which the server listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the server's certificate as PEM, for a client that should trust it.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Makes the next connection fail. Several calls apply to as many connections, in order.
    pub fn fail_next(&self, failure: Failure) {
        self.shared.state().failures.push_back(failure);
    }

    /// Makes every connection fail, except those for which [`fail_next`](Self::fail_next) was
    /// called.
    pub fn fail_always(&self, failure: Failure) {
        self.shared.state().always = Some(failure);
    }

    /// Returns the messages that were accepted so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// Waits until this many messages were accepted.
    pub async fn wait_for(&self, messages: usize) {
        self.shared
            .wait_until(|state| state.received.len() >= messages)
            .await;
    }

    /// Waits until a client waits for a reply that is never sent.
    pub async fn wait_until_silent(&self) {
        self.shared.wait_until(|state| state.silent > 0).await;
    }

    /// Returns the number of connections since the start.
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// Returns the number of connections that the client ended with `QUIT`.
    pub fn goodbyes(&self) -> usize {
        self.shared.state().goodbyes
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    pub(crate) fn accept(&self, message: Received) {
        self.state().received.push(message);
        self.changed.notify_waiters();
    }

    pub(crate) fn count_goodbye(&self) {
        self.state().goodbyes += 1;
    }

    /// Never replies again while the server runs.
    pub(crate) async fn be_silent(&self) -> ! {
        self.state().silent += 1;
        self.changed.notify_waiters();
        future::pending().await
    }

    async fn wait_until(&self, reached: impl Fn(&State) -> bool) {
        loop {
            let changed = self.changed.notified();
            if reached(&self.state()) {
                return;
            }
            changed.await;
        }
    }

    /// Counts a connection and returns its failure.
    fn begin(&self) -> Option<Failure> {
        let mut state = self.state();
        state.connections += 1;
        let next = state.failures.pop_front();
        next.or(state.always)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("options", &self.options)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            // A test checks how the client handles a broken connection, so errors of this side are
            // ignored.
            serve(stream, shared).await.ok();
        });
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let failure = shared.begin();
    let session = match shared.options.tls {
        Tls::Implicit => {
            let stream = shared.acceptor.accept(stream).await?;
            Session::new(Box::new(stream), true, shared, failure)
        }
        Tls::None | Tls::StartTls => Session::new(Box::new(stream), false, shared, failure),
    };
    session.run().await
}
