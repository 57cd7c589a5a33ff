//! TLS for connections to a mail server.

use std::io;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::channel::mail::smtp::connection::Stream;

/// Encrypts connections to one server.
#[derive(Clone)]
pub(crate) struct Tls {
    config: Arc<ClientConfig>,
    host: String,
}

impl Tls {
    /// Creates a TLS configuration for a server. It trusts the certificates that the system trusts,
    /// and those in `trusted` (PEM).
    pub(crate) fn new(host: &str, trusted: Option<&[u8]>) -> Result<Self, rustls::Error> {
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(trusted.unwrap_or_default()) {
            let unreadable =
                |error| rustls::Error::General(format!("a certificate cannot be read: {error}"));
            roots.push(certificate.map_err(unreadable)?);
        }

        let provider = Arc::new(default_provider());
        let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;

        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self {
            config: Arc::new(config),
            host: host.trim_end_matches('.').to_owned(),
        })
    }

    /// Encrypts a connection.
    pub(crate) async fn encrypt(
        &self,
        stream: Box<dyn Stream>,
    ) -> io::Result<TlsStream<Box<dyn Stream>>> {
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        TlsConnector::from(Arc::clone(&self.config))
            .connect(name, stream)
            .await
    }
}
