//! The buttons that mark a job, and that take a mark back.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Form};
use job_scanner_store::{DecisionForm, NoteUpdate, Seen};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::author::{PAGE, author_of};
use crate::pages::decide::answer::{Answer, unknown_job};
use crate::pages::decide::back::Back;
use crate::pages::error::PageError;
use crate::pages::matches::card::{MarkedAs, read_mark};
use crate::state::WebState;

/// The fields of the form.
#[derive(Debug, Deserialize)]
pub(crate) struct MarkForm {
    /// The decision and the job, as the buttons of a card have them.
    mark: String,
    back: Back,
}

/// Marks a job. Its note stays.
pub(crate) async fn mark(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Form(form): Form<MarkForm>,
) -> Result<Response, PageError> {
    let (marked, key) = read_mark(&form.mark).ok_or_else(|| {
        let wrong =
            "The form has no decision and no job that could be read. Go back and reload the page.";
        PageError::Invalid(wrong.to_owned())
    })?;
    let (decision, seen) = match marked {
        MarkedAs::Decided(decision) => (Some(decision), Seen::Any),
        MarkedAs::TakenBack(seen) => (None, Seen::Decision(Some(seen))),
    };
    let change = DecisionForm {
        decision,
        note: NoteUpdate::Keep,
        seen,
    };

    let (store, now) = (state.store(), state.now());
    let decided = store
        .decide(&key, &change, &author_of(&visitor, PAGE), now)
        .await?;
    let decided = decided.ok_or_else(|| unknown_job(&key))?;
    let answer = Answer::new(&store, &form.back, &headers, now);
    answer.decided(&key, decided).await
}
