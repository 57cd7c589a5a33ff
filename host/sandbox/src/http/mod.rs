//! Every request a guest makes: whether it may, how it is sent, and how much may come back.
//!
//! The clients of [`job_scanner_outbound`] live as long as the process; an [`HttpSession`] is one
//! scan's part of them. It asks the allow-list before each hop, has each resolved address checked
//! in the resolver that the connection uses, waits for its turn at the host, counts requests and
//! bytes, repeats what failed where that is safe, and answers conditional requests from the
//! validators of the last complete scan.
//!
//! An [`HttpExchange`](exchange::HttpExchange) is one request from its first try to the end of the answer.
//! Nothing keeps cookies. What leaves it goes over a [`Transport`](transport::Transport): the network, or
//! recorded exchanges in its place.

mod access;
mod body;
mod conditional;
mod context;
mod exchange;
mod failure;
mod last_response;
mod outgoing;
mod response;
mod retry;
mod secret_injection;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod transport;
mod types;

pub(crate) use access::{Access, GrantedHost};
pub use last_response::LastResponse;
pub(crate) use session::HttpSession;
pub(crate) use types::{HttpError, HttpRequest, HttpResponse};
