//! The boards that are scanned. A separate process serves them, so that its CPU time does not count
//! as that of the benchmark.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use greenhouse::api;
use job_scanner_board_server::Api;
use serde_json::json;

use crate::sibling;

/// A server of generated boards `board-0`, `board-1`, … with Greenhouse's API. Dropping it stops
/// the server.
pub(crate) struct Boards {
    server: Child,
    address: String,
}

impl Boards {
    /// Starts a server with this number of boards and of jobs on each board.
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

        // From here on, an error also stops the server.
        let boards = Self { server, address };
        anyhow::ensure!(
            !boards.address.is_empty(),
            "the board server did not print its address"
        );

        Ok(boards)
    }

    /// Returns the source for a board, as in `config.yaml`.
    pub(crate) fn source(&self, token: &str) -> String {
        source("greenhouse", token, &self.address)
    }

    /// Returns the body of the response to the adapter's request for a board.
    pub(crate) fn body(&self, token: &str) -> anyhow::Result<Vec<u8>> {
        let options: api::Options =
            serde_json::from_value(json!({ "base_url": base_url(&self.address) }))?;

        let url = api::listing(&options, token).url;
        let path = url
            .split_once(&self.address)
            .map_or(url.as_str(), |(_, path)| path);

        let mut connection = TcpStream::connect(&self.address)?;
        // With version 1.0, the response ends with the connection.
        write!(connection, "GET {path} HTTP/1.0\r\n\r\n")?;
        let mut response = Vec::new();
        connection.read_to_end(&mut response)?;

        let head_end = response
            .windows(4)
            .position(|it| it == b"\r\n\r\n")
            .context("the board server's response is incomplete")?;
        anyhow::ensure!(
            response[..head_end].starts_with(b"HTTP/1.0 200"),
            "the board server did not return the board `{token}`"
        );

        Ok(response.split_off(head_end + 4))
    }
}

impl Drop for Boards {
    fn drop(&mut self) {
        // It fails if the server has ended already, which is fine.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Returns an item of `sources:` for a board of the server at `address`, with the adapter of that
/// name.
pub(crate) fn source(adapter: &str, token: &str, address: &str) -> String {
    let base_url = base_url(address);
    format!(
        "{{type: {adapter}, identifier: {token}, options: {{base_url: '{base_url}'}}, allow_hosts: ['{address}']}}"
    )
}

fn base_url(address: &str) -> String {
    format!("http://{address}/{}", Api::Greenhouse.host())
}
