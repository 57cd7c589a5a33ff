//! A run that only looks: it fetches and matches, and neither knows nor keeps anything.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt as _;
use futures::stream;
use job_scanner_config::{Config, SourceConfig};
use job_scanner_core::job::Job;
use job_scanner_core::key::SourceKey;
use job_scanner_core::matching::KeywordMatcher;
use job_scanner_core::normalize::KnownJobs;
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::{Counts, ScanOutcome};
use job_scanner_core::time::saturating_millis;
use job_scanner_outbound::HttpClients;
use job_scanner_sandbox::{Adapter, Catalog, HeldBytes, Listing, Scan, ScanRequest};
use job_scanner_store::{AllDetails, KnownMatches};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::progress::Progress;
use crate::report::{PipelineRunResult, ScanFailure, SourceRunStats};
use crate::scan::ask::{Asked, ask, deferred_in};
use crate::scan::details::Reading;
use crate::scan::evaluate::{Evaluated, Evaluation, normalize};
use crate::scan::scan::{account_for, computed, count, load_adapter, log_end, outcome_of};

/// What a rehearsal works with: no database, nobody to tell.
pub struct Rehearsal {
    /// The whole configuration.
    pub config: Config,
    /// Where adapters come from.
    pub catalog: Arc<Catalog>,
    /// What their requests go through.
    pub clients: HttpClients,
    /// What all scans hold together.
    pub held: HeldBytes,
    /// All terms of all profiles.
    pub matcher: Arc<KeywordMatcher>,
    /// What time it is.
    pub clock: Clock,
}

/// A job that fits a profile.
#[derive(Debug)]
pub struct RehearsedMatch {
    /// Whose job it is.
    pub source: SourceKey,
    /// What the configuration calls that source.
    pub source_name: String,
    /// The job.
    pub job: Job,
    /// Whose wishes it fits.
    pub profile: String,
}

impl Rehearsal {
    /// Fetches the enabled sources, or those of them that are named, and matches all that they
    /// list. What a database would be needed for (`new`, `unchanged`, `notified` and the like) is
    /// 0.
    pub async fn run(
        &self,
        only: Option<&[SourceKey]>,
        stop: &CancellationToken,
        progress: &watch::Sender<Progress>,
    ) -> (PipelineRunResult, Vec<RehearsedMatch>) {
        let started_at = self.clock.now();
        let begun = Instant::now();
        let named = |source: &&SourceConfig| only.is_none_or(|only| only.contains(&source.key));
        let sources: Vec<&SourceConfig> = self.config.sources.iter().filter(named).collect();
        progress.send_replace(Progress::over(sources.len()));
        let scans = stream::iter(sources).map(|source| async move {
            let scanned = self.scan(source).await;
            progress.send_modify(|progress| progress.scanned += 1);
            scanned
        });
        let all = scans
            .buffered(self.config.advanced.max_concurrent_sources)
            .collect::<Vec<_>>();
        let scanned = stop.run_until_cancelled(all).await;
        let interrupted = scanned.is_none();
        let (sources, matches): (Vec<_>, Vec<_>) = scanned.unwrap_or_default().into_iter().unzip();
        let result = PipelineRunResult {
            dry_run: true,
            interrupted,
            finished_at: self.clock.now(),
            duration_ms: saturating_millis(begun.elapsed()),
            ..PipelineRunResult::of(started_at, sources)
        };
        (result, matches.into_iter().flatten().collect())
    }

    async fn scan(&self, source: &SourceConfig) -> (SourceRunStats, Vec<RehearsedMatch>) {
        let begun = Instant::now();
        let mut stats = SourceRunStats::new(
            source.key.clone(),
            source.name.clone(),
            ScanOutcome::Disabled,
        );
        if !source.enabled {
            return (stats, Vec::new());
        }
        let matches = self
            .fetch(source, &mut stats)
            .await
            .unwrap_or_else(|failure| {
                stats.outcome = ScanOutcome::Failed;
                stats.error = Some(failure);
                Vec::new()
            });
        stats.counts.errors = u64::from(stats.outcome.is_error());
        stats.duration_ms = saturating_millis(begun.elapsed());
        log_end(&stats);
        (stats, matches)
    }

    async fn fetch(
        &self,
        source: &SourceConfig,
        stats: &mut SourceRunStats,
    ) -> Result<Vec<RehearsedMatch>, ScanFailure> {
        let (adapter, secrets) = load_adapter(&self.config, &self.catalog, source).await?;
        let request = ScanRequest {
            source: source.key.clone(),
            options: source.options.clone(),
            secrets,
            allow_hosts: source.allow_hosts.clone(),
            max_jobs: source.max_jobs,
            state: None,
            validators: Vec::new(),
            now: self.clock.now(),
            run_ends: None,
        };
        let share = Arc::new(self.held.share());
        share.wait_for_room().await;
        let mut scan = adapter.start_scan(&self.clients, &share, request);
        let Listing {
            jobs,
            end,
            warnings,
            ..
        } = scan.read_listing().await;
        stats.warnings = warnings;
        stats.counts.fetched = jobs.len() as u64;
        let evaluated = match outcome_of(&end, &mut stats.warnings) {
            Ok(outcome) => {
                stats.outcome = outcome;
                self.evaluate(source, &adapter, &mut scan, jobs, stats)
                    .await
            }
            Err(failure) => Err(failure),
        };
        account_for(&scan, stats);
        let evaluated = evaluated?;
        count(&evaluated, stats);
        stats.counts.details_due = evaluated.awaited();
        // Compared with nothing, every job is new, which would say nothing.
        stats.counts = Counts {
            new: 0,
            upserted: 0,
            ..stats.counts
        };
        Ok(fitting(evaluated, source))
    }

    /// Asks for what the listing leaves out, and matches what there is then.
    async fn evaluate(
        &self,
        source: &SourceConfig,
        adapter: &Adapter,
        scan: &mut Scan<'_>,
        jobs: Vec<RawJob>,
        stats: &mut SourceRunStats,
    ) -> Result<Evaluated, ScanFailure> {
        let nothing_known = Evaluation {
            known: Arc::default(),
            details: Arc::default(),
            read_anew: false,
            fitted_before: KnownMatches::new(),
            baseline: true,
            matcher: Arc::clone(&self.matcher),
            source_name: source.name.clone(),
            now: self.clock.now(),
        };
        let listed = computed(move || normalize(jobs, &KnownJobs::new())).await?;
        let reading = Reading {
            now: nothing_known.now,
            under: [0; 32],
            anew: false,
        };
        let deferred = deferred_in(
            &listed,
            adapter,
            &KnownJobs::new(),
            &AllDetails::new(),
            reading,
            stats,
        );
        let Asked { answers, .. } = ask(scan, &deferred, stats).await;
        computed(move || nothing_known.evaluate(listed, deferred.resolve(answers, HashMap::new())))
            .await
    }
}

fn fitting(evaluated: Evaluated, source: &SourceConfig) -> Vec<RehearsedMatch> {
    let Evaluated {
        normalized,
        matches,
        ..
    } = evaluated;
    let jobs: HashMap<_, _> = normalized
        .results
        .iter()
        .map(|result| (&result.job.external_id, &result.job))
        .collect();
    let told = matches.into_iter().filter(|found| !found.silent);
    told.filter_map(|found| {
        Some(RehearsedMatch {
            source: source.key.clone(),
            source_name: source.name.clone(),
            job: (*jobs.get(&found.external_id)?).clone(),
            profile: found.result.profile,
        })
    })
    .collect()
}
