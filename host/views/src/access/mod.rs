//! Access to the page and the API: the keys of programs and the sessions of people.

pub mod keys;
pub mod sessions;
