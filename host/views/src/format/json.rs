//! JSON that is safe to print to a terminal.

use std::fmt::Write as _;

use job_scanner_core::escape::is_disguised;
use serde::Serialize;

/// Writes a value as indented JSON, with a line break at its end.
pub fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let text = serde_json::to_string_pretty(value)?;
    Ok(escape_unsafe(text) + "\n")
}

/// Escapes invisible characters and those that control a terminal as `\u`. Between values there are
/// only spaces and line breaks, so all such characters are within strings.
fn escape_unsafe(json: String) -> String {
    let is_unsafe = |c: char| c != '\n' && is_disguised(c);
    if !json.contains(is_unsafe) {
        return json;
    }

    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if !is_unsafe(c) {
            safe.push(c);
            continue;
        }

        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(safe, "\\u{unit:04x}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_characters_are_escaped_in_json_and_read_back_unchanged() {
        let given = "a\nb\u{1b}[31m\u{9b}\u{202e}\u{7f}\u{e0041}é";
        let printed = json(given).unwrap();
        assert_eq!(
            printed,
            "\"a\\nb\\u001b[31m\\u009b\\u202e\\u007f\\udb40\\udc41é\"\n"
        );
        assert_eq!(serde_json::from_str::<String>(&printed).unwrap(), given);
    }
}
