//! The adapter kit: what those who write adapters need beside their language's own tools.
//!
//! [`new`] begins a project; [`check`] holds an adapter against the rules of the contract;
//! [`detect`] says which adapter reads the board behind an address.

pub mod check;
pub mod detect;
pub mod new;
mod templates;
