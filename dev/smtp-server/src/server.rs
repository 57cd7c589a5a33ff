//! The server: its options, what it took, and what it should do wrong.

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

/// The manner in which a server speaks.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The point at which it encrypts, if it does.
    pub tls: Tls,
    /// The login that may send; `None` takes mail from every client and offers no AUTH.
    pub login: Option<Login>,
}

/// The point at which a server encrypts, if it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tls {
    /// Never.
    #[default]
    None,
    /// After the client asked for it. AUTH is offered afterwards only.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// A name and its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// The place in a dialogue at which something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before the client has said anything.
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
    /// The final dot.
    Dot,
    /// `QUIT`.
    Quit,
}

/// A fault in one connection. Numbers are reply codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// These bytes in place of the reply, to the letter. A final dot that is answered with `2`
    /// takes the message.
    Says(Step, &'static [u8]),
    /// The connection ends in place of the reply. At the final dot, the message is not taken.
    Hangs(Step),
    /// No reply ever comes. At the final dot, the message is not taken.
    Silent(Step),
    /// The final dot is answered with this code while the message is larger than so many bytes.
    LargerThan(usize, u16),
    /// This reply in place of a greeting.
    Greeting(u16),
    /// This reply to AUTH. It repeats what the client sent, as careless servers do.
    Auth(u16),
    /// This login alone is offered. After so many questions for the rest of it, the last line of it
    /// comes back behind this prefix.
    RepeatsLogin {
        /// `PLAIN` or `LOGIN`.
        offers: &'static str,
        /// The number of lines that are asked for after the command.
        questions: usize,
        /// Such as `535 `. Without one, what comes back is not a reply.
        prefix: &'static str,
    },
    /// This reply to the sender's address.
    Sender(u16),
    /// This reply to the recipient's address.
    Recipient(u16),
    /// This reply to the final dot; the message is not taken.
    Dot(u16),
    /// The connection ends where the message should begin.
    DropBeforeMessage,
    /// No answer ever comes where the message should begin.
    SilenceBeforeMessage,
    /// The message is taken, and the connection ends without an answer.
    DropAfterDot,
    /// The message is taken, and no answer ever comes.
    SilenceAfterDot,
}

/// A message as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The sender's address in the dialogue.
    pub from: String,
    /// The recipients' addresses in the dialogue.
    pub to: Vec<String>,
    /// Header and body, without the dots that the dialogue adds.
    pub message: String,
    /// True if it came over TLS.
    pub encrypted: bool,
    /// The name under which the client had logged in.
    pub user: Option<String>,
}

/// The reason why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port.
    #[error("could not listen on loopback")]
    Listen(#[from] io::Error),
    /// No certificate.
    #[error("could not make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// No TLS.
    #[error("could not set up TLS")]
    Tls(#[from] rustls::Error),
}

/// A running server; gone when dropped.
#[derive(Debug)]
pub struct SmtpServer {
    port: u16,
    certificate: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// The state that all connections share.
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
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    ///
    /// [`StartError`] when there is no port or no certificate to be had.
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

    /// Returns the port on which it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns its certificate as PEM, for a client that should trust it.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// One connection more fails like this; several wait in a row.
    pub fn fail_next(&self, failure: Failure) {
        self.shared.state().failures.push_back(failure);
    }

    /// From now on every connection fails like this for which nothing else was arranged.
    pub fn fail_always(&self, failure: Failure) {
        self.shared.state().always = Some(failure);
    }

    /// Returns the messages that were taken so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.shared.state().received.clone()
    }

    /// Waits until so many messages were taken.
    pub async fn wait_for(&self, messages: usize) {
        self.shared
            .wait_until(|state| state.received.len() >= messages)
            .await;
    }

    /// Waits until a client waits for an answer that never comes.
    pub async fn wait_until_silent(&self) {
        self.shared.wait_until(|state| state.silent > 0).await;
    }

    /// Returns the number of connections that there were.
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
    pub(crate) fn take(&self, message: Received) {
        self.state().received.push(message);
        self.changed.notify_waiters();
    }

    pub(crate) fn hear_goodbye(&self) {
        self.state().goodbyes += 1;
    }

    /// Answers nothing from now on, for as long as the server is there.
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

    /// Counts a connection and returns what goes wrong in it.
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
            // The client's side of a broken connection is what counts here.
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
