//! Decides if a job matches a profile, and explains why.
//!
//! A [`Profile`] is what one person wants: a name and [`Criteria`], which are lists of [`Term`]s. A
//! [`KeywordMatcher`] is built once from all profiles and then asked about one [`JobText`] after
//! the other. All terms of all profiles live in one automaton, so a text is read once, however many
//! terms there are. A [`MatchResult`] says of each term whether and where it hit.
//!
//! # When a term hits
//!
//! - **Whole tokens.** A token is a run of Unicode letters, marks and digits; anything else ends
//!   it. `go` does not hit `algorithm`, and `java` does not hit `JavaScript`.
//! - **Any case**, by Unicode's rules (`straße` hits `STRASSE`), unless the term begins with `=`:
//!   `=Go` does not hit `go`.
//! - **Accents fold** unless the term has one: `resume` hits `résumé`, `résumé` does not hit
//!   `resume`. The strokes of `ł`, `ø`, `đ` and their like are accents too; the dot of `İ`, and its
//!   absence from `ı`, are not. Other letters are never taken for one another: `ä` is not `ae`.
//! - **`+`, `#` and `.`** belong to a token when the term has them: `C++`, `C#`, `.NET`, `Node.js`.
//!   So `.NET` does not hit `ASP.NET`, and `C++` does not hit `C++17` (`C++*` does). A final full
//!   stop ends a sentence and is no part of a name: `Go` hits `We use Go.`, and `Node.js` hits
//!   `Node.js.`.
//! - **`+` and `#` directly behind a letter** are part of its name also when the term has none: `C`
//!   hits neither `C++` nor `C#`. A single `+` between two words only joins them (`HTML` hits
//!   `HTML+CSS`), behind a digit it says "or more" (`Java 17` hits `Java 17+`), and in front of a
//!   word both mean nothing (`rust` hits `#rust`).
//! - **Phrases** tolerate one space, hyphen or slash between two words, a run of white space
//!   counting as one: `full stack` and `full-stack` both hit `full stack`, `Full-Stack` and
//!   `full/stack`, but not `full, stack`.
//! - **`engineer*`** hits every token that begins with `engineer`; a phrase may end in one too.
//! - **Scripts without spaces.** Between two tokens of Han, Kana, Thai, Lao, Khmer or Burmese
//!   stands nothing, so beside a letter of theirs every place is a boundary: `開発` hits `自社開発部`, and
//!   `Python` hits `Pythonエンジニア`. Korean has spaces but glues particles on: write `파이썬*`.
//! - Full-width letters and signs, typographic apostrophes and hyphens count as their plain forms;
//!   soft hyphens and other invisible characters count as absent.
//!
//! Not here: how a text became plain and NFC ([`crate::normalize`]), and what happens to a match
//! (alerts).

mod automaton;
mod criteria;
mod fold;
mod matcher;
mod result;
mod snippet;
mod term;
mod text;
mod token;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;

pub use self::criteria::{Criteria, Profile};
pub use self::matcher::{KeywordMatcher, MatcherError};
pub use self::result::{Hit, MatchResult, TermResult, TermRole};
pub use self::term::{MAX_TERM_BYTES, Term, TermError};
pub use self::text::{Field, JobText, SearchedFields};
