//! Who may open the page: sessions of browsers, and keys of programs.
//!
//! The callers make the secrets and hash them: no secret reaches this crate. A use is recorded once
//! a minute at most, so that reading pages does not write rows all the time.
//!
//! Not here: the proof that a request carries (`web`).

pub(crate) mod api_keys;
pub(crate) mod sessions;

use jiff::{SignedDuration, Timestamp};

/// The SHA-256 of a secret.
pub type Sha256 = [u8; 32];

/// The age from which the time of the last use is updated.
const RECORD_USE_AFTER: SignedDuration = SignedDuration::from_mins(1);

/// Returns true if a use at `now` is recorded.
fn is_worth_recording(last_used_at: Option<Timestamp>, now: Timestamp) -> bool {
    last_used_at.is_none_or(|last| now.duration_since(last).abs() >= RECORD_USE_AFTER)
}
