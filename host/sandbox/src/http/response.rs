//! A response whose head has arrived and whose body is still to be read, from the network or a
//! recording.

use job_scanner_outbound::{Coding, Decoded};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::http::failure::body_error;
use crate::http::transport::{ExchangeRecorder, NetworkFailure, Response};
use crate::http::types::HttpError;
use crate::secrets::{Mask, Secrets};

/// The chunk size of a recorded body, in bytes, so that limits apply to it as to a body from the
/// network.
const PART_BYTES: usize = 64 * 1024;

/// A response whose body is still to be read.
#[derive(Debug)]
pub(crate) struct ArrivingResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: BodySource,
}

#[derive(Debug)]
enum BodySource {
    Network(Box<NetworkBody>),
    /// The body from a cassette, and the error with which it breaks off, if it does.
    Recorded(Vec<u8>, Option<HttpError>),
}

#[derive(Debug)]
struct NetworkBody {
    body: Decoded,
    secrets: Secrets,
    /// `None` for a source without secrets.
    mask: Option<Mask>,
    /// `None` if the scan is not recorded.
    recording: Option<ExchangeRecorder>,
}

impl ArrivingResponse {
    /// Creates a response from the network, which may repeat secrets of the request.
    pub(crate) fn from_network(
        mut response: reqwest::Response,
        secrets: &Secrets,
        recording: Option<ExchangeRecorder>,
    ) -> Self {
        let status = response.status();
        let mask = secrets.mask();
        let mut headers = std::mem::take(response.headers_mut());
        let coding = Coding::taken_from(&mut headers);

        // Headers are masked before they are recorded or returned.
        if mask.is_some() {
            headers = masked(headers, secrets);
        }
        if let Some(recording) = &recording {
            recording.response_started(status.as_u16(), headers_as_text(&headers));
        }

        let network = NetworkBody {
            body: Decoded::new(response, coding),
            secrets: secrets.clone(),
            mask,
            recording,
        };
        Self {
            status,
            headers,
            body: BodySource::Network(Box::new(network)),
        }
    }

    /// Creates a response from a recording. Headers that are not valid are left out.
    pub(crate) fn from_recording(response: &Response) -> Self {
        let headers = response.headers.iter().filter_map(|(name, value)| {
            Some((
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_str(value).ok()?,
            ))
        });

        let cut = response.cut.as_ref().map(NetworkFailure::to_error);
        Self {
            status: StatusCode::from_u16(response.status).unwrap_or_default(),
            headers: headers.collect(),
            body: BodySource::Recorded(response.body.clone(), cut),
        }
    }

    /// Returns the announced length of the body, or 0 if there is none.
    pub(crate) fn announced_bytes(&self) -> u64 {
        match &self.body {
            BodySource::Network(network) => network.body.announced_bytes(),
            BodySource::Recorded(bytes, _) => bytes.len() as u64,
        }
    }

    /// Passes the decompressed body to `accept` in chunks as it arrives, and stops when `accept`
    /// fails.
    pub(crate) async fn read(
        &mut self,
        mut accept: impl FnMut(&[u8]) -> Result<(), HttpError>,
    ) -> Result<(), HttpError> {
        match &mut self.body {
            BodySource::Network(network) => {
                let NetworkBody {
                    body,
                    secrets,
                    mask,
                    recording,
                } = &mut **network;
                let Some(recording) = recording else {
                    return read_masked(body, secrets, mask, accept).await;
                };

                recording.body_started();
                let noted = |part: &[u8]| {
                    recording.body_chunk(part);
                    accept(part)
                };
                let read = read_masked(body, secrets, mask, noted).await;
                recording.body_ended(read.as_ref().err());
                read
            }
            BodySource::Recorded(bytes, cut) => {
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
        .map_err(|error| body_error(error, secrets))?
    {
        match mask {
            Some(mask) => accept(&mask.push(&part))?,
            None => accept(&part)?,
        }
    }

    mask.take().map_or(Ok(()), |mask| accept(&mask.end()))
}

/// Masks headers. A header whose name contains a secret is dropped. A value that is invalid after
/// masking becomes empty.
fn masked(headers: HeaderMap, secrets: &Secrets) -> HeaderMap {
    let mut name = None;
    let mut kept = HeaderMap::with_capacity(headers.len());

    for (next, value) in headers {
        // If a header has several values, only the first one comes with the name.
        name = next.or(name);

        let Some(name) = &name else { continue };
        if !secrets.appear_in_name(name.as_str()) {
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

/// Returns the headers as guests and cassettes see them.
pub(crate) fn headers_as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();

    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}
