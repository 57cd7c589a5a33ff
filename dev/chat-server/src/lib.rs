//! A local stand-in for the services that get messages over HTTP, for tests. It records every
//! request and answers as it was told.
//!
//! It listens on a free port of 127.0.0.1 and ends with its value.

mod request;
mod server;

pub use request::Request;
pub use server::{Answer, ChatServer};
