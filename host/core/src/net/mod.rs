//! Where an adapter may send requests: which hosts, by which scheme, on which port, at which
//! addresses; and how long a server asks us to stay away ([`retry_after()`]).
//!
//! A [`HostPattern`] is what an adapter's manifest asks for and the operator granted; an
//! [`AllowedHost`] is an entry that the operator wrote into a source's `allow_hosts`. Together they
//! are the [`AllowList`] of a source, which the HTTP layer asks two questions: [`AllowList::check`]
//! before every request and every redirect, and [`Permit::allows`] for every address that the
//! host's name resolved to. A literal address never reaches a resolver, so the first question
//! answers the second one too where the URL has one.
//!
//! Hosts are compared as the `url` crate reads them (IDNA, lower case, every way to write an IPv4
//! address), without a final dot.
//!
//! | what the operator said | `https` | `http` |
//! | --- | --- | --- |
//! | granted the pattern `board.example` | port 443, public addresses | no |
//! | listed `board.example` | port 443, any address | port 80, private addresses |
//! | listed `board.example:8080` | port 8080, any address | port 8080, private addresses |
//! | listed `http://board.example` | port 443, any address | port 80, any address |
//! | listed `https://board.example` | port 443, any address | no |
//!
//! Not here: redirects, spacing, budgets, name resolution (the host's HTTP layer), and who granted
//! what ([`crate::adapter`]).

mod address;
mod allow_list;
mod allowed_host;
mod host;
mod pattern;
mod retry_after;

pub use self::address::{AddressRule, Reach, is_globally_reachable, reach};
pub use self::allow_list::{AllowList, Denied, Permit};
pub use self::allowed_host::{AllowedHost, AllowedHostError};
pub(crate) use self::host::is_host;
pub use self::pattern::{HostPattern, HostPatternError};
pub use self::retry_after::retry_after;
