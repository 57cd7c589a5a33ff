//! Validators for conditional requests: the next scan asks a board "has this changed?" instead of
//! reading it again.

/// The key of a request across scans: the hash of its method, its URL (with placeholders for
/// secrets) and its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey(pub [u8; 32]);

/// The validators of one response of the last complete scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validator {
    pub request: RequestKey,
    /// The response's `ETag`, unchanged.
    pub etag: Option<String>,
    /// The response's `Last-Modified`, unchanged.
    pub last_modified: Option<String>,
    /// The BLAKE3 hash of the decompressed body, for boards that send neither header.
    pub body_hash: [u8; 32],
}
