//! Enums whose variants each have one stable word, which rows, JSON, logs and messages share.
//!
//! [`words!`](crate::words!) defines an enum together with its words. A variant without a word, or
//! a word that is parsed but never written, is therefore not possible.
//!
//! Not here: enums that carry values, and the parsing of settings ([`UnknownWord`] does not list
//! the valid words).

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};

#[doc(hidden)]
pub use serde;

/// The error for a text that is not the word of any variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct UnknownWord {
    pub text: String,
    /// The thing that the enum describes, with its article, such as `a kind of alert`.
    pub expected: &'static str,
}

/// A recorded word. Another version of the program may have written a word that this version does
/// not know. Such a word is printed unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnRecord<T> {
    /// The word of a variant.
    Known(T),
    /// Any other word.
    Unknown(String),
}

impl<T: FromStr> OnRecord<T> {
    /// Parses a recorded word.
    pub fn read(word: &str) -> Self {
        word.parse()
            .map_or_else(|_| Self::Unknown(word.to_owned()), Self::Known)
    }
}

impl<T: fmt::Display> fmt::Display for OnRecord<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => known.fmt(f),
            Self::Unknown(word) => f.write_str(word),
        }
    }
}

impl<T: fmt::Display> serde::Serialize for OnRecord<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Defines an enum with one word per variant: `as_str`, `ALL`, `Display`, `FromStr`, and serde with
/// that word.
///
/// ```
/// job_scanner_core::words! {
///     /// The direction of a sort.
///     pub enum Direction: "a direction" {
///         /// The smallest first.
///         Ascending = "ascending",
///         /// The largest first.
///         Descending = "descending",
///     }
/// }
///
/// assert_eq!("ascending".parse(), Ok(Direction::Ascending));
/// assert_eq!(Direction::Descending.to_string(), "descending");
/// let error = "up".parse::<Direction>().unwrap_err();
/// assert_eq!(error.to_string(), "`up` is not a direction");
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident: $expected:literal {
            $($(#[$variant_attribute:meta])* $variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $visibility enum $name {
            $($(#[$variant_attribute])* $variant,)+
        }

        impl $name {
            /// All variants, in the order of their definition.
            $visibility const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the stable word, as rows, JSON, logs and messages have it.
            $visibility const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::words::UnknownWord {
                        text: text.to_owned(),
                        expected: $expected,
                    }),
                }
            }
        }

        impl $crate::words::serde::Serialize for $name {
            fn serialize<S: $crate::words::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::words::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::words::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                deserializer
                    .deserialize_str($crate::words::WordVisitor(::std::marker::PhantomData))
            }
        }
    };
}

/// Parses a word without copying it, for the enums of [`words!`](crate::words!).
#[doc(hidden)]
pub struct WordVisitor<T>(pub PhantomData<T>);

impl<T: FromStr<Err = UnknownWord>> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    words! {
        /// The size of a shirt.
        enum Size: "a size" {
            /// The smaller one.
            Small = "small",
            /// The larger one.
            ExtraLarge = "extra-large",
        }
    }

    #[test]
    fn a_variant_parses_from_its_word_as_text_and_as_json() {
        for size in Size::ALL {
            assert_eq!(size.to_string().parse(), Ok(*size));
            let json = serde_json::to_string(size).unwrap();
            assert_eq!(json, format!("\"{}\"", size.as_str()));
            assert_eq!(serde_json::from_str::<Size>(&json).unwrap(), *size);
        }
    }

    #[test]
    fn a_text_that_is_not_a_word_names_what_was_expected() {
        let error = "Small".parse::<Size>().unwrap_err();
        assert_eq!(error.to_string(), "`Small` is not a size");
        let error = serde_json::from_str::<Size>("\"huge\"").unwrap_err();
        assert!(error.to_string().starts_with("`huge` is not a size"));
        assert!(serde_json::from_str::<Size>("1").is_err());
    }
}
