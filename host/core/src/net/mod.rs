//! The destinations that an adapter may send requests to: hosts, schemes, ports and addresses. Also
//! the time that a server asks clients to wait ([`retry_after()`]).
//!
//! A [`HostPattern`] is requested by an adapter's manifest and granted by the operator. An
//! [`AllowedHost`] is an entry that the operator wrote into a source's `allow_hosts`. Together they
//! are the [`AllowList`] of a source. The HTTP layer calls [`AllowList::check`] before every
//! request and every redirect, and [`Permit::allows`] for every address that the host's name
//! resolved to. A literal address never reaches a resolver, so [`AllowList::check`] checks it as
//! well.
//!
//! Hosts are compared as the `url` crate parses them (IDNA, lower case, every notation of an IPv4
//! address), without a final dot.
//!
//! | entry | `https` | `http` |
//! | --- | --- | --- |
//! | granted pattern `board.example` | port 443, public addresses | no |
//! | listed `board.example` | port 443, any address | port 80, private addresses |
//! | listed `board.example:8080` | port 8080, any address | port 8080, private addresses |
//! | listed `http://board.example` | port 443, any address | port 80, any address |
//! | listed `https://board.example` | port 443, any address | no |
//!
//! A [`Network`] is for the other direction: the addresses that requests to our own page come from.
//!
//! Not here: redirects, rate limits, budgets, name resolution (the host's HTTP layer), and the
//! origin of grants ([`crate::adapter`]).

mod address;
mod allow_list;
mod allowed_host;
mod host;
mod network;
mod pattern;
mod retry_after;

pub use self::address::{AddressRule, Reach, is_globally_reachable, reach};
pub use self::allow_list::{AllowList, Denied, Permit};
pub use self::allowed_host::{AllowedHost, AllowedHostError};
pub(crate) use self::host::is_host;
pub use self::network::{Network, NetworkError};
pub use self::pattern::{HostPattern, HostPatternError};
pub use self::retry_after::retry_after;
