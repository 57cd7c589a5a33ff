//! One source's part of a run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use job_scanner_config::{Config, ConfigErrors, SourceConfig};
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::normalize::Change;
use job_scanner_core::raw::RawJob;
use job_scanner_core::run::{Counts, ScanOutcome};
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::{
    Adapter, Catalog, HeldShare, Listing, ListingEnd, Recording, Scan, ScanError, ScanRequest,
    Secrets,
};
use job_scanner_store::{
    KnownMatches, ScanFailureRecord, ScanMemory, ScannedUnder, SourceId, SourceRecord, StoreError,
};
use tracing::{debug, error, info, warn};

use crate::check_source;
use crate::context::{RunStamp, ScanContext};
use crate::report::{ScanFailure, SourceRunStats};
use crate::scan::ask::{Asked, ask, deferred_in};
use crate::scan::details::{DeferredJobs, Reading};
use crate::scan::evaluate::{Evaluated, Evaluation, Listed, normalize};
use crate::scan::failed_exchanges::FailedExchanges;
use crate::scan::record::{Remembered, budget_of, record_scan};

/// What a scan reports: its counts, and where they belong.
#[derive(Debug)]
pub(crate) struct ScanReport {
    /// `None` when not even the source's row could be opened.
    pub(crate) source: Option<SourceId>,
    pub(crate) stats: SourceRunStats,
}

/// How many rejected jobs a scan names; the rest is only counted.
const NAMED_REJECTIONS: usize = 5;

/// Scans one source. Never fails as a whole: whatever happens is in the report, and on record as
/// the source's health.
///
/// The span is an error's, so that whatever is logged says where it comes from, at every level.
#[tracing::instrument(name = "scan", level = "error", skip_all, fields(run.id = %run.id, source.key = %source.key))]
pub(crate) async fn scan_source(
    ctx: Arc<ScanContext>,
    source: SourceConfig,
    run: RunStamp,
) -> ScanReport {
    let begun = Instant::now();
    info!(event = "source.started", "scanning `{}`", source.key);
    let stats = SourceRunStats::new(source.key.clone(), source.name.clone(), ScanOutcome::Failed);
    let mut report = match ctx
        .store
        .open_source(&source.key, &source.name, run.started_at)
        .await
    {
        Ok(record) => {
            let mut report = ScanReport {
                source: Some(record.id),
                stats,
            };
            match scan_opened(&ctx, &source, &record, run, &mut report.stats).await {
                Ok(()) => {}
                Err(failure) if failure.kind == FailureKind::RunEnded => {
                    cut(&failure, &mut report.stats)
                }
                Err(failure) => {
                    record_failure(&ctx, &record, run, failure, &mut report.stats).await
                }
            }
            report
        }
        Err(error) => {
            let mut report = ScanReport {
                source: None,
                stats,
            };
            report.stats.error = Some(not_recorded(&error));
            report
        }
    };
    report.stats.duration_ms = saturating_millis(begun.elapsed());
    report.stats.counts.errors = u64::from(report.stats.outcome.is_error());
    log_end(&report.stats);
    report
}

/// What a scan is of, and what it goes by.
struct Subject<'s> {
    ctx: &'s Arc<ScanContext>,
    source: &'s SourceConfig,
    record: &'s SourceRecord,
    adapter: &'s Adapter,
    under: ScannedUnder,
    run: RunStamp,
}

