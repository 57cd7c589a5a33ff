//! Hashes that are kept: one way to write down what goes into them, and one shape for their types.

use blake3::Hasher;

/// Writes values down for a hash, so that no two different sequences of values are written the same
/// way: a text is preceded by its length, a list by its count, an optional value by whether it is
/// there. Numbers have a fixed width, lowest byte first.
///
/// The hashes are in databases: what is written for a value never changes. A new encoding needs a
/// new context.
pub struct HashEncoder(Hasher);

impl HashEncoder {
    /// Begins a hash. The context keeps it apart from the hashes of everything else, and from those
    /// of another encoding.
    pub fn new(context: &str) -> Self {
        Self(Hasher::new_derive_key(context))
    }

    /// Begins a hash without a context, as those have it that are older than this encoder.
    pub fn without_context() -> Self {
        Self(Hasher::new())
    }

    /// Writes a text, or bytes that are not one.
    pub fn text(&mut self, text: impl AsRef<[u8]>) {
        let text = text.as_ref();

        self.count(text.len());
        self.0.update(text);
    }

    /// Writes the number of the values that follow.
    pub fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_le_bytes());
    }

    /// Writes the version of what decides about the meaning of the rest.
    pub fn version(&mut self, version: u32) {
        self.0.update(&version.to_le_bytes());
    }

    /// Writes a number that names something, or a time in milliseconds.
    pub fn integer(&mut self, integer: i64) {
        self.0.update(&integer.to_le_bytes());
    }

    /// Writes a number with a fraction, by its bits.
    pub fn number(&mut self, number: f64) {
        self.0.update(&number.to_bits().to_le_bytes());
    }

    /// Writes a word of the program, such as one that tells what follows, without its length.
    pub fn tag(&mut self, tag: &str) {
        self.0.update(tag.as_bytes());
    }

    /// Writes a value that may be missing.
    pub fn optional<T>(&mut self, value: Option<T>, encode: impl FnOnce(&mut Self, T)) {
        self.0.update(&[u8::from(value.is_some())]);

        if let Some(value) = value {
            encode(self, value);
        }
    }

    /// Ends the hash.
    pub fn finish(&self) -> [u8; 32] {
        *self.0.finalize().as_bytes()
    }
}

/// Writes bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Defines a type for one kind of 32-byte hash, which prints as 64 lower-case hexadecimal digits.
macro_rules! hash_type {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Takes a finished hash.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The hash as the store keeps it.
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
