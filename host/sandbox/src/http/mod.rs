//! All requests of guests: permission checks, sending, retries, and limits on responses.
//!
//! The clients of [`job_scanner_outbound`] live as long as the process; an [`HttpSession`] serves
//! one scan. It checks the allow-list before each request and redirect. The resolver that the
//! connection uses checks each resolved address. The session waits for the rate limit, counts
//! requests and bytes, retries failures where that is safe, and uses the validators of the last
//! complete scan for conditional requests.
//!
//! An [`HttpExchange`](exchange::HttpExchange) is one request from its first attempt to the end of
//! the response. Cookies are never stored. Requests leave through a
//! [`Transport`](transport::Transport), which is the network or recorded exchanges.

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
