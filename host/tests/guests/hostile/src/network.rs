//! Crimes that need a server.

use job_scanner_sdk::{Outcome, Request, SourceError};

use crate::honest;

/// The server never answers, so this returns only if somebody gives up.
pub(crate) fn hang(url: String) -> Result<Outcome, SourceError> {
    let response = Request::get(url).send()?.ok()?;
    Ok(honest::titled(response.status.to_string()))
}

/// Tells the test what a guest gets to see.
pub(crate) fn fetch(url: String) -> Outcome {
    honest::titled(match Request::get(url).send() {
        Ok(response) => response.status.to_string(),
        Err(error) => format!("{error:?}"),
    })
}
