//! Decoding of bodies as they arrive, up to the end.
//!
//! A body may consist of several compressed members or frames
//! ([RFC 1952, section 2.2](https://www.rfc-editor.org/rfc/rfc1952#section-2.2),
//! [RFC 8878, section 3.1](https://www.rfc-editor.org/rfc/rfc8878#section-3.1)); all of them are
//! decoded. A body that ends early, or that continues with other data, is an error: a part of a
//! response must not be treated as the whole response.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};
use tokio_util::io::StreamReader;

/// The codings in the `Accept-Encoding` header of requests.
pub const CODINGS: &str = "gzip, br, zstd, deflate";

/// The maximum size of a decoded part, in bytes.
const PART_BYTES: usize = 64 * 1024;

/// The content coding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// No coding, or one that was not requested.
    Identity,
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
    Gzip,
    /// The zlib format ([RFC 1950](https://www.rfc-editor.org/rfc/rfc1950)), despite the name.
    Deflate,
    /// [RFC 7932](https://www.rfc-editor.org/rfc/rfc7932).
    Brotli,
    /// [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
    Zstd,
}

impl Coding {
    /// Returns the coding that the headers name, and removes the coding and the length of the
    /// encoded body from the headers. A body in a coding that was not requested is left as it is.
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

/// The encoded bytes from the network.
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
    /// Wraps the body of a response, which is read and decoded part by part.
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

    /// Returns the announced length of the body, or 0 if it is unknown.
    pub fn announced_bytes(&self) -> u64 {
        self.announced
    }

    /// Returns the next part. `None` at the end.
    pub async fn part(&mut self) -> io::Result<Option<Bytes>> {
        if !self.begun {
            self.begun = true;
            // An empty body, such as the response to HEAD, is not compressed.
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
            return Err(io::Error::other(
                "there is data after the end of the compressed body",
            ));
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
