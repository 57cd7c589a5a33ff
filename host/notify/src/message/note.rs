//! Notes: messages of the host that are not deliveries and on no record.

/// A message of the host that is not a delivery and on no record.
pub(crate) struct Note<'a> {
    /// A word for its kind, in the name of its file.
    pub(crate) name: &'static str,
    pub(crate) subject: &'static str,
    /// One paragraph.
    pub(crate) text: &'a str,
}

impl Note<'static> {
    /// Tells nothing but that messages arrive.
    pub(crate) const TEST: Self = Note {
        name: "test",
        subject: "Test message from job-scanner",
        text: "What job-scanner finds for you arrives here.",
    };
}
