//! The words of an employment type, which boards write as `FullTime`, `FULL_TIME` or `Full-time`.

/// Returns the text as words that are separated by single spaces: `full_time` and `FullTime` become
/// `full time` and `Full Time`.
pub fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 4);
    let mut previous: Option<char> = None;
    for c in text.chars() {
        let is_separator = c.is_whitespace() || matches!(c, '_' | '-');
        let begins_word = c.is_uppercase() && previous.is_some_and(char::is_lowercase);
        if (is_separator || begins_word) && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if !is_separator {
            words.push(c);
        }
        previous = Some(c);
    }
    words.truncate(words.trim_end().len());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_boards_are_separated() {
        for (text, words) in [
            ("FullTime", "Full Time"),
            ("FULL_TIME", "FULL TIME"),
            ("fulltime_permanent", "fulltime permanent"),
            ("Full-time", "Full time"),
            ("Intern", "Intern"),
            (" part  time ", "part time"),
            ("CDI", "CDI"),
            ("", ""),
        ] {
            assert_eq!(words_of(text), words, "{text:?}");
        }
    }
}
