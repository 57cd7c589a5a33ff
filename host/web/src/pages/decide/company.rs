//! The forms that hide a company, snooze it, and show it again.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::{Extension, Form};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use job_scanner_core::decision::hidden_company_key;
use job_scanner_store::{HiddenCompany, Store};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::author::{PAGE, author_of};
use crate::pages::decide::back::Back;
use crate::pages::error::PageError;
use crate::state::WebState;

/// The longest name of a company, in characters, as on the command line.
pub(crate) const MAX_NAME: usize = 200;

/// The fields of both forms.
#[derive(Debug, Deserialize)]
pub(crate) struct CompanyForm {
    company: String,
    /// The day on which the snooze ends; empty to hide the company permanently.
    #[serde(default)]
    until: String,
    back: Back,
}

/// Hides a company.
pub(crate) async fn hide_company(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<CompanyForm>,
) -> Result<Response, PageError> {
    let (store, now) = (state.store(), state.now());
    let hidden = HiddenCompany {
        company: form.name()?,
        until: form.until(now)?,
        note: None,
        hidden_at: now,
    };
    store
        .hide_company(&hidden, &author_of(&visitor, PAGE))
        .await?;
    redirect(&store, &form).await
}

/// Shows a company again.
pub(crate) async fn show_company(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<CompanyForm>,
) -> Result<Response, PageError> {
    let (store, now) = (state.store(), state.now());
    store
        .unhide_company(&form.name()?, &author_of(&visitor, PAGE), now)
        .await?;
    redirect(&store, &form).await
}

async fn redirect(store: &Store, form: &CompanyForm) -> Result<Response, PageError> {
    let key = hidden_company_key(&form.company);
    let path = match store.last_company_change(&key).await? {
        Some(change) => form.back.after_change(change),
        None => form.back.path(),
    };
    Ok(Redirect::to(&path).into_response())
}

impl CompanyForm {
    fn name(&self) -> Result<String, PageError> {
        let name = self.company.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME {
            let wrong = format!("Write the name of a company, with at most {MAX_NAME} characters.");
            return Err(PageError::Invalid(wrong));
        }
        Ok(name.to_owned())
    }

    fn until(&self, now: Timestamp) -> Result<Option<Date>, PageError> {
        if self.until.is_empty() {
            return Ok(None);
        }
        let day = self.until.parse().ok();
        let today = Offset::UTC.to_datetime(now).date();
        let later = day.filter(|day| *day > today);
        let wrong = || {
            let wrong =
                format!("Choose a day after today, {today} (UTC), on which the snooze ends.");
            PageError::Invalid(wrong)
        };
        later.map(Some).ok_or_else(wrong)
    }
}
