//! The values of a job: a board's own ways to write them, as the contract wants them.

pub mod country;
mod place;
mod salary;
pub mod time;
mod words;

pub use salary::pay_period;
pub use words::joined;
