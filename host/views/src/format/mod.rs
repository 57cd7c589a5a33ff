//! The values of views as text: cells of tables and their columns, lines of CSV, and JSON.

mod age;
pub mod cells;
pub mod column;
pub mod csv;
pub mod json;
mod pay;
pub(crate) mod shown_job;
