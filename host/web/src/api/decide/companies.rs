//! The companies whose jobs are hidden or snoozed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use job_scanner_core::decision::hidden_company_key;
use job_scanner_store::HiddenCompany;
use job_scanner_views::decisions::HiddenCompanyView;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::visitor::Visitor;
use crate::api::decide::decisions::read_note;
use crate::api::page::as_json;
use crate::api::problem::{ApiProblem, quoted};
use crate::author::{API, author_of};
use crate::state::WebState;

/// The maximum length of a company's name, in characters, which is that of stored names.
const MAX_NAME_CHARACTERS: usize = 200;

/// The form in which a company is hidden.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HideBody {
    /// The day (UTC) on which the snooze ends, such as `2027-01-31`; without one, the company is
    /// hidden permanently.
    until: Option<String>,
    /// A note, or none.
    note: Option<String>,
}

/// Lists the hidden and snoozed companies by name.
#[utoipa::path(
    get, path = "/api/v1/hidden-companies", tag = "decisions", operation_id = "listHiddenCompanies",
    responses((status = 200, description = "All hidden and snoozed companies", body = ref("#/components/schemas/HiddenCompanies"))),
)]
pub(crate) async fn list_hidden_companies(
    State(state): State<WebState>,
) -> Result<Response, ApiProblem> {
    let hidden = state.store().hidden_companies(state.now()).await?;
    let views: Vec<HiddenCompanyView<'_>> = hidden.iter().map(HiddenCompanyView::from).collect();
    as_json(&views)
}

/// Hides or snoozes a company, instead of what was decided about it before. The same again changes
/// nothing.
#[utoipa::path(
    put, path = "/api/v1/hidden-companies/{company}", tag = "decisions", operation_id = "hideCompany",
    params(("company" = String, Path, description = "The name of the company, percent-encoded")),
    request_body = Option<HideBody>,
    responses((status = 200, description = "The hidden company", body = ref("#/components/schemas/HiddenCompany"))),
)]
pub(crate) async fn hide_company(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(company): Path<String>,
    body: Option<Json<HideBody>>,
) -> Result<Response, ApiProblem> {
    let Json(body) = body.unwrap_or_default();
    let now = state.now();
    let hidden = HiddenCompany {
        company: read_name(&company)?,
        until: body
            .until
            .as_deref()
            .map(|day| read_day(day, now))
            .transpose()?,
        note: body.note.as_deref().map(read_note).transpose()?.flatten(),
        hidden_at: now,
    };

    // The same again would be recorded as a change.
    let store = state.store();
    let before = store.hidden_companies(now).await?;
    if let Some(before) = before.iter().find(|before| is_same(before, &hidden)) {
        return as_json(&HiddenCompanyView::from(before));
    }
    store
        .hide_company(&hidden, &author_of(&visitor, API))
        .await?;
    as_json(&HiddenCompanyView::from(&hidden))
}

fn is_same(one: &HiddenCompany, other: &HiddenCompany) -> bool {
    hidden_company_key(&one.company) == hidden_company_key(&other.company)
        && (one.until, &one.note) == (other.until, &other.note)
}

/// Shows a company again. If it was not hidden, this changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/hidden-companies/{company}", tag = "decisions", operation_id = "showCompany",
    params(("company" = String, Path, description = "The name of the company, percent-encoded")),
    responses((status = 204, description = "The company is not hidden")),
)]
pub(crate) async fn show_company(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(company): Path<String>,
) -> Result<Response, ApiProblem> {
    let company = read_name(&company)?;
    let (store, author) = (state.store(), author_of(&visitor, API));
    store.unhide_company(&company, &author, state.now()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read_name(text: &str) -> Result<String, ApiProblem> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_NAME_CHARACTERS {
        let limit = MAX_NAME_CHARACTERS;
        let wrong = format!("the name of the company has to have 1 to {limit} characters");
        return Err(ApiProblem::unprocessable(wrong));
    }
    Ok(text.to_owned())
}

fn read_day(text: &str, now: Timestamp) -> Result<Date, ApiProblem> {
    let wrong =
        |why: &str| ApiProblem::unprocessable(format!("`until` is {}; {why}", quoted(text)));
    let day: Date = text
        .parse()
        .map_err(|_| wrong("write a day, such as 2027-01-31"))?;
    let today = Offset::UTC.to_datetime(now).date();
    if day <= today {
        return Err(wrong(&format!("write a day after today, {today} (UTC)")));
    }
    Ok(day)
}
