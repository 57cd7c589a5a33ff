//! Channels that are reached by one HTTP request per message.
//!
//! A file of `services/` makes the request of one service and reads its response. The rest is the
//! same for all: where requests may go, what a response means, and what an error may show.

mod channel;
mod error;
mod outgoing;
mod request;
mod response;
mod services;
#[cfg(test)]
mod tests;

pub use channel::HttpChannel;
pub use error::HttpError;
