//! Converts failures of the HTTP client into [`HttpError`]s.

use std::io;

use job_scanner_outbound::{ResolveError, resolve_error};

use crate::http::types::HttpError;
use crate::secrets::Secrets;

/// Converts a client error. The message contains no URL, which may hold data that must not be
/// logged. Secrets are masked, because the server can repeat them in its error or its certificate.
pub(crate) fn http_error(error: reqwest::Error, secrets: &Secrets) -> HttpError {
    classify(error).map_message(|message| secrets.mask_text(message))
}

/// Converts the error of a body that breaks off or cannot be decoded.
pub(crate) fn body_error(error: io::Error, secrets: &Secrets) -> HttpError {
    let error = match error.downcast::<reqwest::Error>() {
        Ok(error) => return http_error(error, secrets),
        Err(error) => error,
    };

    HttpError::Protocol(secrets.mask_text(&format!("the body cannot be decoded: {error}")))
}

fn classify(error: reqwest::Error) -> HttpError {
    let error = error.without_url();
    match resolve_error(&error) {
        Some(ResolveError::Denied(denied)) => return HttpError::Denied(denied.to_string()),
        Some(ResolveError::Failed(failed)) => return HttpError::Dns(failed.to_string()),
        None => {}
    }

    if error.is_timeout() {
        return if error.is_connect() {
            HttpError::Connect("the connection timed out".to_owned())
        } else {
            HttpError::Timeout
        };
    }

    let message = root_cause(&error);
    if message.contains("certificate") || message.contains("handshake") {
        return HttpError::Tls(message);
    }
    if error.is_connect() {
        HttpError::Connect(message)
    } else {
        HttpError::Protocol(message)
    }
}

/// Returns the message of the innermost cause, such as "connection refused" instead of "error
/// sending request".
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
