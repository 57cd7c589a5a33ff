//! What lets the next scan ask a board "has this changed?" instead of reading it all again.

/// Names a request across scans: the hash of its method, its URL (secrets as placeholders) and its
/// body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey(pub [u8; 32]);

/// What the last complete scan learned about one request's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validator {
    /// Which request.
    pub request: RequestKey,
    /// The answer's `ETag`, as it came.
    pub etag: Option<String>,
    /// The answer's `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// BLAKE3 of the decompressed body, for boards that send neither.
    pub body_hash: [u8; 32],
}
