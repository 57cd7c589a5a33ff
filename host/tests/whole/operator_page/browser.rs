//! A browser without scripts: pages, forms, and a stream of events, over real HTTP.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::process::{Daemon, TIME_LIMIT};
use crate::support::World;

/// A daemon with a page, and a browser that shows it.
pub(super) struct Session {
    pub(super) daemon: Daemon,
    pub(super) browser: Browser,
}

/// A browser at the address of a page.
#[derive(Clone)]
pub(super) struct Browser {
    /// The address and the port.
    host: String,
}

/// The answer to a request.
pub(super) struct Page {
    pub(super) status: u16,
    head: String,
    pub(super) text: String,
}

/// The open stream of events about runs.
pub(super) struct Events(BufReader<TcpStream>);

impl Session {
    /// Starts a daemon with this configuration and a page on a free port.
    pub(super) fn start(world: &World, config: &str, web: &str) -> Self {
        Self::start_program(world, world.program(), config, web)
    }

    /// Does the same with a program that has an environment of its own.
    pub(super) fn start_program(world: &World, program: Command, config: &str, web: &str) -> Self {
        world.write_config(&format!("{config}web: {{listen: '127.0.0.1:0'{web}}}\n"));
        let mut daemon = Daemon::start(program);
        let line = daemon.says("event=web.started");
        let (_, rest) = line.split_once("http://").expect("the log has the address");
        let host = rest.split(|c: char| c.is_whitespace() || c == '"').next();
        let host = host.unwrap().to_owned();
        Self {
            daemon,
            browser: Browser { host },
        }
    }
}

impl Browser {
    pub(super) fn get(&self, path: &str) -> Page {
        self.request(&format!("GET {path} HTTP/1.0\r\n"), "")
    }

    /// Sends a form, and shows the page to which the answer redirects.
    pub(super) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields);
        match answer.location() {
            Some(location) => {
                assert_eq!(answer.status, 303, "{path}: {}", answer.text);
                self.get(location.split('#').next().unwrap())
            }
            None => answer,
        }
    }

    /// Sends a form without following a redirect.
    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        let head = format!(
            "POST {path} HTTP/1.0\r\nOrigin: http://{}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            self.host,
            form.len()
        );
        self.request(&head, &form)
    }

    /// Loads a page until it contains `words`.
    pub(super) fn get_until(&self, path: &str, words: &str) -> Page {
        let until = Instant::now() + TIME_LIMIT;
        loop {
            let page = self.get(path);
            if page.text.contains(words) {
                return page;
            }
            assert!(
                Instant::now() < until,
                "`{words}` never came: {}",
                page.text
            );
            std::thread::yield_now();
        }
    }

    /// Opens the stream of events.
    pub(super) fn events(&self) -> Events {
        let mut connection = self.connect();
        let request = format!(
            "GET /events HTTP/1.1\r\nAccept: text/event-stream\r\nHost: {}\r\n\r\n",
            self.host
        );
        connection.write_all(request.as_bytes()).unwrap();
        Events(BufReader::new(connection))
    }

    fn request(&self, head: &str, body: &str) -> Page {
        let mut connection = self.connect();
        let host = &self.host;
        write!(connection, "{head}Host: {host}\r\n\r\n{body}").unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, text) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Page {
            status,
            head: head.to_owned(),
            text: text.to_owned(),
        }
    }

    fn connect(&self) -> TcpStream {
        let connection = TcpStream::connect(&self.host).unwrap();
        connection
            .set_read_timeout(Some(TIME_LIMIT + Duration::from_secs(30)))
            .unwrap();
        connection
    }
}

impl Page {
    /// Returns the address to which the answer redirects.
    pub(super) fn location(&self) -> Option<&str> {
        let header = |line: &'_ str| line.to_ascii_lowercase().starts_with("location: ");
        let line = self.head.lines().find(|line| header(line))?;
        Some(&line["location: ".len()..])
    }

    /// Returns the text of the element that begins with `tag`, such as `<textarea id="yaml"`,
    /// without the escapes of HTML.
    pub(super) fn content_of(&self, tag: &str) -> String {
        let (_, rest) = self
            .text
            .split_once(tag)
            .unwrap_or_else(|| panic!("no {tag}: {}", self.text));
        let (_, rest) = rest.split_once('>').unwrap();
        let (content, _) = rest.split_once("</").unwrap();
        unescaped(content)
    }

    /// Panics unless the page contains each of the words.
    pub(super) fn shows(&self, words: &[&str]) {
        for words in words {
            assert!(self.text.contains(words), "no `{words}`: {}", self.text);
        }
    }
}

impl Events {
    /// Waits for the next event for which `is_it` returns true.
    pub(super) fn until(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert!(
                self.0.read_line(&mut line).unwrap() > 0,
                "the stream has ended"
            );
            let event = line.strip_prefix("data: ");
            let event = event.map(|data| serde_json::from_str(data).unwrap());
            if let Some(event) = event.filter(&is_it) {
                return event;
            }
        }
    }
}

fn unescaped(html: &str) -> String {
    let mut text = html.to_owned();
    for (escape, character) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ] {
        text = text.replace(escape, character);
    }
    text
}
