//! One reply of a mail server ([RFC 5321,
//! 4.2](https://www.rfc-editor.org/rfc/rfc5321#section-4.2)), read with size limits.
//!
//! A client decides by the code alone, so text that is too long or not UTF-8 is truncated or
//! replaced, and the reply stays valid.

use std::fmt;
use std::io;

use job_scanner_core::escape::PrintableStart;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// The number of bytes of a line that are kept. The standard allows 512 ([RFC 5321,
/// 4.5.3.1.5](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.5)).
const LINE_BYTES: usize = 1000;

/// The maximum size of a reply. A longer one is an error.
const REPLY_BYTES: usize = 256 * 1024;

/// The number of characters of a reply that an error message quotes.
const QUOTED_CHARS: usize = 600;

/// One reply with all its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: u16,
    /// The text of each line, without control characters.
    pub(crate) lines: Vec<String>,
}

/// The reason why no reply could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplyError {
    #[error("the connection was closed")]
    Closed,
    #[error("`{}` is not an SMTP reply", PrintableStart { text: line, limit: 100 })]
    Malformed { line: String },
    #[error("the reply is longer than {REPLY_BYTES} bytes")]
    TooLong,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Reply {
    /// Reads one reply up to and including its last line.
    pub(crate) async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> Result<Self, ReplyError> {
        let mut left = REPLY_BYTES;
        let mut reply: Option<Self> = None;
        loop {
            let line = read_line(stream, &mut left).await?;
            let (code, is_last, text) =
                parse(&line).ok_or_else(|| ReplyError::Malformed { line: line.clone() })?;

            let reply = reply.get_or_insert_with(|| Self {
                code,
                lines: Vec::new(),
            });
            if reply.code != code {
                return Err(ReplyError::Malformed { line });
            }
            reply.lines.push(text);
            if is_last {
                return Ok(reply.clone());
            }
        }
    }

    /// Returns true if the reply confirms that a command succeeded.
    pub(crate) fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// Returns the code and the enhanced code, if there is one, without the text.
    pub(crate) fn codes(&self) -> String {
        let enhanced = self
            .lines
            .first()
            .and_then(|line| line.split_whitespace().next());
        match enhanced.filter(|word| is_enhanced_code(word)) {
            Some(enhanced) => format!("{} {enhanced}", self.code),
            None => self.code.to_string(),
        }
    }

    /// Returns the text of all lines as one line.
    pub(crate) fn text(&self) -> String {
        self.lines.join(" ")
    }
}

/// Formats the code and the beginning of the text.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        let text = text.trim();
        write!(f, "{}", self.code)?;
        if text.is_empty() {
            return Ok(());
        }
        write!(
            f,
            " {}",
            PrintableStart {
                text,
                limit: QUOTED_CHARS
            }
        )
    }
}

/// Returns true if a word is an enhanced code ([RFC
/// 3463](https://www.rfc-editor.org/rfc/rfc3463)), such as `5.7.8`.
fn is_enhanced_code(word: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.split('.').count() == 3 && word.split('.').all(is_number)
}

/// Reads one line without its line break. Bytes beyond [`LINE_BYTES`] are read and discarded.
async fn read_line(
    stream: &mut (impl AsyncBufRead + Unpin),
    left: &mut usize,
) -> Result<String, ReplyError> {
    let mut kept = Vec::new();
    loop {
        let read = stream.fill_buf().await?;
        if read.is_empty() {
            return Err(ReplyError::Closed);
        }

        let end = read.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(read.len(), |end| end + 1);
        let room = LINE_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&read[..taken.min(room)]);
        stream.consume(taken);

        *left = left.checked_sub(taken).ok_or(ReplyError::TooLong)?;
        if end.is_some() {
            return Ok(String::from_utf8_lossy(&kept)
                .trim_end_matches(['\r', '\n'])
                .to_owned());
        }
    }
}

