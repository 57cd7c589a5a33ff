//! The program while it runs: what it logs, which signals it gets, how it ends.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a test waits for something that should happen at once.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A running program; killed when dropped.
pub(crate) struct Daemon {
    process: Child,
    id: u32,
    log: Receiver<String>,
    heard: Vec<String>,
}

/// How a program ended.
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    /// From the moment somebody waited for it.
    pub(crate) took: Duration,
    /// All that was logged from its start.
    pub(crate) log: Vec<String>,
}

impl Daemon {
    /// Starts it and listens to its log.
    pub(crate) fn start(mut program: Command) -> Self {
        let mut process = program
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = lines(process.stderr.take().unwrap());
        Self {
            id: process.id(),
            process,
            log,
            heard: Vec::new(),
        }
    }

    /// Starts it in a terminal of its own, with words before the program such as `nohup`, and
    /// listens to its log, which does not go to the terminal.
    pub(crate) fn start_in_terminal(program: &Command, before: &str) -> Self {
        let folder = program.get_current_dir().unwrap().to_owned();
        assert!(
            Command::new("mkfifo")
                .arg("log")
                .current_dir(&folder)
                .status()
                .unwrap()
                .success()
        );
        let words = std::iter::once(program.get_program()).chain(program.get_args());
        let words: Vec<String> = words.map(|word| format!("'{}'", word.display())).collect();
        let command = format!("echo $$ >id; exec {before} {} 2>log", words.join(" "));
        let given = program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        let process = Command::new("script")
            .args(["--quiet", "--command", &command, "/dev/null"])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .envs(given)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Opening the log waits until the program has it.
        let log = lines(File::open(folder.join("log")).unwrap());
        let id = fs::read_to_string(folder.join("id"))
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        Self {
            process,
            id,
            log,
            heard: Vec::new(),
        }
    }

    /// Closes the terminal that it was started in.
    pub(crate) fn close_terminal(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for a log line, after those that were waited for before, that holds `words`.
    pub(crate) fn says(&mut self, words: &str) -> &str {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) => self.heard.push(line),
                Err(silence) => panic!(
                    "`{words}` was never said ({silence}), but: {:#?}",
                    self.heard
                ),
            }
            if self.heard.last().is_some_and(|line| line.contains(words)) {
                return self.heard.last().unwrap();
            }
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    pub(crate) fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.id.to_string())
            .status();
        assert!(kill.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) fn ends(mut self) -> End {
        let asked = Instant::now();
        // The log ends with the process, so nobody has to poll.
        while let Ok(line) = self.log.recv_timeout(PATIENCE) {
            self.heard.push(line);
        }
        let code = self.process.wait().unwrap().code();
        End {
            code,
            took: asked.elapsed(),
            log: std::mem::take(&mut self.heard),
        }
    }
}

/// The text that is written there, line by line.
fn lines(log: impl Read + Send + 'static) -> Receiver<String> {
    let (line, lines) = channel();
    std::thread::spawn(move || {
        for written in BufReader::new(log).lines().map_while(Result::ok) {
            if line.send(written).is_err() {
                return;
            }
        }
    });
    lines
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
