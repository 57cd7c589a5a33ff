//! An answer whose head is here and whose body is still to be read, wherever it comes from.

use job_scanner_outbound::{Coding, Decoded};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::http::failure::describe_broken;
use crate::http::transport::{Failure, Response, Take};
use crate::http::types::HttpError;
use crate::secrets::{Mask, Secrets};

/// The bytes of a recorded body that come at a time, so that budgets stop it as they stop one that
/// arrives.
const PART_BYTES: usize = 64 * 1024;

/// An answer whose body is still to be read.
#[derive(Debug)]
pub(crate) struct ArrivingResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Comes from the network.
    Arriving(Box<Arriving>),
    /// Comes from a cassette, and perhaps breaks off.
    Recorded(Vec<u8>, Option<HttpError>),
}

#[derive(Debug)]
struct Arriving {
    body: Decoded,
    secrets: Secrets,
    /// For a source with secrets.
    mask: Option<Mask>,
    /// The place where it is to be written down.
    take: Option<Take>,
}

impl ArrivingResponse {
    /// From the network, which may repeat what it was told.
    pub(crate) fn arriving(
        mut response: reqwest::Response,
        secrets: &Secrets,
        take: Option<Take>,
    ) -> Self {
        let status = response.status();
        let mask = secrets.mask();
        let mut headers = std::mem::take(response.headers_mut());
        let coding = Coding::taken_from(&mut headers);

        // What is recorded, or shown to anyone, is masked by then.
        if mask.is_some() {
            headers = masked(headers, secrets);
        }
        if let Some(take) = &take {
            take.answered(status.as_u16(), in_text(&headers));
        }

        let arriving = Arriving {
            body: Decoded::new(response, coding),
            secrets: secrets.clone(),
            mask,
            take,
        };
        Self {
            status,
            headers,
            body: Body::Arriving(Box::new(arriving)),
        }
    }

    /// From a recording; a header that could not be sent is left out.
    pub(crate) fn recorded(response: &Response) -> Self {
        let headers = response.headers.iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_str(value).ok()?,
            ))
        });

        let cut = response.cut.as_ref().map(Failure::to_error);
        Self {
            status: StatusCode::from_u16(response.status).unwrap_or_default(),
            headers: headers.collect(),
            body: Body::Recorded(response.body.clone(), cut),
        }
    }

    /// The length that the body says it has; 0 when it does not.
    pub(crate) fn announced_bytes(&self) -> u64 {
        match &self.body {
            Body::Arriving(arriving) => arriving.body.announced_bytes(),
            Body::Recorded(bytes, _) => bytes.len() as u64,
        }
    }

    /// Hands over the body part by part as it comes, decompressed, and stops when `accept` does.
    pub(crate) async fn read(
        &mut self,
        mut accept: impl FnMut(&[u8]) -> Result<(), HttpError>,
    ) -> Result<(), HttpError> {
        match &mut self.body {
            Body::Arriving(arriving) => {
                let Arriving {
                    body,
                    secrets,
                    mask,
                    take,
                } = &mut **arriving;
                let Some(take) = take else {
                    return read_masked(body, secrets, mask, accept).await;
                };

                take.reading();
                let noted = |part: &[u8]| {
                    take.part(part);
                    accept(part)
                };
                let read = read_masked(body, secrets, mask, noted).await;
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

async fn read_masked(
    body: &mut Decoded,
    secrets: &Secrets,
    mask: &mut Option<Mask>,
    mut accept: impl FnMut(&[u8]) -> Result<(), HttpError>,
) -> Result<(), HttpError> {
    while let Some(part) = body
        .part()
        .await
        .map_err(|error| describe_broken(error, secrets))?
    {
        match mask {
            Some(mask) => accept(&mask.push(&part))?,
            None => accept(&part)?,
        }
    }

    mask.take().map_or(Ok(()), |mask| accept(&mask.end()))
}

/// Masks headers. One that is not a header any more is left out, its value or all of it.
fn masked(headers: HeaderMap, secrets: &Secrets) -> HeaderMap {
    let mut name = None;
    let mut kept = HeaderMap::with_capacity(headers.len());

    for (next, value) in headers {
        // Of several values of one header, only the first comes with its name.
        name = next.or(name);

        let Some(name) = &name else { continue };
        if !secrets.stand_in_name(name.as_str()) {
            kept.append(name, masked_value(value, secrets));
        }
    }
    kept
}

fn masked_value(value: HeaderValue, secrets: &Secrets) -> HeaderValue {
    let text = String::from_utf8_lossy(value.as_bytes());
    let masked = secrets.mask_text(&text);
    if masked == text {
        return value;
    }

    HeaderValue::from_str(&masked).unwrap_or(HeaderValue::from_static(""))
}

/// As guests and cassettes see them.
pub(crate) fn in_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();

    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}