async fn scan_opened(
    ctx: &Arc<ScanContext>,
    source: &SourceConfig,
    record: &SourceRecord,
    run: RunStamp,
    stats: &mut SourceRunStats,
) -> Result<(), ScanFailure> {
    let (adapter, secrets) = load_adapter(&ctx.config, &ctx.catalog, source).await?;
    let under = scanned_under(ctx, &adapter, source);
    let subject = Subject {
        ctx,
        source,
        record,
        adapter: &adapter,
        under,
        run,
    };

    // Counts what the scan holds until it is committed. Its time begins when there is room for it.
    let share = Arc::new(ctx.held.share());
    if tokio::time::timeout_at(run.ends.into(), share.wait_for_room())
        .await
        .is_err()
    {
        return Err(failure_of(&ScanError::RunEnded));
    }
    let (mut scan, recording) = subject.start(&share, secrets);
    let Listing {
        jobs,
        end,
        warnings,
        state,
        validators,
        rest: asked_to_rest,
    } = scan.read_listing().await;
    log_fetched(&source.key, &scan);
    stats.warnings = warnings;
    stats.counts.fetched = jobs.len() as u64;
    let brought = match outcome_of(&end, &mut stats.warnings) {
        Ok(outcome) => {
            stats.outcome = outcome;
            look_into(&subject, &mut scan, jobs, stats).await
        }
        Err(failure) => Err(failure),
    };
    account_for(&scan, stats);
    drop(scan);
    if brought.is_err() || stats.outcome.is_error() {
        stats.exchanges = kept(ctx, source, recording, run).await;
    }

    let Brought { evaluated, rest } = brought?;
    // Who is told to wait asks for no details.
    let rest = asked_to_rest.or(rest);
    let memory = ScanMemory {
        state,
        validators,
        scanned_under: Some(subject.under),
    };
    let remembered = Remembered {
        memory,
        rest_until: rest.map(|rest| run.started_at + rest),
    };
    let recorded = record_scan(ctx, record, run, evaluated.as_ref(), remembered, stats).await;
    recorded.map_err(|error| not_recorded(&error))
}

/// The source's adapter, if that was accepted and the source says what it can work with, and the
/// source's secrets. All of it may have changed since the start: somebody may accept an adapter, or
/// write a new key into a file, while we run.
pub(crate) async fn load_adapter(
    config: &Config,
    catalog: &Catalog,
    source: &SourceConfig,
) -> Result<(Arc<Adapter>, Secrets), ScanFailure> {
    let file = source.adapter_file.as_deref();
    let loaded = catalog.load(&source.key.adapter, file).await;
    let adapter = loaded.map_err(|error| ScanFailure::new(error.kind(), with_causes(&error)))?;
    match check_source(config, source, &adapter) {
        Ok(secrets) => Ok((adapter, secrets)),
        Err(problems) => {
            let words = ConfigErrors::from_problems(problems)
                .map_or_else(String::new, |all| all.to_string());
            Err(ScanFailure::new(FailureKind::InvalidOptions, words))
        }
    }
}

/// What a scan brought beside its outcome.
struct Brought {
    /// `None` when nothing had changed and nothing was asked for.
    evaluated: Option<Evaluated>,
    /// For how long the board wants to be left alone.
    rest: Option<Duration>,
}

/// Asks for what the listing leaves out, and finds out what all of it means.
async fn look_into(
    subject: &Subject<'_>,
    scan: &mut Scan<'_>,
    jobs: Vec<RawJob>,
    stats: &mut SourceRunStats,
) -> Result<Brought, ScanFailure> {
    let Subject {
        ctx,
        source,
        record,
        adapter,
        run,
        ..
    } = *subject;
    let lost = |error: StoreError| not_recorded(&error);
    let reading = subject.reading();
    let not_modified = stats.outcome == ScanOutcome::NotModified;

    let due = if not_modified && adapter.has_details() {
        ctx.store
            .due_details(record.id, adapter.details_per_scan(), run.judged_at)
            .await
            .map_err(lost)?
    } else {
        Vec::new()
    };
    if not_modified && due.is_empty() {
        return Ok(Brought {
            evaluated: None,
            rest: None,
        });
    }
    let known = Arc::new(ctx.store.known_jobs(record.id).await.map_err(lost)?);
    let details = Arc::new(ctx.store.known_details(record.id).await.map_err(lost)?);
    let listed = if not_modified {
        Listed::default()
    } else {
        let known = Arc::clone(&known);
        computed(move || normalize(jobs, &known)).await?
    };
    let deferred = if not_modified {
        DeferredJobs::due(due, reading)
    } else {
        deferred_in(&listed, adapter, &known, &details, reading, stats)
    };

    let Asked { answers, rest } = ask(scan, &deferred, stats).await;
    let stored = ctx
        .store
        .stored_details(record.id, &deferred.without_news(&answers))
        .await
        .map_err(lost)?;
    let evaluation = Evaluation {
        fitted_before: if known.is_empty() {
            KnownMatches::new()
        } else {
            ctx.store.known_matches(record.id).await.map_err(lost)?
        },
        known,
        details,
        read_anew: reading.anew,
        baseline: !record.baseline_done,
        matcher: Arc::clone(&ctx.matcher),
        source_name: source.name.clone(),
        now: run.judged_at,
    };
    let begun = Instant::now();
    let evaluated =
        computed(move || evaluation.evaluate(listed, deferred.resolve(answers, stored))).await?;
    count(&evaluated, stats);
    log_normalized(stats, begun.elapsed());
    Ok(Brought {
        evaluated: Some(evaluated),
        rest,
    })
}

