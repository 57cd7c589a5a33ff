//! The way from a file to an adapter that can scan: find, read, check the acceptance, compile,
//! link.

pub(crate) mod adapter;
pub(crate) mod catalog;
pub(crate) mod compiled_code;
pub(crate) mod component_file;
pub(crate) mod described;
pub(crate) mod engine;
pub(crate) mod inspection;
pub(crate) mod load_error;
pub(crate) mod lock_file;
pub(crate) mod private_folder;
