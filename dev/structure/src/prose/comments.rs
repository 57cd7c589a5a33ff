//! The comments of Rust, WIT, Go, JavaScript and C.

use super::text::{Passage, Passages, Role};

/// A language in which `//` begins a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// Also WIT, which has the same comments and no strings.
    Rust,
    /// Go, JavaScript or C.
    Other,
}

/// Reads the comments of a file. Those on adjacent lines are one.
pub(crate) fn read(text: &str, language: Language) -> Vec<Passage> {
    let mut scanner = Scanner {
        rest: text,
        line: 1,
        alone: true,
        language,
        found: Passages::default(),
    };
    while !scanner.rest.is_empty() {
        scanner.step();
    }
    scanner.found.into_all()
}

struct Scanner<'t> {
    rest: &'t str,
    line: usize,
    /// True if only white space precedes the rest in its line.
    alone: bool,
    language: Language,
    found: Passages,
}

impl<'t> Scanner<'t> {
    /// Reads a comment, a literal, a word or one character.
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.line_comment();
        } else if self.rest.starts_with("/*") {
            self.block_comment();
        } else if let Some(length) = self.literal_length() {
            self.take(length);
        } else {
            // A whole word, so that its last letter is not mistaken for the beginning of `r"…"`.
            let word = self
                .rest
                .find(|sign: char| !sign.is_alphanumeric() && sign != '_');
            let first = self.rest.chars().next().map_or(1, char::len_utf8);
            self.take(word.unwrap_or(self.rest.len()).max(first));
        }
    }

    /// Moves past the next `length` bytes and returns them.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        self.line += taken.matches('\n').count();
        self.alone = match taken.rsplit_once('\n') {
            Some((_, last)) => last.trim().is_empty(),
            None => self.alone && taken.trim().is_empty(),
        };
        taken
    }

    fn line_comment(&mut self) {
        let (line, alone) = (self.line, self.alone);
        let length = self.rest.find('\n').unwrap_or(self.rest.len());
        let comment = self.take(length);

        let mark = match comment.as_bytes() {
            [_, _, b'/', b'/', ..] => "//",
            [_, _, b'/', ..] => "///",
            [_, _, b'!', ..] => "//!",
            _ => "//",
        };
        let text = comment[mark.len()..].trim_start_matches('/');
        self.add(mark, line, alone, text.to_owned());
    }

    fn block_comment(&mut self) {
        let (line, alone) = (self.line, self.alone);
        let mut depth = 0;
        let mut length = 0;
        loop {
            let rest = &self.rest[length..];
            if rest.starts_with("/*") && (depth == 0 || self.language == Language::Rust) {
                depth += 1;
                length += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                length += 2;
            } else {
                length += rest.chars().next().map_or(0, char::len_utf8);
            }
            if depth == 0 || length >= self.rest.len() {
                break;
            }
        }
        let comment = self.take(length);

        let mark = match comment.as_bytes() {
            [_, _, b'*', b'*' | b'/', ..] => "/*",
            [_, _, b'*', ..] => "/**",
            [_, _, b'!', ..] => "/*!",
            _ => "/*",
        };
        let inside = comment[mark.len()..].trim_end_matches(['*', '/']);
        let lines: Vec<&str> = inside
            .lines()
            .map(|line| line.trim_start().trim_start_matches('*'))
            .collect();
        self.add(mark, line, alone, lines.join("\n"));
    }

    fn add(&mut self, mark: &'static str, line: usize, alone: bool, text: String) {
        let documents = self.language == Language::Rust && mark.len() == 3;
        let role = if documents {
            Role::DocComment
        } else {
            Role::Comment
        };
        self.found.push(mark, alone, Passage { line, role, text });
    }

    /// Returns the length of the literal that is next, if one is.
    fn literal_length(&self) -> Option<usize> {
        let rest = self.rest;
        let quote = rest.chars().next()?;
        match (self.language, quote) {
            (_, '"') => Some(quoted(rest, '"', self.language == Language::Rust)),
            (Language::Rust, '\'') => Some(char_or_lifetime(rest)),
            (Language::Rust, 'r' | 'b' | 'c') => raw_string(rest),
            (Language::Other, '\'') => Some(quoted(rest, '\'', false)),
            (Language::Other, '`') => Some(quoted(rest, '`', true)),
            _ => None,
        }
    }
}

