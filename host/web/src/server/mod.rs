//! The server: its listener, its connections, and its end.

mod listener;
mod server;
mod slots;
#[cfg(test)]
mod tests;
mod timed_stream;

pub(crate) use listener::Peer;
pub use server::{WebServer, WebServerError};
