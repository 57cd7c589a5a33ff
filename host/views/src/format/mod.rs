//! The values of views as text: cells of tables and their columns, lines of CSV, and JSON.
//! [`facts`] has the derived facts of a job.

pub mod age;
pub mod cells;
pub mod column;
pub mod csv;
pub(crate) mod delivery_lines;
pub(crate) mod facts;
pub(crate) mod history_lines;
pub mod json;
mod pay;
pub mod reasons;
pub(crate) mod shown_job;
pub mod tally;
