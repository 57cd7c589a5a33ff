//! Asking for the details of the jobs of one scan, and saying how that went.

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

/// How many characters of a job's name a warning shows.
const SHOWN_ID_CHARS: usize = 64;

/// What asking brought.
#[derive(Debug, Default)]
pub(crate) struct RequestedDetails {
    /// By external id; a job that is not in it was not asked for.
    pub(crate) answers: HashMap<String, Detail>,
    /// For how long the board wants to be left alone.
    pub(crate) rest: Option<Duration>,
    pub(crate) report: StageReport,
}

/// Returns the jobs of a listing that have to be asked for, and a warning where the adapter defers
/// a text and has no way to ask for it. That is a mistake, and its jobs are what the listing says.
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
            "{without_text} jobs are without a text: the adapter defers it and exports no `details`"
        )
    });
    (DeferredJobs::due(Vec::new(), context), warning)
}

/// Asks for the jobs that are due, as many as the scan may. What fails is told and counted, and
/// makes no error of the scan: the listing is as complete as it is.
pub(crate) async fn request_details(scan: &mut Scan<'_>, deferred: &DeferredJobs, source: &SourceKey) -> RequestedDetails {
    let wanted = deferred.wanted();
    if wanted.is_empty() {
        return RequestedDetails::default();
    }
    let begun = Instant::now();
    let Details {
        mut answers,
        stopped,
        rest,
    } = scan.fetch_details(&wanted).await;

    // Doubt turns answers into failures, so it comes before they are counted.
    let mut report = StageReport {
        warnings: Vec::from_iter(doubt_many_not_found(&mut answers)),
        ..StageReport::default()
    };
    report += report_of(&answers);
    report
        .warnings
        .extend(stopped.map(|why| format!("asked for no more details: {why}")));

    log_details(source, report.counts, begun.elapsed());
    RequestedDetails {
        answers,
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
        "asked for details of `{source}`: {details} came, {details_failed} failed"
    );
}

/// Counts the answers, and names the first job of each kind of failure.
fn report_of(answers: &HashMap<String, Detail>) -> StageReport {
    let failures = answers.iter().filter_map(|(id, answer)| match answer {
        Detail::Failed(why) => Some((id, why)),
        Detail::Found(_) | Detail::Gone => None,
    });
    let gone = answers
        .iter()
        .filter(|(_, answer)| **answer == Detail::Gone)
        .map(|(id, _)| id);
    let (first_failed, first_gone) = (failures.clone().min(), gone.clone().min());
    let (failed, gone) = (failures.count(), gone.count());

    let failed_warning = first_failed.map(|(id, why)| {
        let id = shown(id);
        match failed {
            1 => format!("no details of the job `{id}`: {why}"),
            _ => format!("no details of {failed} jobs, among them `{id}`: {why}"),
        }
    });
    let gone_warning = first_gone.map(|id| {
        let id = shown(id);
        match gone {
            1 => format!("the board lists the job `{id}` without details of it; they are asked for again"),
            _ => format!(
                "the board lists {gone} jobs without details of them, among them `{id}`; they are asked for again"
            ),
        }
    });
    StageReport {
        counts: Counts {
            details: (answers.len() - failed - gone) as u64,
            details_failed: (failed + gone) as u64,
            ..Counts::default()
        },
        warnings: failed_warning.into_iter().chain(gone_warning).collect(),
    }
}

fn shown(id: &str) -> PrintableStart<'_> {
    PrintableStart {
        text: id,
        limit: SHOWN_ID_CHARS,
    }
}
