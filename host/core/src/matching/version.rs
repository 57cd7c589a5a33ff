//! The version of the matching rules.

/// The version of the matching rules. Increase it whenever the same query matches differently than
/// before, so that open jobs are matched again, without messages.
pub const MATCHING_VERSION: u32 = 4;
