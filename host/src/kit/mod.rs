//! The adapter kit: tools for authors of adapters, in addition to those of their language.
//!
//! [`new`] creates a starter project. [`check`] checks an adapter against the rules of the
//! contract. [`detect`] finds the source that reads the board at an address. A [`project`] is the
//! folder in which an author builds an adapter.

pub mod check;
pub mod detect;
pub mod new;
pub mod project;
mod templates;
