//! Fetches the details of deferred jobs in batches, as long as the scan's budgets last.
//!
//! A scan that has used most of a budget sends no further requests. The remaining jobs stay due for
//! the next scan, and so do jobs whose details failed. A failure affects the job or its batch, but
//! never the whole scan.

use std::collections::HashMap;
use std::time::Duration;

use job_scanner_core::escape::Printable;
use job_scanner_core::normalize::merge_details;
use job_scanner_core::raw::RawJob;

use crate::budgets::usage::{BudgetUse, Used};
use crate::error::ScanError;
use crate::scan::listing::Listing;
use crate::scan::page::{DetailResult, DetailsOutcome, details_bytes};
use crate::scan::scan::Scan;

/// The number of jobs that are requested in one call, as the contract defines it.
const JOBS_PER_CALL: usize = 50;

/// A job whose details are requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailRequest {
    /// The board's id of the job.
    pub external_id: String,
    /// The token with which the listing deferred the details.
    pub token: String,
    /// The number of failed attempts so far.
    pub attempts: u32,
}

/// The result for one job.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// The fields that complete the job of the listing.
    Found(Box<RawJob>),
    /// The job's page does not exist, or states that the job is no longer posted.
    Gone,
    /// This attempt failed. The text is escaped for printing.
    Failed(String),
}

/// The results of all calls. A job that is missing from `results` was not requested.
#[derive(Debug, Default)]
pub struct Details {
    /// By external id.
    pub results: HashMap<String, Detail>,
    /// The reason why fetching stopped before the scan's limit of details; `None` if it did not.
    /// The text is escaped for printing.
    pub stopped: Option<String>,
    /// The pause that the board requests; `None` if it names none.
    pub retry_after: Option<Duration>,
}

impl Scan<'_> {
    /// Reads the listing and then fetches the details of all jobs that it defers, up to the scan's
    /// limits. Use it for a scan that does not depend on stored jobs.
    pub async fn read_in_full(&mut self) -> Listing {
        let mut listing = self.read_listing().await;
        let deferred: Vec<DetailRequest> = listing.jobs.iter().filter_map(first_request).collect();
        let details = self.fetch_details(&deferred).await;

        merge_into_listing(&mut listing, details);
        listing.warnings.extend(self.log_warning());
        listing
    }

    /// Fetches details in this order, up to the scan's limit of details. Stops when a call of the
    /// guest fails and leaves no instance, when the board would reject further requests, or when a
    /// budget is nearly used up.
    pub async fn fetch_details(&mut self, requests: &[DetailRequest]) -> Details {
        let mut details = Details::default();
        let most = usize::try_from(self.limits().details).unwrap_or(usize::MAX);
        let mut left = &requests[..requests.len().min(most)];

        while !left.is_empty()
            && self.has_details()
            && self.has_instance()
            && details.stopped.is_none()
        {
            if let Err(over) = self.check_time() {
                details.stopped = Some(reason(&over));
                break;
            }
            if let Some(budget) = self.nearly_spent_budget() {
                details.stop_at_budget(budget, left);
                break;
            }

            // Each job usually takes one request.
            let (batch, rest) = left.split_at(batch_size(left).min(self.requests_left()));
            left = rest;
            self.fetch_batch_details(batch, &mut details).await;
        }
        details
    }

    /// Makes one call. If the whole call fails, each of its jobs fails.
    async fn fetch_batch_details(&mut self, batch: &[DetailRequest], details: &mut Details) {
        self.pages += 1;
        self.details_requested += batch.len() as u64;
        let failure = match self.call_guest(batch).await {
            Ok(results) => details.record(batch, results),
            // The jobs are not at fault, so this is not a failed attempt. The next run requests
            // them again.
            Err(ScanError::RunEnded) => {
                details.stopped = Some(reason(&ScanError::RunEnded));
                return;
            }
            Err(error) => {
                details.record_failed(batch, &reason(&error));
                Some(error)
            }
        };

        let Some(error) = failure else { return };
        if error.concerns_all_requests() || !self.has_instance() {
            details.stopped = Some(reason(&error));
        }
        if let ScanError::RateLimited { retry_after } = error {
            details.retry_after = retry_after;
        }
    }

    async fn call_guest(
        &mut self,
        batch: &[DetailRequest],
    ) -> Result<Vec<(String, DetailResult)>, ScanError> {
        let jobs: Vec<_> = batch
            .iter()
            .map(|job| (job.external_id.as_str(), job.token.as_str()))
            .collect();

        match self.fetch_batch(&jobs).await? {
            DetailsOutcome::Details(results) => {
                self.count_output(details_bytes(&results))?;
                Ok(results)
            }
            DetailsOutcome::Failed(error) => Err(self.guest_error(error)),
        }
    }

    /// Returns a budget of which three quarters or more are used. The remaining quarter of each
    /// budget is more than one call may use.
    fn nearly_spent_budget(&self) -> Option<&'static str> {
        let BudgetUse {
            cpu_ms,
            wall_ms,
            output_bytes,
            pages,
            requests,
            response_bytes,
            ..
        } = self.budget();

        let budgets = [
            ("CPU time", cpu_ms),
            ("wall-clock time", wall_ms),
            ("output", output_bytes),
            ("pages", pages),
            ("requests", requests),
            ("response bytes", response_bytes),
        ];

        let is_short = |used: Used| used.used.saturating_mul(4) >= used.limit.saturating_mul(3);
        budgets
            .into_iter()
            .find(|(_, used)| is_short(*used))
            .map(|(name, _)| name)
    }

    fn requests_left(&self) -> usize {
        let Used { used, limit } = self.budget().requests;
        usize::try_from(limit - used).unwrap_or(usize::MAX)
    }
}

