//! Times and durations: their common form, and their counts.

mod durations;
mod format;

pub use self::durations::Durations;
pub use self::format::{saturating_millis, saturating_millis_signed, utc_millis};
