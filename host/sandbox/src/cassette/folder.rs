//! A cassette on disk: a folder with `cassette.json` and separate files for large bodies.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use job_scanner_core::escape::Printable;
use job_scanner_files::durable_file::{sync_folder_of, write_atomic};
use job_scanner_files::regular_file;
use serde::de::IgnoredAny;

use crate::cassette::cassette::Cassette;
use crate::cassette::format;
use crate::cassette::format::WrittenBody;
use crate::cassette::layout::readable;

/// The file that makes a folder a cassette.
const FILE: &str = "cassette.json";
/// The subfolder in which a cassette is written before it replaces the one in the folder.
const UNFINISHED: &str = ".unfinished";
/// The longest body that is written into `cassette.json`, in bytes, if it is one line of text.
const MAX_INLINE_BYTES: usize = 200;
/// The size limit of all files of a cassette together, in bytes. A scan of a larger board is not
/// useful as a test.
const MAX_BYTES: u64 = 256 * 1024 * 1024;
/// The size limit of `cassette.json`, in bytes. It takes many times its size in memory while it is
/// read.
const MAX_KEYS_BYTES: u64 = 32 * 1024 * 1024;
/// The size limit of all formatted bodies together, in bytes. Further bodies are written unchanged.
const MAX_READABLE_BYTES: usize = 64 * 1024 * 1024;
/// The extensions of the files of bodies, so that editors recognize the content.
const EXTENSIONS: [&str; 5] = ["bin", "html", "json", "txt", "xml"];

/// The form in which bodies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyStyle {
    /// JSON is formatted over several lines.
    Readable,
    /// Bodies are written unchanged.
    AsTheyCame,
}

/// The reason why a cassette cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// A file or folder cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write `{}`", path.display())]
    Unwritable {
        path: PathBuf,
        #[source]
        error: io::Error,
    },
    /// The content is not a valid cassette.
    #[error("`{}`: {wrong}", path.display())]
    Malformed {
        path: PathBuf,
        /// The error and its position, escaped for printing.
        wrong: String,
    },
}

impl Cassette {
    /// The size limit of a recording, in bytes. It leaves room for white space, so that the written
    /// cassette can be read again.
    pub const MAX_RECORDED_BYTES: u64 = MAX_BYTES / 2;

    /// Returns true if the folder contains a cassette.
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).is_file()
    }

    /// Reads the cassette in this folder.
    ///
    /// # Errors
    ///
    /// See [`CassetteError`]. Files outside the folder, and more bytes than the size limits, are
    /// errors too.
    pub fn read(folder: &Path) -> Result<Self, CassetteError> {
        read_bounded(folder, MAX_BYTES)
    }

    /// Writes the cassette into this folder and replaces the cassette in it. The folder is created
    /// if it does not exist. Only this user can read the files, because responses may contain
    /// private data. Links in the folder are not followed, so no file outside it is written.
    ///
    /// # Errors
    ///
    /// See [`CassetteError`]. The earlier cassette then still exists, unless the operating system
    /// fails in the moment in which the new one replaces it. A partial cassette never remains.
    pub fn write(&self, folder: &Path, style: BodyStyle) -> Result<(), CassetteError> {
        let unwritable = |error| CassetteError::Unwritable {
            path: folder.to_owned(),
            error,
        };

        create_folder(folder).map_err(unwritable)?;
        let path = folder.join(FILE);
        let earlier = if path.is_file() {
            Some(read_keys(&path)?.0)
        } else {
            None
        };

        // The new cassette is on disk before the earlier one is touched. Remains of a killed
        // process are removed first.
        let unfinished = folder.join(UNFINISHED);
        regular_file::remove_any(&unfinished).map_err(unwritable)?;
        create_folder(&unfinished).map_err(unwritable)?;
        let bodies = self
            .write_into(&unfinished, style)
            .inspect_err(|_| drop(regular_file::remove_any(&unfinished)))?;
        take_place(folder, earlier.as_ref(), &bodies).map_err(unwritable)
    }

    /// Writes all files into this folder. Returns the names of the files with bodies.
    fn write_into(&self, folder: &Path, style: BodyStyle) -> Result<Vec<String>, CassetteError> {
        let mut bodies = BodyFiles {
            folder,
            style,
            names: Vec::new(),
            readable_bytes: 0,
        };
        let keys = format::CassetteFile::of(self, |body| bodies.write(body))?;

        let path = folder.join(FILE);
        let mut json =
            serde_json::to_vec_pretty(&keys).map_err(|error| CassetteError::Unwritable {
                path: path.clone(),
                error: error.into(),
            })?;
        json.push(b'\n');
        write_file(&path, &json)?;
        Ok(bodies.names)
    }
}