/// Returns the length of the literal at the beginning of `text`, which `quote` encloses.
fn quoted(text: &str, quote: char, many_lines: bool) -> usize {
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        if sign == quote {
            return at + 1;
        }
        if sign == '\n' && !many_lines {
            return at;
        }
        if sign == '\\' {
            signs.next();
        }
    }
    text.len()
}

/// Returns the length of a character literal, or 1 for the apostrophe of a lifetime.
fn char_or_lifetime(text: &str) -> usize {
    let mut signs = text.char_indices().skip(1);
    let is_escape = signs.next().is_some_and(|(_, sign)| sign == '\\');
    let is_char = signs.next().is_some_and(|(_, sign)| sign == '\'');
    if is_escape || is_char {
        return quoted(text, '\'', false);
    }
    1
}

/// Returns the length of a raw string such as `r#"…"#`, with its prefix.
fn raw_string(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"]
        .into_iter()
        .find(|prefix| text.starts_with(prefix))?;
    let signs = text[prefix.len()..].trim_start_matches('#');
    let hashes = text.len() - prefix.len() - signs.len();
    let inside = signs.strip_prefix('"')?;

    let closing = format!("\"{}", "#".repeat(hashes));
    let opening = text.len() - inside.len();
    let end = inside.find(&closing);
    Some(end.map_or(text.len(), |end| opening + end + closing.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rust(text: &str) -> Vec<(usize, String)> {
        read(text, Language::Rust)
            .into_iter()
            .map(|passage| (passage.line, passage.text))
            .collect()
    }

    fn found(passages: &[(usize, &str)]) -> Vec<(usize, String)> {
        passages
            .iter()
            .map(|(line, text)| (*line, (*text).to_owned()))
            .collect()
    }

    #[test]
    fn comments_on_adjacent_lines_are_one() {
        let text = "// a\n// b\n\n// c\nf(); // d\n// e\n/// f\n/// g";

        let expected = [
            (1, " a\n b"),
            (4, " c"),
            (5, " d"),
            (6, " e"),
            (7, " f\n g"),
        ];
        assert_eq!(rust(text), found(&expected));
    }

    #[test]
    fn doc_comments_of_rust_differ_from_other_comments() {
        let roles = |language| -> Vec<bool> {
            read(
                "/// a\n\n//! b\n\n// c\n\n//// d\n/** e */\n/* f */",
                language,
            )
            .iter()
            .map(|passage| passage.role == Role::DocComment)
            .collect()
        };

        assert_eq!(
            roles(Language::Rust),
            [true, true, false, false, true, false]
        );
        assert!(!roles(Language::Other).contains(&true));
    }

    #[test]
    fn block_comments_nest_in_rust_only() {
        let text = "/* a /* b */\n * c */ d();";

        assert_eq!(rust(text), found(&[(1, "a /* b */\n c ")]));
        assert_eq!(read(text, Language::Other)[0].text, "a /* b ");
    }

    #[test]
    fn comments_in_strings_are_not_comments() {
        let text = r##"f("// a \" // b", r#"" // c"#, br"\", b"// d", '"', '\'', "
            // e"); // f"##;

        assert_eq!(rust(text), found(&[(2, " f")]));
    }

    #[test]
    fn a_lifetime_does_not_begin_a_literal() {
        assert_eq!(rust("fn f<'a>(x: &'a str) {} // b"), found(&[(1, " b")]));
    }

    #[test]
    fn strings_of_other_languages_are_left_out() {
        let text = "f('// a', `\n// b`, \"// c\") // d";

        let passages = read(text, Language::Other);

        assert_eq!(passages.len(), 1);
        assert_eq!((passages[0].line, passages[0].text.as_str()), (2, " d"));
    }
}
