//! The socket that the server listens on: TCP or unix.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

use job_scanner_config::WebListen;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// `None` for a unix socket.
    pub(crate) address: Option<IpAddr>,
}

/// A connection of either kind.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Begins to listen. A unix socket that an earlier process left is replaced.
    pub(crate) async fn bind(listen: &WebListen) -> io::Result<Self> {
        match listen {
            WebListen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            WebListen::Unix(path) => {
                remove_stale_socket(path)?;
                Ok(Self::Unix(UnixListener::bind(path)?))
            }
        }
    }

    /// Returns the port, if it has one. The system chose it if the configuration says 0.
    pub(crate) fn port(&self) -> Option<u16> {
        match self {
            Self::Tcp(listener) => listener.local_addr().ok().map(|address| address.port()),
            Self::Unix(_) => None,
        }
    }

    /// Waits for the next connection.
    pub(crate) async fn accept(&self) -> io::Result<(Box<dyn Stream>, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                let address = Some(address.ip().to_canonical());
                Ok((Box::new(stream), Peer { address }))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Box::new(stream), Peer { address: None }))
            }
        }
    }
}

/// Removes a socket that no process listens on. Another kind of file stays.
fn remove_stale_socket(path: &Path) -> io::Result<()> {
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if !found.file_type().is_socket() {
        let message = "there is a file with this name, which is not a socket";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    }

    match UnixStream::connect(path) {
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(_) => fs::remove_file(path),
    }
}
