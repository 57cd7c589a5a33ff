//! Channels that fail: the notices about them, and the move of what waits for one to another.

mod moving;
mod notices;

pub use moving::{MoveError, move_deliveries};
pub use notices::{describe_failing, lasting_failures};
