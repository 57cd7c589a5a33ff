//! Copies a whole database into an empty one, row by row and with the same ids. Unlike a backup, the
//! copy may be in another kind of database.
//!
//! The list of tables is not written down: it is read from a new database, so a migration that adds
//! a table or a column changes nothing here.

pub(crate) mod copy;
mod numbering;
mod rows;
mod tables;
#[cfg(test)]
mod tests;
