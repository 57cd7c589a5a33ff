//! The adapter kit: what authors of adapters need besides their language's own tools.
//!
//! [`new`] begins a project; [`check`] holds an adapter against the rules of the contract;
//! [`detect`] says which adapter reads the board behind an address.

pub mod check;
pub mod detect;
pub mod new;
mod templates;