/// Computes on a thread for such work.
pub(crate) async fn computed<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ScanFailure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| ScanFailure::new(FailureKind::Internal, panic.to_string()))
}

impl<'s> Subject<'s> {
    /// Begins the scan; where failed scans leave what was asked and answered, with somebody who
    /// writes it down.
    fn start(&self, share: &Arc<HeldShare>, secrets: Secrets) -> (Scan<'s>, Option<Recording>) {
        let Self { ctx, adapter, .. } = *self;
        let request = self.request(secrets);
        if ctx.failed_exchanges.is_none() {
            return (adapter.start_scan(&ctx.clients, share, request), None);
        }
        let most = FailedExchanges::MOST_BYTES;
        let (scan, recording) = adapter.start_recorded_scan(&ctx.clients, share, request, most);
        (scan, Some(recording))
    }

    /// What the last complete scan left is handed on, unless something that decides how to read the
    /// board changed.
    fn request(&self, secrets: Secrets) -> ScanRequest {
        let Self {
            source,
            record,
            under,
            run,
            ..
        } = self;
        let applies = |memory: &&ScanMemory| memory.scanned_under.as_ref() == Some(under);
        // That a short answer is unchanged says nothing about the jobs it lacks: such a board has
        // to answer in full.
        let memory = Some(&record.memory)
            .filter(|_| !record.read_whole)
            .filter(applies);
        ScanRequest {
            source: source.key.clone(),
            options: source.options.clone(),
            secrets,
            allow_hosts: source.allow_hosts.clone(),
            max_jobs: source.max_jobs,
            state: memory.and_then(|memory| memory.state.clone()),
            validators: memory
                .map(|memory| memory.validators.clone())
                .unwrap_or_default(),
            now: run.started_at,
            run_ends: Some(run.ends),
        }
    }

    /// Where the listing is read in another way than last time, most of what changes is our own
    /// doing.
    fn reading(&self) -> Reading {
        let last = self.record.memory.scanned_under.as_ref();
        let anew = last.is_some_and(|last| !last.reads_like(&self.under));
        Reading {
            now: self.run.judged_at,
            under: self.under.reading(),
            anew,
        }
    }
}

/// Keeps the exchanges of a scan that failed, where that is wanted. Whatever happens to them
/// changes nothing else.
async fn kept(
    ctx: &Arc<ScanContext>,
    source: &SourceConfig,
    recording: Option<Recording>,
    run: RunStamp,
) -> Option<PathBuf> {
    let exchanges = recording?.into_cassette();
    let (ctx, key) = (Arc::clone(ctx), source.key.clone());
    let write = move || {
        Some(
            ctx.failed_exchanges
                .as_ref()?
                .keep(&key, exchanges, run.started_at),
        )
    };
    match tokio::task::spawn_blocking(write).await.ok().flatten()? {
        Ok(folder) => folder,
        Err(error) => {
            warn!(
                error = with_causes(&error),
                "cannot keep the exchanges of `{}`", source.key
            );
            None
        }
    }
}

