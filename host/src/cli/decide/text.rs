//! Texts that a person writes: notes and names of companies.

/// The maximum length of a note.
const NOTE_CHARS: usize = 2_000;

/// The maximum length of a company's name, which is that of stored names.
const NAME_CHARS: usize = 200;

/// Parses a note.
pub(crate) fn note(text: &str) -> Result<String, String> {
    bounded(text, NOTE_CHARS)
}

/// Parses the name of a company.
pub(super) fn company(text: &str) -> Result<String, String> {
    bounded(text, NAME_CHARS)
}

fn bounded(text: &str, limit: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("write some text".to_owned());
    }
    if text.chars().count() > limit {
        return Err(format!("write at most {limit} characters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_neither_empty_nor_long() {
        assert_eq!(note(" by mail "), Ok("by mail".to_owned()));
        assert!(note("  ").is_err());
        assert!(note(&"x".repeat(NOTE_CHARS)).is_ok());
        assert!(note(&"x".repeat(NOTE_CHARS + 1)).is_err());
        assert!(company(&"x".repeat(NAME_CHARS + 1)).is_err());
    }
}
