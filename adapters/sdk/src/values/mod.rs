//! Conversions of a board's values to those of the contract.

pub mod country;
mod place;
pub mod place_text;
mod salary;
pub mod time;
mod words;

pub(crate) use salary::amount;
pub use salary::pay_period;
pub use words::joined;
