//! Asking for what a listing leaves out: the details of deferred jobs, in batches, while the scan's
//! budgets last.
//!
//! A scan that has used most of a budget asks for no more; what it did not ask for stays due for
//! the next one. So does what failed: a failure costs its job, or its batch, never the scan.

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

/// The number of jobs that are asked for in one call; the contract says so.
const JOBS_PER_CALL: usize = 50;

/// A job whose details are requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailRequest {
    /// The board's name for it.
    pub external_id: String,
    /// The token that the listing gave to ask with.
    pub token: String,
    /// The number of times that it was asked for in vain.
    pub attempts: u32,
}

/// The answer about one job.
#[derive(Debug, Clone, PartialEq)]
pub enum Detail {
    /// The fields that it adds to the listing.
    Found(Box<RawJob>),
    /// The job is over.
    Gone,
    /// Nothing this time; why, fit to be printed.
    Failed(String),
}

/// The results about all jobs. A job that is not in `results` was not asked about.
#[derive(Debug, Default)]
pub struct Details {
    /// By external id.
    pub results: HashMap<String, Detail>,
    /// The reason why asking ended before the scan had asked for as many as it may; fit to be
    /// printed.
    pub stopped: Option<String>,
    /// For how long the board wants to be left alone, if it said so.
    pub retry_after: Option<Duration>,
}

impl Scan<'_> {
    /// Reads the listing and asks at once for all that it leaves out, as far as one scan may: a
    /// look at a board by itself, whatever is known of it.
    pub async fn read_in_full(&mut self) -> Listing {
        let mut listing = self.read_listing().await;
        let deferred: Vec<DetailRequest> = listing.jobs.iter().filter_map(first_request).collect();
        let details = self.fetch_details(&deferred).await;

        merge_into_listing(&mut listing, details);
        listing.warnings.extend(self.log_warning());
        listing
    }

    /// Asks for details in this order, as many as the scan may ask for. Nothing is asked once a
    /// call of the guest has failed.
    pub async fn fetch_details(&mut self, requests: &[DetailRequest]) -> Details {
        let mut details = Details::default();
        let most = usize::try_from(self.limits().details).unwrap_or(usize::MAX);
        let mut left = &requests[..requests.len().min(most)];

        while !left.is_empty() && self.has_details() && self.has_instance() && details.stopped.is_none()
        {
            if let Err(over) = self.check_time() {
                details.stopped = Some(reason(&over));
                break;
            }
            if let Some(budget) = self.nearly_spent_budget() {
                details.stop_at_budget(budget, left);
                break;
            }

            // As a rule each job takes a request.
            let (batch, rest) = left.split_at(batch_size(left).min(self.requests_left()));
            left = rest;
            self.fetch_batch_details(batch, &mut details).await;
        }
        details
    }

    /// One call. A failure of all of it is one of each of its jobs.
    async fn fetch_batch_details(&mut self, batch: &[DetailRequest], details: &mut Details) {
        self.pages += 1;
        self.details_requested += batch.len() as u64;
        let failure = match self.call_guest(batch).await {
            Ok(results) => details.record(batch, results),
            // Not for anything that the jobs did: the next run asks for them.
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

    /// The budget of the scan that is used to three quarters or more: what is left of each is more
    /// than one call may take.
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
    /// Notes the results to one call. Returns the first failure that would meet any further request
    /// as well.
    fn record(
        &mut self,
        batch: &[DetailRequest],
        results: Vec<(String, DetailResult)>,
    ) -> Option<ScanError> {
        // Of two results for one job the first counts, so it has to come last here.
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
                None => Detail::Failed("the adapter left it out".to_owned()),
            };
            self.results.insert(external_id.clone(), detail);
        }
        failure
    }

    fn record_failed(&mut self, jobs: &[DetailRequest], why: &str) {
        let failed = |job: &DetailRequest| (job.external_id.clone(), Detail::Failed(why.to_owned()));
        self.results.extend(jobs.iter().map(failed));
    }

    /// Stops before these jobs, since most of a budget is used.
    fn stop_at_budget(&mut self, budget: &str, left: &[DetailRequest]) {
        let why = format!("most of the scan's {budget} had been used");
        if self.results.is_empty() {
            // The listing alone uses the budget up, and so it will next time: to ask in vain is a
            // failure like others, or these jobs would be held for ever.
            self.record_failed(left, &why);
        }
        self.stopped = Some(why);
    }
}

/// A deferred job of a listing that nothing else is known of.
fn first_request(job: &RawJob) -> Option<DetailRequest> {
    Some(DetailRequest {
        external_id: job.external_id.clone(),
        token: job.deferred()?.to_owned(),
        attempts: 0,
    })
}

/// Puts details into the jobs of a listing. A job that is over is taken out of it.
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
        .extend(stopped.map(|why| format!("asked for no more details: {why}")));
}

/// The number of these to ask for in one call. Jobs that failed are asked for in ever smaller
/// company, by themselves in the end: one on which the adapter fails as a whole shall not cost the
/// others all their attempts.
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
