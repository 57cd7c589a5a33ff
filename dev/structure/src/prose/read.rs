//! The prose and the names of a whole project.

use std::path::Path;

use anyhow::Context as _;

use super::sources::{self, Kind, Source};
use super::text::{Passage, Role, Text};
use super::vocabulary::WITHOUT_MESSAGES;
use super::{comments, documents, lines};
use crate::code::{self, Code, Named};

/// The folders whose strings are read as messages.
const WITH_MESSAGES: &[&str] = &["host/", "adapters/", "dev/"];

/// The prose of a project, and the names in its Rust code.
#[derive(Debug, Default)]
pub struct Prose {
    pub(crate) texts: Vec<Text>,
    pub(crate) names: Vec<(String, Named)>,
}

impl Prose {
    /// Iterates over comments and documents.
    pub(crate) fn written(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| text.role != Role::Message)
    }

    pub(crate) fn messages(&self) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(|text| text.role == Role::Message)
    }
}

/// Reads the project at `root`.
///
/// # Errors
///
/// A file cannot be read, or a `.rs` file is not Rust.
pub fn read(root: &Path) -> anyhow::Result<Prose> {
    let mut prose = Prose::default();
    let mut with_messages: Vec<(String, Code)> = Vec::new();
    for source in sources::read(root)? {
        let Source { path, kind, text } = &source;
        let passages = passages(*kind, text);
        prose
            .texts
            .extend(passages.iter().map(|passage| passage.in_file(path)));

        if *kind == Kind::Rust {
            let items = code::names(text).with_context(|| format!("{path} is not Rust"))?;
            prose
                .names
                .extend(items.into_iter().map(|item| (path.clone(), item)));
            if has_messages(path) {
                with_messages.push((path.clone(), code::read(path, text)?));
            }
        }
    }

    for (path, code) in code::without_tests(with_messages) {
        let messages = code.strings.iter().map(|string| Passage {
            line: string.line,
            role: Role::Message,
            text: unescaped(&string.literal),
        });
        prose
            .texts
            .extend(messages.map(|message| message.in_file(&path)));
    }
    Ok(prose)
}

fn has_messages(path: &str) -> bool {
    WITH_MESSAGES.iter().any(|folder| path.starts_with(folder)) && !WITHOUT_MESSAGES.contains(&path)
}

fn passages(kind: Kind, text: &str) -> Vec<Passage> {
    match kind {
        Kind::Rust | Kind::Wit => {
            let mut found = comments::read(text, comments::Language::Rust);
            for passage in found.iter_mut().filter(|it| it.role == Role::DocComment) {
                passage.text = documents::without_blocks(&passage.text);
            }
            found
        }
        Kind::Slashes => comments::read(text, comments::Language::Other),
        Kind::Hashes => lines::comments(text, "#"),
        Kind::Script => [lines::comments(text, "#"), lines::output(text)].concat(),
        Kind::Python => {
            let (found, code) = lines::doc_strings(text);
            [found, lines::comments(&code, "#")].concat()
        }
        Kind::Sql => lines::comments(text, "--"),
        Kind::Markdown => vec![documents::read(text)],
        Kind::Template => vec![Passage {
            line: 1,
            role: Role::Message,
            text: text.to_owned(),
        }],
    }
}

/// Returns the text of a literal with most escapes replaced by spaces, so that the lines stay.
fn unescaped(literal: &str) -> String {
    let mut text = String::with_capacity(literal.len());
    let mut signs = literal.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some(escaped @ ('\n' | '"' | '\'')) => text.push(escaped),
                _ => text.push(' '),
            },
            _ => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Returns the words of a project with one file, with their lines.
    fn words(path: &str, text: &str, role: Role) -> Vec<(String, usize)> {
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();

        let prose = read(root.path()).unwrap();

        let texts = prose.texts.into_iter().filter(|text| text.role == role);
        texts
            .flat_map(|text| text.words)
            .map(|word| (word.text, word.line))
            .collect()
    }

    fn found(words: &[(&str, usize)]) -> Vec<(String, usize)> {
        words
            .iter()
            .map(|(word, line)| ((*word).to_owned(), *line))
            .collect()
    }

    #[test]
    fn each_kind_of_file_has_its_comments_read() {
        let files = [
            ("a/b.rs", "\n// here"),
            ("a.wit", "\n// here"),
            ("a.go", "\n// here"),
            ("a.js", "\n/* here */"),
            ("a.c", "\n/* here */"),
            ("a.h", "\n// here"),
            ("a.yaml", "\n# here"),
            ("Cargo.toml", "a = \"b\"\nc = \"d\" # here"),
            ("justfile", "\n# here"),
            ("a.sh", "\n# here"),
            ("a.py", "\n# here"),
            ("a.sql", "\n-- here"),
        ];
        for (path, text) in files {
            let comments = words(path, text, Role::Comment);

            assert_eq!(comments, found(&[("here", 2)]), "{path}");
        }

        let documents = words("README.md", "```\nb\n```\nhere", Role::Document);
        assert_eq!(documents, found(&[("here", 4)]));
    }

    #[test]
    fn code_blocks_in_doc_comments_are_left_out() {
        let text = "/// a\n/// ```\n/// b\n/// ```\n/// c\nstruct S;";

        let comments = words("a.rs", text, Role::DocComment);

        assert_eq!(comments, found(&[("a", 1), ("c", 5)]));
    }

    #[test]
    fn the_lines_of_a_message_are_those_of_its_literal() {
        let text = "fn f() {\n    g(\"one\\n\\\n       two\")\n}";

        let messages = words("host/src/a.rs", text, Role::Message);

        assert_eq!(messages, found(&[("one", 2), ("two", 3)]));
    }

    #[test]
    fn strings_of_examples_and_tests_are_not_messages() {
        let text = "fn f() { g(\"one\") }";

        assert!(words("examples/a.rs", text, Role::Message).is_empty());
        assert!(words("host/tests/a.rs", text, Role::Message).is_empty());
    }
}
