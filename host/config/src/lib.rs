//! `config.yaml` and the environment as typed, validated values.
//!
//! [`load()`] finds the file and reads it in three steps, each in a separate module: `file` reads
//! its text, `tree` parses the text into nodes with positions, and one module per section converts
//! nodes to values with the readers of `read`. An invalid value affects only its own key. Reading
//! continues, so [`ConfigErrors`] lists all problems at once, each with its position and a
//! correction.
//!
//! To add a key, add a field to its section, a line to that section's `read`, and an entry to
//! `schema.json`, which editors use.
//!
//! Not here: adapters. This crate does not check whether an adapter exists for the `type` of a
//! source, or whether it accepts the source's options. It knows the names of the bundled adapters
//! only to suggest one.

mod address;
mod database_url;
mod environment;
mod load;
mod paths;
mod reading;
mod schema;
mod secret_places;
mod sections;
mod source_types;
mod yaml_text;

pub use address::with_ascii_domain;
pub use database_url::{DatabaseUrlError, read as read_database_url};
pub use environment::Environment;
pub use load::{Config, load, parse};
pub use paths::{Home, PathError};
pub use reading::file::{config_exists, find_config};
pub use reading::problem::{ConfigErrors, Origin, Position, Problem};
pub use schema::SCHEMA;
pub use secret_places::{SecretError, SecretPlaces};
pub use sections::adapters::AdaptersConfig;
pub use sections::advanced::AdvancedConfig;
pub use sections::channels::{
    ChannelConfig, ChannelRhythm, ChannelSettings, Favourite, NtfyPriority, SecretPlace, UrlPlace,
    channel_url,
};
pub use sections::email::{EmailConfig, UseTls};
pub use sections::health::HealthConfig;
pub use sections::logging::{LogFormat, LogLevel, LoggingConfig};
pub use sections::on_first_scan::OnFirstScan;
pub use sections::retention::RetentionConfig;
pub use sections::smtp::{SmtpConfig, SmtpLogin};
pub use sections::sources::{SourceConfig, SourcePositions};
pub use sections::web::auth::WebAuth;
pub use sections::web::listen::WebListen;
pub use sections::web::web::WebConfig;
pub use source_types::{closest_type, is_bundled};
pub use yaml_text::yaml_text;
