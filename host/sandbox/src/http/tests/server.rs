//! A server on loopback that sends the bytes that a test determines, and records the requests.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request with its head and its body.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// The request line, such as `GET /jobs HTTP/1.1`.
    pub(crate) line: String,
    head: String,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .into_iter()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// The reaction of the server to a request.
pub(crate) enum ServerReply {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and keeps the connection open.
    Endless(Vec<u8>),
    /// Sends these bytes, and then zero bytes until the client closes the connection.
    Flood(Vec<u8>),
}

/// Stops when dropped.
pub(crate) struct Server {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server. `reply` is called with the number of the request, from 0, and the request.
    pub(crate) async fn start(
        reply: impl Fn(usize, &Received) -> ServerReply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (requests, reply) = (Arc::clone(&received), Arc::new(reply));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (requests, reply) = (Arc::clone(&requests), Arc::clone(&reply));
                tokio::spawn(async move { serve(stream, &requests, &*reply).await });
            }
        });
        Self {
            port,
            received,
            task,
        }
    }

    /// Starts a server that sends these bytes for every request.
    pub(crate) async fn responding(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_, _| ServerReply::Bytes(bytes.clone())).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority())
    }

    pub(crate) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    requests: &Mutex<Vec<Received>>,
    reply: &(dyn Fn(usize, &Received) -> ServerReply + Send + Sync),
) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(request.clone());
        requests.len() - 1
    };
    match reply(number, &request) {
        // A client that stops reading is not a failure of the server.
        ServerReply::Bytes(bytes) => drop(stream.write_all(&bytes).await),
        ServerReply::Endless(bytes) => {
            drop(stream.write_all(&bytes).await);
            // Waits until the client closes the connection.
            drop(stream.read(&mut [0]).await);
        }
        ServerReply::Flood(bytes) => {
            let nulls = vec![0; 64 * 1024];
            let mut sent = stream.write_all(&bytes).await;
            while sent.is_ok() {
                sent = stream.write_all(&nulls).await;
            }
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
    };
    let head = String::from_utf8(bytes[..head_ends].to_vec()).unwrap();
    let mut body = bytes.split_off(head_ends + 4);
    let mut request = Received {
        line: head.lines().next()?.to_owned(),
        head,
        body: String::new(),
    };
    let length: usize = request
        .header("content-length")
        .map_or(0, |length| length.parse().unwrap());
    while body.len() < length {
        stream.read_buf(&mut body).await.ok()?;
    }
    request.body = String::from_utf8(body).unwrap();
    Some(request)
}
