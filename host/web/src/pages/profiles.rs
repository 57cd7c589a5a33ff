//! The profiles (`/profiles`): a query, tried on the stored open jobs while it is written.
//!
//! The page changes nothing. A person copies the text at its end into the configuration.

use std::time::Duration;

use askama::Template;
use axum::Extension;
use axum::extract::{Query as Parameters, State};
use axum::response::Response;
use job_scanner_config::yaml_text;
use job_scanner_core::matching::Profile;
use job_scanner_core::query::Query;
use job_scanner_pipeline::{ScanPipeline, Trial, TrialError, TrialLimits, try_profile};
use job_scanner_store::ListedJob;
use job_scanner_views::cells::{short, whole};
use job_scanner_views::profile_test::{ProfileTestView, SampleView};
use job_scanner_views::tally;
use serde::Deserialize;
use tokio::sync::Semaphore;

use crate::access::visitor::Visitor;
use crate::pages::error::{PageError, html};
use crate::pages::layout::{Layout, Section};
use crate::pages::link::{job_page, path_segment, with_query};
use crate::state::WebState;

/// The limits of a trial. The newest jobs are tried first, so a trial that is cut short is still
/// about the present.
const LIMITS: TrialLimits = TrialLimits {
    first_seen_from: None,
    samples: 20,
    time: Some(Duration::from_secs(5)),
};

/// The trials at once. Each reads all open jobs, and scans need the database too.
static TRIALS: Semaphore = Semaphore::const_new(2);

/// The name of a new profile until the person writes another.
const NEW_NAME: &str = "my-search";

/// The parameters of the page.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct ProfileQuery {
    /// The name of a profile of the configuration; empty for a new one.
    #[serde(default)]
    profile: String,
    /// The query to try; `None` for that of the profile.
    query: Option<String>,
    /// The name of a new profile.
    #[serde(default)]
    name: String,
}

#[derive(Template)]
#[template(path = "profiles.html")]
struct ProfilesPage {
    layout: Layout,
    links: Vec<ProfileLink>,
    /// The name of the profile of the configuration; empty for a new one.
    profile: String,
    name: String,
    query: String,
    /// The reason why the text is not a query, pointing into it; empty if it is one.
    problem: String,
    warnings: Vec<String>,
    trial: Option<TrialView>,
    yaml: String,
    /// The matches of the profile for other programs; `None` for a new profile.
    elsewhere: Option<Elsewhere>,
}

/// The addresses at which other programs read the matches of a profile.
struct Elsewhere {
    atom: String,
    json_feed: String,
    csv: String,
}

struct ProfileLink {
    name: String,
    href: String,
    is_current: bool,
}

/// A trial as the page shows it.
struct TrialView {
    headline: String,
    is_complete: bool,
    columns: Vec<&'static str>,
    terms: Vec<[String; 6]>,
    hints: Vec<String>,
    samples: Vec<SampleLine>,
    samples_caption: Option<String>,
}

/// A matching job.
struct SampleLine {
    href: String,
    title: String,
    company: String,
    place: String,
    source: String,
}

/// Shows the profiles, and tries one.
pub(crate) async fn profiles(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Parameters(parameters): Parameters<ProfileQuery>,
) -> Result<Response, PageError> {
    let pipeline = state.pipeline();
    let mut page = ProfilesPage::new(&pipeline, parameters, &visitor);
    page.try_query(&pipeline).await?;
    html(&page)
}

impl Elsewhere {
    fn of(profile: &str) -> Self {
        let feed = path_segment(profile);
        Self {
            atom: format!("/feeds/{feed}.atom"),
            json_feed: format!("/feeds/{feed}.json"),
            csv: with_query("/api/v1/jobs.csv", [("profile", profile)]),
        }
    }
}

impl ProfilesPage {
    fn new(pipeline: &ScanPipeline, parameters: ProfileQuery, visitor: &Visitor) -> Self {
        let profiles = &pipeline.context().scanner.config.profiles;
        let is_new = parameters.query.is_some() || !parameters.name.is_empty();
        let mut named = profiles.iter().find(|it| it.name == parameters.profile);
        if named.is_none() && !is_new {
            named = profiles.first();
        }

        let of_profile = named.map_or_else(String::new, |profile| profile.query.to_string());
        let profile = named.map_or_else(String::new, |profile| profile.name.clone());
        let name = [&profile, &parameters.name]
            .into_iter()
            .find(|name| !name.trim().is_empty());
        let link = |it: &Profile| ProfileLink {
            name: whole(&it.name),
            href: with_query("/profiles", [("profile", it.name.as_str())]),
            is_current: it.name == profile,
        };
        Self {
            layout: Layout::entry(Section::Profiles, visitor),
            links: profiles.iter().map(link).collect(),
            name: name.map_or_else(|| NEW_NAME.to_owned(), |name| name.trim().to_owned()),
            query: parameters.query.unwrap_or(of_profile),
            elsewhere: named.map(|profile| Elsewhere::of(&profile.name)),
            profile,
            problem: String::new(),
            warnings: Vec::new(),
            trial: None,
            yaml: String::new(),
        }
    }

