//! The page of job-scanner, with its API, feeds and metrics.
//!
//! [`WebServer`] listens and limits what clients can cost. `router` joins the routes of `pages`,
//! `api`, `feeds`, `metrics`, `health` and `assets`, and wraps them in the layers of `access`. Each
//! route says who may call it (`routes::Access`). Handlers get a [`WebState`]: the collaborators
//! of the current configuration, and [`Actions`], which is what the page may ask of the daemon.
//!
//! Not here: SQL (`store`), the JSON of stored data (`views`), and scans (`pipeline`).

mod access;
mod actions;
mod api;
mod assets;
mod author;
mod etag;
mod feeds;
mod health;
mod log;
mod metrics;
mod new_sources;
mod pages;
mod router;
mod routes;
mod server;
mod source_states;
mod state;
#[cfg(test)]
mod test_support;

pub use access::api_key::IssuedKey;
pub use access::login::password::{PasswordError, hash_password};
pub use access::secret::NoRandomNumbers;
pub use actions::{Actions, RequestedScan};
pub use new_sources::{AddedSources, DetectedSources, NewSources, Pending};
pub use server::{WebServer, WebServerError};
pub use state::WebState;
