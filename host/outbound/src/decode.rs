//! Bodies, decoded as they arrive and to their very end.
//!
//! A body that was compressed in several parts is all of them (RFC 1952, section 2.2; RFC 8878,
//! section 3.1). What breaks off, or goes on with something else, is an error: half an answer must
//! not be taken for a whole one.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;

/// The codings that boards are told we take.
pub const CODINGS: &str = "gzip, br, zstd, deflate";

/// The number of bytes that are decoded at a time.
const PART_BYTES: usize = 64 * 1024;

/// The way in which a body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// None, or one that was not asked for.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 1950, in spite of its name.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// The coding that the headers name, which no longer name it then, nor how long the body was. A
    /// body in a coding that we never asked for stays as it is.
    pub fn taken_from(headers: &mut HeaderMap) -> Self {
        let mut codings = headers.get_all(CONTENT_ENCODING).iter();
        let only = codings
            .next()
            .filter(|_| codings.next().is_none())
            .and_then(|coding| coding.to_str().ok());

        let name = only.map(|coding| coding.trim().to_ascii_lowercase());
        let coding = match name.as_deref() {
            Some("gzip" | "x-gzip") => Self::Gzip,
            Some("deflate") => Self::Deflate,
            Some("br") => Self::Brotli,
            Some("zstd") => Self::Zstd,
            _ => return Self::Identity,
        };

        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        coding
    }
}

/// The bytes from the network.
type Raw = StreamReader<BoxStream<'static, io::Result<Bytes>>, Bytes>;

/// A body that is decoded as it arrives.
pub struct Decoded {
    announced: u64,
    begun: bool,
    ended: bool,
    reader: Reader,
}

enum Reader {
    Plain(Raw),
    Gzip(GzipDecoder<Raw>),
    Deflate(ZlibDecoder<Raw>),
    Brotli(Box<BrotliDecoder<Raw>>),
    Zstd(ZstdDecoder<Raw>),
}

impl Decoded {
    /// The body of a response, which is read and decoded part by part.
    pub fn new(response: reqwest::Response, coding: Coding) -> Self {
        let length = response
            .content_length()
            .filter(|_| coding == Coding::Identity);
        let raw = StreamReader::new(response.bytes_stream().map_err(io::Error::other).boxed());

        Self {
            announced: length.unwrap_or(0),
            begun: false,
            ended: false,
            reader: Reader::new(raw, coding),
        }
    }

    /// The length that the body says it has; 0 when it does not.
    pub fn announced_bytes(&self) -> u64 {
        self.announced
    }

    /// The next part; `None` at the end.
    pub async fn part(&mut self) -> io::Result<Option<Bytes>> {
        if !self.begun {
            self.begun = true;
            // Nothing at all, such as the answer to HEAD has, is not compressed.
            self.ended = self.reader.raw().fill_buf().await?.is_empty();
        }

        if self.ended {
            return Ok(None);
        }

        let mut part = BytesMut::with_capacity(PART_BYTES);
        if self.reader.decoding().read_buf(&mut part).await? > 0 {
            return Ok(Some(part.freeze()));
        }

        self.ended = true;
        if !self.reader.raw().fill_buf().await?.is_empty() {
            return Err(io::Error::other("it goes on after its end"));
        }
        Ok(None)
    }
}

impl std::fmt::Debug for Decoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoded").finish_non_exhaustive()
    }
}

impl Reader {
    fn new(raw: Raw, coding: Coding) -> Self {
        match coding {
            Coding::Identity => Self::Plain(raw),
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(raw);
                decoder.multiple_members(true);
                Self::Gzip(decoder)
            }
            Coding::Deflate => Self::Deflate(ZlibDecoder::new(raw)),
            Coding::Brotli => Self::Brotli(Box::new(BrotliDecoder::new(raw))),
            Coding::Zstd => {
                let mut decoder = ZstdDecoder::new(raw);
                decoder.multiple_members(true);
                Self::Zstd(decoder)
            }
        }
    }

    fn raw(&mut self) -> &mut Raw {
        match self {
            Self::Plain(raw) => raw,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }

    fn decoding(&mut self) -> &mut (dyn AsyncRead + Send + Unpin) {
        match self {
            Self::Plain(raw) => raw,
            Self::Gzip(decoder) => decoder,
            Self::Deflate(decoder) => decoder,
            Self::Brotli(decoder) => decoder,
            Self::Zstd(decoder) => decoder,
        }
    }
}
