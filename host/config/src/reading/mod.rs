//! From the text of a file to nodes that know their place, and from nodes to values.

pub(crate) mod dotenv;
pub(crate) mod file;
pub(crate) mod problem;
pub(crate) mod read;
pub(crate) mod tree;