fn scanned_under(ctx: &ScanContext, adapter: &Adapter, source: &SourceConfig) -> ScannedUnder {
    ScannedUnder {
        adapter_digest: adapter.digest().to_owned(),
        options_hash: blake3::hash(source.options.to_string().as_bytes())
            .to_hex()
            .to_string(),
        max_jobs: source.max_jobs,
        normalization_version: ctx.normalization_version,
    }
}

/// What a listing's end means for the source; a cut is told as a warning.
pub fn outcome_of(
    end: &ListingEnd,
    warnings: &mut Vec<String>,
) -> Result<ScanOutcome, ScanFailure> {
    Ok(match end {
        ListingEnd::Complete => ScanOutcome::Complete,
        ListingEnd::Window => ScanOutcome::Window,
        ListingEnd::Truncated => ScanOutcome::Truncated,
        ListingEnd::NotModified => ScanOutcome::NotModified,
        ListingEnd::Partial(why) => {
            warnings.push(why.clone());
            ScanOutcome::Partial
        }
        ListingEnd::Failed(error) => return Err(failure_of(error)),
    })
}

/// What the scan used, and what was left out of its log.
pub(crate) fn account_for(scan: &Scan<'_>, stats: &mut SourceRunStats) {
    stats.budget = Some(scan.budget());
    stats.last_answer = scan.last_answer();
    stats.warnings.extend(scan.log_warning());
}

pub(crate) fn count(evaluated: &Evaluated, stats: &mut SourceRunStats) {
    let Evaluated {
        normalized,
        listed,
        kept,
        matches,
        ..
    } = evaluated;
    let of = |change| {
        normalized
            .results
            .iter()
            .filter(|result| result.change == change)
            .count() as u64
    };
    let (new, updated) = (of(Change::New), of(Change::Updated));
    stats.counts = Counts {
        normalized: listed.len() as u64,
        new,
        updated,
        upserted: new + updated,
        unchanged: of(Change::Unchanged) + of(Change::Relisted) + kept,
        rejected: normalized.rejected.len() as u64,
        matched: matches.len() as u64,
        ..stats.counts
    };
    stats.warnings.extend(normalized.warnings.iter().cloned());
    stats.warnings.extend(
        normalized
            .rejected
            .iter()
            .take(NAMED_REJECTIONS)
            .map(ToString::to_string),
    );
}

/// The run ended before the board had said anything: the source stays due.
fn cut(ended: &ScanFailure, stats: &mut SourceRunStats) {
    stats.outcome = ScanOutcome::Partial;
    stats.warnings.push(format!(
        "{} before the board had answered; the next run asks again",
        ended.message
    ));
}

/// Puts the scan of a source on record that ended by a bug of ours. Returns the source, if that
/// much could be done.
pub(crate) async fn record_broken_scan(
    ctx: &ScanContext,
    source: &SourceConfig,
    run: RunStamp,
    failure: ScanFailure,
    stats: &mut SourceRunStats,
) -> Option<SourceId> {
    match ctx
        .store
        .open_source(&source.key, &source.name, run.started_at)
        .await
    {
        Ok(record) => {
            record_failure(ctx, &record, run, failure, stats).await;
            Some(record.id)
        }
        Err(error) => {
            stats.error = Some(not_recorded(&error));
            None
        }
    }
}

async fn record_failure(
    ctx: &ScanContext,
    record: &SourceRecord,
    run: RunStamp,
    failure: ScanFailure,
    stats: &mut SourceRunStats,
) {
    let budget = budget_of(stats);
    let stored = ScanFailureRecord {
        kind: failure.kind,
        message: &failure.message,
        rest_until: failure.retry_after.map(|rest| run.started_at + rest),
        gone: failure.kind == FailureKind::NotFound,
        budget: budget.as_deref(),
    };
    if let Err(error) = ctx
        .store
        .record_failure(record.id, record.generation, &stored, run.started_at)
        .await
    {
        warn!(
            error = with_causes(&error),
            "cannot record that the scan of `{}` failed", record.key
        );
    }
    stats.outcome = ScanOutcome::Failed;
    stats.counts = Counts {
        fetched: stats.counts.fetched,
        ..Counts::default()
    };
    stats.error = Some(failure);
}