impl Details {
    /// Records the results of one call. Returns the first failure that concerns the board as a
    /// whole, so that any further request would now fail too.
    fn record(
        &mut self,
        batch: &[DetailRequest],
        results: Vec<(String, DetailResult)>,
    ) -> Option<ScanError> {
        // If there are two results for one job, the first one counts. The map keeps the last, so
        // the order is reversed.
        let mut by_id: HashMap<String, DetailResult> = results.into_iter().rev().collect();
        let mut failure = None;

        for DetailRequest { external_id, .. } in batch {
            let detail = match by_id.remove(external_id) {
                Some(DetailResult::Found(job)) => Detail::Found(job),
                Some(DetailResult::Gone) => Detail::Gone,
                Some(DetailResult::Failed(error)) => {
                    let why = reason(&error);
                    failure = failure.or(error.concerns_all_requests().then_some(error));
                    Detail::Failed(why)
                }
                None => Detail::Failed("the adapter returned no result for it".to_owned()),
            };
            self.results.insert(external_id.clone(), detail);
        }
        failure
    }

    fn record_failed(&mut self, jobs: &[DetailRequest], why: &str) {
        let failed =
            |job: &DetailRequest| (job.external_id.clone(), Detail::Failed(why.to_owned()));
        self.results.extend(jobs.iter().map(failed));
    }

    /// Stops before these jobs because most of a budget is used.
    fn stop_at_budget(&mut self, budget: &str, left: &[DetailRequest]) {
        let why = format!("most of the scan's {budget} had been used");
        if self.results.is_empty() {
            // The listing alone used up the budget and will do so next time. This has to count as a
            // failed attempt, or these jobs would be held back forever.
            self.record_failed(left, &why);
        }
        self.stopped = Some(why);
    }
}

/// Returns the first request for a deferred job; `None` if the job is not deferred.
fn first_request(job: &RawJob) -> Option<DetailRequest> {
    Some(DetailRequest {
        external_id: job.external_id.clone(),
        token: job.deferred()?.to_owned(),
        attempts: 0,
    })
}

/// Merges details into the jobs of a listing, and removes the jobs that the board no longer has.
fn merge_into_listing(listing: &mut Listing, mut details: Details) {
    let mut jobs = Vec::with_capacity(listing.jobs.len());
    for job in std::mem::take(&mut listing.jobs) {
        match details.results.remove(&job.external_id) {
            Some(Detail::Found(found)) => jobs.push(merge_details(job, *found)),
            Some(Detail::Gone) => {}
            Some(Detail::Failed(why)) => {
                let id = Printable(&job.external_id);
                let warning = format!("no details of job `{id}`: {why}");
                listing.warnings.push(warning);
                jobs.push(job);
            }
            None => jobs.push(job),
        }
    }
    listing.jobs = jobs;

    let stopped = details.stopped;
    listing
        .warnings
        .extend(stopped.map(|why| format!("stopped fetching details: {why}")));
}

/// Returns the number of jobs to request in one call. After each failure a job is requested in a
/// smaller batch, and finally alone, so that one job on which the adapter fails as a whole does not
/// use up the attempts of the others.
fn batch_size(requests: &[DetailRequest]) -> usize {
    let attempts = requests.first().map_or(0, |job| job.attempts);
    let alike = requests
        .iter()
        .take_while(|job| job.attempts == attempts)
        .count();

    let most = JOBS_PER_CALL.checked_shr(2 * attempts).unwrap_or(0).max(1);
    alike.min(most)
}

fn reason(error: &ScanError) -> String {
    Printable(&error.to_string()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_jobs_are_requested_in_smaller_batches() {
        let requests = |attempts: &[u32]| -> Vec<DetailRequest> {
            let job = |(id, attempts): (usize, &u32)| DetailRequest {
                external_id: id.to_string(),
                token: String::new(),
                attempts: *attempts,
            };
            attempts.iter().enumerate().map(job).collect()
        };
        assert_eq!(batch_size(&requests(&[0; 80])), 50);
        assert_eq!(batch_size(&requests(&[0, 0, 1, 1])), 2);
        for (attempts, most) in [(1, 12), (2, 3), (3, 1), (4, 1), (40, 1)] {
            assert_eq!(batch_size(&requests(&[attempts; 80])), most, "{attempts}");
        }
    }
}
