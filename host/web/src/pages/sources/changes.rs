//! The forms of the list of sources: scan now, stop, pause and resume.
//!
//! Each form changes something and redirects to the list, so that a reload does not repeat it.

use axum::Form;
use axum::extract::State;
use axum::response::Redirect;
use job_scanner_config::SourceConfig;
use job_scanner_core::escape::Printable;
use job_scanner_core::key::SourceKey;
use job_scanner_pipeline::ScanPipeline;
use serde::Deserialize;
use tracing::info;

use crate::actions::RequestedScan;
use crate::pages::error::PageError;
use crate::pages::link::with_query;
use crate::pages::sources::row::anchor;
use crate::state::WebState;

/// The fields of all forms of the list.
#[derive(Debug, Deserialize)]
pub(crate) struct SourceForm {
    /// The key of the source; missing for all sources.
    source: Option<String>,
    /// The filter of the list that the form is on.
    #[serde(default)]
    show: String,
    /// The search of the list that the form is on.
    #[serde(default)]
    q: String,
}

/// Requests a scan of one source, or of all.
pub(crate) async fn scan(
    State(state): State<WebState>,
    Form(form): Form<SourceForm>,
) -> Result<Redirect, PageError> {
    let scan = match form.source.as_deref() {
        None => RequestedScan::All,
        Some(named) => {
            let pipeline = state.pipeline();
            let source = configured(&pipeline, named)?;
            RequestedScan::Only([source.key.clone()].into())
        }
    };
    state.actions().request(scan);
    Ok(form.back())
}

/// Stops the current run.
pub(crate) async fn stop(State(state): State<WebState>, Form(form): Form<SourceForm>) -> Redirect {
    state.actions().stop_run();
    form.back()
}

/// Pauses a source.
pub(crate) async fn pause(
    State(state): State<WebState>,
    Form(form): Form<SourceForm>,
) -> Result<Redirect, PageError> {
    let pipeline = state.pipeline();
    let source = configured(&pipeline, form.named()?)?;
    let store = &pipeline.context().store;
    store
        .pause_source(&source.key, &source.name, state.now())
        .await?;
    info!(event = "source.paused", source.key = %source.key, "`{}` is paused", source.key);
    state.actions().reschedule();
    Ok(form.back())
}

/// Ends the pause of a source.
pub(crate) async fn resume(
    State(state): State<WebState>,
    Form(form): Form<SourceForm>,
) -> Result<Redirect, PageError> {
    let key = parse_key(form.named()?)?;
    if state.store().resume_source(&key).await? {
        info!(event = "source.resumed", source.key = %key, "`{key}` is scanned again");
    }
    // A source that is due now should not wait for the next look at the schedule.
    state.actions().reschedule();
    Ok(form.back())
}

impl SourceForm {
    fn named(&self) -> Result<&str, PageError> {
        let missing = || PageError::Invalid("the form names no source".to_owned());
        self.source.as_deref().ok_or_else(missing)
    }

    /// Returns the redirect to the row of the source in the same list.
    fn back(&self) -> Redirect {
        let list = with_query(
            "/sources",
            [("show", self.show.as_str()), ("q", self.q.as_str())],
        );
        match &self.source {
            Some(key) => Redirect::to(&format!("{list}#{}", anchor(key))),
            None => Redirect::to(&list),
        }
    }
}

/// Returns the source of the configuration with this key.
fn configured<'p>(pipeline: &'p ScanPipeline, named: &str) -> Result<&'p SourceConfig, PageError> {
    let key = parse_key(named)?;
    let mut sources = pipeline.context().scanner.config.sources.iter();
    let found = sources.find(|source| source.key == key);
    found.ok_or_else(|| {
        let text = format!("the configuration has no source `{key}`; reload the list of sources");
        PageError::NotFound(text)
    })
}

fn parse_key(named: &str) -> Result<SourceKey, PageError> {
    named.parse().map_err(|_| {
        let text = format!("`{}` is not the key of a source", Printable(named));
        PageError::Invalid(text)
    })
}
