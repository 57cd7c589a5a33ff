//! The deliveries (`/deliveries`): messages that wait, failed or may have arrived, and what a
//! person does with them.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use jiff::Timestamp;
use job_scanner_core::quantity::counted;
use job_scanner_store::{DeliverySummary, OperationResult};
use job_scanner_views::cells::{minute, whole};
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::author::{PAGE, author_of};
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::link::with_query;
use crate::pages::times::{ago, ahead};
use crate::state::WebState;

/// The number of deliveries on the page.
const SHOWN: u32 = 100;

/// The parameters of the page.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct DeliveriesQuery {
    /// `all`, or empty for those that were not sent.
    #[serde(default)]
    show: String,
    /// The word of the result of the last form.
    result: Option<String>,
}

/// The fields of the forms.
#[derive(Debug, Deserialize)]
pub(crate) struct DeliveryForm {
    delivery: i64,
    #[serde(default)]
    show: String,
}

#[derive(Template)]
#[template(path = "deliveries.html")]
struct DeliveriesPage {
    layout: Layout,
    show: String,
    shows_all: bool,
    rows: Vec<DeliveryRow>,
    /// The result of the last form, in words.
    result: Option<&'static str>,
    is_full: bool,
}

struct DeliveryRow {
    id: i64,
    recipient: String,
    content: String,
    state: &'static str,
    tone: &'static str,
    advice: &'static str,
    created: String,
    created_at: String,
    /// The next attempt, or the time of sending, in words.
    time: Option<String>,
    error: Option<String>,
    attempts: String,
    can_change: bool,
}

/// Shows the deliveries that were not sent, or the latest ones.
pub(crate) async fn deliveries(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Response, PageError> {
    let shows_all = query.show == "all";
    let store = state.store();
    let found = if shows_all {
        store.recent_deliveries(SHOWN).await?
    } else {
        store.open_deliveries(SHOWN).await?
    };

    let now = state.now();
    html(&DeliveriesPage {
        layout: Layout::entry(Section::Deliveries, &visitor),
        rows: found.iter().map(|it| DeliveryRow::new(it, now)).collect(),
        is_full: found.len() == SHOWN as usize,
        result: query.result.as_deref().and_then(result_in_words),
        show: query.show,
        shows_all,
    })
}

/// Makes a delivery due now.
pub(crate) async fn retry(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<DeliveryForm>,
) -> Result<Response, PageError> {
    let store = state.store();
    let result = store
        .retry_delivery(
            form.delivery.into(),
            &author_of(&visitor, PAGE),
            state.now(),
        )
        .await?;
    // The delivery is due now, which the schedule has to learn.
    state.actions().reschedule();
    Ok(form.back(result))
}

/// Ends a delivery without sending it.
pub(crate) async fn drop_delivery(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<DeliveryForm>,
) -> Result<Response, PageError> {
    let store = state.store();
    let result = store
        .drop_delivery(
            form.delivery.into(),
            "on the page",
            &author_of(&visitor, PAGE),
            state.now(),
        )
        .await?;
    Ok(form.back(result))
}

impl DeliveryForm {
    fn back(&self, result: OperationResult) -> Response {
        let parameters = [("show", self.show.as_str()), ("result", result.as_str())];
        Redirect::to(&with_query("/deliveries", parameters)).into_response()
    }
}

/// Describes the result of a form; `None` for a word that is not one.
fn result_in_words(word: &str) -> Option<&'static str> {
    Some(match word.parse().ok()? {
        OperationResult::Done => "Done.",
        OperationResult::Unknown => "This delivery is not stored any more.",
        OperationResult::Leased => "It is being sent at this moment, so nothing was changed.",
        OperationResult::Sent => "It was sent in the meantime, so nothing was changed.",
        OperationResult::Ended => "It had ended before, so nothing was changed.",
        OperationResult::Empty => "Its jobs were deleted, so there is nothing to send.",
    })
}

impl DeliveryRow {
    fn new(delivery: &DeliverySummary, now: Timestamp) -> Self {
        let (state, tone, advice) = described(&delivery.state);
        let next = delivery.next_attempt_at;
        let next = next.map(|at| format!("next attempt {}", ahead(at, now)));
        let sent = delivery.sent_at.map(|at| format!("sent {}", ago(at, now)));
        Self {
            id: delivery.id.into(),
            recipient: whole(&format!("{} {}", delivery.channel, delivery.recipient)),
            content: match delivery.alerts {
                0 => "health of sources".to_owned(),
                alerts => counted(alerts, "job", "jobs"),
            },
            state,
            tone,
            advice,
            created: ago(delivery.created_at, now),
            created_at: minute(delivery.created_at),
            time: sent.or(next),
            error: delivery.last_error.as_deref().map(whole),
            attempts: counted(u64::from(delivery.attempts), "attempt", "attempts"),
            can_change: matches!(
                delivery.state.as_str(),
                "pending" | "uncertain" | "abandoned"
            ),
        }
    }
}

/// Returns the name of a state, its class and what it means. A state of a newer version has no
/// meaning here.
fn described(state: &str) -> (&'static str, &'static str, &'static str) {
    match state {
        "pending" | "retried" => ("waiting", "quiet", ""),
        "sent" => ("sent", "good", ""),
        "uncertain" => (
            "uncertain",
            "bad",
            "The message was handed over, and no answer came. It may have arrived. A retry sends it again under the same id.",
        ),
        "abandoned" => (
            "failed",
            "bad",
            "It was tried for too long and given up. Correct the cause, then retry.",
        ),
        "skipped" => ("not sent", "quiet", ""),
        "dropped" => ("dropped", "quiet", ""),
        "moved" => (
            "moved",
            "quiet",
            "Its content goes through another channel.",
        ),
        _ => ("other", "quiet", ""),
    }
}
