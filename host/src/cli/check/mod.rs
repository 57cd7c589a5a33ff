//! `job-scanner check`, with one file for each part that is more than a few functions.

mod channels;
#[expect(
    clippy::module_inception,
    reason = "the command, of the parts next to it"
)]
mod check;
mod deliveries;
mod favourites;
mod identifiers;
mod named_hosts;
mod profiles;
mod templates;

pub(super) use check::{Options, run};
