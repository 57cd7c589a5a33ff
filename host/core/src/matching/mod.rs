//! Decides whether a job matches a profile, and explains the decision.
//!
//! A [`Profile`] is the search of one person: a name and a [`Query`](crate::query::Query). A
//! [`QueryMatcher`] is built once from all profiles and then evaluates one [`MatchedJob`] after the
//! other. All terms of all profiles are in one automaton, so a text is read once, whatever the
//! number of terms. A [`MatchResult`] has the reasons of a match, and an [`Explanation`] the whole
//! tree. A [`QueryTally`] counts over many jobs what each term does, and [`ProfileTallies`] does so
//! for all profiles.
//!
//! # When a term hits
//!
//! - **Whole tokens.** A token is a run of Unicode letters, marks and digits; any other character
//!   ends it. `go` does not hit `algorithm`, and `java` does not hit `JavaScript`.
//! - **Any case**, by Unicode's rules (`straße` hits `STRASSE`), unless the term begins with `=`:
//!   `=Go` does not hit `go`.
//! - **Accents fold** unless the term has one: `resume` hits `résumé`, `résumé` does not hit
//!   `resume`. The strokes of letters such as `ł`, `ø` and `đ` are accents too; the dot of `İ`, and
//!   its absence from `ı`, are not. Other letters are never treated as equal: `ä` is not `ae`.
//! - **`+`, `#` and `.`** belong to a token if the term has them: `C++`, `C#`, `.NET`, `Node.js`.
//!   So `.NET` does not hit `ASP.NET`, and `C++` does not hit `C++Builder` (`C++*` does). Digits
//!   after `+` or `#` are a version: `C++` hits `C++17`. A final full stop ends a sentence and is
//!   not part of a name: `Go` hits `We use Go.`, and `Node.js` hits `Node.js.`.
//! - **`+` and `#` directly after a letter** are part of its name even if the term has none: `C`
//!   hits neither `C++` nor `C#`. A single `+` between two words only joins them (`HTML` hits
//!   `HTML+CSS`). After a digit it means "or more" (`Java 17` hits `Java 17+`). Before a word both
//!   are ignored (`rust` hits `#rust`).
//! - **`&` between two single letters** makes an abbreviation: `R` does not hit `R&D`. `R&D` does,
//!   and `R` hits `R & Python`.
//! - **Phrases** allow one space, hyphen or slash between two words, and a run of white space
//!   counts as one space: `full stack` and `full-stack` both hit `full stack`, `Full-Stack` and
//!   `full/stack`, but not `full, stack`.
//! - **`engineer*`** hits every token that begins with `engineer`; the last word of a phrase can be
//!   a prefix too. **`*administrator`** hits every token that ends with it, such as
//!   `Systemadministrator`: German, Dutch and the Scandinavian languages write compounds as one
//!   word.
//! - **Scripts without spaces.** Han, Kana, Thai, Lao, Khmer and Burmese have no spaces between
//!   tokens, so every position next to one of their letters is a boundary: `開発` hits `自社開発部`, and
//!   `Python` hits `Pythonエンジニア`. Korean has spaces but appends particles: write `파이썬*`.
//! - Full-width letters and signs, typographic apostrophes, hyphens and the minus sign count as
//!   their plain forms. A long dash (`—`) is not a hyphen. Soft hyphens and other invisible
//!   characters are ignored.
//!
//! Not here: the conversion of texts to plain text and NFC ([`crate::normalize`]), and the
//! processing of a match (alerts).

mod automaton;
mod fold;
mod matcher;
mod profile;
mod result;
mod snippet;
mod tally;
mod term;
mod text;
mod token;
mod version;

#[cfg(test)]
mod keyword_cases;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

pub use self::fold::fold as folded;
pub use self::matcher::{MatcherError, QueryMatcher};
pub use self::profile::{Profile, SourcePattern};
pub use self::result::{
    ExplainedPart, Explanation, Hit, MatchResult, NeededChange, PartKind, Reason,
};
pub use self::snippet::hit_in_snippet;
pub use self::tally::{ProfileTallies, ProfileTally, QueryTally, TermTally};
pub use self::term::{MAX_TERM_BYTES, Term, TermError};
pub use self::text::{JobSource, MatchTimes, MatchedFields, MatchedJob};
pub(crate) use self::token::is_spaceless;
pub use self::version::MATCHING_VERSION;
