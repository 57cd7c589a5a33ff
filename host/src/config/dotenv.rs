//! The `.env` file of the current folder: variables for those who would not set them for the whole shell.
//!
//! What the process was started with wins. The file may hold secrets, so no message repeats a line of it.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::named_file;
use super::problem::{Origin, Position, Problem};

/// Where it is, relative to the current folder.
pub(super) const PLACE: &str = ".env";

/// A few dozen variables fit; a larger file is something else.
const MOST_BYTES: u64 = 64 * 1024;

const REMEDY: &str = "write `NAME=value`, and single quotes around a value that has spaces, `#` or `$`";

/// The variables of a `.env` file, none when there is no file.
///
/// # Errors
///
/// A file that cannot be read, with the line where that shows.
pub(super) fn read(path: &Path) -> Result<Vec<(OsString, OsString)>, Problem> {
    let refuse = |position, wrong: &str, remedy: &str| Problem {
        origin: Origin::File(path.into(), position),
        key: String::new(),
        wrong: wrong.to_owned(),
        remedy: remedy.to_owned(),
    };
    let text = match named_file::read_text(path, MOST_BYTES) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            return Err(refuse(None, "has more than 64 KiB", "keep only what job-scanner needs in it"));
        }
        Err(error) => return Err(refuse(None, &format!("cannot be read: {error}"), "correct it, or remove it")),
    };
    let text = text.trim_start_matches('\u{feff}');
    let mut variables = Vec::new();
    for variable in dotenvy::from_read_iter(text.as_bytes()) {
        match variable {
            Ok((name, value)) => variables.push((name.into(), value.into())),
            Err(dotenvy::Error::LineParse(line, _)) => {
                return Err(refuse(place_of(&line, text), "is no variable", REMEDY));
            }
            Err(_) => return Err(refuse(None, "cannot be read", REMEDY)),
        }
    }
    Ok(variables)
}

/// Where a line begins; a value in quotes may make it several.
fn place_of(line: &str, text: &str) -> Option<Position> {
    let start = text.find(line.trim_end())?;
    Some(Position { line: text[..start].matches('\n').count() as u64 + 1, column: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<(String, String)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PLACE);
        std::fs::write(&path, text).unwrap();
        let text = |value: OsString| value.into_string().unwrap();
        match read(&path) {
            Ok(variables) => Ok(variables.into_iter().map(|(name, value)| (text(name), text(value))).collect()),
            Err(problem) => Err(problem.to_string().replace(&folder.path().display().to_string(), "")),
        }
    }

    #[test]
    fn names_and_values_are_read_as_shells_do() {
        let text = "\u{feff}# mail\nSMTP_HOST=mail.example.com\nexport SMTP_PASS='p$s # \"1\"'\n\nLOG_LEVEL=\"debug\" # loud\n";
        let expected = [("SMTP_HOST", "mail.example.com"), ("SMTP_PASS", "p$s # \"1\""), ("LOG_LEVEL", "debug")];
        let expected: Vec<_> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(read_text(text).unwrap(), expected);
    }

    #[test]
    fn no_file_is_no_variables() {
        assert_eq!(read(Path::new("/nowhere/.env")).unwrap(), []);
    }

    #[test]
    fn a_broken_line_is_named_by_its_place_alone() {
        assert_eq!(
            read_text("LOG_LEVEL=info\nSMTP_PASS='marker\n").unwrap_err(),
            "/.env:2:1: is no variable; write `NAME=value`, and single quotes around a value that has spaces, `#` or `$`"
        );
    }

    #[test]
    fn a_file_that_is_no_text_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(PLACE);
        std::fs::write(&path, [0xFF, 0xFE]).unwrap();
        assert!(read(&path).unwrap_err().wrong.starts_with("cannot be read"));
        std::fs::write(&path, "A=1\n".repeat(20_000)).unwrap();
        assert_eq!(read(&path).unwrap_err().wrong, "has more than 64 KiB");
    }
}