/// Parses a line into its code, a flag for the last line, and its text.
fn parse(line: &str) -> Option<(u16, bool, String)> {
    let (code, rest) = line.split_at_checked(3)?;
    let is_code =
        code.bytes().all(|byte| byte.is_ascii_digit()) && code.starts_with(['2', '3', '4', '5']);
    let code = code.parse().ok().filter(|_| is_code)?;

    // A code without text is a valid last line.
    let (is_last, text) = match rest.chars().next() {
        None => (true, ""),
        Some(' ') => (true, &rest[1..]),
        Some('-') => (false, &rest[1..]),
        Some(_) => return None,
    };
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    Some((code, is_last, text.chars().map(visible).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(mut bytes: &[u8]) -> Result<Reply, ReplyError> {
        Reply::read(&mut bytes).await
    }

    #[tokio::test]
    async fn valid_replies_of_any_form_are_read() {
        let long = format!("250 {}\r\n", "x".repeat(5_000));
        for (said, code, lines) in [
            (&b"250 2.0.0 taken\r\n"[..], 250, 1),
            (b"250\r\n", 250, 1),
            (b"250 \r\n", 250, 1),
            (b"250 taken\n", 250, 1),
            (b"250-first\r\n250-\r\n250 last\r\n", 250, 3),
            (b"550-5.1.1 no\r\n550 5.1.1 such user\r\n", 550, 2),
            (b"250 angenommen f\xfcr \xff\r\n", 250, 1),
            (long.as_bytes(), 250, 1),
        ] {
            let reply = read(said).await.unwrap();
            assert_eq!(
                (reply.code, reply.lines.len()),
                (code, lines),
                "{}",
                String::from_utf8_lossy(said)
            );
        }
        assert_eq!(
            read(b"550-5.1.1 no\r\n550 such\x1b[31m user\r\n")
                .await
                .unwrap()
                .to_string(),
            "550 5.1.1 no such [31m user"
        );
    }

    #[test]
    fn the_codes_of_a_reply_contain_none_of_its_text() {
        for (line, codes) in [
            ("5.7.8 AG1hcmtlcg==", "535 5.7.8"),
            ("5.7.8", "535 5.7.8"),
            ("AG1hcmtlcg==", "535"),
            ("5.7.marker no", "535"),
            ("5.7.1234 no", "535"),
            ("5.7.8.9 no", "535"),
            ("", "535"),
        ] {
            let reply = Reply {
                code: 535,
                lines: vec![line.to_owned(), "5.7.9 more".to_owned()],
            };
            assert_eq!(reply.codes(), codes, "{line}");
        }
    }

    #[tokio::test]
    async fn malformed_replies_are_rejected() {
        for said in [
            &b"hello\r\n"[..],
            b"25 x\r\n",
            b"2500 x\r\n",
            b"250x\r\n",
            b"150 x\r\n",
            b"650 x\r\n",
            b"\r\n",
            b"2\xc3\xbc0 x\r\n",
        ] {
            assert!(
                matches!(read(said).await, Err(ReplyError::Malformed { .. })),
                "{}",
                String::from_utf8_lossy(said)
            );
        }
        assert!(matches!(
            read(b"250-yes\r\n550 no\r\n").await,
            Err(ReplyError::Malformed { .. })
        ));
        assert!(matches!(read(b"").await, Err(ReplyError::Closed)));
        assert!(matches!(
            read(b"250-half of\r\n").await,
            Err(ReplyError::Closed)
        ));
        assert!(matches!(
            read(b"250 without an end").await,
            Err(ReplyError::Closed)
        ));
        assert!(matches!(
            read(&b"250-x\r\n".repeat(REPLY_BYTES / 7 + 1)).await,
            Err(ReplyError::TooLong)
        ));
        assert!(matches!(
            read(&vec![b'2'; REPLY_BYTES + 1]).await,
            Err(ReplyError::TooLong)
        ));
    }
}
