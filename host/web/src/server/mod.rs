//! The server: its listener, its connections, and its end.

mod listener;
mod server;

pub use server::{WebServer, WebServerError};
