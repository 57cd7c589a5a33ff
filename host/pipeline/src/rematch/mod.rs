//! Matches open jobs again, once, after a change of the profiles or the matcher: [`rematch`] all
//! sources that need it, [`source`] one of them.

mod rematch;
mod source;

pub(crate) use self::rematch::rematch_all;
pub(crate) use self::source::Rematched;
