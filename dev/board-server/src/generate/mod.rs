//! Boards made up from a seed: the same seed gives the same bytes, on any machine.
//!
//! Every job depends on the seed, its board's index and its own place alone, so a longer board
//! begins with the jobs of a shorter one. Descriptions have the length and the markup of real ones;
//! the companies do not exist.

mod board;
mod description;
mod random;
mod words;

pub use board::{board, token};
