//! The `.env` file of the current folder. It sets variables without setting them for a whole shell.
//!
//! Variables that the process was started with override those of the file. The file may contain
//! secrets, so no message repeats a line of it.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use job_scanner_files::regular_file;

use crate::reading::problem::{Origin, Position, Problem};

/// The path of the file, relative to the current folder.
pub(crate) const PATH: &str = ".env";

/// Large enough for a few dozen variables. A larger file is not a `.env` file.
const MAX_BYTES: u64 = 64 * 1024;

const REMEDY: &str =
    "write `NAME=value`, with single quotes around a value that contains spaces, `#` or `$`";

/// Returns the variables of a `.env` file, or none if the file does not exist.
///
/// # Errors
///
/// Fails if the file cannot be read or parsed. The problem has the position if one is known.
pub(crate) fn read(path: &Path) -> Result<Vec<(OsString, OsString)>, Problem> {
    let Some(text) = read_file(path)? else {
        return Ok(Vec::new());
    };
    let text = text.trim_start_matches('\u{feff}');
    let variables = parse(path, text)?;

    // A name refers to a variable of the process, or to one further up in the file.
    let is_set = |name: &str, above: usize| {
        std::env::var(name).is_ok() || variables.iter().take(above).any(|(known, _)| known == name)
    };
    if let Some(position) = stray_dollar(text, is_set) {
        let wrong = "has a `$` that is not followed by the name of a known variable";
        return Err(problem(path, Some(position), wrong, REMEDY));
    }

    Ok(variables)
}

/// Returns the text of the file. `None` if it does not exist.
fn read_file(path: &Path) -> Result<Option<String>, Problem> {
    let error = match regular_file::read_text(path, MAX_BYTES) {
        Ok(text) => return Ok(Some(text)),
        Err(error) => error,
    };

    Err(match error.kind() {
        io::ErrorKind::NotFound => return Ok(None),
        io::ErrorKind::FileTooLarge => {
            let remedy = "keep only the variables that job-scanner needs";
            problem(path, None, "has more than 64 KiB", remedy)
        }
        _ => {
            let wrong = format!("cannot be read: {error}");
            problem(path, None, &wrong, "correct it, or remove it")
        }
    })
}

fn parse(path: &Path, text: &str) -> Result<Vec<(OsString, OsString)>, Problem> {
    let mut variables = Vec::new();
    for variable in dotenvy::from_read_iter(text.as_bytes()) {
        match variable {
            Ok((name, value)) => variables.push((name.into(), value.into())),
            Err(dotenvy::Error::LineParse(line, _)) => {
                let position = position_of(&line, text);
                return Err(problem(path, position, "is not an assignment", REMEDY));
            }
            Err(_) => return Err(problem(path, None, "cannot be read", REMEDY)),
        }
    }

    Ok(variables)
}

fn problem(path: &Path, position: Option<Position>, wrong: &str, remedy: &str) -> Problem {
    Problem {
        origin: Origin::File(path.into(), position),
        key: String::new(),
        wrong: wrong.to_owned(),
        remedy: remedy.to_owned(),
    }
}

/// Returns the position of a `$` that the parser would drop together with the word after it. A
/// password would lose its end. `is_set` receives a name and the number of variables above the one
/// that uses it.
fn stray_dollar(text: &str, is_set: impl Fn(&str, usize) -> bool) -> Option<Position> {
    let (mut quote, mut comment, mut after_space) = (None, false, true);
    // The number of variables that ended above, and whether another one has begun since.
    let (mut above, mut begun) = (0, false);
    let mut position = Position { line: 1, column: 0 };

    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        position.column += 1;

        match (c, quote) {
            ('\n', _) => {
                comment = false;
                position.line += 1;
                position.column = 0;
                if quote.is_none() {
                    above += usize::from(begun);
                    begun = false;
                }
            }
            _ if comment => {}
            ('\'', Some('\'')) | ('"', Some('"')) => quote = None,
            (_, Some('\'')) => {}
            // A backslash at the end of a line does not hide that the line ends.
            ('\\', _) if !rest.as_str().starts_with('\n') => {
                position.column += rest.next().map_or(0, |_| 1);
            }
            ('\'' | '"', None) => quote = Some(c),
            ('#', None) if after_space => comment = true,
            ('$', _) if !is_set(name_after(rest.as_str()), above) => return Some(position),
            _ => {}
        }

        after_space = c.is_whitespace();
        begun |= !after_space && !comment;
    }

    None
}

