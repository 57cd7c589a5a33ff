//! The running program: its log, its signals, and its end.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The time that a test waits for something that should happen at once.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A running program, killed when dropped.
pub(crate) struct Daemon {
    process: Child,
    id: u32,
    log: Receiver<String>,
    heard: Vec<String>,
}

/// The result of a program that ended.
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    /// The time since the test began to wait for the end.
    pub(crate) took: Duration,
    /// All lines since the start.
    pub(crate) log: Vec<String>,
}

/// The result of a command that a person ran in a terminal.
pub(crate) struct Shown {
    pub(crate) code: Option<i32>,
    /// Standard output, which went to a file.
    pub(crate) result: String,
    /// Standard error, which went to the terminal.
    pub(crate) terminal: String,
}

/// Runs a command to its end in a separate terminal, without an answer to a question.
pub(crate) fn run_in_terminal(program: &Command) -> Shown {
    answer_in_terminal(program, "")
}

/// Runs a command to its end in a separate terminal, in which a person types these lines.
pub(crate) fn answer_in_terminal(program: &Command, answers: &str) -> Shown {
    let folder = program.get_current_dir().unwrap();
    let command = format!("exec {} >result", quoted_words(program));
    let given = program
        .get_envs()
        .filter_map(|(name, value)| Some((name, value?)));
    let mut script = Command::new("script")
        .args(["--quiet", "--return", "--command", &command, "/dev/null"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("TERM", "xterm")
        .envs(given)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The end of the answers is the end of the input.
    let mut keyboard = script.stdin.take().unwrap();
    keyboard.write_all(answers.as_bytes()).unwrap();
    drop(keyboard);

    let output = script.wait_with_output().unwrap();
    Shown {
        code: output.status.code(),
        result: fs::read_to_string(folder.join("result")).unwrap(),
        terminal: String::from_utf8(output.stdout).unwrap(),
    }
}

/// Returns the program and its arguments, quoted for a shell.
pub(crate) fn quoted_words(program: &Command) -> String {
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let words: Vec<String> = words.map(|word| format!("'{}'", word.display())).collect();
    words.join(" ")
}

impl Daemon {
    /// Starts the program and reads its log.
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

    /// Starts the program in a separate terminal, after a command such as `nohup`. The log goes to
    /// the test instead of the terminal.
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
        let words = quoted_words(program);
        let command = format!("echo $$ >id; exec {before} {words} 2>log");
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
        // Opening the log waits until the program has opened it.
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

    /// Closes the terminal that the program was started in.
    pub(crate) fn close_terminal(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Waits for the next log line that contains `words`, and returns it.
    pub(crate) fn says(&mut self, words: &str) -> &str {
        let until = Instant::now() + TIME_LIMIT;
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

    /// Waits for the end of the program.
    pub(crate) fn ends(mut self) -> End {
        let asked = Instant::now();
        // The log ends with the process, so no polling is needed.
        while let Ok(line) = self.log.recv_timeout(TIME_LIMIT) {
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

/// Returns the lines of a log as they are written.
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
