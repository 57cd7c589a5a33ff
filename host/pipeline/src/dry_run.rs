//! A dry run, which fetches and matches jobs without a database and without notifications.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt as _;
use futures::stream;
use jiff::Timestamp;
use job_scanner_config::SourceConfig;
use job_scanner_core::job::Job;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::{MatchResult, ProfileTallies};
use job_scanner_core::normalize::KnownJobs;
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::ScanOutcome;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::{Adapter, Listing, Scan};
use job_scanner_store::{AllDetails, KnownMatches};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::progress::Progress;
use crate::report::{PipelineRunResult, ScanFailure, SourceRunStats, StageReport};
use crate::scan::details::ReadContext;
use crate::scan::evaluate::{Evaluated, Evaluation, normalize, run_blocking};
use crate::scan::log::log_end;
use crate::scan::request_details::{deferred_in, request_details};
use crate::scan::scan::{record_usage, set_outcome};
use crate::scanner::{Scanner, first_request};

/// A run without a database and without recipients.
pub struct DryRun {
    scanner: Scanner,
}

/// A job that matches a profile.
#[derive(Debug)]
pub struct DryRunMatch {
    pub source: SourceKey,
    /// The name of the source in the configuration.
    pub source_name: String,
    pub job: Job,
    pub result: MatchResult,
}

/// The jobs of one source, as a scan would read them now.
#[derive(Debug)]
pub struct Preview {
    pub stats: SourceRunStats,
    /// Empty if the scan failed.
    pub jobs: Vec<PreviewedJob>,
}

/// A job of a preview.
#[derive(Debug)]
pub struct PreviewedJob {
    pub job: Job,
    /// The names of the profiles that it matches.
    pub profiles: Vec<String>,
}

/// The findings of the profiles at one source.
#[derive(Default)]
struct Found {
    matches: Vec<DryRunMatch>,
    /// The effects of their terms on its jobs; `None` if there was no listing.
    tallies: Option<ProfileTallies>,
}

impl DryRun {
    /// Creates a dry run over the sources of this scanner.
    pub fn new(scanner: Scanner) -> Self {
        Self { scanner }
    }

    /// Fetches the enabled sources, or those of them that are in `only`, and matches all their
    /// jobs. Counts that would need a database, such as `new`, `unchanged` and `notified`, are 0.
    pub async fn run(
        &self,
        only: Option<&[SourceKey]>,
        stop: &CancellationToken,
        progress: &watch::Sender<Progress>,
    ) -> (PipelineRunResult, Vec<DryRunMatch>) {
        let started_at = self.scanner.clock.now();
        let begun = Instant::now();

        let named = |source: &&SourceConfig| only.is_none_or(|only| only.contains(&source.key));
        let sources: Vec<&SourceConfig> =
            self.scanner.config.sources.iter().filter(named).collect();
        progress.send_replace(Progress::over(sources.len()));

        let scans = stream::iter(sources).map(|source| async move {
            let scanned = self.scan(source).await;
            progress.send_modify(|progress| progress.count(&source.key, scanned.0.outcome));
            scanned
        });
        // The counts are added up at once, because there may be thousands of sources.
        let mut tallies = ProfileTallies::new(&self.scanner.matcher);
        let counted = scans
            .buffered(self.scanner.config.advanced.max_concurrent_sources)
            .map(|(stats, found)| {
                found.tallies.iter().for_each(|one| tallies.merge(one));
                (stats, found.matches)
            });
        let scanned = stop.run_until_cancelled(counted.collect::<Vec<_>>()).await;

        let interrupted = scanned.is_none();
        let (sources, matches): (Vec<_>, Vec<_>) = scanned.unwrap_or_default().into_iter().unzip();
        let result = PipelineRunResult {
            dry_run: true,
            interrupted,
            first_jobs: (!interrupted).then_some(tallies),
            finished_at: self.scanner.clock.now(),
            duration_ms: saturating_millis(begun.elapsed()),
            ..PipelineRunResult::of(started_at, sources)
        };
        (result, matches.into_iter().flatten().collect())
    }

    /// Scans one source, which does not have to be in the configuration, and returns all its jobs
    /// with the profiles that each matches. `max_jobs` of the source limits them.
    pub async fn preview(&self, source: &SourceConfig) -> Preview {
        let (stats, evaluated) = self.evaluate_source(source).await;
        let jobs = evaluated.map_or_else(Vec::new, previewed);
        Preview { stats, jobs }
    }

    async fn scan(&self, source: &SourceConfig) -> (SourceRunStats, Found) {
        if source.enabled {
            let (stats, evaluated) = self.evaluate_source(source).await;
            let found = evaluated.map(|evaluated| Found::of(evaluated, source));
            return (stats, found.unwrap_or_default());
        }
        let (key, name) = (source.key.clone(), source.name.clone());
        let stats = SourceRunStats::new(key, name, ScanOutcome::Disabled);
        (stats, Found::default())
    }

