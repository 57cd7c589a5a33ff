//! Notes: messages of the host that are not deliveries and are not recorded.

/// A message of the host that is not a delivery and is not recorded.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    /// The kind of the note, used in the name of its file.
    pub(crate) name: &'static str,
    pub(crate) subject: &'static str,
    /// One paragraph.
    pub(crate) text: &'a str,
}

impl Note<'static> {
    /// The test message, which shows that messages arrive.
    pub(crate) const TEST: Self = Note {
        name: "test",
        subject: "Test message from job-scanner",
        text: "job-scanner will send your matches to this address.",
    };
}
