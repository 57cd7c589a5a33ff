//! The note about a job. It is stored only if the decision is as the person saw it, so that of two
//! people who write at once neither loses a text.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Form};
use job_scanner_core::decision::Decision;
use job_scanner_core::key::JobKey;
use job_scanner_store::{ChangeId, DecisionForm, DecisionOutcome, NoteUpdate, Seen};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::author::{PAGE, author_of};
use crate::pages::decide::answer::unknown_job;
use crate::pages::decide::back::Back;
use crate::pages::error::PageError;
use crate::pages::job::page_with_note;
use crate::pages::link::job_page;
use crate::state::WebState;

/// The longest note, in characters, as on the command line.
const MAX_NOTE: usize = 2_000;

/// The fields of the form.
#[derive(Debug, Deserialize)]
pub(crate) struct NoteForm {
    key: String,
    decision: String,
    note: String,
    /// The last change that the person saw; empty if there was none.
    seen: String,
}

/// Stores the decision and the note.
pub(crate) async fn note(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<NoteForm>,
) -> Result<Response, PageError> {
    let key: JobKey = form
        .key
        .parse()
        .map_err(|error| PageError::Invalid(format!("{error}")))?;
    let (decision, seen) = (form.decision()?, form.seen()?);
    let change = DecisionForm {
        decision: Some(decision),
        note: NoteUpdate::Replace(form.note()?),
        seen: Seen::LastChange(seen),
    };

    let decided = state
        .store()
        .decide(&key, &change, &author_of(&visitor, PAGE), state.now())
        .await?;
    let back = Back::from(job_page(&key));
    match decided.ok_or_else(|| unknown_job(&key))? {
        DecisionOutcome::Changed(change) => {
            Ok(Redirect::to(&back.after_change(change)).into_response())
        }
        DecisionOutcome::Unchanged => Ok(Redirect::to(&back.path()).into_response()),
        DecisionOutcome::Outdated => {
            let page = page_with_note(&state, &key, form.note, &visitor).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

impl NoteForm {
    fn decision(&self) -> Result<Decision, PageError> {
        let wrong = |_| PageError::Invalid("Choose a decision for the note.".to_owned());
        self.decision.parse().map_err(wrong)
    }

    fn seen(&self) -> Result<Option<ChangeId>, PageError> {
        if self.seen.is_empty() {
            return Ok(None);
        }
        let wrong = |_| PageError::Invalid("Reload the page, and write the note again.".to_owned());
        self.seen.parse().map(Some).map_err(wrong)
    }

    /// Returns the note without white space around it; `None` if it is empty. Browsers send line
    /// breaks as two characters.
    fn note(&self) -> Result<Option<String>, PageError> {
        let note = self.note.replace("\r\n", "\n");
        let note = note.trim();
        if note.chars().count() > MAX_NOTE {
            let wrong = format!("The note is too long: write at most {MAX_NOTE} characters.");
            return Err(PageError::Invalid(wrong));
        }
        Ok((!note.is_empty()).then(|| note.to_owned()))
    }
}
