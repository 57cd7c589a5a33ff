//! `config.yaml` and the environment as typed, validated values.
//!
//! [`load()`] finds the file and reads it in three steps, each in a module of its own: `file` gets
//! its text, `tree` makes a tree of nodes of it that know where they stand, and one module per
//! section turns nodes into values through the readers of `read`. A broken value costs its own key:
//! the reading goes on, so that [`ConfigErrors`] names every problem at once, each with its place
//! and with what to write instead.
//!
//! Adding a key means adding a field to its section, one line to that section's `read` and an entry
//! to `schema.json`, which editors use.
//!
//! Not here: adapters, so nothing here knows if one exists for the `type` of a source and takes its
//! options.

mod address;
mod database_url;
mod environment;
mod load;
mod paths;
mod reading;
mod schema;
mod secret_places;
mod sections;

pub use address::with_ascii_domain;
pub use environment::Environment;
pub use load::{Config, load, parse};
pub use paths::{Home, PathError};
pub use reading::file::is_there;
pub use reading::problem::{ConfigErrors, Origin, Position, Problem};
pub use schema::SCHEMA;
pub use secret_places::{NoSecret, SecretPlaces};
pub use sections::adapters::AdaptersConfig;
pub use sections::advanced::AdvancedConfig;
pub use sections::email::{EmailConfig, UseTls};
pub use sections::health::HealthConfig;
pub use sections::logging::{LogFormat, LogLevel, LoggingConfig};
pub use sections::on_first_scan::OnFirstScan;
pub use sections::retention::RetentionConfig;
pub use sections::smtp::{SmtpConfig, SmtpLogin};
pub use sections::sources::{SourceConfig, SourcePositions};
