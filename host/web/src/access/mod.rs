//! Who may do what: the proof that a visitor gives, and what it opens.

pub(crate) mod authenticate;
pub(crate) mod authorize;
pub(crate) mod visitor;
