//! Requests the details of deferred jobs in one scan, and reports the result.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use job_scanner_core::escape::PrintableStart;
use job_scanner_core::key::SourceKey;
use job_scanner_core::normalize::KnownJobs;
use job_scanner_core::run::Counts;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::{Adapter, Detail, Details, Scan};
use job_scanner_store::AllDetails;
use tracing::debug;

use crate::report::StageReport;
use crate::scan::details::{DeferredJobs, ReadContext, doubt_many_not_found};
use crate::scan::evaluate::Listed;

/// The number of characters of a job's id that a warning shows.
const SHOWN_ID_CHARS: usize = 64;

/// The results of requesting details.
#[derive(Debug, Default)]
pub(crate) struct RequestedDetails {
    /// The results by external id. A job without a result was not requested.
    pub(crate) results: HashMap<String, Detail>,
    /// The pause that the board asked for.
    pub(crate) rest: Option<Duration>,
    pub(crate) report: StageReport,
}

/// Returns the deferred jobs of a listing. If the adapter defers texts but does not export
/// `details`, returns no jobs and a warning; the jobs are then stored as they are listed.
pub(crate) fn deferred_in(
    listed: &Listed,
    adapter: &Adapter,
    known: &KnownJobs,
    details: &AllDetails,
    context: ReadContext,
) -> (DeferredJobs, Option<String>) {
    let results = &listed.normalized.results;
    if adapter.has_details() {
        let deferred = DeferredJobs::listed(results, known, details, context);
        return (deferred, None);
    }

    let without_text = results
        .iter()
        .filter(|result| result.deferred.is_some())
        .count();
    let warning = (without_text > 0).then(|| {
        format!(
            "{without_text} jobs have no text: the adapter defers it, but does not export `details`"
        )
    });
    (DeferredJobs::due(Vec::new(), context), warning)
}

/// Requests the details that are due, as far as the budgets of the scan allow. Failures are counted
/// and reported as warnings. They do not affect the outcome of the scan, because the listing is
/// complete without them.
pub(crate) async fn request_details(
    scan: &mut Scan<'_>,
    deferred: &DeferredJobs,
    source: &SourceKey,
) -> RequestedDetails {
    let wanted = deferred.wanted();
    if wanted.is_empty() {
        return RequestedDetails::default();
    }
    let begun = Instant::now();
    let Details {
        mut results,
        stopped,
        retry_after: rest,
    } = scan.fetch_details(&wanted).await;

    // This may turn results into failures, so it comes before they are counted.
    let mut report = StageReport {
        warnings: Vec::from_iter(doubt_many_not_found(&mut results)),
        ..StageReport::default()
    };
    report += report_of(&results);
    report
        .warnings
        .extend(stopped.map(|why| format!("stopped fetching details: {why}")));

    log_details(source, report.counts, begun.elapsed());
    RequestedDetails {
        results,
        rest,
        report,
    }
}

fn log_details(source: &SourceKey, counts: Counts, took: Duration) {
    let Counts {
        details,
        details_failed,
        ..
    } = counts;
    let elapsed_ms = saturating_millis(took);
    debug!(
        event = "source.details",
        details,
        details_failed,
        elapsed_ms,
        "requested details of `{source}`: {details} succeeded, {details_failed} failed"
    );
}

/// Counts the results, with warnings that name the first job of each kind of failure.
fn report_of(results: &HashMap<String, Detail>) -> StageReport {
    let failures = results.iter().filter_map(|(id, result)| match result {
        Detail::Failed(why) => Some((id, why)),
        Detail::Found(_) | Detail::Gone => None,
    });
    let not_found = results
        .iter()
        .filter(|(_, result)| **result == Detail::Gone)
        .map(|(id, _)| id);
    let (first_failed, first_not_found) = (failures.clone().min(), not_found.clone().min());
    let (failed, not_found) = (failures.count(), not_found.count());

    let failed_warning = first_failed.map(|(id, why)| {
        let id = shown(id);
        match failed {
            1 => format!("no text for job `{id}`: {why}"),
            _ => format!("no text for {failed} jobs, e.g. `{id}`: {why}"),
        }
    });
    let not_found_warning = first_not_found.map(|id| {
        let id = shown(id);
        match not_found {
            1 => format!("no text for job `{id}`: not found, although the board lists the job; it is requested again"),
            _ => format!(
                "no text for {not_found} jobs, e.g. `{id}`: not found, although the board lists them; they are requested again"
            ),
        }
    });
    StageReport {
        counts: Counts {
            details: (results.len() - failed - not_found) as u64,
            details_failed: (failed + not_found) as u64,
            ..Counts::default()
        },
        warnings: failed_warning
            .into_iter()
            .chain(not_found_warning)
            .collect(),
    }
}

fn shown(id: &str) -> PrintableStart<'_> {
    PrintableStart {
        text: id,
        limit: SHOWN_ID_CHARS,
    }
}
