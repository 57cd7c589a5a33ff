//! The addition of sources (`/sources/add`): addresses, then YAML, then a preview, then a file.
//!
//! Every step shows the same page, with what the person wrote still in it. Only the last step
//! changes something, and it redirects.

use std::path::Path;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use job_scanner_config::SourceConfig;
use job_scanner_core::quantity::counted;
use job_scanner_pipeline::ScanPipeline;
use job_scanner_views::cells::whole;
use serde::Deserialize;

use crate::access::visitor::Visitor;
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::link::with_query;
use crate::pages::sources::preview::{MAX_SOURCES, SourcePreview, preview};
use crate::state::WebState;

/// The maximum size of the form: some thousand addresses.
pub(crate) const MAX_FORM_BYTES: usize = 512 << 10;

/// The form of all steps.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AddForm {
    #[serde(default)]
    addresses: String,
    #[serde(default)]
    yaml: String,
    #[serde(default)]
    step: Step,
}

/// The button that was pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    #[default]
    Detect,
    Preview,
    Add,
}

#[derive(Template)]
#[template(path = "add_source.html")]
struct AddPage {
    layout: Layout,
    addresses: String,
    yaml: String,
    /// The result of the detection; empty in other steps.
    found: String,
    unrecognized: Vec<(String, String)>,
    /// The reasons why the YAML cannot be used, one a line; empty if it can.
    problem: String,
    previews: Vec<SourcePreview>,
    /// True if the page may write sources.
    may_write: bool,
}

/// Shows the empty form.
pub(crate) async fn form(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, PageError> {
    html(&AddPage::new(&state, AddForm::default(), &visitor))
}

/// Answers a step of the form.
pub(crate) async fn submit(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Form(form): Form<AddForm>,
) -> Result<Response, PageError> {
    let step = form.step;
    let mut page = AddPage::new(&state, form, &visitor);
    match step {
        Step::Detect => page.detect(&state),
        Step::Preview => page.preview(&state.pipeline()).await,
        Step::Add => {
            if let Some(added) = page.add(&state).await {
                let list = with_query("/sources", [("added", added.as_str())]);
                return Ok(Redirect::to(&list).into_response());
            }
        }
    }
    html(&page)
}

impl AddPage {
    fn new(state: &WebState, form: AddForm, visitor: &Visitor) -> Self {
        Self {
            layout: Layout::within(Section::Sources, visitor),
            addresses: form.addresses,
            yaml: form.yaml,
            found: String::new(),
            unrecognized: Vec::new(),
            problem: String::new(),
            previews: Vec::new(),
            may_write: state.settings().write_sources,
        }
    }

    /// Finds the sources for the addresses.
    fn detect(&mut self, state: &WebState) {
        if self.addresses.trim().is_empty() {
            self.problem = String::from("paste the address of a careers page or of a job");
            return;
        }
        let detected = state.new_sources().detect(&self.addresses);
        let shown = |(address, reason): (String, String)| (whole(&address), whole(&reason));
        self.unrecognized = detected.unrecognized.into_iter().map(shown).collect();
        self.yaml = detected.yaml;
        self.found = match detected.count {
            0 => "No source is known for this.".to_owned(),
            count => format!("Found {}.", counted(count as u64, "source", "sources")),
        };
    }

    /// Reads the first jobs of the sources in the YAML.
    async fn preview(&mut self, pipeline: &ScanPipeline) {
        match self.sources(pipeline) {
            Ok(sources) if sources.is_empty() => {
                self.problem = String::from("there are no sources; write at least one");
            }
            Ok(sources) if sources.len() > MAX_SOURCES => {
                self.problem = format!(
                    "a preview reads at most {MAX_SOURCES} boards; leave out some of the {}, and add them later",
                    sources.len()
                );
            }
            Ok(sources) => self.previews = preview(pipeline, sources).await,
            Err(problem) => self.problem = problem,
        }
    }

    /// Writes the sources. Returns their keys; `None` if that was not possible.
    async fn add(&mut self, state: &WebState) -> Option<String> {
        if !self.may_write {
            self.problem = String::from(
                "the page may not write sources: set `web.write_sources: true`, or copy the text into the configuration",
            );
            return None;
        }
        match state.new_sources().add(self.yaml.clone()).await {
            Ok(added) => {
                // The sources are due when the configuration is read again, so they are scanned at
                // once.
                state.actions().reload();
                let keys: Vec<String> = added.keys.iter().map(ToString::to_string).collect();
                Some(keys.join(", "))
            }
            Err(problem) => {
                self.problem = problem;
                None
            }
        }
    }

    /// Reads the YAML as the configuration would.
    fn sources(&self, pipeline: &ScanPipeline) -> Result<Vec<SourceConfig>, String> {
        let config = &pipeline.context().scanner.config;
        let sources = config.parse_sources(Path::new("the text"), &self.yaml);
        sources.map_err(|errors| errors.to_string())
    }
}