fn failure_of(error: &ScanError) -> ScanFailure {
    let retry_after = match error {
        ScanError::RateLimited { retry_after } => *retry_after,
        _ => None,
    };
    ScanFailure {
        retry_after,
        ..ScanFailure::new(error.kind(), Printable(&error.to_string()).to_string())
    }
}

fn not_recorded(error: &StoreError) -> ScanFailure {
    ScanFailure::new(FailureKind::NotRecorded, with_causes(error))
}

fn log_fetched(key: &SourceKey, scan: &Scan<'_>) {
    let (budget, answer) = (scan.budget(), scan.last_answer());
    let (fetched, answer) = (budget.jobs.used, answer.as_ref());
    debug!(
        event = "source.fetched",
        fetched,
        pages = budget.pages.used,
        requests = budget.requests.used,
        elapsed_ms = budget.wall_ms.used,
        http.status = answer.and_then(|answer| answer.status),
        http.url = answer.map(|answer| answer.url.as_str()),
        "fetched {fetched} jobs of `{key}`"
    );
}

fn log_normalized(stats: &SourceRunStats, took: Duration) {
    let Counts {
        normalized,
        rejected,
        new,
        updated,
        unchanged,
        matched,
        ..
    } = stats.counts;
    let elapsed_ms = saturating_millis(took);
    debug!(
        event = "source.normalized",
        normalized,
        rejected,
        new,
        updated,
        unchanged,
        matched,
        elapsed_ms,
        "normalized {normalized} jobs of `{}`, {matched} of the new and changed ones match",
        stats.source
    );
}

pub(crate) fn log_end(stats: &SourceRunStats) {
    let Counts {
        fetched,
        new,
        updated,
        unchanged,
        closed,
        reopened,
        matched,
        notified,
        skipped,
        duplicate,
        ..
    } = stats.counts;
    let (key, outcome, elapsed_ms) = (&stats.source, stats.outcome, stats.duration_ms);
    let answer = stats.last_answer.as_ref();
    let (code, url) = (
        answer.and_then(|answer| answer.status),
        answer.map(|answer| answer.url.as_str()),
    );
    for warning in &stats.warnings {
        warn!(event = "source.warning", "`{key}`: {warning}");
    }
    if skipped > 0 {
        info!(
            event = "notification.skipped",
            alerts.count = skipped,
            "{skipped} matches of `{key}` are told to nobody"
        );
    }
    if duplicate > 0 {
        info!(
            event = "notification.duplicate",
            alerts.count = duplicate,
            "{duplicate} matches of `{key}` were told before, in the same version"
        );
    }
    if let Some(ScanFailure { kind, message, .. }) = &stats.error {
        let kept = where_kept(stats);
        // A board that fails is everyday life; a database that does is an alarm.
        if *kind == FailureKind::NotRecorded {
            error!(
                event = "source.failed",
                error.kind = kind.as_str(),
                elapsed_ms,
                "what `{key}` lists could not be recorded: {message}"
            );
        } else {
            warn!(
                event = "source.failed",
                error.kind = kind.as_str(),
                http.status = code,
                http.url = url,
                elapsed_ms,
                "scan of `{key}` failed: {message}{kept}"
            );
        }
    } else {
        let kept = where_kept(stats);
        info!(
            event = "source.finished",
            %outcome, fetched, new, updated, unchanged, closed, reopened, matched, notified, http.status = code,
            http.url = url, elapsed_ms,
            "scanned `{key}`: {outcome}, {new} new, {updated} updated, {matched} match{kept}"
        );
    }
}

fn where_kept(stats: &SourceRunStats) -> String {
    let folder = stats.exchanges.as_ref();
    folder.map_or_else(String::new, |folder| {
        format!("; its exchanges are in `{}`", folder.display())
    })
}
