//! Random secrets, and their hashes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use job_scanner_store::Sha256;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::Digest as _;

/// The number of random bytes in a secret. 256 bits cannot be guessed, so a fast hash protects
/// it.
const BYTES: usize = 32;

/// The number of characters of a secret.
#[cfg(test)]
pub(crate) const CHARACTERS: usize = (BYTES * 4).div_ceil(3);

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomNumbers;

/// Returns a new secret: letters, digits, `-` and `_`.
pub(crate) fn random() -> Result<String, NoRandomNumbers> {
    let mut bytes = [0; BYTES];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| NoRandomNumbers)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns the hash by which a secret is stored.
pub(crate) fn sha256(secret: &str) -> Sha256 {
    sha2::Sha256::digest(secret).into()
}

/// Compares two hashes in a time that does not depend on where they differ.
pub(crate) fn are_equal(one: &Sha256, other: &Sha256) -> bool {
    let differing = one
        .iter()
        .zip(other)
        .fold(0, |bits, (one, other)| bits | (one ^ other));
    differing == 0
}
