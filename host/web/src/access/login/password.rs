//! The hash of the password.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, password_hash};
use job_scanner_core::secret::Secret;

/// The fewest characters of a password. Five tries a minute then take longer than a lifetime.
const MIN_CHARACTERS: usize = 8;

/// The most bytes of a password.
pub(crate) const MAX_BYTES: usize = 1024;

/// The reason why a text cannot be the password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("the password has fewer than {MIN_CHARACTERS} characters; choose a longer one")]
    TooShort,
    #[error("the password has more than {MAX_BYTES} bytes; choose a shorter one")]
    TooLong,
    #[error("the password cannot be hashed")]
    NotHashed(#[from] password_hash::Error),
}

/// Returns the Argon2id hash of a password in
/// [PHC form](https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md), with a random
/// salt.
///
/// # Errors
///
/// Fails if the password is too short or too long.
pub fn hash_password(password: &Secret) -> Result<String, PasswordError> {
    let password = password.expose();
    if password.chars().count() < MIN_CHARACTERS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    Ok(Argon2::default()
        .hash_password(password.as_bytes())?
        .to_string())
}

/// Returns true if the hash is the one of this password. A hash that is not valid is the hash of no
/// password. This takes about 20 MB of memory and tens of milliseconds.
pub(crate) fn is_password(password: &str, hash: &Secret) -> bool {
    let Ok(hash) = PasswordHash::new(hash.expose()) else {
        return false;
    };
    let verified = Argon2::default().verify_password(password.as_bytes(), &hash);
    verified.is_ok()
}
