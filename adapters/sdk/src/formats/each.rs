//! A board's list, read element by element.

/// The elements of a list, of which one odd one does not hide the others.
#[derive(Debug)]
pub struct Each<T> {
    /// Those that could be read, in their order.
    pub read: Vec<T>,
    /// The reasons why the others could not, in words for a person.
    pub unreadable: Vec<String>,
}

impl<T> Each<T> {
    /// A list of which nothing was read yet, and that has so many elements at most.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self {
            read: Vec::with_capacity(capacity),
            unreadable: Vec::new(),
        }
    }
}
