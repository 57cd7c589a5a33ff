//! The columns of tables: their headers, and how they give way in a narrow terminal.
//!
//! Not here: the width of the terminal, and the choice of the columns that fit (`cli`).

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub header: &'static str,
    pub content: Content,
    pub yields: Yields,
}

/// The content of a column, which decides how its cells are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A date or a word of the program. It is never cut.
    Word,
    /// A number, aligned to the right.
    Number,
    /// A text that is cut between two words, but not to less than `min` columns.
    Text { min: usize },
    /// Sentences that are wrapped between words, in at least `min` columns.
    Prose { min: usize },
    /// A key or an address, for copying: never cut or wrapped. If it yields, it gets a line of its
    /// own.
    Copied,
}

/// The order in which columns make room for the others. Smaller numbers go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Yields {
    /// Before the other columns are cut to less than twice their minimum.
    Early(u8),
    /// When the other columns do not fit with their minimum.
    Late(u8),
    Never,
}

impl Yields {
    /// Returns true for [`Yields::Early`].
    pub fn is_early(self) -> bool {
        matches!(self, Self::Early(_))
    }

    /// Returns true for [`Yields::Late`].
    pub fn is_late(self) -> bool {
        matches!(self, Self::Late(_))
    }
}

impl Column {
    /// A column of dates or words of the program.
    pub const fn word(header: &'static str) -> Self {
        Self::new(header, Content::Word)
    }

    /// A column of numbers.
    pub const fn number(header: &'static str) -> Self {
        Self::new(header, Content::Number)
    }

    /// A column of texts that may be cut to `min` columns.
    pub const fn text(header: &'static str, min: usize) -> Self {
        Self::new(header, Content::Text { min })
    }

    /// A column of sentences that may be wrapped in `min` columns.
    pub const fn prose(header: &'static str, min: usize) -> Self {
        Self::new(header, Content::Prose { min })
    }

    /// A column of keys or addresses.
    pub const fn copied(header: &'static str) -> Self {
        Self::new(header, Content::Copied)
    }

    /// Gives the column a place in the order of [`Yields::Early`].
    #[must_use]
    pub const fn early(self, order: u8) -> Self {
        Self {
            yields: Yields::Early(order),
            ..self
        }
    }

    /// Gives the column a place in the order of [`Yields::Late`].
    #[must_use]
    pub const fn late(self, order: u8) -> Self {
        Self {
            yields: Yields::Late(order),
            ..self
        }
    }

    const fn new(header: &'static str, content: Content) -> Self {
        Self {
            header,
            content,
            yields: Yields::Never,
        }
    }
}