    /// Tries the query, if there is one. A text that is not a query becomes the problem of the
    /// page.
    async fn try_query(&mut self, pipeline: &ScanPipeline) -> Result<(), PageError> {
        if self.query.trim().is_empty() {
            return Ok(());
        }
        let query = match parsed(&self.query) {
            Ok(query) => query,
            Err(problem) => {
                self.problem = problem;
                return Ok(());
            }
        };

        let warnings = query.warnings();
        let warnings = warnings.iter().map(|it| it.in_one_line(&self.query));
        self.warnings = warnings.map(|text| whole(&text)).collect();
        let tried = self.profile_with(pipeline, query);
        self.yaml = yaml(&tried, &self.query);
        self.trial = Some(try_on_jobs(pipeline, &tried).await?);
        Ok(())
    }

    /// Returns the profile with this query. One of the configuration keeps its sources.
    fn profile_with(&self, pipeline: &ScanPipeline, query: Query) -> Profile {
        let profiles = &pipeline.context().scanner.config.profiles;
        let named = profiles.iter().find(|it| it.name == self.profile);
        Profile {
            name: self.name.clone(),
            query,
            sources: named.map(|it| it.sources.clone()).unwrap_or_default(),
        }
    }
}

/// Parses a query. One that can match no job is a problem too.
fn parsed(text: &str) -> Result<Query, String> {
    let query = Query::parse(text).map_err(|error| error.pointing_into(text).to_string())?;
    if query.leaves().iter().any(|leaf| leaf.is_positive) {
        return Ok(query);
    }
    Err("write what you look for as well, not only what you exclude".to_owned())
}

async fn try_on_jobs(pipeline: &ScanPipeline, profile: &Profile) -> Result<TrialView, PageError> {
    // The semaphore is never closed, so a failure would only mean that trials are not limited.
    let _permit = TRIALS.acquire().await.ok();
    let context = pipeline.context();
    let now = context.scanner.clock.now();
    let trial = match try_profile(&context.store, profile, LIMITS, now).await {
        Ok(trial) => trial,
        Err(TrialError::Query(failed)) => return Err(PageError::Invalid(failed.to_string())),
        Err(TrialError::Store(failed)) => return Err(failed.into()),
    };

    let Trial {
        tally,
        samples,
        is_complete,
    } = trial;
    let shown: Vec<SampleView> = samples
        .iter()
        .map(|job| SampleView::new(job, now))
        .collect();
    let view = ProfileTestView::new(Some(&profile.name), &profile.query, &tally, &shown);
    Ok(TrialView {
        headline: view.headline(),
        is_complete,
        columns: tally::COLUMNS.iter().map(|column| column.header).collect(),
        terms: view.account.term_rows().collect(),
        hints: view.account.hints().collect(),
        samples: samples.iter().map(SampleLine::of).collect(),
        samples_caption: view.samples_caption(),
    })
}

impl SampleLine {
    fn of(listed: &ListedJob) -> Self {
        let job = &listed.job;
        let places: Vec<&str> = job.locations.iter().map(|it| it.name.as_str()).collect();
        let company = job.company.as_deref().unwrap_or(&listed.source_name);
        Self {
            href: job_page(&listed.key),
            title: short(&job.title),
            company: short(company),
            place: short(&places.join("; ")),
            source: whole(&listed.key.source.to_string()),
        }
    }
}

/// Returns the profile as an entry of the configuration.
fn yaml(profile: &Profile, query: &str) -> String {
    let words: Vec<&str> = query.split_whitespace().collect();
    let (name, query) = (yaml_text(&profile.name), yaml_text(&words.join(" ")));
    let patterns = profile.sources.iter().map(|it| yaml_text(it.as_str()));
    let patterns: Vec<String> = patterns.collect();
    let sources = if patterns.is_empty() {
        String::new()
    } else {
        format!("    sources: [{}]\n", patterns.join(", "))
    };
    format!("profiles:\n  - name: {name}\n    query: {query}\n{sources}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_text_to_copy_reads_back_as_the_same_profile() {
        for query in [
            "rust",
            "title:(engineer* OR developer*) AND NOT \"data: entry\"",
            "#1 OR '{a}' OR salary >= 70000 EUR/year",
        ] {
            let profile = Profile::new("yes", Query::parse(query).unwrap());
            let text = yaml(&profile, query);
            let config = format!("sources:\n  - {{type: lever, identifier: acme}}\n{text}");
            let read = job_scanner_config::parse(Path::new("config.yaml"), &config);
            let read = read.unwrap_or_else(|errors| panic!("{errors}\n{text}"));
            assert_eq!(read.profiles, [profile], "{text}");
        }
    }

    #[test]
    fn the_text_to_copy_has_the_query_in_one_line() {
        let query = "rust\n  AND go";
        let profile = Profile::new("two", Query::parse(query).unwrap());
        assert!(yaml(&profile, query).ends_with("query: rust AND go\n"));
    }

    #[test]
    fn a_query_that_only_excludes_is_a_problem_and_an_error_points_into_the_text() {
        assert!(
            parsed("NOT intern")
                .unwrap_err()
                .contains("what you look for")
        );
        let problem = parsed("rust AND (go").unwrap_err();
        assert!(problem.lines().last().unwrap().trim() == "^", "{problem}");
        assert!(parsed("rust").is_ok());
    }
}
