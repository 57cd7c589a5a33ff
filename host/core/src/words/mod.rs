//! Words that programs and people write: enums whose variants have one stable word each, and the
//! known word that a misspelt one was meant to be.

mod closest;
mod enums;

pub use closest::closest_match;
#[doc(hidden)]
pub use enums::serde;
pub use enums::{OnRecord, UnknownWord, WordVisitor};
