//! Facts that are derived from the normalized fields of a job.
//!
//! A board states some values in fields of their own and others only in a text. [`facts`] collects
//! both, and each value says where it comes from ([`Origin`]). A text never replaces a value that
//! the board has a field for, and what a text leaves open stays unknown.
//!
//! Facts are a pure function of the fields of a version and of the language, so they are not part of
//! the content hash. They change only with the rules: raise
//! [`NORMALIZATION_VERSION`](super::NORMALIZATION_VERSION), so that every job is stored again, and
//! [`MATCHING_VERSION`](crate::matching::MATCHING_VERSION), so that every job is matched again.
//!
//! Not here: the fields of the board themselves (the modules of [`super`]).

mod derive;
mod employment;
mod facts;
pub mod in_words;
mod language;
mod level;
pub mod open_to;
mod origin;
pub mod pay;
pub mod place;
mod title;
mod years;

pub use derive::facts;
pub use employment::{EmploymentKind, employment_kinds};
pub use facts::{Facts, KnownPay};
pub use language::detected_language;
pub use level::{Level, level};
pub use origin::{Known, Origin};
pub use years::{Years, years};
