//! Hashes that are stored: one encoding of the values that are hashed, and one macro for the types
//! of hashes.

use blake3::Hasher;

/// Encodes values for a hash so that no two different sequences of values have the same encoding. A
/// text is preceded by its length, a list by its count, and an optional value by whether it is
/// present. Numbers have a fixed width and are little-endian.
///
/// Databases contain the hashes, so the encoding of a value never changes. A new encoding needs a
/// new context.
pub struct HashEncoder {
    hasher: Hasher,
    /// The encoded values that are not hashed yet. The hash of a whole message takes half the time
    /// of one in parts: its chunks are hashed at the same time.
    pending: Vec<u8>,
}

/// The most bytes that are kept before they are hashed. Most jobs are shorter.
const MAX_PENDING: usize = 64 * 1024;

impl HashEncoder {
    /// Begins a hash. The context separates it from hashes of other things, and from hashes of
    /// another encoding.
    pub fn new(context: &str) -> Self {
        Self::with(Hasher::new_derive_key(context))
    }

    /// Begins a hash without a context. For hashes that are older than this encoder.
    pub fn without_context() -> Self {
        Self::with(Hasher::new())
    }

    fn with(hasher: Hasher) -> Self {
        Self {
            hasher,
            pending: Vec::new(),
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if self.pending.len() + bytes.len() > MAX_PENDING {
            self.hash_pending();
        }
        if bytes.len() > MAX_PENDING {
            self.hasher.update(bytes);
        } else {
            self.pending.extend_from_slice(bytes);
        }
    }

    fn hash_pending(&mut self) {
        self.hasher.update(&self.pending);
        self.pending.clear();
    }

    /// Encodes a text, or bytes that are not text.
    pub fn text(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();

        self.count(text.len());
        self.bytes(text);
    }

    /// Encodes the number of values that follow.
    pub fn count(&mut self, count: usize) {
        self.bytes(&(count as u64).to_le_bytes());
    }

    /// Encodes the version of the code that determines the meaning of the values.
    pub fn version(&mut self, version: u32) {
        self.bytes(&version.to_le_bytes());
    }

    /// Encodes an id, or a time in milliseconds.
    pub fn integer(&mut self, integer: i64) {
        self.bytes(&integer.to_le_bytes());
    }

    /// Encodes the bits of a floating-point number.
    pub fn number(&mut self, number: f64) {
        self.bytes(&number.to_bits().to_le_bytes());
    }

    /// Encodes a word of the program without its length, such as the kind of the value that
    /// follows.
    pub fn tag(&mut self, tag: &str) {
        self.bytes(tag.as_bytes());
    }

    /// Encodes a value that may be absent.
    pub fn optional<T>(&mut self, value: Option<T>, encode: impl FnOnce(&mut Self, T)) {
        self.bytes(&[u8::from(value.is_some())]);

        if let Some(value) = value {
            encode(self, value);
        }
    }

    /// Returns the hash.
    pub fn finish(mut self) -> [u8; 32] {
        self.hash_pending();
        *self.hasher.finalize().as_bytes()
    }
}

/// Returns the bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Defines a type for one kind of 32-byte hash. It prints as 64 lower-case hexadecimal digits.
macro_rules! hash_type {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Wraps a finished hash.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes, as they are stored.
            pub fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::hash::hex(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

pub(crate) use hash_type;

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases contain hashes of values of all sizes.
    #[test]
    fn a_hash_is_that_of_its_encoding_whatever_is_kept_before_it_is_hashed() {
        let sizes = [0, 1, 1_024, 5_000, MAX_PENDING - 9, MAX_PENDING, 200_000];
        for (first, second) in sizes
            .iter()
            .flat_map(|a| sizes.iter().map(move |b| (*a, *b)))
        {
            let (first, second) = ("a".repeat(first), "b".repeat(second));
            let mut encoder = HashEncoder::new("test of an encoding");
            encoder.text(&first);
            encoder.optional(Some(second.as_str()), HashEncoder::text);

            let lengths = [first.len(), second.len()].map(|length| (length as u64).to_le_bytes());
            let encoding = [
                &lengths[0],
                first.as_bytes(),
                &[1],
                &lengths[1],
                second.as_bytes(),
            ];
            let expected = blake3::derive_key("test of an encoding", &encoding.concat());
            assert_eq!(
                encoder.finish(),
                expected,
                "{} and {}",
                first.len(),
                second.len()
            );
        }
    }
}
