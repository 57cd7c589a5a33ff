//! The stored jobs, newest first: all of them, or those that a filter lets pass.

use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::Response;
use jiff::Timestamp;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{Profile, QueryMatcher};
use job_scanner_core::quantity::parse_duration;
use job_scanner_core::query::Query as SearchQuery;
use job_scanner_store::{JobFilter, JobId, ListedJob, Store};
use job_scanner_views::jobs::JobView;
use serde::Deserialize;

use crate::api::page::{PageRange, page, range};
use crate::api::problem::{ApiProblem, quoted};
use crate::api::profiles::check_profile;
use crate::state::WebState;

/// The number of jobs that one request examines at most. A search that finds little then returns a
/// short page, which links to the next one.
const MAX_EXAMINED: u32 = 2_000;

/// The number of jobs that one statement of a search reads.
const PER_STATEMENT: u32 = 200;

/// The least number that is read at once: of a short page, hidden jobs may be left out.
const MIN_PER_STATEMENT: u32 = 50;

/// The filter of a list of jobs.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobParams {
    /// The cursor of the link `next` of the page before.
    pub(crate) after: Option<String>,
    /// The maximum number of jobs, from 1 to 200; 50 by default. A page of a search may have fewer
    /// and still have a next page.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// Only jobs that match this profile.
    pub(crate) profile: Option<String>,
    /// Only jobs of this source, such as `greenhouse/acme`.
    pub(crate) source: Option<String>,
    /// `open` (by default), `closed` or `all`. With `decision`, it is `all` by default.
    pub(crate) state: Option<String>,
    /// Only jobs with this decision, such as `applied`.
    pub(crate) decision: Option<String>,
    /// Only jobs first seen within this time, such as `7d`.
    pub(crate) since: Option<String>,
    /// Only jobs that this query matches, in the language of `jobs --query`.
    pub(crate) query: Option<String>,
    /// True to include hidden jobs, and those of hidden and snoozed companies.
    pub(crate) hidden: Option<bool>,
}

/// The jobs that a request asks for.
pub(crate) struct SelectedJobs {
    filter: JobFilter,
    search: Option<QueryMatcher>,
    hidden: bool,
    now: Timestamp,
}

/// A part of the selected jobs.
pub(crate) struct JobsPart {
    pub(crate) jobs: Vec<ListedJob>,
    /// The cursor of the next part; `None` at the end.
    pub(crate) next: Option<JobId>,
}

/// Lists the stored jobs, newest first.
#[utoipa::path(
    get, path = "/api/v1/jobs", tag = "jobs", operation_id = "listJobs", params(JobParams),
    responses((status = 200, description = "A page of jobs", body = ref("#/components/schemas/Jobs"))),
)]
pub(crate) async fn list_jobs(
    State(state): State<WebState>,
    uri: Uri,
    Query(params): Query<JobParams>,
) -> Result<Response, ApiProblem> {
    let range = range(params.after.as_deref(), params.limit)?;
    let selected = SelectedJobs::read(&state, &params)?;
    let JobsPart { jobs, next } = selected.part(&state.store(), range).await?;
    let views: Vec<JobView<'_>> = jobs.iter().map(JobView::from).collect();
    page(&uri, &views, next.map(|id| id.to_string()))
}

impl SelectedJobs {
    /// Reads the filter of a request.
    pub(crate) fn read(state: &WebState, params: &JobParams) -> Result<Self, ApiProblem> {
        let now = state.now();
        if let Some(profile) = &params.profile {
            check_profile(state, profile)?;
        }
        let decision = params.decision.as_deref().map(|word| {
            let wrong = |_| {
                let word = quoted(word);
                let known = "interested, applied, interview, offer, rejected or hidden";
                ApiProblem::bad_request(format!("`decision` is {word}; write {known}"))
            };
            word.parse().map_err(wrong)
        });
        let decision = decision.transpose()?;
        let source = params.source.as_deref().map(read_source).transpose()?;
        let since = params.since.as_deref().map(|text| since(text, now));
        let filter = JobFilter {
            source,
            profile: params.profile.clone(),
            first_seen_from: since.transpose()?,
            closed: closed(params.state.as_deref(), decision.is_some())?,
            decision,
            now,
            ..JobFilter::default()
        };
        Ok(Self {
            hidden: params.hidden.unwrap_or(decision.is_some()),
            search: params.query.as_deref().map(search).transpose()?,
            filter,
            now,
        })
    }

