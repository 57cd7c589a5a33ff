//! Tables: which columns fit into the terminal, and how their cells are cut, wrapped and aligned.

mod layout;
mod table;
mod width;

pub(crate) use table::Table;
