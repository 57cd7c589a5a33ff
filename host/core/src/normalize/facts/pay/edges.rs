//! The edges of characters near a position in a text, for windows of a bounded size.

/// Returns the nearest start of a character at or before `at`.
pub(in crate::normalize::facts::pay) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Returns the nearest start of a character at or after `at`.
pub(in crate::normalize::facts::pay) fn ceil(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
