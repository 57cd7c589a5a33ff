//! What a board answered last, for the person who looks into a failed scan.

use std::sync::{Mutex, PoisonError};

/// The answer to one request, or that there was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAnswer {
    /// `None` when there was no answer.
    pub status: Option<u16>,
    /// The URL that it came from, or should have.
    pub url: String,
}

impl LastAnswer {
    fn is_good(&self) -> bool {
        self.status.is_some_and(|status| status < 400)
    }
}

/// Keeps the last answer of a scan, or the first bad one: requests run side by side, and the good
/// ones among them explain nothing.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    last: Mutex<Option<LastAnswer>>,
}

impl Answers {
    pub(crate) fn note(&self, answer: LastAnswer) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);

        if last.as_ref().is_none_or(LastAnswer::is_good) {
            *last = Some(answer);
        }
    }

    pub(crate) fn last(&self) -> Option<LastAnswer> {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_answer_is_kept() {
        let answers = Answers::default();
        let note = |status, url: &str| {
            answers.note(LastAnswer {
                status,
                url: url.to_owned(),
            });
            answers.last().unwrap().url
        };
        assert_eq!(answers.last(), None);
        assert_eq!(note(Some(302), "a"), "a");
        assert_eq!(note(Some(200), "b"), "b");
        assert_eq!(note(None, "c"), "c");
        assert_eq!(note(Some(500), "d"), "c");
        assert_eq!(note(Some(200), "e"), "c");
    }
}
