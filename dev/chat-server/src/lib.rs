//! A local stand-in for the services that get messages over HTTP, for tests. It records every
//! request and answers as it was told, or else as the services do when all is well.
//!
//! It listens on a free port of 127.0.0.1 and ends with its value.

mod request;
mod server;
mod services;

pub use request::Request;
pub use server::{Answer, ChatServer};
