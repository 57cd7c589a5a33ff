//! The server: how it is started, crashed and started again.
//!
//! A shell script (`serve.sh`) starts it and waits for the end of this process. A destructor would
//! not run if the process is killed, and not for a static value.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::database::Database;
use crate::tls::Tls;

const SCRIPT: &str = include_str!("serve.sh");

/// The name of the superuser, which may connect without a password.
pub(crate) const USER: &str = "job_scanner";

/// The options of a server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Syncs commits to the disk, as a server in use does. Without it, tests are several times as
    /// fast, and only the end of the operating system could lose a commit: the end of the server
    /// does not.
    pub fsync: bool,
    /// Listens on 127.0.0.1 too, with TLS and a self-signed certificate for `localhost`.
    pub tls: bool,
}

impl Options {
    fn settings(self) -> Vec<String> {
        let switch = if self.fsync { "on" } else { "off" };
        let settings = ["fsync", "full_page_writes"];
        settings.map(|name| format!("{name} = {switch}")).into()
    }
}

/// The reason why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("PostgreSQL 15 or newer is not installed (on Debian: sudo apt-get install postgresql)")]
    NotInstalled,
    #[error("PostgreSQL does not start: {0}")]
    Refused(String),
    #[error("the script that starts PostgreSQL does not answer")]
    Script(#[from] io::Error),
}

/// A running server.
#[derive(Debug)]
pub struct PostgresServer {
    script: Mutex<Script>,
    folder: PathBuf,
    programs: PathBuf,
    /// `None` if the server has only its socket.
    tls: Option<Tls>,
    databases: AtomicU32,
}

/// The number in the name of the socket, and the port of a server without TLS, which has none.
const SOCKET: u16 = 5432;

impl PostgresServer {
    /// Starts a server, and waits until it accepts connections: about two seconds.
    ///
    /// # Errors
    ///
    /// [`StartError::NotInstalled`] when the machine has no PostgreSQL.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let tls = options.tls.then(Tls::new).transpose()?;
        let mut script = Script::spawn(options, tls.as_ref())?;
        let answer = script.ask("start")?;
        if answer == "missing" {
            return Err(StartError::NotInstalled);
        }

        let place = answer.strip_prefix("started ");
        let Some((folder, programs)) = place.and_then(|place| place.split_once(' ')) else {
            return Err(StartError::Refused(answer));
        };

        Ok(Self {
            folder: folder.into(),
            programs: programs.into(),
            tls,
            script: Mutex::new(script),
            databases: AtomicU32::new(0),
        })
    }

    /// Stops the server as a crash does: without a checkpoint, in the middle of statements. Its
    /// connections break.
    ///
    /// # Panics
    ///
    /// If the server does not stop.
    pub fn crash(&self) {
        assert_eq!(self.ask("stop"), "stopped");
    }

    /// Starts the server again after a [`PostgresServer::crash`], at the same address. It recovers
    /// what was committed.
    ///
    /// # Panics
    ///
    /// If the server does not start.
    pub fn restart(&self) {
        let answer = self.ask("start");
        assert!(answer.starts_with("started "), "{answer}");
    }

    /// Creates an empty database.
    pub fn create_database(&self) -> Database<'_> {
        self.create_from("template0")
    }

    /// Creates a database with the content of another, which must not have a connection. A copy
    /// takes a tenth of a second, which is less than the migrations take.
    pub fn copy_database(&self, template: &Database<'_>) -> Database<'_> {
        self.create_from(template.name())
    }

    fn create_from(&self, template: &str) -> Database<'_> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        Database::create(self, format!("test_{number}"), template)
    }

    /// Returns the folder of the socket.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the number of the socket, which is also the port.
    pub(crate) fn port(&self) -> u16 {
        self.tls.as_ref().map_or(SOCKET, |tls| tls.port)
    }

    /// Returns the file with the certificate, for `sslrootcert`.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("data/server.crt")
    }

    /// Returns the command line of one of PostgreSQL's programs.
    pub(crate) fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }

    fn ask(&self, command: &str) -> String {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        match script.ask(command) {
            Ok(answer) => answer,
            Err(error) => panic!("{command}: {error}"),
        }
    }
}

/// The process of the script. It ends when its standard input does.
#[derive(Debug)]
struct Script {
    /// `None` while the value is dropped.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    process: Child,
}

impl Script {
    fn spawn(options: Options, tls: Option<&Tls>) -> Result<Self, io::Error> {
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT, "serve.sh"])
            .args(options.settings())
            .args(tls.iter().flat_map(|tls| tls.settings()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some(tls) = tls {
            command
                .env("CERTIFICATE", &tls.certificate)
                .env("KEY", &tls.key);
        }
        let mut process = command.spawn()?;

        let missing = || io::Error::other("it has no pipe");
        Ok(Self {
            input: Some(process.stdin.take().ok_or_else(missing)?),
            output: BufReader::new(process.stdout.take().ok_or_else(missing)?),
            process,
        })
    }

    fn ask(&mut self, command: &str) -> Result<String, io::Error> {
        let input = self.input.as_mut();
        writeln!(
            input.ok_or_else(|| io::Error::other("it has ended"))?,
            "{command}"
        )?;

        let mut answer = String::new();
        self.output.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // The script reads the end of its input, and ends when the folder is deleted.
        self.input = None;
        self.process.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::run;
    use crate::shared;

    /// Returns a server of the calling test alone; `None` if PostgreSQL is not installed.
    fn started(options: Options) -> Option<PostgresServer> {
        shared().map(|_| PostgresServer::start(options).unwrap())
    }

    #[test]
    fn syncs_to_the_disk_are_an_option() {
        for (fsync, expected) in [(false, "off\n"), (true, "on\n")] {
            let Some(server) = started(Options { fsync, tls: false }) else {
                return;
            };
            let shown = run(&server, "postgres", "SHOW fsync", &[]);
            assert_eq!(shown.unwrap(), expected);
        }
    }

    #[test]
    fn tls_has_a_certificate_for_the_name_and_not_for_the_address() {
        let options = Options {
            fsync: false,
            tls: true,
        };
        let Some(server) = started(options) else {
            return;
        };
        let database = server.create_database();
        let connect = |host, root: &Path| {
            let url = format!(
                "{}?sslmode=verify-full&sslrootcert={}",
                database.url_at(host),
                root.display()
            );
            let select = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            server
                .program("psql")
                .args(["-XAtc", select, &url])
                .output()
                .unwrap()
        };

        assert_eq!(connect("localhost", &server.certificate()).stdout, b"t\n");
        let wrong_name = connect("127.0.0.1", &server.certificate());
        let wrong_authority = connect("localhost", Path::new("/etc/ssl/certs/ca-certificates.crt"));
        assert!(!wrong_name.status.success() && !wrong_authority.status.success());
    }

    #[test]
    fn what_was_committed_survives_a_crash_of_the_server() {
        let Some(server) = started(Options::default()) else {
            return;
        };
        let database = server.create_database();
        database.execute("CREATE TABLE jobs (title TEXT)");
        database.execute("INSERT INTO jobs VALUES ('Cook')");

        server.crash();
        database.try_execute("SELECT 1").unwrap_err();
        server.restart();

        assert_eq!(database.rows("SELECT title FROM jobs"), [["Cook"]]);
    }

    #[test]
    fn a_dropped_server_has_ended_and_its_folder_is_deleted() {
        let Some(server) = started(Options::default()) else {
            return;
        };
        let folder = server.folder().to_owned();
        assert!(folder.join("data/postmaster.pid").exists());

        drop(server);

        assert!(!folder.exists());
    }
}
