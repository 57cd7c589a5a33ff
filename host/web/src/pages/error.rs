//! The answers to requests that cannot be fulfilled, as pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use job_scanner_core::causes::with_causes;
use job_scanner_store::StoreError;
use tracing::error;

use crate::pages::layout::{Layout, Section};

/// The reason why a page cannot be shown or a form cannot be fulfilled.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The address or the form names something that is not stored.
    #[error("{0}")]
    NotFound(String),
    /// The form has a value that is not valid. The text says what to write instead.
    #[error("{0}")]
    Invalid(String),
    /// The database failed.
    #[error("the database could not be used")]
    Store(#[from] StoreError),
    /// A template failed.
    #[error("the page could not be written")]
    Template(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    layout: Layout,
    title: &'static str,
    text: String,
    back: &'static str,
}

/// Renders a page.
pub(crate) fn html(template: &impl Template) -> Result<Response, PageError> {
    Ok(Html(template.render()?).into_response())
}

impl PageError {
    fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound(_) => (StatusCode::NOT_FOUND, "Not found"),
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, "Not stored"),
            Self::Store(_) | Self::Template(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "Something failed")
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title) = self.status();
        let text = match &self {
            Self::NotFound(text) | Self::Invalid(text) => text.clone(),
            // Details may name paths of the machine, so only the log has them.
            failure => {
                error!("could not answer a request: {}", with_causes(failure));
                format!("{failure}; the log of job-scanner says more")
            }
        };
        let page = ProblemPage {
            layout: Layout::within(Section::Matches),
            title,
            text,
            back: "/matches",
        };
        match page.render() {
            Ok(page) => (status, Html(page)).into_response(),
            Err(_) => status.into_response(),
        }
    }
}
