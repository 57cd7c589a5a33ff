//! Conditions on the values that boards state in fields of their own, one file per kind of value.

pub(super) mod age;
mod condition;
mod employment;
pub(super) mod named;
pub(super) mod pay;

pub(super) use condition::Attribute;
pub use condition::{Condition, JobValues};
pub use employment::words_of;
