//! The query language of profiles: `title:(engineer* OR developer*) AND rust AND NOT intern`.
//!
//! [`Query::parse`] turns a text into a tree of terms, regular expressions and conditions.
//! [`Query::of_lists`] makes the same tree of the three lists of `search_criteria`. The tree is
//! evaluated with the results of its leaves, which [`crate::matching`] finds.
//!
//! # Two and three values
//!
//! A term is true or false: a field that a job does not have contains no hit. A condition, such as
//! `salary >= 70000 EUR/year`, may also be unknown, if the board does not state the value. An unknown
//! condition is left out of its `AND` or `OR`, as if it were not written, and `NOT` of it is unknown.
//! So a missing value neither selects a job nor rules it out.
//!
//! A query matches a job if it is true and at least one *positive* leaf is: one that is not below an
//! odd number of `NOT`s. Otherwise a query without any known condition would match every job.
//!
//! # Fields
//!
//! A positive leaf searches all fields that describe the job. A negative one searches only the title
//! and the short fields, since a word such as `manager` occurs in almost every description. A field
//! before a leaf or a parenthesis, such as `title:` or `any:`, replaces this default.

mod condition;
mod error;
mod evaluate;
mod explain;
mod field;
mod lexer;
mod listed;
mod obstacle;
mod parser;
mod query;
mod truth;
mod warning;

#[cfg(test)]
mod reference;
#[cfg(test)]
mod table;

pub use condition::{Condition, JobValues, words_of};
pub use error::QueryError;
pub use explain::{ExplainedNode, NodeKind};
pub use field::{Field, FieldSet};
pub use listed::ListedTerm;
pub use parser::{MAX_QUERY_BYTES, MAX_REGEXES};
pub use query::{Leaf, LeafKind, Query};
pub use truth::Truth;
pub use warning::QueryWarning;
