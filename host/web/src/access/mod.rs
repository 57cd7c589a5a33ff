//! Who may do what: the proof that a visitor gives, and what it opens.
//!
//! For each request, `host_check` refuses names that are not ours, `authenticate` finds the
//! [`visitor`], `csrf` refuses changes that another site asks for, and `authorize` compares the
//! visitor with the access that the route needs. A proof is an API key (`api_key`), a session
//! (`session`, which `login` begins), or the name that a trusted proxy sends (`proxy`).
//!
//! Not here: the rows of sessions and keys (`store`), and the access of each route, which is given
//! where the route is added.

pub(crate) mod api_key;
pub(crate) mod authenticate;
pub(crate) mod authorize;
pub(crate) mod csrf;
pub(crate) mod headers;
pub(crate) mod host_check;
pub(crate) mod login;
#[cfg(test)]
mod matrix;
pub(crate) mod proxy;
mod refusal;
pub(crate) mod secret;
mod session;
#[cfg(test)]
mod tests;
pub(crate) mod visitor;
