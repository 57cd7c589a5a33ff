//! Warnings about valid queries. [`warning`] has all of them, [`several`] those about one term.

mod several;
mod warning;

pub use warning::QueryWarning;
