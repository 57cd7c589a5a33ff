//! HTTP to the outside: the clients of the process, the rate at which they may ask, and the
//! decoding of what comes back.
//!
//! [`HttpClients`] live as long as the process. There is one for each rule on the addresses that it
//! may connect to, and the resolver that its connections use checks each address. [`RateLimiter`] space
//! the requests to a host. Nothing keeps cookies or follows redirects.
//!
//! Not here: the rules on who may ask what, which the callers keep.

mod clients;
mod decode;
mod rate_limit;

pub use clients::{HttpClients, HttpOptions, ResolveError, resolve_error};
pub use decode::{CODINGS, Coding, Decoded};
pub use rate_limit::RateLimiter;
