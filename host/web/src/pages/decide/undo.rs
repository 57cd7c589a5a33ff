//! The button that takes back the change that a person has just made.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Form};
use job_scanner_store::{ChangeId, RecentSubject, Undone};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::author::{PAGE, author_of};
use crate::pages::decide::answer::Answer;
use crate::pages::decide::back::Back;
use crate::pages::error::PageError;
use crate::state::WebState;

/// The fields of the form.
#[derive(Debug, Deserialize)]
pub(crate) struct UndoForm {
    change: String,
    back: Back,
}

/// Restores the state before a change, unless another change has followed.
pub(crate) async fn undo(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    Form(form): Form<UndoForm>,
) -> Result<Response, PageError> {
    let unknown = || PageError::NotFound("This change is not stored any more.".to_owned());
    let id: ChangeId = form.change.parse().map_err(|_| unknown())?;
    let (store, now) = (state.store(), state.now());
    let change = store.recent_change(id).await?.ok_or_else(unknown)?;
    let undone = store
        .undo_change(id, &author_of(&visitor, PAGE), now)
        .await?;
    let undone = match undone.ok_or_else(unknown)? {
        Undone::Changed(undo) => Some(undo),
        Undone::Outdated => None,
    };

    match change.subject {
        RecentSubject::Vacancy { key, .. } => {
            let answer = Answer::new(&store, &form.back, &headers, now);
            answer.undone(&key, undone).await
        }
        RecentSubject::Company(_) => {
            let path = match undone {
                Some(_) => form.back.path(),
                None => form.back.outdated(),
            };
            Ok(Redirect::to(&path).into_response())
        }
    }
}