/// Returns the name at the beginning of the text after a `$`, with or without braces.
fn name_after(text: &str) -> &str {
    if let Some(braced) = text.strip_prefix('{') {
        return braced.split_once('}').map_or("", |(name, _)| name);
    }

    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

/// Returns the position at which a line begins. With a value in quotes, `line` may be several
/// lines.
fn position_of(line: &str, text: &str) -> Option<Position> {
    let start = text.find(line.trim_end())?;
    Some(Position {
        line: text[..start].matches('\n').count() as u64 + 1,
        column: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<(String, String)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PATH);
        std::fs::write(&path, text).unwrap();
        let text = |value: OsString| value.into_string().unwrap();
        match read(&path) {
            Ok(variables) => Ok(variables
                .into_iter()
                .map(|(name, value)| (text(name), text(value)))
                .collect()),
            Err(problem) => Err(problem
                .to_string()
                .replace(&folder.path().display().to_string(), "")),
        }
    }

    #[test]
    fn names_and_values_are_read_like_in_a_shell() {
        let text = "\u{feff}# mail\nSMTP_HOST=mail.example.com\nexport SMTP_PASS='p$s # \"1\"'\n\nLOG_LEVEL=\"debug\" # loud\n";
        let expected = [
            ("SMTP_HOST", "mail.example.com"),
            ("SMTP_PASS", "p$s # \"1\""),
            ("LOG_LEVEL", "debug"),
        ];
        let expected: Vec<_> = expected
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        assert_eq!(read_text(text).unwrap(), expected);
    }

    #[test]
    fn a_missing_file_has_no_variables() {
        assert_eq!(read(Path::new("/nowhere/.env")).unwrap(), []);
    }

    #[test]
    fn a_broken_line_is_reported_by_position_without_its_text() {
        assert_eq!(
            read_text("LOG_LEVEL=info\nSMTP_PASS='marker\n").unwrap_err(),
            "/.env:2:1: is not an assignment; write `NAME=value`, with single quotes around a value that contains spaces, `#` or `$`"
        );
    }

    #[test]
    fn a_dollar_that_would_drop_a_part_of_a_value_is_rejected() {
        for (line, column) in [
            ("pa$word", 13),
            ("pa$", 13),
            ("\"p $5 \"", 14),
            ("${unknown}", 11),
            ("a$$b", 12),
        ] {
            let message =
                read_text(&format!("LOG_LEVEL=info # $5\nSMTP_PASS={line}\n")).unwrap_err();
            let wrong = format!(
                "/.env:2:{column}: has a `$` that is not followed by the name of a known variable; write"
            );
            assert!(
                message.starts_with(&wrong) && !message.contains("word"),
                "{line}: {message}"
            );
        }
        for (line, value) in [
            ("'pa$word'", "pa$word"),
            ("pa\\$word", "pa$word"),
            ("\"pa\\$\"", "pa$"),
            ("$FIRST/a", "one/a"),
            ("${FIRST}a", "onea"),
            ("a # costs $5", "a"),
        ] {
            let variables = read_text(&format!("# it's $5\nFIRST=one\nSECOND={line}\n")).unwrap();
            assert_eq!(
                variables[1],
                ("SECOND".to_owned(), value.to_owned()),
                "{line}"
            );
        }
    }

    #[test]
    fn a_dollar_refers_only_to_variables_above_it() {
        for (text, place) in [
            ("SECOND=$FIRST\nFIRST=one\n", "1:8"),
            ("# a\n\nSECOND=$FIRST/a\nFIRST=one\n", "3:8"),
            ("SELF=a$SELF\n", "1:7"),
            ("ZERO='a\nb'\nSECOND=\"a\n${FIRST}\"\nFIRST=one\n", "4:1"),
            ("ZERO=a\\\nSECOND=$FIRST\nFIRST=one\n", "2:8"),
        ] {
            let message = read_text(text).unwrap_err();
            assert!(
                message.starts_with(&format!(
                    "/.env:{place}: has a `$` that is not followed by the name of a known variable"
                )),
                "{message}"
            );
        }
        for text in [
            "FIRST=one\nSECOND=$FIRST\n",
            "# it's\n\n \nexport FIRST=one # 'a\n\nSECOND=$FIRST\n",
            "ZERO='a\n\nb'\nFIRST=one\nSECOND=\"${FIRST}\"\n",
        ] {
            assert_eq!(read_text(text).unwrap().last().unwrap().1, "one", "{text}");
        }
    }

    #[test]
    fn a_file_that_is_not_text_or_too_large_is_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PATH);
        std::fs::write(&path, [0xFF, 0xFE]).unwrap();
        assert!(read(&path).unwrap_err().wrong.starts_with("cannot be read"));
        std::fs::write(&path, "A=1\n".repeat(20_000)).unwrap();
        assert_eq!(read(&path).unwrap_err().wrong, "has more than 64 KiB");
    }
}
