//! The values of views as text: cells of tables, lines of CSV, and JSON.

pub mod cells;
pub mod csv;
pub mod json;
