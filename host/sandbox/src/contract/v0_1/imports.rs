//! The host functions that a guest can call: requests and log lines.

use tracing::Level;

use crate::contract::v0_1::bindings::job_scanner::source::{http, log, types};
use crate::http::{HttpError, HttpRequest};
use crate::scan::store_state::ScanState;

impl types::Host for ScanState {}

impl http::Host for ScanState {
    async fn send(
        &mut self,
        request: http::Request,
    ) -> wasmtime::Result<Result<http::Response, http::HttpError>> {
        let Some(session) = &self.http else {
            return Ok(Err(no_requests_yet()));
        };

        let response = self
            .cpu
            .measured_request(session.send(request.into()))
            .await;
        Ok(response
            .map(http::Response::from)
            .map_err(http::HttpError::from))
    }

    async fn send_all(
        &mut self,
        requests: Vec<http::Request>,
    ) -> wasmtime::Result<Vec<Result<http::Response, http::HttpError>>> {
        let Some(session) = &self.http else {
            return Ok(requests.iter().map(|_| Err(no_requests_yet())).collect());
        };

        let requests = requests.into_iter().map(HttpRequest::from).collect();
        let responses = self.cpu.measured_request(session.send_all(requests)).await;

        Ok(responses
            .into_iter()
            .map(|response| response.map(Into::into).map_err(Into::into))
            .collect())
    }
}

impl log::Host for ScanState {
    async fn log(&mut self, level: log::Level, message: String) -> wasmtime::Result<()> {
        let level = match level {
            log::Level::Debug => Level::DEBUG,
            log::Level::Info => Level::INFO,
            log::Level::Warn => Level::WARN,
            log::Level::Error => Level::ERROR,
        };

        self.log.line(level, &message);
        Ok(())
    }
}

/// `describe` runs before anything is granted.
fn no_requests_yet() -> http::HttpError {
    http::HttpError::Denied("`describe` may make no requests".to_owned())
}

impl From<HttpError> for http::HttpError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Denied(message) => Self::Denied(message),
            HttpError::InvalidRequest(message) => Self::InvalidRequest(message),
            HttpError::Dns(message) => Self::Dns(message),
            HttpError::Connect(message) => Self::Connect(message),
            HttpError::Tls(message) => Self::Tls(message),
            HttpError::Timeout => Self::Timeout,
            HttpError::TooLarge(limit) => Self::TooLarge(limit),
            HttpError::TooManyRequests(limit) => Self::TooManyRequests(limit),
            HttpError::Protocol(message) => Self::Protocol(message),
        }
    }
}
