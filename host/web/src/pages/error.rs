//! The answers to requests that cannot be fulfilled, as pages.
//!
//! A handler returns a [`PageError`]. Its page is written by [`as_page`], which knows the visitor.

use askama::Template;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use job_scanner_core::causes::with_causes;
use job_scanner_store::StoreError;
use tracing::error;

use crate::access::visitor::Visitor;
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

/// The words of a problem, on their way from a handler to its page.
#[derive(Debug, Clone)]
struct ProblemText {
    title: &'static str,
    text: String,
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
        let mut response = status.into_response();
        response
            .extensions_mut()
            .insert(ProblemText { title, text });
        response
    }
}

/// Writes the page of a problem that the handler has found.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let mut response = next.run(request).await;
    let Some(ProblemText { title, text }) = response.extensions_mut().remove() else {
        return response;
    };

    let visitor = visitor.unwrap_or(Visitor::Stranger);
    let page = ProblemPage {
        layout: Layout::within(Section::Matches, &visitor),
        title,
        text,
        back: "/matches",
    };
    let status = response.status();
    match page.render() {
        Ok(page) => (status, Html(page)).into_response(),
        Err(_) => status.into_response(),
    }
}
