//! From a raw job to a job: one shape for what every board writes differently.
//!
//! [`JobNormalizer`] takes what an adapter returned and gives [`NormalizationResult`]s: a
//! [`Job`](crate::job::Job) each, and whether it is new. What cannot be kept becomes a
//! [`Rejection`] and costs one job, not the batch; what was dropped or cut on the way is counted in
//! the warnings. Nothing is ever guessed: what the board does not say clearly stays `None`.
//!
//! Beneath it, one module per kind of value: [`html_to_text`] lays out descriptions with the
//! white-space rules of `layout`; `text` owns characters and lengths; `dates`, `language`,
//! `location`, `salary`, `url` and `workplace` their fields; `hash` names a version, and `known` is
//! what jobs are compared with. [`merge_details`] adds to a listed job what its board tells only
//! when asked, and [`truncate_for_storage`] is how it is kept until then.
//!
//! Not here: what a raw job is ([`crate::raw`]), and which profiles it matches
//! ([`crate::matching`]).

mod bounded;
mod dates;
mod details;
mod hash;
mod html;
mod known;
mod language;
mod layout;
mod location;
mod normalizer;
mod salary;
mod text;
mod url;
mod warnings;
mod workplace;

pub use self::url::{MAX_URL_BYTES, UrlError, canonical_url};
pub use bounded::truncate_for_storage;
pub use details::merge_details;
pub use html::html_to_text;
pub use known::{Fingerprint, JobPresence, KnownJob, KnownJobs, ListingHash};
pub use normalizer::{
    Change, JobNormalizer, NormalizationResult, Normalized, RejectReason, Rejection,
};

/// Raised whenever the same raw job comes out differently than before, so that the next scan of a
/// source starts a new baseline and sends no alert about what only we changed.
pub const NORMALIZATION_VERSION: u32 = 1;
