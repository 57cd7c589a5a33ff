//! One scan of one source: a guest in a separate store, its pages and its details.

pub(crate) mod details;
pub(crate) mod listing;
pub(crate) mod page;
pub(crate) mod scan;
pub(crate) mod store_state;
