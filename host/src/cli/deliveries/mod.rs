//! The command `deliveries`: shows messages, sends them again, ends them, and moves them to another
//! channel.

mod change;
mod list;
mod moving;
mod options;
mod show;

pub(crate) use options::{Options, run};
