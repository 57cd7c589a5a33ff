//! Formats JSON over several lines, so that people can read and compare it.

use std::iter::Peekable;

use serde::de::IgnoredAny;

/// The largest body that is formatted, in bytes. People do not read larger ones.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const INDENT: &str = "  ";
/// The deepest nesting that is formatted, and the factor by which the text may grow. Each level
/// indents all lines below it, so deeply nested text would become very large.
const MAX_DEPTH: usize = 64;
const MAX_GROWTH: usize = 4;

/// Formats JSON with one line per value. Only the white space between values changes: the order of
/// keys, duplicate keys, numbers and escapes stay as the board wrote them. Returns `None` if the
/// bytes are not JSON, or exceed a limit.
pub(crate) fn readable(json: &[u8]) -> Option<Vec<u8>> {
    // `IgnoredAny` is parsed without recursion, so deep nesting cannot overflow the stack.
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

/// The formatted text so far.
struct PrettyPrinter {
    text: Vec<u8>,
    depth: usize,
}

impl PrettyPrinter {
    /// Opens an object or an array. An empty one is closed on the same line.
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

    /// Copies a string after its first quote, including the closing quote.
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
            "too much white space"
        );
        // Deep nesting must cost neither stack nor time.
        assert_eq!(readable(nested(MAX_BYTES / 2, "").as_bytes()), None);
    }

    #[test]
    fn text_that_is_not_json_is_left_unchanged() {
        for other in ["", "<html>", "{\"jobs\": [", "{} {}"] {
            assert_eq!(readable(other.as_bytes()), None, "{other}");
        }
    }
}
