//! Outgoing HTTP: the clients of the process, rate limits, and the decoding of responses.
//!
//! [`HttpClients`] live as long as the process. There is one client for each rule on the addresses
//! that it may connect to, and the resolver of its connections checks each address. A
//! [`RateLimiter`] spaces the requests to a host. The clients keep no cookies and follow no
//! redirects. A [`RequestMeter`] counts requests and waits, if there is one.
//!
//! Not here: the rules on which source may contact which host. The callers check those.

mod clients;
mod decode;
mod meter;
mod rate_limit;

pub use clients::{HttpClients, HttpOptions, ResolveError, resolve_error};
pub use decode::{CODINGS, Coding, Decoded};
pub use meter::{HostCounts, NAMED_HOSTS, RequestMeter};
pub use rate_limit::RateLimiter;
