//! The result of reading a list element by element.

/// The elements of a list. A malformed element does not hide the others.
#[derive(Debug)]
pub struct Each<T> {
    /// The elements that could be read, in order.
    pub read: Vec<T>,
    /// A message for the operator about each element that could not be read.
    pub unreadable: Vec<String>,
}

impl<T> Each<T> {
    /// Returns an empty result with room for this many elements.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            read: Vec::with_capacity(capacity),
            unreadable: Vec::new(),
        }
    }
}
