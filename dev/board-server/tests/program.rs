//! Tests of the `board-server` program: its output, its responses and its exit codes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use support::get;

/// The running program. Drop kills it if a test failed before it ended.
struct Program {
    child: Child,
    base_url: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_board-server"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut first_line)
            .unwrap();
        Self {
            child,
            base_url: first_line.trim_end().to_owned(),
        }
    }

    fn address(&self) -> SocketAddr {
        self.base_url
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_program_serves_boards_until_a_signal_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("address");
    let mut program = Program::start(&[
        "--boards",
        "2",
        "--jobs",
        "3",
        "--fail",
        "board-1=429:9",
        "--address-file",
        file.to_str().unwrap(),
    ]);

    assert_eq!(
        std::fs::read_to_string(&file).unwrap().trim_end(),
        program.base_url
    );
    let path = "/boards-api.greenhouse.io/v1/boards/board-0/jobs?content=true";
    assert_eq!(
        get(program.address(), path, &[]).await.json()["meta"]["total"],
        3
    );
    let failing = get(program.address(), &path.replace("board-0", "board-1"), &[]).await;
    assert_eq!(
        (failing.status, failing.header("Retry-After")),
        (429, Some("9"))
    );

    assert!(
        Command::new("kill")
            .arg(program.child.id().to_string())
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_unknown_failure_is_refused_with_the_syntax() {
    let output = Command::new(env!("CARGO_BIN_EXE_board-server"))
        .args(["--fail", "board-1=boom"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("`boom` is not a failure; write STATUS"),
        "{message}"
    );
}
