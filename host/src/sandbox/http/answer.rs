//! An answer whose head is here and whose body is still to be read, wherever it comes from.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::failure::describe;
use super::types::HttpError;
use crate::sandbox::cassette::{self, Take};

/// How much of a recorded body comes at a time, so that budgets stop it as they stop one that arrives.
const PART_BYTES: usize = 64 * 1024;

/// An answer whose body is still to be read.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Comes from the network, perhaps to be written down.
    Arriving(reqwest::Response, Option<Take>),
    /// Comes from a cassette, and perhaps breaks off.
    Recorded(Vec<u8>, Option<HttpError>),
}

impl Answer {
    /// From the network.
    pub(super) fn arriving(mut response: reqwest::Response, take: Option<Take>) -> Self {
        let headers = std::mem::take(response.headers_mut());
        if let Some(take) = &take {
            take.answered(response.status().as_u16(), in_text(&headers));
        }
        Self { status: response.status(), headers, body: Body::Arriving(response, take) }
    }

    /// From a cassette; what is no header there is left out.
    pub(super) fn recorded(response: &cassette::Response) -> Self {
        let headers = response.headers.iter().filter_map(|(name, value)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        });
        Self {
            status: StatusCode::from_u16(response.status).unwrap_or_default(),
            headers: headers.collect(),
            body: Body::Recorded(response.body.clone(), response.cut.as_ref().map(cassette::Failure::to_error)),
        }
    }

    /// How long the body says it is; 0 when it does not.
    pub(super) fn announced_bytes(&self) -> u64 {
        match &self.body {
            Body::Arriving(response, _) => response.content_length().unwrap_or(0),
            Body::Recorded(bytes, _) => bytes.len() as u64,
        }
    }

    /// Hands over the body part by part as it comes, decompressed, and stops when `accept` does.
    pub(super) async fn read(
        &mut self,
        mut accept: impl FnMut(&[u8]) -> Result<(), HttpError>,
    ) -> Result<(), HttpError> {
        match &mut self.body {
            Body::Arriving(response, None) => {
                while let Some(part) = response.chunk().await.map_err(describe)? {
                    accept(&part)?;
                }
                Ok(())
            }
            Body::Arriving(response, Some(take)) => {
                take.reading();
                let read = async {
                    while let Some(part) = response.chunk().await.map_err(describe)? {
                        take.part(&part);
                        accept(&part)?;
                    }
                    Ok(())
                };
                let read = read.await;
                take.ended(read.as_ref().err());
                read
            }
            Body::Recorded(bytes, cut) => {
                bytes.chunks(PART_BYTES).try_for_each(accept)?;
                cut.take().map_or(Ok(()), Err)
            }
        }
    }
}

/// As guests and cassettes see them.
pub(super) fn in_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}
