//! Normalization of raw jobs: one form for the differences between boards.
//!
//! [`JobNormalizer`] takes the raw jobs that an adapter returned and returns
//! [`NormalizationResult`]s: a [`Job`](crate::job::Job) each, and whether it is new. A raw job that
//! cannot be stored becomes a [`Rejection`] without an effect on the others. Values that are
//! dropped or cut are counted in the warnings. Nothing is guessed: a value that the board does not
//! clearly state stays `None`.
//!
//! There is one module per kind of value. [`html_to_text`] lays out descriptions with the
//! white-space rules of `layout`; `text` owns characters and lengths; `dates`, `language`,
//! `location`, `salary`, `url` and `workplace` own their fields; `hash` names a version, without the
//! `counters` in its text, and `known` is the stored state that jobs are compared with. [`facts`] has
//! the values that are derived from these fields, and their origin.
//! [`merge_details`] adds the separately fetched details to a listed job, and
//! [`truncate_for_storage`] bounds the raw job that is stored until then.
//!
//! Not here: the definition of a raw job ([`crate::raw`]), and matching with profiles
//! ([`crate::matching`]).

mod bounded;
mod counters;
mod dates;
mod details;
pub mod facts;
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
pub(crate) use counters::without_counters;
pub use dates::{UnreadableDate, board_time};
pub use details::merge_details;
pub use hash::Content;
pub(crate) use hash::encode_salary;
pub use html::html_to_text;
pub use known::{Fingerprint, JobPresence, KnownJob, KnownJobs, ListingHash};
pub use normalizer::{
    Change, JobNormalizer, NormalizationResult, Normalized, RejectReason, Rejection,
};
pub use workplace::workplace as workplace_of;

/// The version of the normalization rules. Increase it whenever the same raw job has a different
/// result than before. The next scan of each source then starts a new baseline and sends no alerts
/// about our own changes.
pub const NORMALIZATION_VERSION: u32 = 3;