/// Writes the bodies of a cassette one by one.
struct BodyFiles<'f> {
    folder: &'f Path,
    style: BodyStyle,
    names: Vec<String>,
    /// The size of the formatted bodies, in bytes.
    readable_bytes: usize,
}

impl BodyFiles<'_> {
    fn write(&mut self, body: &[u8]) -> Result<WrittenBody, CassetteError> {
        if let Some(text) = inline(body) {
            return Ok(text);
        }

        let number = u32::try_from(self.names.len() + 1).unwrap_or(u32::MAX);
        let name = body_name(number, extension(body));
        let laid_out = self.lay_out(body);
        write_file(
            &self.folder.join(&name),
            laid_out.as_deref().unwrap_or(body),
        )?;

        self.names.push(name.clone());
        Ok(WrittenBody::File(name))
    }

    /// Formats a body; `None` if it is written unchanged.
    fn lay_out(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        if self.style == BodyStyle::AsTheyCame {
            return None;
        }

        let text = readable(body)?;
        let bytes = self.readable_bytes + text.len();
        if bytes > MAX_READABLE_BYTES {
            return None;
        }
        self.readable_bytes = bytes;
        Some(text)
    }
}

/// Moves a finished cassette into its folder. `cassette.json` is removed first and moved last, so a
/// reader in between, or after a power failure, finds no cassette.
fn take_place(
    folder: &Path,
    earlier: Option<&format::CassetteFile>,
    bodies: &[String],
) -> io::Result<()> {
    let (unfinished, path) = (folder.join(UNFINISHED), folder.join(FILE));

    // Each step is synced before the next. Otherwise a power failure could leave `cassette.json`
    // without its bodies.
    regular_file::remove(&path)?;
    sync_folder_of(&path)?;

    if let Some(earlier) = earlier {
        remove_bodies(folder, earlier);
    }
    for name in bodies {
        fs::rename(unfinished.join(name), folder.join(name))?;
    }
    sync_folder_of(&path)?;

    fs::rename(unfinished.join(FILE), &path)?;
    sync_folder_of(&path)?;
    regular_file::remove_any(&unfinished)
}

/// Reads a cassette whose files have at most `max_bytes` together.
fn read_bounded(folder: &Path, max_bytes: u64) -> Result<Cassette, CassetteError> {
    let path = folder.join(FILE);
    let (keys, bytes) = read_keys(&path)?;

    let left = Cell::new(max_bytes.saturating_sub(bytes));
    let load = |name: &str| {
        let body = read_body(folder, name, left.get())?.ok_or_else(|| {
            format!(
                "`{name}`: the files of the cassette have more than {max_bytes} bytes; record fewer jobs with `--max-jobs`"
            )
        })?;
        left.set(left.get() - body.len() as u64);
        Ok(body)
    };

    keys.into_cassette(load)
        .map_err(|wrong| CassetteError::Malformed {
            path,
            wrong: Printable(&wrong).to_string(),
        })
}

/// Reads `cassette.json`. Returns its content and its size in bytes.
fn read_keys(path: &Path) -> Result<(format::CassetteFile, u64), CassetteError> {
    let malformed = |wrong: &str| CassetteError::Malformed {
        path: path.to_owned(),
        wrong: Printable(wrong).to_string(),
    };

    let json = read_file(path, MAX_KEYS_BYTES)
        .map_err(|error| CassetteError::Unreadable {
            path: path.to_owned(),
            error,
        })?
        .ok_or_else(|| {
            malformed(&format!(
                "more than {MAX_KEYS_BYTES} bytes; move bodies into separate files"
            ))
        })?;

    let keys = serde_json::from_slice(&json).map_err(|error| malformed(&error.to_string()))?;
    Ok((keys, json.len() as u64))
}

/// Reads the file of a body; `None` if it is larger than `max_bytes`. Cassettes can come from third
/// parties, so the name must not lead out of the folder.
fn read_body(folder: &Path, name: &str, max_bytes: u64) -> Result<Option<Vec<u8>>, String> {
    let unreadable = |error: io::Error| format!("`{name}`: {error}");

    if !Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        return Err(format!("`{name}` is not in the folder of the cassette"));
    }

    // A link in the folder can point anywhere, so the resolved path is checked too.
    let real = folder.join(name).canonicalize().map_err(unreadable)?;
    let home = folder.canonicalize().map_err(unreadable)?;
    if !real.starts_with(home) {
        return Err(format!(
            "`{name}` points outside the folder of the cassette"
        ));
    }

    read_file(&real, max_bytes).map_err(unreadable)
}

