//! An answer whose head is here and whose body is still to be read, wherever it comes from.

use job_scanner_outbound::{Coding, Decoded};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::http::failure::body_error;
use crate::http::transport::{ExchangeRecorder, NetworkFailure, Response};
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
    body: BodySource,
}

#[derive(Debug)]
enum BodySource {
    /// Comes from the network.
    Network(Box<NetworkBody>),
    /// Comes from a cassette, and perhaps breaks off.
    Recorded(Vec<u8>, Option<HttpError>),
}

#[derive(Debug)]
struct NetworkBody {
    body: Decoded,
    secrets: Secrets,
    /// For a source with secrets.
    mask: Option<Mask>,
    /// The place where it is to be written down.
    recording: Option<ExchangeRecorder>,
}

impl ArrivingResponse {
    /// From the network, which may repeat what it was told.
    pub(crate) fn from_network(
        mut response: reqwest::Response,
        secrets: &Secrets,
        recording: Option<ExchangeRecorder>,
    ) -> Self {
        let status = response.status();
        let mask = secrets.mask();
        let mut headers = std::mem::take(response.headers_mut());
        let coding = Coding::taken_from(&mut headers);

        // What is recorded, or shown to anyone, is masked by then.
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

    /// From a recording; a header that could not be sent is left out.
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

    /// The length that the body says it has; 0 when it does not.
    pub(crate) fn announced_bytes(&self) -> u64 {
        match &self.body {
            BodySource::Network(network) => network.body.announced_bytes(),
            BodySource::Recorded(bytes, _) => bytes.len() as u64,
        }
    }

    /// Hands over the body part by part as it comes, decompressed, and stops when `accept` does.
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

/// Masks headers. One that is not a header any more is left out, its value or all of it.
fn masked(headers: HeaderMap, secrets: &Secrets) -> HeaderMap {
    let mut name = None;
    let mut kept = HeaderMap::with_capacity(headers.len());

    for (next, value) in headers {
        // Of several values of one header, only the first comes with its name.
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

/// As guests and cassettes see them.
pub(crate) fn headers_as_text(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();

    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}
