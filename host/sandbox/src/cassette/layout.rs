//! JSON laid out over lines, for people to read and compare.

use std::iter::Peekable;

use serde::de::IgnoredAny;

/// Boards answer in one line; larger answers than this are not read by people either.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const INDENT: &str = "  ";
/// Values within values, and how many times as long the text may become: what is deeper or grows by
/// more is not made to be read, and each level indents every line below it.
const MAX_DEPTH: usize = 64;
const MAX_GROWTH: usize = 4;

/// The same JSON with a line for each value. Nothing but white space between values changes: the
/// order of keys, keys given twice, numbers and escapes stay as the board wrote them. `None` when
/// the bytes are not JSON, or none that a person could read.
pub(crate) fn readable(json: &[u8]) -> Option<Vec<u8>> {
    // What is ignored is read without recursion, however deep it is.
    if json.len() > MAX_BYTES || serde_json::from_slice::<IgnoredAny>(json).is_err() {
        return None;
    }

    let max_bytes = json.len() * MAX_GROWTH;
    let mut printer = PrettyPrinter {
        text: Vec::with_capacity(json.len() * 2),
        depth: 0,
    };
    let mut rest = json.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if printer.depth > MAX_DEPTH || printer.text.len() > max_bytes {
            return None;
        }

        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'{' | b'[' => printer.open(byte, &mut rest),
            b'}' | b']' => printer.close(byte),
            b',' => printer.comma(),
            b':' => printer.text.extend_from_slice(b": "),
            b'"' => printer.string(&mut rest),
            _ => printer.text.push(byte),
        }
    }
    printer.text.push(b'\n');
    Some(printer.text)
}

/// The text that is laid out so far.
struct PrettyPrinter {
    text: Vec<u8>,
    depth: usize,
}

impl PrettyPrinter {
    /// Opens an object or a list; one without values is closed in the same line.
    fn open(&mut self, byte: u8, rest: &mut Peekable<impl Iterator<Item = u8>>) {
        self.text.push(byte);
        while rest.next_if(u8::is_ascii_whitespace).is_some() {}

        if let Some(end) = rest.next_if(|&next| next == b'}' || next == b']') {
            self.text.push(end);
        } else {
            self.depth += 1;
            self.new_line();
        }
    }

    fn close(&mut self, byte: u8) {
        self.depth -= 1;
        self.new_line();
        self.text.push(byte);
    }

    fn comma(&mut self) {
        self.text.push(b',');
        self.new_line();
    }

    /// Copies a string whose first quote was read, up to and with the quote that ends it.
    fn string(&mut self, rest: &mut impl Iterator<Item = u8>) {
        self.text.push(b'"');
        let mut escaped = false;
        for byte in rest {
            self.text.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return,
                _ => {}
            }
        }
    }

    fn new_line(&mut self) {
        self.text.push(b'\n');
        let spaces = INDENT.bytes().cycle().take(INDENT.len() * self.depth);
        self.text.extend(spaces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_between_values_changes() {
        let board = r#"{"b":[1.50e3 , "a\" , {}"],"b":{ } ,"a":[ ],"n":null,"o":{"x":"\\"}}"#;
        let expected = r#"{
  "b": [
    1.50e3,
    "a\" , {}"
  ],
  "b": {},
  "a": [],
  "n": null,
  "o": {
    "x": "\\"
  }
}
"#;
        assert_eq!(
            String::from_utf8(readable(board.as_bytes()).unwrap()).unwrap(),
            expected
        );
        assert_eq!(readable(expected.as_bytes()).unwrap(), expected.as_bytes());
    }

    #[test]
    fn json_that_would_grow_too_much_is_left_unchanged() {
        let nested = |depth: usize, within: &str| {
            format!("{}{within}{}", "[".repeat(depth), "]".repeat(depth))
        };
        let texts = format!("\"{}\"", "x".repeat(9_000));
        assert!(readable(nested(MAX_DEPTH, &texts).as_bytes()).is_some());
        assert_eq!(
            readable(nested(MAX_DEPTH + 1, &texts).as_bytes()),
            None,
            "too deep"
        );
        let numbers = format!("1{}", ",1".repeat(9_000));
        assert!(readable(nested(1, &numbers).as_bytes()).is_some());
        assert_eq!(
            readable(nested(20, &numbers).as_bytes()),
            None,
            "more space than anything else"
        );
        // Looking at it takes neither stack nor time, however deep it is.
        assert_eq!(readable(nested(MAX_BYTES / 2, "").as_bytes()), None);
    }

    #[test]
    fn text_that_is_not_json_is_left_unchanged() {
        for other in ["", "<html>", "{\"jobs\": [", "{} {}"] {
            assert_eq!(readable(other.as_bytes()), None, "{other}");
        }
    }
}
