//! Pieces of prose and their places.

use super::words::{self, Word};

/// The role of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Comment,
    /// A comment that documents an item: `///` or `//!`.
    DocComment,
    Document,
    /// A string in code that is not for tests, or the output of a script.
    Message,
}

/// A comment of adjacent lines, a document, or a message.
#[derive(Debug)]
pub(crate) struct Text {
    /// The path from the root of the project.
    pub(crate) file: String,
    pub(crate) role: Role,
    pub(crate) words: Vec<Word>,
}

/// A text that was extracted from a file and is not split into words yet.
#[derive(Debug, Clone)]
pub(crate) struct Passage {
    /// The number of its first line, counted from 1.
    pub(crate) line: usize,
    pub(crate) role: Role,
    pub(crate) text: String,
}

impl Passage {
    pub(crate) fn in_file(&self, file: &str) -> Text {
        Text {
            file: file.to_owned(),
            role: self.role,
            words: words::split(&self.text, self.line),
        }
    }
}

/// Joins comments on adjacent lines.
#[derive(Debug, Default)]
pub(crate) struct Passages {
    all: Vec<Passage>,
    /// The mark of the last comment and the line after it, unless code precedes that comment.
    open: Option<(&'static str, usize)>,
}

impl Passages {
    /// Adds the comment of one line, which begins with `mark`. `alone` means that no code precedes
    /// it in its line.
    pub(crate) fn push(&mut self, mark: &'static str, alone: bool, passage: Passage) {
        let next = (mark, passage.line);
        let following = (mark, passage.line + passage.text.matches('\n').count() + 1);

        match self.all.last_mut() {
            Some(last) if alone && self.open == Some(next) => {
                last.text.push('\n');
                last.text.push_str(&passage.text);
            }
            _ => self.all.push(passage),
        }
        self.open = alone.then_some(following);
    }

    pub(crate) fn into_all(self) -> Vec<Passage> {
        self.all
    }
}
