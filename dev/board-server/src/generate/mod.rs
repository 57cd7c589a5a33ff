//! Boards that are generated from a seed: the same seed generates the same bytes on any machine.
//!
//! A job depends only on the seed, the index of its board and its position, so a longer board
//! begins with the jobs of a shorter one. Descriptions have the length and the markup of real ones.
//! The companies do not exist.

mod board;
mod description;
mod random;
mod words;

pub use board::{board, token};
