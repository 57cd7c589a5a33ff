//! A PostgreSQL server for tests: the distribution's programs in a temporary folder, reached
//! through a socket in that folder. It is stopped and its folder deleted when its value is dropped
//! or its process ends, also if that is killed.
//!
//! ```no_run
//! # use job_scanner_postgres_server::{Options, PostgresServer, StartError};
//! # fn example() -> Result<(), StartError> {
//! let server = PostgresServer::start(Options::default())?;
//! let template = server.create_database();
//! template.execute("CREATE TABLE jobs (title TEXT)");
//! let copy = server.copy_database(&template);
//! println!("DATABASE_URL={}", copy.url());
//! # Ok(())
//! # }
//! ```
//!
//! Tests of one process share the server of [`shared`], and each has its own database.

mod database;
mod server;
mod shared;
mod tls;

pub use database::Database;
pub use server::{Options, PostgresServer, StartError};
pub use shared::shared;
