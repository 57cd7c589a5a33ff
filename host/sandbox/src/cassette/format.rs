//! The format of `cassette.json`.
//!
//! People write these files as often as the program does, so keys with an obvious default are
//! optional, and unknown keys are errors.

use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_core::key::{AdapterName, Identifier};
use job_scanner_core::validator::{RequestKey, Validator};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cassette::cassette::{Cassette, CassetteSource};
use crate::http::transport::{Exchange, NetworkFailure, Request, Response};

/// The only format version so far.
const FORMAT: u32 = 1;

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CassetteFile {
    format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    adapter: Option<String>,
    source: SourceKeys,
    now: String,
    exchanges: Vec<ExchangeKeys>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceKeys {
    identifier: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    options: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_jobs: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allow_hosts: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    validators: Vec<ValidatorKeys>,
}

/// A validator of an earlier scan. Hashes are BLAKE3 in hexadecimal digits.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidatorKeys {
    request: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    body_hash: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExchangeKeys {
    request: RequestKeys,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<ResponseKeys>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<NetworkFailure>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestKeys {
    #[serde(default = "get")]
    method: String,
    url: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_file: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResponseKeys {
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    json: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_file: Option<String>,
}

fn get() -> String {
    "GET".to_owned()
}

/// The place where a body is written.
pub(crate) enum WrittenBody {
    Empty,
    /// The body is in `cassette.json`.
    Inline(String),
    /// The body is in a separate file with this name.
    File(String),
}

impl WrittenBody {
    fn into_keys(self) -> (Option<String>, Option<String>) {
        match self {
            Self::Empty => (None, None),
            Self::Inline(text) => (Some(text), None),
            Self::File(name) => (None, Some(name)),
        }
    }
}

impl CassetteFile {
    /// Returns the names of the files that contain bodies.
    pub(crate) fn body_files(&self) -> impl Iterator<Item = &str> {
        self.exchanges.iter().flat_map(|exchange| {
            let request = exchange.request.body_file.as_deref();
            let response = exchange.response.as_ref();
            let response = response.and_then(|response| response.body_file.as_deref());

            request.into_iter().chain(response)
        })
    }

    /// Converts a cassette into keys. `store` decides where each body is written.
    pub(crate) fn of<E>(
        cassette: &Cassette,
        mut store: impl FnMut(&[u8]) -> Result<WrittenBody, E>,
    ) -> Result<Self, E> {
        let exchanges = cassette
            .exchanges
            .iter()
            .map(|exchange| ExchangeKeys::of(exchange, &mut store));
        let adapter = cassette.adapter.as_ref();

        Ok(Self {
            format: FORMAT,
            adapter: adapter.map(|adapter| adapter.as_str().to_owned()),
            source: SourceKeys::of(&cassette.source),
            // The adapter receives the time in whole seconds.
            now: format!("{:.0}", cassette.now),
            exchanges: exchanges.collect::<Result<_, _>>()?,
        })
    }

    /// Converts the keys into a cassette. `load` reads the body in the file of this name. An error
    /// names the position of the mistake.
    pub(crate) fn into_cassette(
        self,
        load: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Cassette, String> {
        if self.format != FORMAT {
            return Err(format!(
                "`format` is {}; this program reads {FORMAT}",
                self.format
            ));
        }

        let adapter = self
            .adapter
            .map(|name| parsed("adapter", AdapterName::new(name)))
            .transpose()?;
        let now: Timestamp = parsed("now", self.now.parse())?;
        let source = self.source.into_source()?;
        let exchanges = self
            .exchanges
            .into_iter()
            .enumerate()
            .map(|(index, exchange)| {
                exchange
                    .into_exchange(&load)
                    .map_err(|wrong| format!("`exchanges[{index}]`: {wrong}"))
            });

        Ok(Cassette {
            adapter,
            source,
            now,
            exchanges: exchanges.collect::<Result<_, _>>()?,
        })
    }
}

impl SourceKeys {
    fn of(source: &CassetteSource) -> Self {
        let hex = |bytes: [u8; 32]| blake3::Hash::from_bytes(bytes).to_hex().to_string();
        let validators = source.validators.iter().map(|validator| ValidatorKeys {
            request: hex(validator.request.0),
            etag: validator.etag.clone(),
            last_modified: validator.last_modified.clone(),
            body_hash: hex(validator.body_hash),
        });

        Self {
            identifier: source.identifier.as_str().to_owned(),
            options: source.options.as_object().cloned().unwrap_or_default(),
            max_jobs: source.max_jobs,
            allow_hosts: source.allow_hosts.iter().map(ToString::to_string).collect(),
            state: source.state.clone(),
            validators: validators.collect(),
        }
    }

    fn into_source(self) -> Result<CassetteSource, String> {
        let hosts = self
            .allow_hosts
            .iter()
            .map(|host| parsed("source.allow_hosts", host.parse()));
        let validators = self
            .validators
            .into_iter()
            .map(ValidatorKeys::into_validator);

        Ok(CassetteSource {
            identifier: parsed("source.identifier", Identifier::new(self.identifier))?,
            options: Value::Object(self.options),
            max_jobs: self.max_jobs,
            allow_hosts: hosts.collect::<Result<_, _>>()?,
            state: self.state,
            validators: validators.collect::<Result<_, _>>()?,
        })
    }
}

impl ValidatorKeys {
    fn into_validator(self) -> Result<Validator, String> {
        let hash = |hex: &str| {
            parsed("source.validators", blake3::Hash::from_hex(hex)).map(|hash| *hash.as_bytes())
        };

        Ok(Validator {
            request: RequestKey(hash(&self.request)?),
            body_hash: hash(&self.body_hash)?,
            etag: self.etag,
            last_modified: self.last_modified,
        })
    }
}

impl ExchangeKeys {
    fn of<E>(
        exchange: &Exchange,
        store: &mut impl FnMut(&[u8]) -> Result<WrittenBody, E>,
    ) -> Result<Self, E> {
        // Bodies are numbered in the order in which they are stored: that of a request before that
        // of its response.
        let request = RequestKeys::of(&exchange.request, store)?;
        let (response, failure) = match &exchange.outcome {
            Ok(response) => {
                let keys = ResponseKeys::of(response, store)?;
                (Some(keys), response.cut.clone())
            }
            Err(failure) => (None, Some(failure.clone())),
        };

        Ok(Self {
            request,
            response,
            failure,
        })
    }

    fn into_exchange(
        self,
        load: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Exchange, String> {
        let outcome = match (self.response, self.failure) {
            (Some(response), cut) => Ok(response.into_response(cut, &load)?),
            (None, Some(failure)) => Err(failure),
            (None, None) => return Err("there is neither a `response` nor a `failure`".to_owned()),
        };

        Ok(Exchange {
            request: self.request.into_request(load)?,
            outcome,
        })
    }
}

impl RequestKeys {
    fn of<E>(
        request: &Request,
        store: &mut impl FnMut(&[u8]) -> Result<WrittenBody, E>,
    ) -> Result<Self, E> {
        let (body, body_file) = store(&request.body)?.into_keys();

        Ok(Self {
            method: request.method.to_string(),
            url: request.url.to_string(),
            headers: joined(&request.headers),
            body,
            json: None,
            body_file,
        })
    }

    fn into_request(
        self,
        load: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Request, String> {
        let mut url: url::Url = parsed("request.url", self.url.parse())?;
        // As in real requests, the fragment is never sent.
        url.set_fragment(None);

        Ok(Request {
            method: parsed("request.method", self.method.parse())?,
            url,
            headers: self.headers.into_iter().collect(),
            body: body("request", self.body, self.json, self.body_file, load)?,
        })
    }
}

impl ResponseKeys {
    fn of<E>(
        response: &Response,
        store: &mut impl FnMut(&[u8]) -> Result<WrittenBody, E>,
    ) -> Result<Self, E> {
        let (body, body_file) = store(&response.body)?.into_keys();

        Ok(Self {
            status: response.status,
            headers: joined(&response.headers),
            body,
            json: None,
            body_file,
        })
    }

    fn into_response(
        self,
        cut: Option<NetworkFailure>,
        load: impl Fn(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Response, String> {
        if !(100..=999).contains(&self.status) {
            return Err(format!(
                "`response.status` is {}, which is not an HTTP status",
                self.status
            ));
        }

        Ok(Response {
            status: self.status,
            headers: self.headers.into_iter().collect(),
            body: body("response", self.body, self.json, self.body_file, load)?,
            cut,
        })
    }
}

/// Returns the body, which at most one of the three keys may contain.
fn body(
    place: &str,
    text: Option<String>,
    json: Option<Value>,
    file: Option<String>,
    load: impl Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, String> {
    match (text, json, file) {
        (None, None, None) => Ok(Vec::new()),
        (Some(text), None, None) => Ok(text.into_bytes()),
        (None, Some(json), None) => Ok(json.to_string().into_bytes()),
        (None, None, Some(name)) => {
            load(&name).map_err(|wrong| format!("`{place}.body_file`: {wrong}"))
        }
        _ => Err(format!(
            "`{place}` has more than one of `body`, `json` and `body_file`"
        )),
    }
}

fn parsed<T, E: std::fmt::Display>(key: &str, result: Result<T, E>) -> Result<T, String> {
    result.map_err(|error| format!("`{key}`: {error}"))
}

/// Joins headers with the same name into one with all values ([RFC 9110, section
/// 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
fn joined(headers: &[(String, String)]) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::<String, String>::new();
    for (name, value) in headers {
        joined
            .entry(name.clone())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(value);
            })
            .or_insert_with(|| value.clone());
    }
    joined
}
