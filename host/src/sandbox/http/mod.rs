//! Every request a guest makes: whether it may, how it is sent, and how much may come back.
//!
//! [`HttpClients`] live as long as the process; an [`HttpSession`] is one scan's part of them. It asks the allow-list
//! before each hop, has each resolved address checked in the resolver that the connection uses, counts requests and
//! bytes, and answers conditional requests from the validators of the last complete scan.

mod clients;
mod conditional;
mod session;
mod types;

pub use clients::{HttpClients, HttpOptions};
pub(super) use session::HttpSession;
pub(super) use types::{HttpError, HttpRequest, HttpResponse};
