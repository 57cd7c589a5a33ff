//! The page about one job: what it is, why it matches, and everything that has happened to it.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan as _};
use job_scanner_core::decision::Decision;
use job_scanner_core::escape::Printable;
use job_scanner_core::job::ShownCompany;
use job_scanner_core::key::JobKey;
use job_scanner_core::matching::QueryMatcher;
use job_scanner_store::{JobHistory, ListedJob};
use job_scanner_views::job_history;
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::pages::decide::answer::unknown_job;
use crate::pages::decide::banner::{Banner, Changed};
use crate::pages::decide::company::MAX_NAME;
use crate::pages::error::{PageError, html};
use crate::pages::job::explained::ExplainedProfile;
use crate::pages::job::fields::fields;
use crate::pages::job::history::{SHOWN_POSTINGS, ShownPosting, ShownVersion, postings, versions};
use crate::pages::layout::{Layout, Section};
use crate::pages::link;
use crate::pages::matches::card::{Card, start};
use crate::state::WebState;

/// The longest address that is shown when it is not one of the web, in characters.
const ADDRESS: usize = 200;

/// The longest description that is shown, in characters. Normalization stores shorter ones.
const DESCRIPTION: usize = 200_000;

/// The longest tag of a language.
const LANGUAGE: usize = 35;

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage {
    layout: Layout,
    job: Card,
    /// The address, if it is not one of the web.
    address: String,
    apply_link: Option<String>,
    banner: Option<Banner>,
    /// The decision that a link in a message asks to confirm.
    confirm: Option<Decision>,
    /// The decision in words.
    decided: Option<String>,
    /// The reason why nothing is sent about it.
    silence: Option<String>,
    /// The address of this page, for forms.
    back: String,
    /// The last change of the decision; empty if there was none.
    seen: String,
    /// The decision of another person that a note would have overwritten.
    conflict: Option<String>,
    /// The decision; `None` if nothing is decided.
    current: Option<Decision>,
    note: String,
    profiles: Vec<ExplainedProfile>,
    fields: Vec<(String, String)>,
    description: Option<String>,
    language: Option<String>,
    times: Vec<String>,
    versions: Vec<ShownVersion>,
    postings: Vec<ShownPosting>,
    more_postings: usize,
    alerts: Vec<String>,
    decision_lines: Vec<String>,
    /// The company as forms send it; `None` if its name is too long to be hidden.
    company: Option<String>,
    /// The first day on which a snooze can end.
    tomorrow: String,
}

/// The parameters of the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JobQuery {
    key: String,
    changed: String,
    outdated: String,
    /// The decision that a link in a message asks to confirm.
    mark: String,
}

/// Shows the page.
pub(crate) async fn show(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Query(query): Query<JobQuery>,
) -> Result<Response, PageError> {
    let wrong = |error| PageError::Invalid(format!("{error}"));
    let key: JobKey = query.key.parse().map_err(wrong)?;
    let mut page = page(&state, &key, &visitor).await?;
    let store = state.store();
    let changed = Changed::read(&store, query.changed.parse().ok(), &query.outdated).await?;
    page.banner = changed.banner();
    page.confirm = query.mark.parse().ok();
    html(&page)
}

/// Shows the page with a note that could not be stored, since another one was stored before.
pub(crate) async fn page_with_note(
    state: &WebState,
    key: &JobKey,
    note: String,
    visitor: &Visitor,
) -> Result<Response, PageError> {
    let mut page = page(state, key, visitor).await?;
    let now = page
        .decided
        .as_deref()
        .unwrap_or("The decision was taken back.");
    page.conflict = Some(format!("The job was decided about in the meantime. {now}"));
    page.note = note;
    html(&page)
}

async fn page(state: &WebState, key: &JobKey, visitor: &Visitor) -> Result<JobPage, PageError> {
    let pipeline = state.pipeline();
    let context = pipeline.context();
    let (store, now) = (&context.store, state.now());
    // Read before the history: a change between the two makes a note look outdated, never current.
    let found = store.job_with_id(key, now).await?;
    let (id, listed) = found.ok_or_else(|| unknown_job(key))?;
    let seen = store.last_decision_change(listed.cluster).await?;
    let history = store
        .job_history(key, now)
        .await?
        .ok_or_else(|| unknown_job(key))?;

    let profiles = explained(&context.scanner.matcher, &history.job, now);
    let card = Card::new(id.into(), &history.job, None, now);
    let seen = seen.map_or_else(String::new, |change| change.to_string());
    let layout = Layout::within(Section::Matches, visitor);
    Ok(JobPage::new(layout, card, &history, profiles, seen, now))
}

/// Explains all profiles of the configuration. Those that match come first.
fn explained(matcher: &QueryMatcher, listed: &ListedJob, now: Timestamp) -> Vec<ExplainedProfile> {
    let explanations = matcher.explain(&listed.matched(now));
    let profiles = explanations.iter().map(ExplainedProfile::from);
    let mut profiles: Vec<ExplainedProfile> = profiles.collect();
    profiles.sort_by_key(|profile| !profile.is_open);

    // With a single profile there is nothing to choose.
    if let [only] = &mut profiles[..] {
        only.is_open = true;
    }
    profiles
}

impl JobPage {
    fn new(
        layout: Layout,
        card: Card,
        history: &JobHistory,
        profiles: Vec<ExplainedProfile>,
        seen: String,
        now: Timestamp,
    ) -> Self {
        let listed = &history.job;
        let job = &listed.job;
        let decision = listed.decision.as_ref();
        let company = ShownCompany::of(job.company.as_deref(), &listed.source_name);
        Self {
            layout,
            address: start(&job.url, ADDRESS),
            apply_link: job.apply_url.as_deref().and_then(link::to_board),
            banner: None,
            confirm: None,
            decided: decided(listed),
            silence: silence(listed),
            back: link::job_page(&listed.key),
            seen,
            conflict: None,
            current: decision.map(|it| it.decision),
            note: decision.and_then(|it| it.note.clone()).unwrap_or_default(),
            profiles,
            fields: fields(listed),
            description: job.description.as_deref().map(printable_lines),
            language: job.language.clone().filter(|tag| tag.len() <= LANGUAGE),
            times: job_history::times(history),
            versions: versions(history),
            postings: postings(history),
            more_postings: history.postings.len().saturating_sub(SHOWN_POSTINGS),
            alerts: history.alerts.iter().map(job_history::alert).collect(),
            decision_lines: history
                .decisions
                .iter()
                .map(job_history::decision)
                .collect(),
            company: (company.name.chars().count() <= MAX_NAME).then(|| company.name.to_owned()),
            tomorrow: tomorrow(now),
            job: card,
        }
    }
}

/// Returns text such as `You applied on 2026-11-30.`
fn decided(listed: &ListedJob) -> Option<String> {
    let decision = listed.decision.as_ref()?;
    let day = decision.decided_at.strftime("%Y-%m-%d");
    Some(format!("{} on {day}.", decision.decision.describe()))
}

fn silence(listed: &ListedJob) -> Option<String> {
    let reason = listed.silence?;
    Some(format!("Nothing is sent about it: {}.", reason.describe()))
}

/// Returns the beginning of a text in lines, without characters that reorder or hide others.
fn printable_lines(text: &str) -> String {
    let shown: String = text.chars().take(DESCRIPTION).collect();
    let lines: Vec<String> = shown
        .lines()
        .map(|line| Printable(line).to_string())
        .collect();
    lines.join("\n")
}

fn tomorrow(now: Timestamp) -> String {
    let today = Offset::UTC.to_datetime(now).date();
    today.saturating_add(1.day()).to_string()
}
