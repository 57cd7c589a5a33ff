//! The adapter kit: tools for authors of adapters, in addition to those of their language.
//!
//! [`new`] creates a starter project. [`check`] checks an adapter against the rules of the
//! contract. [`detect`] finds the source that reads the board at an address, and [`add`] adds it to
//! the configuration. A [`project`] is the folder in which an author builds an adapter.

pub mod add;
pub mod check;
pub mod detect;
pub mod new;
pub mod project;
mod templates;
