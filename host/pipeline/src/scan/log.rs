//! The log lines of one scan.

use std::time::Duration;

use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::Counts;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::Scan;
use tracing::{debug, error, info, warn};

use crate::report::{ScanFailure, SourceRunStats};
use crate::scan::new_ids::NewIds;

pub(crate) fn log_fetched(key: &SourceKey, scan: &Scan<'_>) {
    let (budget, answer) = (scan.budget(), scan.last_response());
    let (fetched, answer) = (budget.jobs.used, answer.as_ref());
    debug!(
        event = "source.fetched",
        fetched,
        pages = budget.pages.used,
        requests = budget.requests.used,
        elapsed_ms = budget.wall_ms.used,
        http.status = answer.and_then(|answer| answer.status),
        http.url = answer.map(|answer| answer.url.as_str()),
        "fetched {} from `{key}`",
        counted(fetched, "job", "jobs")
    );
}

pub(crate) fn log_new_ids(key: &SourceKey, new_ids: &NewIds) {
    let jobs = new_ids.len();
    info!(
        event = "source.new_ids",
        jobs,
        "{} of `{key}`, with the same address as before",
        counted(
            jobs as u64,
            "known job has a new id",
            "known jobs have new ids"
        )
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
        "normalized {} from `{key}`, with {} among new and changed jobs",
        counted(normalized, "job", "jobs"),
        counted(matched, "match", "matches")
    );
}

/// Logs the warnings of a scan and then its result.
pub(crate) fn log_end(stats: &SourceRunStats) {
    let key = &stats.source;
    for warning in &stats.warnings {
        warn!(event = "source.warning", "`{key}`: {warning}");
    }
    if let Some(reason) = &stats.accepted {
        info!(
            event = "source.warning",
            "`{key}`: {reason} (accepted by `accept_partial`)"
        );
    }

    let Counts {
        skipped,
        grouped,
        duplicate,
        ..
    } = stats.counts;
    if skipped > 0 {
        info!(
            event = "notification.skipped",
            alerts.count = skipped,
            "no message is sent for {} of `{key}`",
            counted(skipped, "match", "matches")
        );
    }
    if grouped > 0 {
        info!(
            event = "notification.grouped",
            alerts.count = grouped,
            "{} of `{key}` belong to vacancies that already had an alert",
            counted(grouped, "match", "matches")
        );
    }
    if duplicate > 0 {
        info!(
            event = "notification.duplicate",
            alerts.count = duplicate,
            "{} of `{key}` already had an alert for the same version",
            counted(duplicate, "match", "matches")
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
    // Boards fail every day, but a failing database needs attention.
    if *kind == FailureKind::NotRecorded {
        error!(
            event = "source.failed",
            error.kind = kind.as_str(),
            elapsed_ms,
            "could not store the scan of `{key}`: {message}"
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
        "scanned `{key}`: {outcome}, {new} new, {updated} updated, {}{kept}",
        counted(matched, "match", "matches")
    );
}

fn exchanges_suffix(stats: &SourceRunStats) -> String {
    let folder = stats.exchanges.as_ref();
    folder.map_or_else(String::new, |folder| {
        format!("; its requests and responses are in `{}`", folder.display())
    })
}
