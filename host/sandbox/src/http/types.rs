//! A guest's request and what it gets back, whatever contract version it speaks.

/// A guest's request.
#[derive(Debug, Clone, Default)]
pub(crate) struct HttpRequest {
    /// Upper case, such as `GET`.
    pub(crate) method: String,
    /// Absolute.
    pub(crate) url: String,
    /// In the guest's order.
    pub(crate) headers: Vec<(String, String)>,
    /// The bytes to send.
    pub(crate) body: Option<Vec<u8>>,
    /// True if "unchanged since the last complete scan" is a welcome answer.
    pub(crate) conditional: bool,
    /// True if it may be sent twice although its method is not idempotent.
    pub(crate) repeatable: bool,
    /// True if redirects are followed here; else they come back as they are.
    pub(crate) follow_redirects: bool,
}

/// The answer to it. Any status is a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpResponse {
    /// Never 304: that is [`Self::unchanged`].
    pub(crate) status: u16,
    /// The URL that the answer came from.
    pub(crate) url: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Decompressed; empty when unchanged.
    pub(crate) body: Vec<u8>,
    /// True if the body is the one of the last complete scan.
    pub(crate) unchanged: bool,
}

/// The reason why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HttpError {
    /// The adapter was not granted this.
    #[error("{0}")]
    Denied(String),
    /// No request can be made of this.
    #[error("{0}")]
    InvalidRequest(String),
    /// The name has no address.
    #[error("{0}")]
    Dns(String),
    /// No server answers there.
    #[error("{0}")]
    Connect(String),
    /// No trusted connection.
    #[error("{0}")]
    Tls(String),
    /// Took too long.
    #[error("no answer in time")]
    Timeout,
    /// The body has more bytes than this.
    #[error("the body has more than {0} bytes")]
    TooLarge(u64),
    /// The scan made more requests than this.
    #[error("more than {0} requests in one scan")]
    TooManyRequests(u32),
    /// The other side does not speak HTTP as it should.
    #[error("{0}")]
    Protocol(String),
}

impl HttpError {
    /// The same in other words, where some of them came from elsewhere.
    pub(crate) fn map_message(self, reword: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Denied(words) => Self::Denied(reword(&words)),
            Self::InvalidRequest(words) => Self::InvalidRequest(reword(&words)),
            Self::Dns(words) => Self::Dns(reword(&words)),
            Self::Connect(words) => Self::Connect(reword(&words)),
            Self::Tls(words) => Self::Tls(reword(&words)),
            Self::Protocol(words) => Self::Protocol(reword(&words)),
            Self::Timeout | Self::TooLarge(_) | Self::TooManyRequests(_) => self,
        }
    }
}
