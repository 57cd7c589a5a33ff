//! A request as the server got it.

use std::io;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpStream;

/// The longest body that the server reads.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// A request with its whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// The path with the query.
    pub target: String,
    /// Names in lower case, in the order of the request.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// Returns the value of a header; `None` if the request has no such header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header == name)?;
        Some(value)
    }

    /// Returns the body as JSON; null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Reads the next request of a connection; `None` if the client has closed it.
    pub(crate) async fn read(connection: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if connection.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next(), words.next());

        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            connection.read_line(&mut line).await?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }

        let mut request = Self {
            method: method.unwrap_or_default(),
            target: target.unwrap_or_default(),
            headers,
            body: String::new(),
        };
        let length = request.header("content-length").unwrap_or("0");
        let length: usize = length.parse().unwrap_or(0);
        let mut body = vec![0; length.min(MAX_BODY_BYTES)];
        connection.read_exact(&mut body).await?;
        request.body = String::from_utf8_lossy(&body).into_owned();
        Ok(Some(request))
    }
}
