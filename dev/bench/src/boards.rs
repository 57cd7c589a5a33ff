//! The boards that are scanned, served by a process of its own: its CPU must not count as ours.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use greenhouse::api;
use job_scanner_board_server::Api;
use serde_json::json;

use crate::sibling;

/// Generated boards `board-0`, `board-1`, … behind Greenhouse's API. The server ends when this is
/// dropped.
pub(crate) struct Boards {
    server: Child,
    address: String,
}

impl Boards {
    /// Starts a server of so many boards with so many jobs each.
    pub(crate) fn serve(boards: u32, jobs: u32) -> anyhow::Result<Self> {
        let mut server = Command::new(sibling("board-server")?)
            .args(["--boards", &boards.to_string(), "--jobs", &jobs.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the board server")?;

        let mut first_line = String::new();
        if let Some(stdout) = server.stdout.take() {
            BufReader::new(stdout).read_line(&mut first_line)?;
        }

        let address = first_line
            .trim_end()
            .strip_prefix("http://")
            .unwrap_or_default()
            .to_owned();

        // From here on a failure ends the server too.
        let boards = Self { server, address };
        anyhow::ensure!(
            !boards.address.is_empty(),
            "the board server did not say where it listens"
        );

        Ok(boards)
    }

    /// The source that reads a board, as `config.yaml` has it.
    pub(crate) fn source(&self, token: &str) -> String {
        source("greenhouse", token, &self.address)
    }

    /// What the adapter is answered when it asks for a board.
    pub(crate) fn body(&self, token: &str) -> anyhow::Result<Vec<u8>> {
        let options: api::Options =
            serde_json::from_value(json!({ "base_url": base_url(&self.address) }))?;

        let url = api::listing(&options, token).url;
        let path = url
            .split_once(&self.address)
            .map_or(url.as_str(), |(_, path)| path);

        let mut connection = TcpStream::connect(&self.address)?;
        // Of version 1.0, so that the answer ends with the connection.
        write!(connection, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer)?;

        let head_end = answer
            .windows(4)
            .position(|it| it == b"\r\n\r\n")
            .context("the board's answer has no end")?;
        anyhow::ensure!(
            answer[..head_end].starts_with(b"HTTP/1.0 200"),
            "the board server does not know `{token}`"
        );

        Ok(answer.split_off(head_end + 4))
    }
}

impl Drop for Boards {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// One line of `sources:` that reads a board of a server on this machine through the adapter of
/// that name.
pub(crate) fn source(adapter: &str, token: &str, address: &str) -> String {
    let base_url = base_url(address);
    format!(
        "{{type: {adapter}, identifier: {token}, options: {{base_url: '{base_url}'}}, allow_hosts: ['{address}']}}"
    )
}

fn base_url(address: &str) -> String {
    format!("http://{address}/{}", Api::Greenhouse.host())
}
