//! The files that have prose.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::files;

/// Folders of files that are built, downloaded, generated or recorded from boards.
const SKIPPED: &[&str] = &[
    ".git",
    ".venv",
    "__pycache__",
    "artifacts",
    "cassettes",
    "corpus",
    "coverage",
    "data",
    "dist",
    "fixtures",
    "migrations", // databases hold the checksums of these files
    "node_modules",
    "snapshots",
    "target",
];

/// Texts that mark a generated file if they are in its first lines.
const GENERATED: &[&str] = &["DO NOT EDIT", "@generated"];

/// The number of lines at the beginning of a file that are searched for such a text.
const HEADER_LINES: usize = 5;

/// The kind of a file, which decides how its prose is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Rust,
    Wit,
    /// Go, JavaScript or C.
    Slashes,
    /// YAML, TOML and other configuration files.
    Hashes,
    /// A shell script, a `justfile` or a `Dockerfile`.
    Script,
    Python,
    Sql,
    Markdown,
    /// The text of a mail.
    Template,
}

#[derive(Debug)]
pub(crate) struct Source {
    /// The path from the root of the project.
    pub(crate) path: String,
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

/// Reads every file of the project at `root` that has prose, in the order of their paths.
///
/// # Errors
///
/// A file or folder cannot be read, or has a name or text that is not UTF-8.
pub(crate) fn read(root: &Path) -> anyhow::Result<Vec<Source>> {
    let mut found = Vec::new();
    for path in files::paths(root, "", SKIPPED)? {
        if let Some(kind) = kind_of(&path) {
            let bytes = fs::read(root.join(&path));
            let bytes = bytes.with_context(|| format!("cannot read {path}"))?;
            found.extend(source(path, kind, bytes)?);
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

/// Returns the kind of a file by its path. A file without an extension may be a script.
fn kind_of(path: &str) -> Option<Kind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    match name.rsplit_once('.') {
        None => Some(Kind::Script),
        Some((_, ending)) => match ending {
            "rs" => Some(Kind::Rust),
            "wit" => Some(Kind::Wit),
            "go" | "js" | "c" | "h" => Some(Kind::Slashes),
            "yaml" | "yml" | "toml" | "service" => Some(Kind::Hashes),
            "bash" | "sh" => Some(Kind::Script),
            "py" => Some(Kind::Python),
            "sql" => Some(Kind::Sql),
            "md" => Some(Kind::Markdown),
            "txt" | "html" if folder.ends_with("/templates") => Some(Kind::Template),
            _ => None,
        },
    }
}

/// Returns `None` for a generated file, and for a file without an extension that is not a script.
fn source(path: String, kind: Kind, bytes: Vec<u8>) -> anyhow::Result<Option<Source>> {
    let name = path.rsplit('/').next().unwrap_or(&path);
    let is_script = matches!(name, "justfile" | "Dockerfile") || bytes.starts_with(b"#!");
    if !name.contains('.') && !is_script {
        return Ok(None);
    }

    let text = String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?;
    let mut header = text.lines().take(HEADER_LINES);
    if header.any(|line| GENERATED.iter().any(|mark| line.contains(mark))) {
        return Ok(None);
    }
    Ok(Some(Source { path, kind, text }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_prose_are_read_at_any_depth_and_others_are_not() {
        let root = tempfile::tempdir().unwrap();
        let files = [
            ("README.md", "a"),
            ("LICENSE", "b"),
            ("just", "#!/bin/sh\n"),
            ("justfile", "c"),
            (".ci/run", "#!/bin/sh\n"),
            ("host/src/lib.rs", "d"),
            ("host/src/page.html", "e"),
            ("host/src/templates/job.txt", "e"),
            ("adapters/a/cassettes/all/README.md", "f"),
            ("target/doc/a.rs", "g"),
            ("go/bindings.go", "// Generated. DO NOT EDIT!\n"),
        ];
        for (file, text) in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        let sources = read(root.path()).unwrap();

        let paths: Vec<&str> = sources.iter().map(|source| source.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                ".ci/run",
                "README.md",
                "host/src/lib.rs",
                "host/src/templates/job.txt",
                "just",
                "justfile"
            ]
        );
    }
}
