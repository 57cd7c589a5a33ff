//! Lists of words.

/// Joins words with commas, without blank ones. `None` if all are blank.
pub fn joined<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Option<String> {
    let mut text = String::new();

    for word in words {
        let word = word.as_ref().trim();
        if !word.is_empty() {
            text.push_str(if text.is_empty() { "" } else { ", " });
            text.push_str(word);
        }
    }

    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_without_blank_ones() {
        assert_eq!(joined([" a ", "", " ", "b"]).as_deref(), Some("a, b"));
        assert_eq!(joined([" "]), None);
    }
}