/// Reads a file; `None` if it is larger than `max_bytes`.
fn read_file(path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    match regular_file::read(path, max_bytes) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes the bodies of an earlier recording. Other files in the folder are kept, even if the
/// cassette names them.
fn remove_bodies(folder: &Path, earlier: &format::CassetteFile) {
    for name in earlier.body_files().filter(|name| is_recorded(name)) {
        // A file that cannot be removed does no harm.
        fs::remove_file(folder.join(name)).ok();
    }
}

/// Returns true if a recording uses such names for bodies.
fn is_recorded(name: &str) -> bool {
    let Some((number, extension)) = name.split_once('.') else {
        return false;
    };

    let is_number = number
        .parse()
        .is_ok_and(|number| body_name(number, extension) == name);
    is_number && EXTENSIONS.contains(&extension)
}

fn body_name(number: u32, extension: &str) -> String {
    format!("{number:03}.{extension}")
}

fn inline(body: &[u8]) -> Option<WrittenBody> {
    if body.is_empty() {
        return Some(WrittenBody::Empty);
    }

    let text = std::str::from_utf8(body).ok()?;
    let short = text.len() <= MAX_INLINE_BYTES && !text.contains(char::is_control);
    short.then(|| WrittenBody::Inline(text.to_owned()))
}

/// Returns the extension by which an editor recognizes a body.
fn extension(body: &[u8]) -> &'static str {
    let Ok(text) = std::str::from_utf8(body) else {
        return "bin";
    };

    let start: String = text.trim_start().chars().take(14).collect();
    let start = start.to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "html"
    } else if start.starts_with('<') {
        "xml"
    } else if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        "json"
    } else {
        "txt"
    }
}

fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CassetteError> {
    write_atomic(path, bytes).map_err(|error| CassetteError::Unwritable {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_core::causes::with_causes;
    use tempfile::TempDir;

    use super::*;
    use crate::http::transport::{Exchange, NetworkFailure, NetworkFailureKind, Request, Response};

    fn folder_with(json: &str) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), json).unwrap();
        folder
    }

    fn with_exchange(exchange: &str) -> TempDir {
        folder_with(&format!(
            r#"{{"format": 1, "source": {{"identifier": "acme"}}, "now": "2026-11-23T08:15:00Z", "exchanges": [{exchange}]}}"#
        ))
    }

    fn wrong(folder: &TempDir) -> String {
        match Cassette::read(folder.path()) {
            Err(CassetteError::Malformed { wrong, .. }) => wrong,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn optional_keys_of_a_cassette_have_defaults() {
        let folder = with_exchange(
            r#"{"request": {"url": "https://a.example/jobs#top"}, "response": {"status": 200, "json": {"jobs": []}}}"#,
        );
        let cassette = Cassette::read(folder.path()).unwrap();
        let Exchange { request, outcome } = &cassette.exchanges[0];
        assert_eq!(request.to_string(), "GET https://a.example/jobs");
        assert_eq!(outcome.as_ref().unwrap().body, br#"{"jobs":[]}"#);
        assert_eq!(
            (cassette.source.options, cassette.source.state),
            (serde_json::json!({}), None)
        );
    }

    #[test]
    fn an_invalid_exchange_is_reported_with_its_position() {
        let request = r#""request": {"url": "https://a.example/"}"#;
        let cases = [
            (
                format!("{{{request}}}"),
                "`exchanges[0]`: there is neither a `response` nor a `failure`",
            ),
            (
                format!(r#"{{{request}, "response": {{"status": 20}}}}"#),
                "`exchanges[0]`: `response.status` is 20, which is not an HTTP status",
            ),
            (
                format!(r#"{{{request}, "response": {{"status": 200, "body": "a", "json": 1}}}}"#),
                "`exchanges[0]`: `response` has more than one of `body`, `json` and `body_file`",
            ),
            (
                r#"{"request": {"url": "/jobs"}, "failure": {"kind": "timeout"}}"#.to_owned(),
                "`exchanges[0]`: `request.url`: relative URL without a base",
            ),
        ];
        for (exchange, expected) in cases {
            assert_eq!(wrong(&with_exchange(&exchange)), expected);
        }
        assert!(wrong(&with_exchange(r#"{"requst": {}}"#)).contains("unknown field `requst`"));
        let newer = r#"{"format": 2, "source": {"identifier": "a"}, "now": "2026-11-23T08:15:00Z", "exchanges": []}"#;
        assert_eq!(
            wrong(&folder_with(newer)),
            "`format` is 2; this program reads 1"
        );
    }

    #[test]
    fn a_body_is_never_read_from_outside_the_folder() {
        let outside = tempfile::NamedTempFile::new().unwrap();
        let path = outside.path().to_str().unwrap();
        for name in [path, "../secret", "a/../../secret", "link"] {
            let response = format!(r#"{{"status": 200, "body_file": "{name}"}}"#);
            let folder = with_exchange(&format!(
                r#"{{"request": {{"url": "https://a.example/"}}, "response": {response}}}"#
            ));
            std::os::unix::fs::symlink(path, folder.path().join("link")).unwrap();
            let message = wrong(&folder);
            assert!(
                message.contains("is not in the folder")
                    || message.contains("points outside the folder"),
                "{message}"
            );
        }
    }

    fn cassette(bodies: &[&[u8]]) -> Cassette {
        let folder = with_exchange("");
        let request = Request {
            method: reqwest::Method::POST,
            url: "https://a.example/search".parse().unwrap(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            body: br#"{"page":1}"#.to_vec(),
        };
        let cut = NetworkFailure {
            kind: NetworkFailureKind::Protocol,
            message: "connection closed".to_owned(),
        };
        let responses = bodies.iter().map(|body| {
            Ok(Response {
                status: 200,
                headers: Vec::new(),
                body: body.to_vec(),
                cut: Some(cut.clone()),
            })
        });
        let failure = NetworkFailure {
            kind: NetworkFailureKind::Timeout,
            message: String::new(),
        };
        let exchanges = responses.chain([Err(failure)]).map(|outcome| Exchange {
            request: request.clone(),
            outcome,
        });
        Cassette {
            exchanges: exchanges.collect(),
            ..Cassette::read(folder.path()).unwrap()
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_written_cassette_reads_back_and_its_bodies_have_extensions() {
        let long = format!("{{\"jobs\": [\"{}\"]}}", "x".repeat(300));
        let bodies: [&[u8]; 6] = [
            long.as_bytes(),
            b"<!DOCTYPE html>\n",
            b"<rss>\n</rss>",
            b"two\nlines",
            b"\xff\x00",
            b"short",
        ];
        let folder = tempfile::tempdir().unwrap();
        let written = cassette(&bodies);
        written.write(folder.path(), BodyStyle::AsTheyCame).unwrap();
        assert_eq!(Cassette::read(folder.path()).unwrap(), written);
        let files = [
            "001.json", "002.html", "003.xml", "004.txt", "005.bin", FILE,
        ];
        assert_eq!(names(folder.path()), files);

        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        cassette(&[long.as_bytes()])
            .write(folder.path(), BodyStyle::Readable)
            .unwrap();
        assert_eq!(
            names(folder.path()),
            ["001.json", FILE, "notes.txt"],
            "leftover bodies are removed, other files stay"
        );
        assert!(
            fs::read_to_string(folder.path().join("001.json"))
                .unwrap()
                .starts_with("{\n  \"jobs\": [\n")
        );
    }

    #[test]
    fn an_interrupted_recording_leaves_the_earlier_cassette_intact() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = cassette(&[b"two\nlines"]);
        earlier.write(folder.path(), BodyStyle::AsTheyCame).unwrap();
        // A killed recording can leave a new body under the name of an earlier one, without the
        // rest.
        let unfinished = folder.path().join(UNFINISHED);
        fs::create_dir(&unfinished).unwrap();
        fs::write(unfinished.join("001.txt"), "ha").unwrap();
        assert_eq!(Cassette::read(folder.path()).unwrap(), earlier);

        let later = cassette(&[b"three\n\nlines", b"more\nlines"]);
        later.write(folder.path(), BodyStyle::AsTheyCame).unwrap();
        assert_eq!(Cassette::read(folder.path()).unwrap(), later);
        assert_eq!(names(folder.path()), ["001.txt", "002.txt", FILE]);
    }

    #[test]
    fn a_partly_moved_cassette_is_not_a_cassette() {
        let folder = tempfile::tempdir().unwrap();
        cassette(&[b"two\nlines"])
            .write(folder.path(), BodyStyle::AsTheyCame)
            .unwrap();
        // The folder prevents the second body from being moved into place.
        fs::create_dir_all(folder.path().join("002.txt/full")).unwrap();
        let later = cassette(&[b"three\n\nlines", b"more\nlines"]);
        later
            .write(folder.path(), BodyStyle::AsTheyCame)
            .unwrap_err();
        assert!(!Cassette::is_in(folder.path()));
    }

    #[test]
    fn a_recording_removes_only_files_of_an_earlier_recording() {
        let response = |name: &str| {
            let keys = format!(r#"{{"status": 200, "body_file": "{name}"}}"#);
            format!(r#"{{"request": {{"url": "https://a.example/"}}, "response": {keys}}}"#)
        };
        let named = [
            "postings.json",
            "01.json",
            "001.json.bak",
            "001.rs",
            "0001.json",
            "012.json",
        ];
        let folder = with_exchange(&named.map(response).join(", "));
        for name in named {
            fs::write(folder.path().join(name), "mine").unwrap();
        }
        cassette(&[])
            .write(folder.path(), BodyStyle::Readable)
            .unwrap();
        let mut left = [&named[..5], &[FILE]].concat();
        left.sort_unstable();
        assert_eq!(names(folder.path()), left);
    }

    #[test]
    fn the_files_of_a_cassette_share_one_size_limit() {
        let twice = [r#"{"request": {"url": "https://a.example/"}, "response": {"status": 200, "body_file": "body"}}"#;
            2];
        let folder = with_exchange(&twice.join(", "));
        fs::write(folder.path().join("body"), "x".repeat(600)).unwrap();
        let keys = fs::metadata(folder.path().join(FILE)).unwrap().len();
        assert_eq!(
            read_bounded(folder.path(), keys + 1_200)
                .unwrap()
                .exchanges
                .len(),
            2
        );
        let message = match read_bounded(folder.path(), keys + 1_199) {
            Err(CassetteError::Malformed { wrong, .. }) => wrong,
            other => panic!("{other:?}"),
        };
        let expected = "`exchanges[1]`: `response.body_file`: `body`: the files of the cassette have more than";
        assert!(message.starts_with(expected), "{message}");
    }

    #[test]
    fn a_pipe_is_rejected_without_waiting() {
        let pipe = |path: PathBuf| {
            assert!(
                std::process::Command::new("mkfifo")
                    .arg(path)
                    .status()
                    .unwrap()
                    .success()
            );
        };
        let response = r#"{"status": 200, "body_file": "pipe"}"#;
        let body = with_exchange(&format!(
            r#"{{"request": {{"url": "https://a.example/"}}, "response": {response}}}"#
        ));
        pipe(body.path().join("pipe"));
        let keys = tempfile::tempdir().unwrap();
        pipe(keys.path().join(FILE));
        for folder in [body, keys] {
            let (sender, receiver) = std::sync::mpsc::channel();
            // This needs a separate thread because no process ever writes to the pipe.
            std::thread::spawn(move || {
                sender.send(
                    Cassette::read(folder.path())
                        .map(drop)
                        .map_err(|error| with_causes(&error)),
                )
            });
            let error = receiver
                .recv_timeout(std::time::Duration::from_secs(30))
                .unwrap()
                .unwrap_err();
            assert!(error.ends_with("it is a pipe, not a file"), "{error}");
        }
    }

    #[test]
    fn a_symbolic_link_is_replaced_and_not_written_through() {
        let outside = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir().unwrap();
        cassette(&[b"two\nlines"])
            .write(outside.path(), BodyStyle::AsTheyCame)
            .unwrap();
        fs::write(outside.path().join("001.txt"), "mine").unwrap();
        let before = fs::read(outside.path().join(FILE)).unwrap();
        for (link, name) in [("001.json", "001.txt"), ("002.txt", "made"), (FILE, FILE)] {
            std::os::unix::fs::symlink(outside.path().join(name), folder.path().join(link))
                .unwrap();
        }
        let written = cassette(&[
            format!("[\"{}\"]", "x".repeat(300)).as_bytes(),
            b"three\n\nlines",
        ]);
        written.write(folder.path(), BodyStyle::AsTheyCame).unwrap();
        assert_eq!(Cassette::read(folder.path()).unwrap(), written);
        assert_eq!(names(outside.path()), ["001.txt", FILE]);
        assert_eq!(fs::read(outside.path().join("001.txt")).unwrap(), b"mine");
        assert_eq!(fs::read(outside.path().join(FILE)).unwrap(), before);
    }

    #[test]
    fn a_cassette_is_readable_only_by_its_owner() {
        use std::os::unix::fs::PermissionsExt as _;

        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new");
        cassette(&[b"two\nlines"])
            .write(&folder, BodyStyle::Readable)
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (
                mode(&folder),
                mode(&folder.join(FILE)),
                mode(&folder.join("001.txt"))
            ),
            (0o700, 0o600, 0o600)
        );
    }
}
