//! The preview of new sources: the first jobs that a scan would find now, without storing any.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use job_scanner_config::SourceConfig;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::ScanOutcome;
use job_scanner_pipeline::{DryRun, Preview, PreviewedJob, ScanPipeline};
use job_scanner_views::cells::{short, whole};

use crate::pages::link::to_board;

/// The number of sources of a preview. Each one sends requests to a board.
pub(crate) const MAX_SOURCES: usize = 10;

/// The number of jobs that are read and shown of each source.
const MAX_JOBS: u32 = 10;

/// The time for all boards together. A board that takes longer is slow, not wrong.
const TIME_LIMIT: Duration = Duration::from_secs(25);

/// The preview of one source.
pub(crate) struct SourcePreview {
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) jobs: Vec<JobLine>,
    /// The number of jobs in words, or what is missing.
    pub(crate) headline: String,
    /// The reason for which there are no jobs, and the advice.
    pub(crate) problem: Option<(String, String)>,
    pub(crate) warnings: Vec<String>,
}

/// A job of a preview.
pub(crate) struct JobLine {
    pub(crate) title: String,
    pub(crate) company: String,
    pub(crate) place: String,
    /// The address on the board; `None` if it is not an address of the web.
    pub(crate) link: Option<String>,
    /// The names of the profiles that it matches.
    pub(crate) profiles: String,
}

/// Reads the first jobs of each source, all at once.
pub(crate) async fn preview(
    pipeline: &ScanPipeline,
    sources: Vec<SourceConfig>,
) -> Vec<SourcePreview> {
    let dry_run = Arc::new(DryRun::new(pipeline.context().scanner.clone()));
    let previews = sources.into_iter().map(|source| {
        let dry_run = Arc::clone(&dry_run);
        async move {
            let limit = source.max_jobs.map_or(MAX_JOBS, |max| max.min(MAX_JOBS));
            let source = SourceConfig {
                max_jobs: Some(limit),
                ..source
            };
            let reading = Box::pin(dry_run.preview(&source));
            match tokio::time::timeout(TIME_LIMIT, reading).await {
                Ok(preview) => SourcePreview::of(&source, preview),
                Err(_) => SourcePreview::too_slow(&source),
            }
        }
    });
    join_all(previews).await
}

impl SourcePreview {
    fn of(source: &SourceConfig, preview: Preview) -> Self {
        let Preview { stats, jobs } = preview;
        let count = counted(jobs.len() as u64, "job", "jobs");
        let headline = match stats.outcome {
            ScanOutcome::Failed => "The board could not be read".to_owned(),
            ScanOutcome::Truncated => format!("The first {count}"),
            _ if jobs.is_empty() => "The board was read and lists no jobs".to_owned(),
            _ => format!("{count} in all"),
        };
        let problem = stats.error.map(|failure| {
            let advice = failure.kind.advice(&failure.message).to_owned();
            (whole(&failure.message), advice)
        });
        Self {
            headline,
            problem,
            warnings: stats.warnings.iter().map(|text| whole(text)).collect(),
            jobs: jobs.iter().map(JobLine::of).collect(),
            ..Self::empty(source)
        }
    }

    fn too_slow(source: &SourceConfig) -> Self {
        let seconds = TIME_LIMIT.as_secs();
        Self {
            headline: format!("The board did not answer within {seconds} seconds"),
            problem: Some((
                "the preview was stopped".to_owned(),
                "A scan waits longer. You can add the source and look at its first scan."
                    .to_owned(),
            )),
            ..Self::empty(source)
        }
    }

    fn empty(source: &SourceConfig) -> Self {
        Self {
            name: whole(&source.name),
            key: whole(&source.key.to_string()),
            jobs: Vec::new(),
            headline: String::new(),
            problem: None,
            warnings: Vec::new(),
        }
    }
}

impl JobLine {
    fn of(found: &PreviewedJob) -> Self {
        let job = &found.job;
        let places: Vec<&str> = job.locations.iter().map(|it| it.name.as_str()).collect();
        Self {
            title: short(&job.title),
            company: short(job.company.as_deref().unwrap_or_default()),
            place: short(&places.join("; ")),
            link: to_board(&job.url),
            profiles: whole(&found.profiles.join(", ")),
        }
    }
}
