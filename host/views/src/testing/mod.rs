//! What the tests of all views share: samples, and the comparison with the documentation.

mod documented;
pub(crate) mod samples;
