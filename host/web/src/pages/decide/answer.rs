//! The answers to forms: a redirect, or the card of the job.

use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::Timestamp;
use job_scanner_core::key::JobKey;
use job_scanner_store::{ChangeId, DecisionOutcome, Store};

use crate::pages::decide::back::Back;
use crate::pages::error::{PageError, html};
use crate::pages::matches::CardFragment;
use crate::pages::matches::card::Card;

/// The header with which the script asks for a card.
const CARD_HEADER: &str = "x-card";

/// The message of a card that shows another decision than the person saw.
const OUTDATED: &str = "Nothing was changed: the job was decided about in the meantime.";

/// The form of the answer.
pub(super) struct Answer<'a> {
    pub(super) store: &'a Store,
    pub(super) back: &'a Back,
    pub(super) wants_card: bool,
    pub(super) now: Timestamp,
}

impl<'a> Answer<'a> {
    pub(super) fn new(
        store: &'a Store,
        back: &'a Back,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Self {
        Self {
            store,
            back,
            wants_card: headers.contains_key(CARD_HEADER),
            now,
        }
    }

    /// Answers a form that decides about a job.
    pub(super) async fn decided(
        &self,
        key: &JobKey,
        decided: DecisionOutcome,
    ) -> Result<Response, PageError> {
        if !self.wants_card {
            let path = match decided {
                DecisionOutcome::Changed(change) => self.back.after_change(change),
                DecisionOutcome::Unchanged => self.back.path(),
                DecisionOutcome::Outdated => self.back.outdated(),
            };
            return Ok(Redirect::to(&path).into_response());
        }

        let mut card = self.card(key).await?;
        match decided {
            DecisionOutcome::Changed(change) => card = card.changed(change),
            DecisionOutcome::Unchanged => {}
            DecisionOutcome::Outdated => card.message = Some(OUTDATED),
        }
        html(&CardFragment { card })
    }

    /// Answers an undo of a decision about a job; `None` if it was refused.
    pub(super) async fn undone(
        &self,
        key: &JobKey,
        change: Option<ChangeId>,
    ) -> Result<Response, PageError> {
        let mut card = self.card(key).await?;
        if self.wants_card {
            card.message = change.is_none().then_some(OUTDATED);
            return html(&CardFragment { card });
        }
        let path = match change {
            Some(_) => self.back.at_card(card.id),
            None => self.back.outdated(),
        };
        Ok(Redirect::to(&path).into_response())
    }

    async fn card(&self, key: &JobKey) -> Result<Card, PageError> {
        let found = self.store.job_with_id(key, self.now).await?;
        let (id, listed) = found.ok_or_else(|| unknown_job(key))?;
        Ok(Card::new(id.into(), &listed, None, self.now))
    }
}

/// Returns the error for a job that is not stored.
pub(crate) fn unknown_job(key: &JobKey) -> PageError {
    PageError::NotFound(format!(
        "The job {key} is not stored. It may have been deleted."
    ))
}
