//! The progress of a scan, stored in the cursor.
//!
//! It contains the last URL that was read, so that a sitemap that changes during the scan moves
//! nothing, and what the last call has to know about the calls before it.

use job_scanner_sdk::FetchRequest;

use crate::read_pages::{Content, ReadPages};
use crate::state::State;

/// The position that a cursor contains.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    /// The URL of the last page that was read. `None` at the start of a scan.
    pub(crate) after: Option<String>,
    /// The number of jobs so far.
    pub(crate) jobs: usize,
    /// The number of pages without a posting that had one at the last complete scan.
    pub(crate) lost: usize,
    /// True if a page or a posting could not be read.
    pub(crate) is_incomplete: bool,
    /// For each page of the site that was read, true if it has a posting.
    pub(crate) with_posting: Vec<bool>,
}

impl Position {
    /// Returns the position of a request.
    pub(crate) fn from_request(request: &FetchRequest) -> Self {
        let cursor = request.cursor.as_deref();
        cursor.and_then(Self::from_cursor).unwrap_or_default()
    }

    /// Adds what one call read: its pages, the number of its jobs, and their content compared with
    /// the last complete scan.
    pub(crate) fn advance(
        &mut self,
        pages: &[String],
        jobs: usize,
        read: &ReadPages,
        last: &State,
    ) {
        let contents = pages.iter().zip(&read.contents);
        let is_lost = |(page, content): &(&String, &Content)| {
            **content == Content::Other && last.had_posting(page)
        };

        self.lost += contents.filter(is_lost).count();
        self.jobs += jobs;
        self.is_incomplete |= !read.unreadable.is_empty();
        let with_posting = read.contents.iter().map(|it| *it == Content::Postings);
        self.with_posting.extend(with_posting);
        self.after = pages.last().cloned().or(self.after.take());
    }

    fn from_cursor(cursor: &str) -> Option<Self> {
        let mut parts = cursor.splitn(5, ':');
        Some(Self {
            jobs: parts.next()?.parse().ok()?,
            lost: parts.next()?.parse().ok()?,
            is_incomplete: parts.next()? == "!",
            with_posting: parts.next()?.chars().flat_map(bits).collect(),
            after: parts.next().map(str::to_owned),
        })
    }

    /// Returns the cursor. The pages are four to a digit: 2,000 of them take 500 bytes.
    pub(crate) fn to_cursor(&self) -> String {
        let mark = if self.is_incomplete { "!" } else { "" };
        let pages: String = self.with_posting.chunks(4).map(digit).collect();
        let after = self.after.as_deref().unwrap_or_default();
        format!("{}:{}:{mark}:{pages}:{after}", self.jobs, self.lost)
    }
}

fn digit(bits: &[bool]) -> char {
    let value = (0..4).fold(0, |value, at| {
        2 * value + u32::from(bits.get(at).copied().unwrap_or_default())
    });
    char::from_digit(value, 16).unwrap_or_default()
}

fn bits(digit: char) -> [bool; 4] {
    let value = digit.to_digit(16).unwrap_or_default();
    [8, 4, 2, 1].map(|bit| value & bit != 0)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_position_survives_the_way_through_its_cursor() {
        let position = Position {
            after: Some("https://a.example/1?a:b".to_owned()),
            jobs: 1_200,
            lost: 3,
            is_incomplete: true,
            with_posting: vec![true, false, false, true, false, true, true, false],
        };
        let request = FetchRequest {
            cursor: Some(position.to_cursor()),
            ..testing::request("https://a.example", "{}")
        };
        assert_eq!(Position::from_request(&request), position);
        assert_eq!(
            Position::from_request(&testing::request("https://a.example", "{}")),
            Position::default()
        );
    }
}
