//! [RSS 2.0](https://www.rssboard.org/rss-specification).

use roxmltree::{Document, Node};

use super::xml::child;
use crate::SourceError;

/// Returns the element that contains the feed's items.
pub fn channel<'a, 'input>(
    document: &'a Document<'input>,
) -> Result<Node<'a, 'input>, SourceError> {
    child(document.root_element(), "channel")
        .ok_or_else(|| SourceError::UnexpectedResponse("the feed has no <channel>".to_owned()))
}
