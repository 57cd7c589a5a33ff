//! Parses the text of a file into nodes with positions, and converts nodes to values.

pub(crate) mod dotenv;
mod expected_conditions;
mod expected_keys;
pub(crate) mod file;
pub(crate) mod problem;
pub(crate) mod read;
pub(crate) mod tree;