    /// Restricts the jobs to those that match a profile.
    pub(crate) fn only_matching(mut self) -> Self {
        self.filter.matching = true;
        self
    }

    /// Reads jobs until there are enough, or until too many were examined.
    pub(crate) async fn part(
        &self,
        store: &Store,
        range: PageRange<JobId>,
    ) -> Result<JobsPart, ApiProblem> {
        let limit = range.limit as usize;
        let per_statement = self.per_statement(range.limit);
        let (mut jobs, mut after, mut examined) = (Vec::new(), range.after, 0);
        while examined < MAX_EXAMINED {
            let read = store.job_page(&self.filter, after, per_statement).await?;
            let is_last = read.len() < per_statement as usize;
            for (id, job) in read {
                if !self.passes(&job) {
                    after = Some(id);
                } else if jobs.len() < limit {
                    jobs.push(job);
                    after = Some(id);
                } else {
                    return Ok(JobsPart { jobs, next: after });
                }
            }
            if is_last {
                return Ok(JobsPart { jobs, next: None });
            }
            examined += per_statement;
        }
        Ok(JobsPart { jobs, next: after })
    }

    /// Returns the number of jobs to read at once. Without a search, most of them are shown.
    fn per_statement(&self, limit: u32) -> u32 {
        match self.search {
            Some(_) => PER_STATEMENT,
            None => (limit + 1).max(MIN_PER_STATEMENT),
        }
    }

    fn passes(&self, job: &ListedJob) -> bool {
        if job.silence.is_some() && !self.hidden {
            return false;
        }
        let Some(search) = &self.search else {
            return true;
        };
        let matched = job.matched(self.now).with_all_shown(&job.job);
        !search.evaluate(&matched).is_empty()
    }
}

fn closed(state: Option<&str>, is_decided: bool) -> Result<Option<bool>, ApiProblem> {
    match state {
        Some("open") => Ok(Some(false)),
        Some("closed") => Ok(Some(true)),
        Some("all") => Ok(None),
        None => Ok((!is_decided).then_some(false)),
        Some(other) => {
            let other = quoted(other);
            let wrong = format!("`state` is {other}; write `open`, `closed` or `all`");
            Err(ApiProblem::bad_request(wrong))
        }
    }
}

fn read_source(text: &str) -> Result<SourceKey, ApiProblem> {
    let wrong = |error| ApiProblem::bad_request(format!("`source` is {}: {error}", quoted(text)));
    text.parse().map_err(wrong)
}

fn since(text: &str, now: Timestamp) -> Result<Timestamp, ApiProblem> {
    let ago = parse_duration(text).ok_or_else(|| {
        let text = quoted(text);
        ApiProblem::bad_request(format!(
            "`since` is {text}; write how long ago, such as `7d`"
        ))
    })?;
    Ok(now.checked_sub(ago).unwrap_or(Timestamp::MIN))
}

fn search(text: &str) -> Result<QueryMatcher, ApiProblem> {
    let wrong = |why: String| ApiProblem::bad_request(format!("`query`: {why}"));
    let query = SearchQuery::parse_search(text);
    let query = query.map_err(|error| wrong(error.pointing_into(text).to_string()))?;
    if !query.leaves().iter().any(|leaf| leaf.is_positive) {
        let why = "write what you look for as well, not only what you exclude";
        return Err(wrong(why.to_owned()));
    }
    let profile = Profile::new("query", query);
    QueryMatcher::new(vec![profile]).map_err(|error| wrong(error.to_string()))
}
