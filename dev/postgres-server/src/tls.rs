//! TLS on loopback: a self-signed certificate and a free port.

use std::io;
use std::net::TcpListener;

use rcgen::CertifiedKey;

use crate::server::StartError;

/// The only name that the certificate is valid for. The address 127.0.0.1 reaches the server too,
/// with a certificate that is wrong for it.
const NAME: &str = "localhost";

/// The certificate and the port of a server that offers TLS.
#[derive(Debug)]
pub(crate) struct Tls {
    /// The certificate, as PEM.
    pub(crate) certificate: String,
    /// Its key, as PEM.
    pub(crate) key: String,
    pub(crate) port: u16,
}

impl Tls {
    /// Makes a certificate and chooses a port. PostgreSQL cannot choose one itself, so another
    /// process may take it before the server starts, which then fails.
    pub(crate) fn new() -> Result<Self, StartError> {
        let names = [NAME.to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
        let CertifiedKey { cert, signing_key } = made;

        Ok(Self {
            certificate: cert.pem(),
            key: signing_key.serialize_pem(),
            port: free_port()?,
        })
    }

    /// Returns the settings of the server.
    pub(crate) fn settings(&self) -> [String; 3] {
        [
            "ssl = on".to_owned(),
            "listen_addresses = '127.0.0.1'".to_owned(),
            format!("port = {}", self.port),
        ]
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
