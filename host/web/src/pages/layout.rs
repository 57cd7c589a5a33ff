//! The frame of every page: its navigation, and the files that it loads.

use crate::assets;

/// The parts of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Matches,
    Sources,
    Profiles,
    Deliveries,
    Status,
}

/// The frame of a page, for `layout.html`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) section: Section,
    /// True if the page is the one that the navigation links to.
    pub(crate) is_entry_page: bool,
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
    pub(crate) fn entry(section: Section) -> Self {
        Self {
            section,
            is_entry_page: true,
        }
    }

    /// Returns the frame of another page of a section.
    pub(crate) fn within(section: Section) -> Self {
        Self {
            section,
            is_entry_page: false,
        }
    }

    /// Returns the entries of the navigation, each with its path.
    pub(crate) fn entries(self) -> [(Section, &'static str); 5] {
        [
            (Section::Matches, "/matches"),
            (Section::Sources, "/sources"),
            (Section::Profiles, "/profiles"),
            (Section::Deliveries, "/deliveries"),
            (Section::Status, "/status"),
        ]
    }

    /// Returns the path of the style.
    pub(crate) fn style(self) -> &'static str {
        assets::STYLE.path()
    }

    /// Returns the path of the script.
    pub(crate) fn script(self) -> &'static str {
        assets::SCRIPT.path()
    }

    /// Returns the path of the icon.
    pub(crate) fn icon(self) -> &'static str {
        assets::ICON.path()
    }
}
