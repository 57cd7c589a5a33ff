//! Pay that a text states: "EUR 60.000 - 75.000 brutto/Jahr", "$150k–195k USD + equity".
//!
//! [`stated_pay`] is the entry. `find` walks over the numbers of a text, and `amounts` reads the range
//! of each with its currency and its period. Most amounts of a posting are not pay: budgets, bonuses,
//! revenue, funding. `judge` decides with the `context` of the range, that is with the words around
//! it, which `words` lists in twelve languages. `describe` then adds the rest: `dollar` finds out
//! which dollar or krone is meant, and `place` the place that a range is for. `merge` keeps each range
//! once.
//!
//! Nothing is guessed. A range is left out unless the text says that it is pay, or writes it where
//! postings write pay. A currency or a period that the text leaves open is `None`.
//!
//! Not here: the salary in a board's field ([`crate::raw::Salary`]).

mod amounts;
mod context;
mod describe;
mod dollar;
mod edges;
mod find;
mod judge;
mod merge;
mod place;
mod stated;
#[cfg(test)]
mod tests;
mod words;

pub use find::{MAX_RANGES, stated_pay};
pub use stated::{PayKind, StatedPay};
