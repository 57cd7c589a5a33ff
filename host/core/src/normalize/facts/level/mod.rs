//! The level of a position, by its title.

mod level;
mod marks;
#[cfg(test)]
mod tests;

pub(super) use level::levels_of;
pub use level::{Level, level};
