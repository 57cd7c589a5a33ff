//! The content of a message: subject, headline and jobs, cleaned and truncated.

mod boards;
#[expect(
    clippy::module_inception,
    reason = "the content, of the parts next to it"
)]
mod content;
mod facts;
mod job_entry;
mod notices;
mod opening;
mod page_links;
mod reasons;

pub(crate) use content::MessageContent;
pub use page_links::PageAddress;

/// The length of a title in a subject, which mail programs truncate further.
const SUBJECT_TITLE_CHARS: usize = 120;
const TITLE_CHARS: usize = 200;
const NAME_CHARS: usize = 100;