    /// Scans one source and matches its jobs; `None` if there was no listing.
    async fn evaluate_source(&self, source: &SourceConfig) -> (SourceRunStats, Option<Evaluated>) {
        let begun = Instant::now();
        let (key, name) = (source.key.clone(), source.name.clone());
        let mut stats = SourceRunStats::new(key, name, ScanOutcome::Failed);

        let evaluated = match self.scan_in_stages(source, &mut stats).await {
            Ok(evaluated) => Some(evaluated),
            Err(failure) => {
                stats.outcome = ScanOutcome::Failed;
                stats.error = Some(failure);
                None
            }
        };

        stats.counts.errors = u64::from(stats.is_error());
        stats.duration_ms = saturating_millis(begun.elapsed());
        log_end(&stats);
        (stats, evaluated)
    }

    /// Runs the stages that need no database, and adds up their reports.
    async fn scan_in_stages(
        &self,
        source: &SourceConfig,
        stats: &mut SourceRunStats,
    ) -> Result<Evaluated, ScanFailure> {
        let (adapter, secrets) = self.scanner.load_adapter(source).await?;
        let request = first_request(source, secrets, self.scanner.clock.now());
        let reservation = Arc::new(self.scanner.in_flight.reserve());
        reservation.wait_for_room().await;
        let mut scan = adapter.start_scan(&self.scanner.clients, &reservation, request);
        let Listing {
            jobs,
            end,
            warnings,
            ..
        } = scan.read_listing().await;
        stats.counts.fetched = jobs.len() as u64;
        stats.warnings = warnings;

        let evaluated = match set_outcome(&end, source, stats) {
            Ok(()) => {
                let (report, evaluated) = self.evaluate(source, &adapter, &mut scan, jobs).await;
                *stats += report;
                evaluated
            }
            Err(failure) => Err(failure),
        };
        record_usage(&scan, stats);
        evaluated
    }

    /// Requests the details that the listing omits, and matches the jobs. The report covers the
    /// finished stages even if a later one fails.
    async fn evaluate(
        &self,
        source: &SourceConfig,
        adapter: &Adapter,
        scan: &mut Scan<'_>,
        jobs: Vec<RawJob>,
    ) -> (StageReport, Result<Evaluated, ScanFailure>) {
        let mut report = StageReport::default();
        let now = self.scanner.clock.now();
        let listed = match run_blocking(move || normalize(jobs, &KnownJobs::new())).await {
            Ok(listed) => listed,
            Err(failure) => return (report, Err(failure)),
        };
        let context = ReadContext {
            now,
            read_config: [0; 32],
            reprocessed: false,
        };
        let (known, details) = (KnownJobs::new(), AllDetails::new());
        let (deferred, warning) = deferred_in(&listed, adapter, &known, &details, context);
        report.warnings.extend(warning);

        let requested = request_details(scan, &deferred, &source.key).await;
        report += requested.report;

        let evaluation = self.evaluation_without_records(source, now);
        let resolved = move || deferred.resolve(requested.results, HashMap::new());
        let evaluated = run_blocking(move || evaluation.evaluate(listed, resolved())).await;
        if let Ok(evaluated) = &evaluated {
            report += report_of(evaluated);
        }
        (report, evaluated)
    }

    fn evaluation_without_records(&self, source: &SourceConfig, now: Timestamp) -> Evaluation {
        Evaluation {
            known: Arc::default(),
            details: Arc::default(),
            reprocessed: false,
            matched_before: KnownMatches::new(),
            baseline: true,
            matcher: Arc::clone(&self.scanner.matcher),
            tallies: Some(ProfileTallies::new(&self.scanner.matcher)),
            source: source.key.clone(),
            source_name: source.name.clone(),
            now,
        }
    }
}

/// Returns the report of an evaluation. Without stored jobs every job counts as new, so these
/// counts are removed.
fn report_of(evaluated: &Evaluated) -> StageReport {
    let mut report = evaluated.report();
    report.counts.new = 0;
    report.counts.upserted = 0;
    report.counts.details_due = evaluated.awaited();
    report
}

/// Returns all jobs in the order of the board.
fn previewed(evaluated: Evaluated) -> Vec<PreviewedJob> {
    let mut profiles: HashMap<_, Vec<String>> = HashMap::new();
    let shown = evaluated.matches.into_iter().filter(|found| !found.silent);
    for found in shown {
        let of_job = profiles.entry(found.external_id).or_default();
        of_job.push(found.result.profile.clone());
    }

    let jobs = evaluated.normalized.results.into_iter();
    jobs.map(|result| PreviewedJob {
        profiles: profiles.remove(&result.job.external_id).unwrap_or_default(),
        job: result.job,
    })
    .collect()
}

impl Found {
    fn of(evaluated: Evaluated, source: &SourceConfig) -> Self {
        let Evaluated {
            normalized,
            matches,
            tallies,
            ..
        } = evaluated;
        let jobs: HashMap<_, _> = normalized
            .results
            .iter()
            .map(|result| (&result.job.external_id, &result.job))
            .collect();
        let shown = matches.into_iter().filter(|found| !found.silent);
        let matches = shown.filter_map(|found| {
            Some(DryRunMatch {
                source: source.key.clone(),
                source_name: source.name.clone(),
                job: (*jobs.get(&found.external_id)?).clone(),
                result: found.result,
            })
        });
        Self {
            matches: matches.collect(),
            tallies,
        }
    }
}
