//! The frame of every page: its navigation, and the files that it loads.

use crate::access::visitor::Visitor;

/// The parts of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Matches,
    Sources,
    Profiles,
    Deliveries,
    Status,
}

/// The entries of the navigation, each with its path.
pub(crate) const ENTRIES: [(Section, &str); 5] = [
    (Section::Matches, "/matches"),
    (Section::Sources, "/sources"),
    (Section::Profiles, "/profiles"),
    (Section::Deliveries, "/deliveries"),
    (Section::Status, "/status"),
];

/// The frame of a page, for `layout.html`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) section: Section,
    /// True if the page is the one that the navigation links to.
    pub(crate) is_entry_page: bool,
    /// True if the visitor has a session, which can be ended.
    pub(crate) can_log_out: bool,
}

impl Section {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Matches => "Matches",
            Self::Sources => "Sources",
            Self::Profiles => "Profiles",
            Self::Deliveries => "Deliveries",
            Self::Status => "Status",
        }
    }
}

impl Layout {
    /// Returns the frame of the page that the navigation links to.
    pub(crate) fn entry(section: Section, visitor: &Visitor) -> Self {
        Self {
            is_entry_page: true,
            ..Self::within(section, visitor)
        }
    }

    /// Returns the frame of another page of a section.
    pub(crate) fn within(section: Section, visitor: &Visitor) -> Self {
        Self {
            section,
            is_entry_page: false,
            can_log_out: matches!(visitor, Visitor::Session(_)),
        }
    }
}
