//! Asking for the details of the jobs of one scan, and saying how that went.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use job_scanner_core::escape::PrintableStart;
use job_scanner_core::normalize::KnownJobs;
use job_scanner_core::run::Counts;
use job_scanner_core::time::saturating_millis;
use job_scanner_sandbox::{Adapter, Detail, Details, Scan};
use job_scanner_store::AllDetails;
use tracing::debug;

use crate::report::SourceRunStats;
use crate::scan::details::{DeferredJobs, Reading, doubt_many_gone};
use crate::scan::evaluate::Listed;

/// How many characters of a job's name a warning shows.
const SHOWN_ID_CHARS: usize = 64;

/// What asking brought.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// By external id; a job that is not in it was not asked for.
    pub(crate) answers: HashMap<String, Detail>,
    /// For how long the board wants to be left alone.
    pub(crate) rest: Option<Duration>,
}

/// The jobs of a listing that have to be asked for. An adapter that defers a text without a way to
/// ask for it has made a mistake: its jobs are what the listing says.
pub(crate) fn deferred_in(
    listed: &Listed,
    adapter: &Adapter,
    known: &KnownJobs,
    details: &AllDetails,
    reading: Reading,
    stats: &mut SourceRunStats,
) -> DeferredJobs {
    let results = &listed.normalized.results;
    if adapter.has_details() {
        return DeferredJobs::listed(results, known, details, reading);
    }
    let jobs = results
        .iter()
        .filter(|result| result.deferred.is_some())
        .count();
    if jobs > 0 {
        stats.warnings.push(format!(
            "{jobs} jobs are without a text: the adapter defers it and exports no `details`"
        ));
    }
    DeferredJobs::due(Vec::new(), reading)
}

/// Asks for the jobs that are due, as many as the scan may. What fails is told and counted, and
/// makes no error of the scan: the listing is as complete as it is.
pub(crate) async fn ask(
    scan: &mut Scan<'_>,
    deferred: &DeferredJobs,
    stats: &mut SourceRunStats,
) -> Asked {
    let wanted = deferred.wanted();
    if wanted.is_empty() {
        return Asked::default();
    }
    let begun = Instant::now();
    let Details {
        mut answers,
        stopped,
        rest,
    } = scan.fetch_details(&wanted).await;
    stats.warnings.extend(doubt_many_gone(&mut answers));
    count(&answers, stats);
    stats
        .warnings
        .extend(stopped.map(|why| format!("asked for no more details: {why}")));
    log_details(stats, begun.elapsed());
    Asked { answers, rest }
}

fn log_details(stats: &SourceRunStats, took: Duration) {
    let Counts {
        details,
        details_failed,
        ..
    } = stats.counts;
    let elapsed_ms = saturating_millis(took);
    debug!(
        event = "source.details",
        details,
        details_failed,
        elapsed_ms,
        "asked for details of `{}`: {details} came, {details_failed} failed",
        stats.source
    );
}

fn count(answers: &HashMap<String, Detail>, stats: &mut SourceRunStats) {
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

    stats.counts.details = (answers.len() - failed - gone) as u64;
    stats.counts.details_failed = (failed + gone) as u64;
    stats.warnings.extend(first_failed.map(|(id, why)| {
        let id = PrintableStart {
            text: id,
            limit: SHOWN_ID_CHARS,
        };
        match failed {
            1 => format!("no details of the job `{id}`: {why}"),
            _ => format!("no details of {failed} jobs, among them `{id}`: {why}"),
        }
    }));
    stats.warnings.extend(first_gone.map(|id| {
        let id = PrintableStart { text: id, limit: SHOWN_ID_CHARS };
        match gone {
            1 => format!("the board lists the job `{id}` without details of it; they are asked for again"),
            _ => format!(
                "the board lists {gone} jobs without details of them, among them `{id}`; they are asked for again"
            ),
        }
    }));
}
