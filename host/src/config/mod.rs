//! `config.yaml` and the environment as typed, validated values.
//!
//! [`load`] finds the file and reads it in three steps, each in a module of its own: `file` gets
//! its text, `tree` makes a tree of nodes of it that know where they stand, and one module per
//! section turns nodes into values through the readers of `read`. A broken value costs its own key:
//! the reading goes on, so that [`ConfigErrors`] names every problem at once, each with its place
//! and with what to write instead.
//!
//! Adding a key means adding a field to its section, one line to that section's `read` and an entry
//! to `schema.json`, which editors use.
//!
//! Not here: whether an adapter of a source's type exists and likes its options
//! ([`crate::sandbox`]).

mod adapters;
mod address;
mod advanced;
mod criteria;
mod database_url;
mod dotenv;
mod email;
mod environment;
mod file;
mod health;
mod limits;
mod load;
mod logging;
mod on_first_scan;
mod paths;
mod problem;
mod read;
mod retention;
mod schedule;
mod schema;
mod secret_places;
mod smtp;
mod sources;
mod tree;

pub use adapters::AdaptersConfig;
pub(crate) use address::with_ascii_domain;
pub use advanced::AdvancedConfig;
pub use email::{EmailConfig, UseTls};
pub use environment::Environment;
pub use file::is_there;
pub use health::HealthConfig;
pub use limits::{Limits, LimitsConfig};
pub use load::{Config, load, parse};
pub use logging::{LogFormat, LogLevel, LoggingConfig};
pub use on_first_scan::OnFirstScan;
pub use paths::{Home, PathError};
pub use problem::{ConfigErrors, Origin, Position, Problem};
pub use retention::RetentionConfig;
pub use schema::SCHEMA;
pub use secret_places::{NoSecret, SecretPlaces};
pub use smtp::{SmtpConfig, SmtpLogin};
pub use sources::{SourceConfig, SourcePositions};
