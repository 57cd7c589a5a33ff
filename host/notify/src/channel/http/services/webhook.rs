//! A webhook of the operator: the content of the message as JSON.
//!
//! Signed as the [Standard
//! Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
//! specification says, so that receivers can use a library: HMAC-SHA256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use job_scanner_core::secret::Secret;
use ring::hmac;
use serde_json::{Value, json};
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::ServiceRequest;
use crate::message::chat::ChatMessage;

/// The prefix of keys that are written in Base64.
const BASE64_KEY: &str = "whsec_";

pub(super) fn request(
    url: Url,
    key: Option<&Secret>,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let request = ServiceRequest::post(url, &body(outgoing));
    let seconds = outgoing.now.as_second().to_string();
    let request = request
        .with_header("idempotency-key", outgoing.id)
        .with_header("webhook-id", outgoing.id)
        .with_header("webhook-timestamp", &seconds);
    let Some(key) = key else {
        return Ok(request);
    };

    let signed = format!("{}.{seconds}.{}", outgoing.id, request.body);
    let signature = hmac::sign(&hmac_key(key)?, signed.as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(signature));
    Ok(request.with_header("webhook-signature", signature))
}

fn body(outgoing: Outgoing<'_>) -> Value {
    let Outgoing { message, id, .. } = outgoing;
    match message {
        ChatMessage::Delivery { content, .. } => json!({
            "version": 1,
            "id": id,
            "type": content.kind(),
            "content": content,
        }),
        ChatMessage::Note(note) => json!({
            "version": 1,
            "id": id,
            "type": note.name,
            "content": { "subject": note.subject, "headline": note.text },
        }),
    }
}

fn hmac_key(secret: &Secret) -> Result<hmac::Key, HttpError> {
    let written = secret.expose();
    let bytes = match written.strip_prefix(BASE64_KEY) {
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| HttpError::Settings {
            wrong: "the secret of the webhook begins with `whsec_` and is not Base64".to_owned(),
            remedy: "copy it again, or write a secret without that prefix".to_owned(),
        })?,
        None => written.as_bytes().to_vec(),
    };
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::secret::Secret;

    use super::*;
    use crate::message::Note;
    use crate::message::template::Templates;

    #[test]
    fn the_signature_covers_id_time_and_body() {
        let templates = Templates::default();
        let outgoing = Outgoing {
            templates: &templates,
            message: ChatMessage::Note(&Note::TEST),
            id: "abc",
            now: "2026-11-23T08:15:00Z".parse().unwrap(),
        };
        let url: Url = "https://example.org/jobs".parse().unwrap();
        let key = Secret::new("a key of the test");
        let request = request(url, Some(&key), outgoing).unwrap();
        let header = |name: &str| {
            let mut headers = request.headers.iter();
            &headers.find(|(header, _)| *header == name).unwrap().1
        };
        assert_eq!(header("webhook-id"), "abc");
        assert_eq!(header("idempotency-key"), "abc");
        assert_eq!(header("webhook-timestamp"), "1795421700");

        let encoded = header("webhook-signature").strip_prefix("v1,").unwrap();
        let tag = STANDARD.decode(encoded).unwrap();
        let signed = format!("abc.1795421700.{}", request.body);
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"a key of the test");
        assert!(hmac::verify(&key, signed.as_bytes(), &tag).is_ok());
        assert!(hmac::verify(&key, b"another body", &tag).is_err());
    }

    #[test]
    fn a_key_may_be_written_in_base64() {
        assert!(hmac_key(&Secret::new("whsec_YWJj")).is_ok());
        assert!(hmac_key(&Secret::new("whsec_?")).is_err());
    }
}
