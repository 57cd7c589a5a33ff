//! Requests and responses of guests, independent of the contract version.

/// A guest's request.
#[derive(Debug, Clone, Default)]
pub(crate) struct HttpRequest {
    /// Upper case, such as `GET`.
    pub(crate) method: String,
    /// Absolute.
    pub(crate) url: String,
    /// In the guest's order.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// True if the response may be "unchanged since the last complete scan".
    pub(crate) conditional: bool,
    /// True if the request may be retried although its method is not idempotent.
    pub(crate) repeatable: bool,
    /// True if the host follows redirects; false if it returns them to the guest.
    pub(crate) follow_redirects: bool,
}

/// The response to a guest's request, with any status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpResponse {
    /// Never 304: see [`Self::unchanged`].
    pub(crate) status: u16,
    /// The URL that the response came from.
    pub(crate) url: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Decompressed; empty when unchanged.
    pub(crate) body: Vec<u8>,
    /// True if the body is the same as in the last complete scan.
    pub(crate) unchanged: bool,
}

/// The reason why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HttpError {
    /// The adapter was not granted this request.
    #[error("{0}")]
    Denied(String),
    /// The request is not valid.
    #[error("{0}")]
    InvalidRequest(String),
    /// The host name cannot be resolved.
    #[error("{0}")]
    Dns(String),
    /// The connection cannot be established.
    #[error("{0}")]
    Connect(String),
    /// The connection is not trusted.
    #[error("{0}")]
    Tls(String),
    #[error("no response in time")]
    Timeout,
    /// The limit of the body, in bytes.
    #[error("the body has more than {0} bytes")]
    TooLarge(u64),
    /// The limit of requests per scan, or per batch.
    #[error("more than {0} requests in one scan")]
    TooManyRequests(u32),
    /// The server violates the HTTP protocol.
    #[error("{0}")]
    Protocol(String),
}

impl HttpError {
    /// Applies a function to the message, where the message can contain text from outside the host.
    pub(crate) fn map_message(self, reword: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Denied(message) => Self::Denied(reword(&message)),
            Self::InvalidRequest(message) => Self::InvalidRequest(reword(&message)),
            Self::Dns(message) => Self::Dns(reword(&message)),
            Self::Connect(message) => Self::Connect(reword(&message)),
            Self::Tls(message) => Self::Tls(reword(&message)),
            Self::Protocol(message) => Self::Protocol(reword(&message)),
            Self::Timeout | Self::TooLarge(_) | Self::TooManyRequests(_) => self,
        }
    }
}
