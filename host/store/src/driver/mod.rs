//! The database driver: connections, transactions and statements. The rest of the crate writes SQL
//! and does not know the database that executes it.
//!
//! A [`Statement`] is a text and its values. It is executed on a [`Connection`], on a
//! [`Transaction`] or on the next free connection of a [`Pool`]. The rows that it returns are
//! converted by `sqlx::FromRow`.
//!
//! Not here: the file and its options (`database`).

mod connection;
mod execution;
mod statement;
mod value;

pub(crate) use connection::{Connection, Pool, Transaction};
pub(crate) use execution::Target;
pub(crate) use statement::Statement;
pub(crate) use value::{Bind, Value};
