//! A server on loopback that answers as a test tells it, byte by byte, and keeps what it was sent.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request as it came, head and body.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// Such as `GET /jobs HTTP/1.1`.
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

/// What the server does with a request.
pub(crate) enum ServerReply {
    /// These bytes, then the connection closes.
    Bytes(Vec<u8>),
    /// These bytes and no end.
    Endless(Vec<u8>),
    /// These bytes, then as many nulls as the client takes.
    Flood(Vec<u8>),
}

/// Gone when dropped.
pub(crate) struct Server {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// `answer` is asked with the number of the request, from 0, and the request.
    pub(crate) async fn start(
        reply: impl Fn(usize, &Received) -> ServerReply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, reply) = (Arc::clone(&received), Arc::new(reply));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (kept, reply) = (Arc::clone(&kept), Arc::clone(&reply));
                tokio::spawn(async move { serve(stream, &kept, &*reply).await });
            }
        });
        Self {
            port,
            received,
            task,
        }
    }

    /// Answers everything with this.
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
    kept: &Mutex<Vec<Received>>,
    reply: &(dyn Fn(usize, &Received) -> ServerReply + Send + Sync),
) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let number = {
        let mut kept = kept.lock().unwrap();
        kept.push(request.clone());
        kept.len() - 1
    };
    match reply(number, &request) {
        // A client that has had enough is no failure of the server.
        ServerReply::Bytes(bytes) => drop(stream.write_all(&bytes).await),
        ServerReply::Endless(bytes) => {
            drop(stream.write_all(&bytes).await);
            // Until the client goes away.
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
