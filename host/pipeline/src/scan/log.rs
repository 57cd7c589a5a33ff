//! The log lines of one scan.

use std::time::Duration;

use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::run::Counts;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::Scan;
use tracing::{debug, error, info, warn};

use crate::report::{ScanFailure, SourceRunStats};

pub(crate) fn log_fetched(key: &SourceKey, scan: &Scan<'_>) {
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

pub(crate) fn log_normalized(key: &SourceKey, counts: Counts, took: Duration) {
    let Counts {
        normalized,
        rejected,
        new,
        updated,
        unchanged,
        matched,
        ..
    } = counts;
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
        "normalized {normalized} jobs of `{key}`, {matched} of the new and changed ones match"
    );
}

/// Tells how a scan ended, its warnings first.
pub(crate) fn log_end(stats: &SourceRunStats) {
    let key = &stats.source;
    for warning in &stats.warnings {
        warn!(event = "source.warning", "`{key}`: {warning}");
    }

    let Counts {
        skipped, duplicate, ..
    } = stats.counts;
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

    match &stats.error {
        Some(failure) => log_failed(stats, failure),
        None => log_finished(stats),
    }
}

fn log_failed(stats: &SourceRunStats, failure: &ScanFailure) {
    let ScanFailure { kind, message, .. } = failure;
    let (key, elapsed_ms) = (&stats.source, stats.duration_ms);
    let answer = stats.last_answer.as_ref();
    // A board that fails is everyday life; a database that does is an alarm.
    if *kind == FailureKind::NotRecorded {
        error!(
            event = "source.failed",
            error.kind = kind.as_str(),
            elapsed_ms,
            "what `{key}` lists could not be recorded: {message}"
        );
    } else {
        let kept = exchanges_suffix(stats);
        warn!(
            event = "source.failed",
            error.kind = kind.as_str(),
            http.status = answer.and_then(|answer| answer.status),
            http.url = answer.map(|answer| answer.url.as_str()),
            elapsed_ms,
            "scan of `{key}` failed: {message}{kept}"
        );
    }
}

fn log_finished(stats: &SourceRunStats) {
    let Counts {
        fetched,
        new,
        updated,
        unchanged,
        closed,
        reopened,
        matched,
        notified,
        ..
    } = stats.counts;
    let (key, outcome, elapsed_ms) = (&stats.source, stats.outcome, stats.duration_ms);
    let answer = stats.last_answer.as_ref();
    let kept = exchanges_suffix(stats);
    info!(
        event = "source.finished",
        %outcome,
        fetched,
        new,
        updated,
        unchanged,
        closed,
        reopened,
        matched,
        notified,
        http.status = answer.and_then(|answer| answer.status),
        http.url = answer.map(|answer| answer.url.as_str()),
        elapsed_ms,
        "scanned `{key}`: {outcome}, {new} new, {updated} updated, {matched} match{kept}"
    );
}

fn exchanges_suffix(stats: &SourceRunStats) -> String {
    let folder = stats.exchanges.as_ref();
    folder.map_or_else(String::new, |folder| {
        format!("; its exchanges are in `{}`", folder.display())
    })
}
