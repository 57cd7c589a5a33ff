//! `DATABASE_URL`: `sqlite:` and a file.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::paths::{Home, PathError};

/// The characters that would not be parsed as a part of the path.
const RESERVED: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#');

/// The reason why a text is not the URL of a database file. No message repeats the text, which may
/// contain the password of another kind of database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseUrlError {
    #[error("is not the URL of an SQLite database")]
    NotSqlite,
    #[error("does not name a file: a database in memory would be lost at exit")]
    InMemory,
    #[error("names a folder; add a file name, such as `sqlite:data/job_scanner.db`")]
    Folder,
    #[error("names a folder `/~`; write `sqlite:~/` for the home folder")]
    TildeBelowRoot,
    #[error("is not UTF-8 after percent-decoding; write `%25` for a percent sign")]
    NotText,
    #[error(
        "has a parameter other than `mode=rwc`; remove it, or write `%3F` for a `?` in the file name"
    )]
    Parameter,
    #[error(transparent)]
    Path(#[from] PathError),
}

/// Returns the URL with its `~` replaced.
///
/// # Errors
///
/// Fails if no database could ever be opened for writing at this URL.
pub fn read(url: &str, home: &Home) -> Result<String, DatabaseUrlError> {
    let below = url
        .strip_prefix("sqlite:")
        .ok_or(DatabaseUrlError::NotSqlite)?;
    let below = below.strip_prefix("//").unwrap_or(below);
    let (file, parameters) = below.split_once('?').unwrap_or((below, ""));
    check_parameters(parameters)?;
    let path = percent_decode_str(file)
        .decode_utf8()
        .map_err(|_| DatabaseUrlError::NotText)?;
    check_path(&path)?;

    let meant = home.expand(&path)?;
    match meant.to_str() {
        Some(meant) if meant == path => Ok(url.to_owned()),
        Some(meant) => Ok(format!("sqlite:{}", utf8_percent_encode(meant, RESERVED))),
        None => Err(DatabaseUrlError::NotText),
    }
}

/// Accepts only the modes in which a missing file is created or the file is written. With any other
/// parameter most runs would fail.
fn check_parameters(parameters: &str) -> Result<(), DatabaseUrlError> {
    for (name, value) in url::form_urlencoded::parse(parameters.as_bytes()) {
        match (&*name, &*value) {
            ("mode", "rwc" | "rw") => {}
            ("mode", "memory") => return Err(DatabaseUrlError::InMemory),
            _ => return Err(DatabaseUrlError::Parameter),
        }
    }

    Ok(())
}

fn check_path(path: &str) -> Result<(), DatabaseUrlError> {
    if path.contains(":memory:") {
        return Err(DatabaseUrlError::InMemory);
    }

    if path.trim_matches('/').is_empty() {
        return Err(DatabaseUrlError::NotSqlite);
    }

    if path.starts_with("/~/") {
        return Err(DatabaseUrlError::TildeBelowRoot);
    }

    if path.ends_with('/') || path == "~" {
        return Err(DatabaseUrlError::Folder);
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as_jo(url: &str) -> Result<String, String> {
        read(url, &Home::named(Some("/home/j o"))).map_err(|error| error.to_string())
    }

    #[test]
    fn a_url_of_a_file_is_returned_unchanged() {
        for url in [
            "sqlite:data/a.db",
            "sqlite:///var/a.db",
            "sqlite://a.db",
            "sqlite:a%3Fb.db",
            "sqlite:a.db?mode=rwc",
        ] {
            assert_eq!(read_as_jo(url), Ok(url.to_owned()));
        }
    }

    #[test]
    fn a_tilde_is_the_home_folder_in_each_notation() {
        for url in [
            "sqlite:~/s/jobs.db",
            "sqlite://~/s/jobs.db",
            "sqlite:%7E/s/jobs.db",
            "sqlite:~/s/jobs.db?mode=rwc",
        ] {
            assert_eq!(
                read_as_jo(url),
                Ok("sqlite:/home/j o/s/jobs.db".to_owned()),
                "{url}"
            );
        }
        let odd = read("sqlite:~/50%25?mode=rwc", &Home::named(Some("/home/a?b"))).unwrap();
        assert_eq!(odd, "sqlite:/home/a%3Fb/50%25");
    }

    #[test]
    fn a_url_that_cannot_be_written_to_is_rejected_with_a_correction() {
        for (url, wrong) in [
            (
                "postgres://jo:marker@db/jobs",
                "is not the URL of an SQLite database",
            ),
            ("sqlite:", "is not the URL of an SQLite database"),
            ("sqlite:///", "is not the URL of an SQLite database"),
            ("sqlite::memory:", "does not name a file"),
            ("sqlite:a.db?mode=memory", "does not name a file"),
            ("sqlite:a.db?mode=ro", "has a parameter"),
            ("sqlite:a.db?immutable=1", "has a parameter"),
            ("sqlite:a.db?marker=1", "has a parameter"),
            ("sqlite:data/", "names a folder; add"),
            ("sqlite:~", "names a folder; add"),
            ("sqlite:///~/jobs.db", "names a folder `/~`; write"),
            ("sqlite:%FF.db", "is not UTF-8"),
            ("sqlite:a%00.db", "contains a NUL character"),
            ("sqlite:~kim/jobs.db", "begins with `~kim`"),
            ("sqlite:$HOME/jobs.db", "begins with the variable `$HOME`"),
        ] {
            let message = read_as_jo(url).unwrap_err();
            assert!(
                message.starts_with(wrong) && !message.contains("marker"),
                "{url}: {message}"
            );
        }
    }
}
