//! Decides which deferred details to request, and what a job is before and after its details are
//! there. Pure.
//!
//! A board may send the text of a job only on a separate request. A new job of such a board is
//! stored as it is listed and *held*: it is not matched before its details are there. If the
//! listing of a known job changes, the job keeps its version until then. After several failures a
//! job is given up and matched as it is listed.
//!
//! The table has the state of a job's details after a scan, by the stored state and the event of
//! the scan. If the next request moves, its time is in brackets: `now`, `refresh` (after five to
//! seven days) or `retry` (after a quarter of an hour, which doubles with each failure, up to a
//! day).
//!
//! | stored | changed listing | found | not found | not found, third time | failed | failed, fifth time | not requested |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | awaited | awaited (now) | there (refresh) | awaited | gone (retry) | awaited | given-up (retry) | awaited |
//! | there | awaited (now) | there (refresh) | there | gone (retry) | there | there (refresh) | there |
//! | given-up | awaited (now) | there (refresh) | gone (retry) | gone (retry) | given-up (retry) | given-up (retry) | given-up |
//! | gone | awaited (now) | there (refresh) | gone (retry) | gone (retry) | given-up (retry) | given-up (retry) | gone |
//!
//! *Changed listing* means that the listing of the job changed and its details were not requested
//! yet; a job without stored details begins in the same way. *Third time* and *fifth time* count
//! consecutive failures.
//!
//! A job whose details are not found stays open, because the board still lists it. Only its absence
//! from the listing or its own closing date closes it. Boards list a new job before its page
//! exists.
//!
//! Not here: the requests ([`Scan::fetch_details`](job_scanner_sandbox::Scan::fetch_details)) and
//! the stored state ([`DetailsRecord`]).

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{
    KnownJobs, NormalizationResult, merge_details, truncate_for_storage,
};
use job_scanner_core::raw::RawJob;
use job_scanner_sandbox::{Detail, DetailRequest};
use job_scanner_store::{
    AllDetails, DetailsRecord, DetailsState, DueDetails, KnownDetails, LONGEST_TERM,
};

/// The number of consecutive failures after which a job is given up.
const MAX_ATTEMPTS: u32 = 5;

/// The number of consecutive failures after which a job is given up if its details are not found.
/// That is less likely to be temporary.
const MAX_ATTEMPTS_IF_NOT_FOUND: u32 = 3;

/// The delay before the details of a given-up job are requested again. It doubles with each further
/// failure.
const FIRST_RETRY_DELAY: SignedDuration = SignedDuration::from_mins(15);

/// The longest delay between two such requests.
const LONGEST_RETRY_DELAY: SignedDuration = SignedDuration::from_hours(24);

/// The shortest time after which details are refreshed; the longest is [`LONGEST_TERM`]. Each job
/// has its own interval between the two, so that details requested together are not all refreshed
/// together.
const SHORTEST_REFRESH_INTERVAL: SignedDuration = SignedDuration::from_hours(5 * 24);

/// The minimum number of details not found in one scan that may be treated as a fault of the board.
const MIN_SUSPICIOUS: usize = 2;

/// The read config of the current scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadContext {
    pub(crate) now: Timestamp,
    /// The fingerprint of the adapter, options and normalization version.
    pub(crate) read_config: [u8; 32],
    /// True if the read config is not equivalent to that of the last scan.
    pub(crate) reprocessed: bool,
}

/// The deferred jobs of a scan, each at most once.
#[derive(Debug)]
pub(crate) struct DeferredJobs {
    jobs: Vec<DeferredJob>,
    context: ReadContext,
}

/// A deferred job, with the state of its details after the listing was read.
#[derive(Debug)]
struct DeferredJob {
    external_id: ExternalId,
    listing: RawJob,
    /// The stored details; `None` if the job had none.
    on_record: Option<KnownDetails>,
    /// True if the job itself is stored.
    is_stored: bool,
    state: DetailsState,
    matched: bool,
    attempts: u32,
    /// `None` for a job that was closed and is listed again.
    due_at: Option<Timestamp>,
}

/// The result of a scan for one deferred job.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) external_id: ExternalId,
    /// The new version of the job; `None` if it keeps its version.
    pub(crate) raw: Option<RawJob>,
    /// The matching of the new version.
    pub(crate) matching: Matching,
    /// True if the previous details had another read config, so that a change may be caused by the
    /// program.
    pub(crate) reprocessed: bool,
    /// True if the closing date of the stored version has passed.
    pub(crate) expired: bool,
    /// The state to store; `None` if it did not change.
    pub(crate) record: Option<DetailsRecord>,
}

/// The kind of a failed request for details.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DetailsFailure {
    /// The board has no details of the job, although it lists the job.
    NotFound,
    /// Any other failure. The board may have details.
    Other,
}

/// The decision to match a job or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matching {
    /// The job is not matched yet, because only its listing is known.
    Held,
    /// The job is matched for the first time. `baseline` is true if an earlier scan found it in the
    /// baseline of the source.
    First { baseline: bool },
    /// The job is matched if its version differs from the one that was matched before.
    Again,
}

impl DeferredJobs {
    /// Collects the deferred jobs of a listing.
    pub(crate) fn listed(
        results: &[NormalizationResult],
        jobs: &KnownJobs,
        details: &AllDetails,
        context: ReadContext,
    ) -> Self {
        let deferred = results.iter().filter_map(|result| {
            let id = &result.job.external_id;
            let listing = result.deferred.as_deref()?.clone();
            let (on_record, is_stored) = (details.get(id).cloned(), jobs.contains_key(id));
            Some(DeferredJob::new(
                id.clone(),
                listing,
                on_record,
                is_stored,
                context.now,
            ))
        });
        Self {
            jobs: deferred.collect(),
            context,
        }
    }

    /// Collects the jobs whose details are due although their listing has not changed.
    pub(crate) fn due(due: Vec<DueDetails>, context: ReadContext) -> Self {
        let deferred = due.into_iter().map(
            |DueDetails {
                 external_id,
                 listing,
                 known,
             }| {
                DeferredJob::new(external_id, listing, Some(known), true, context.now)
            },
        );
        Self {
            jobs: deferred.collect(),
            context,
        }
    }

    /// Returns the details to request, the most urgent first: awaited details come before others,
    /// and those with fewer failures first, so that failing ones do not delay the rest.
    pub(crate) fn wanted(&self) -> Vec<DetailRequest> {
        let mut due: Vec<_> = self
            .jobs
            .iter()
            .filter(|job| job.is_due(self.context.now))
            .collect();

        due.sort_by_key(|job| (job.state != DetailsState::Awaited, job.attempts, job.due_at));
        let wanted = |job: &DeferredJob| DetailRequest {
            external_id: job.external_id.as_str().to_owned(),
            token: job.listing.deferred().unwrap_or_default().to_owned(),
            attempts: job.attempts,
        };
        due.into_iter().map(wanted).collect()
    }

    /// Returns the jobs for which the stored details are needed in addition to these results.
    pub(crate) fn needs_stored_details(
        &self,
        results: &HashMap<String, Detail>,
    ) -> Vec<ExternalId> {
        let stored = self
            .jobs
            .iter()
            .filter(|job| job.uses_stored_details(results, self.context));
        stored.map(|job| job.external_id.clone()).collect()
    }

    /// Resolves the jobs with the results of the requests, and with stored details for the others.
    pub(crate) fn resolve(
        self,
        mut results: HashMap<String, Detail>,
        mut stored: HashMap<ExternalId, RawJob>,
    ) -> Vec<Resolved> {
        let context = self.context;
        let resolve = |job: DeferredJob| {
            let stored = stored.remove(&job.external_id);
            match results.remove(job.external_id.as_str()) {
                Some(Detail::Found(details)) => job.found(*details, context),
                Some(Detail::Gone) => job.failed(DetailsFailure::NotFound, stored, context),
                Some(Detail::Failed(_)) => job.failed(DetailsFailure::Other, stored, context),
                None => job.keep_state(stored, false, context),
            }
        };
        self.jobs.into_iter().map(resolve).collect()
    }
}

/// Turns "not found" results into plain failures if they are more than half of the results. The
/// board is then probably broken, and a plain failure is retried more often before a job is given
/// up. Returns a warning in this case.
pub(crate) fn doubt_many_not_found(results: &mut HashMap<String, Detail>) -> Option<String> {
    let not_found: HashSet<String> = results
        .iter()
        .filter(|(_, result)| **result == Detail::Gone)
        .map(|(id, _)| id.clone())
        .collect();
    let (many, all) = (not_found.len(), results.len());
    if many < MIN_SUSPICIOUS || many * 2 <= all {
        return None;
    }

    for id in not_found {
        results.insert(id, Detail::Failed("not found".to_owned()));
    }
    Some(format!(
        "the texts of {many} of {all} requested jobs were not found; treated as a fault of the board"
    ))
}

impl DeferredJob {
    fn new(
        external_id: ExternalId,
        listing: RawJob,
        on_record: Option<KnownDetails>,
        is_stored: bool,
        now: Timestamp,
    ) -> Self {
        let (state, matched, attempts, due_at) = match &on_record {
            Some(known) if known.fingerprint == listing.fingerprint() => {
                (known.state, known.matched, known.attempts, known.due_at)
            }
            // The listing has changed. Earlier failures keep counting, or a job that changes often
            // would never be given up.
            Some(known) if known.state == DetailsState::Awaited => (
                DetailsState::Awaited,
                known.matched,
                known.attempts,
                Some(now),
            ),
            Some(known) => (DetailsState::Awaited, known.matched, 0, Some(now)),
            // The text of a stored job without details was part of the listing until now.
            None => (DetailsState::Awaited, is_stored, 0, Some(now)),
        };

        Self {
            external_id,
            listing,
            on_record,
            is_stored,
            state,
            matched,
            attempts,
            due_at,
        }
    }

    fn is_due(&self, now: Timestamp) -> bool {
        // No refresh is further away than the longest interval. If one seems to be, the clock was
        // ahead when the details were requested.
        let is_over = |due: Timestamp| due <= now || due > now + LONGEST_TERM;
        self.state == DetailsState::Awaited || self.due_at.is_none_or(is_over)
    }

    /// Returns true if the matched version was read with another read config, or its text came from
    /// a listing.
    fn reprocessed(&self, context: ReadContext) -> bool {
        let read_config = self.on_record.as_ref().and_then(|known| known.read_config);
        self.matched && read_config != Some(context.read_config)
    }

    /// Returns true if any field of the listing has changed.
    fn has_changed_listing(&self) -> bool {
        let before = self.on_record.as_ref().map(|known| known.whole_fingerprint);
        before != Some(self.listing.whole_fingerprint())
    }

    /// Returns true if the job becomes a combination of its listing and its stored details.
    fn uses_stored_details(&self, results: &HashMap<String, Detail>, context: ReadContext) -> bool {
        let failure = match results.get(self.external_id.as_str()) {
            Some(Detail::Found(_)) => return false,
            Some(Detail::Gone) => Some(DetailsFailure::NotFound),
            Some(Detail::Failed(_)) => Some(DetailsFailure::Other),
            None => None,
        };
        match self.state {
            DetailsState::Awaited => {
                failure.is_some_and(|failure| self.attempts + 1 >= failure.max_attempts())
            }
            _ => self.matched && (self.has_changed_listing() || context.reprocessed),
        }
    }

    fn found(mut self, details: RawJob, context: ReadContext) -> Resolved {
        let raw = merge_details(self.listing.clone(), details.clone());
        let details = truncate_for_storage(details);

        // The record describes the state after this scan, so it is created last.
        let matching = self.match_now();
        self.schedule_refresh(DetailsState::There, context.now);
        let record = self.record(Some((details, context.read_config)), context.now);
        Resolved {
            raw: Some(raw),
            matching,
            record: Some(record),
            ..self.keep_version(context)
        }
    }

    fn failed(
        mut self,
        failure: DetailsFailure,
        stored: Option<RawJob>,
        context: ReadContext,
    ) -> Resolved {
        self.attempts += 1;
        let is_last = self.attempts >= failure.max_attempts();
        match self.state {
            DetailsState::Awaited | DetailsState::There if !is_last => {
                self.keep_state(stored, true, context)
            }
            DetailsState::Awaited => self.give_up(failure, stored, context),
            DetailsState::There if failure == DetailsFailure::Other => {
                self.schedule_refresh(DetailsState::There, context.now);
                self.keep_state(stored, true, context)
            }
            DetailsState::There | DetailsState::GivenUp | DetailsState::Gone => {
                self.schedule_retry(failure, context.now);
                self.keep_state(stored, true, context)
            }
        }
    }

    /// Gives the job up: it becomes a combination of its listing and its stored details.
    fn give_up(
        mut self,
        failure: DetailsFailure,
        stored: Option<RawJob>,
        context: ReadContext,
    ) -> Resolved {
        let raw = match stored {
            Some(stored) => merge_details(self.listing.clone(), stored),
            // The job has a stored text that was not loaded, and keeps it.
            None if self.is_stored => return self.keep_state(None, true, context),
            None => self.listing.clone(),
        };

        let matching = self.match_now();
        self.schedule_retry(failure, context.now);
        let record = self.record(None, context.now);
        Resolved {
            raw: Some(raw),
            matching,
            record: Some(record),
            ..self.keep_version(context)
        }
    }

    /// Resolves a job without new details, whose listing may have changed. `counted` is true if a
    /// failure has to be stored.
    fn keep_state(
        mut self,
        stored: Option<RawJob>,
        counted: bool,
        context: ReadContext,
    ) -> Resolved {
        let listing_changed = self.has_changed_listing();
        let (raw, request_again) = match (self.matched, self.state) {
            _ if !listing_changed && !context.reprocessed => (None, false),
            (false, _) => (Some(self.listing.clone()), false),
            (true, DetailsState::Awaited) => (None, false),
            (true, _) => match stored {
                Some(stored) => (Some(merge_details(self.listing.clone(), stored)), false),
                // The stored details were not loaded, because of the size limit of a read. The job
                // keeps its version until its details are requested again.
                None => (None, true),
            },
        };
        if request_again {
            self.due_at = Some(context.now);
        }

        // A reopened job has no due time yet, so its record is stored even without other changes.
        let is_reopened = self.due_at.is_none();
        let is_changed = listing_changed || counted || request_again || is_reopened;
        let record = is_changed.then(|| self.record(None, context.now));
        Resolved {
            raw,
            record,
            ..self.keep_version(context)
        }
    }

    fn match_now(&mut self) -> Matching {
        let baseline = self.on_record.as_ref().is_some_and(|known| known.baseline);
        if std::mem::replace(&mut self.matched, true) {
            Matching::Again
        } else {
            Matching::First { baseline }
        }
    }

    fn schedule_refresh(&mut self, state: DetailsState, now: Timestamp) {
        (self.state, self.attempts, self.due_at) =
            (state, 0, Some(now + refresh_interval(&self.external_id)));
    }

    /// Schedules the next request for a given-up job. The first retries come soon, so that a short
    /// outage of a board does not delay its details for a day.
    fn schedule_retry(&mut self, failure: DetailsFailure, now: Timestamp) {
        let failed_retries = match self.state {
            DetailsState::GivenUp | DetailsState::Gone => self.attempts,
            DetailsState::Awaited | DetailsState::There => 0,
        };

        let state = match failure {
            DetailsFailure::NotFound => DetailsState::Gone,
            DetailsFailure::Other => DetailsState::GivenUp,
        };
        (self.state, self.attempts, self.due_at) = (
            state,
            failed_retries,
            Some(now + retry_delay(failed_retries)),
        );
    }

    fn record(&self, details: Option<(RawJob, [u8; 32])>, now: Timestamp) -> DetailsRecord {
        DetailsRecord {
            external_id: self.external_id.clone(),
            state: self.state,
            matched: self.matched,
            attempts: self.attempts,
            due_at: self.due_at.unwrap_or(now),
            listing: self.listing.clone(),
            details,
        }
    }

    fn keep_version(&self, context: ReadContext) -> Resolved {
        let ends = self.on_record.as_ref().and_then(|known| known.expires_at);
        Resolved {
            external_id: self.external_id.clone(),
            raw: None,
            matching: if self.matched {
                Matching::Again
            } else {
                Matching::Held
            },
            reprocessed: self.reprocessed(context),
            expired: ends.is_some_and(|end| end.is_over(context.now)),
            record: None,
        }
    }
}

impl DetailsFailure {
    /// Returns the number of consecutive failures after which a job is given up.
    fn max_attempts(self) -> u32 {
        match self {
            Self::NotFound => MAX_ATTEMPTS_IF_NOT_FOUND,
            Self::Other => MAX_ATTEMPTS,
        }
    }
}

/// Returns the delay before the next request for a given-up job, after this many failed retries.
fn retry_delay(failed: u32) -> SignedDuration {
    let doublings = failed.min(16);
    (FIRST_RETRY_DELAY * (1 << doublings)).min(LONGEST_RETRY_DELAY)
}

/// Returns the time after which the details of a job are refreshed. It is always the same for one
/// job.
fn refresh_interval(external_id: &ExternalId) -> SignedDuration {
    let hash = blake3::hash(external_id.as_str().as_bytes());
    let spread = (LONGEST_TERM - SHORTEST_REFRESH_INTERVAL).as_secs();
    let fraction = i64::from(u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]]));
    LONGEST_TERM - SignedDuration::from_secs(spread * fraction / i64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::raw::Description;

    use super::*;

    fn context() -> ReadContext {
        ReadContext {
            now: "2026-11-23T08:00:00Z".parse().unwrap(),
            read_config: [1; 32],
            reprocessed: false,
        }
    }

    fn listed(id: &str) -> RawJob {
        RawJob {
            external_id: id.to_owned(),
            title: "Engineer".to_owned(),
            description: Some(Description::Deferred(format!("token of {id}"))),
            ..RawJob::default()
        }
    }

    fn due(id: &str, state: DetailsState, attempts: u32, due_at: Option<&str>) -> DueDetails {
        let listing = listed(id);
        let known = KnownDetails {
            state,
            matched: true,
            attempts,
            due_at: due_at.map(|at| at.parse().unwrap()),
            fingerprint: listing.fingerprint(),
            whole_fingerprint: listing.whole_fingerprint(),
            read_config: Some([1; 32]),
            baseline: false,
            expires_at: None,
        };
        DueDetails {
            external_id: ExternalId::new(id).unwrap(),
            listing,
            known,
        }
    }

    /// The event of a scan for one job.
    struct Event {
        heading: &'static str,
        /// The consecutive failures before it.
        attempts: u32,
        listing_changed: bool,
        /// The result; `None` if the details are not requested.
        result: Option<fn() -> Detail>,
    }

    /// The time of the next request.
    #[derive(Clone, Copy)]
    enum Due {
        /// The stored time.
        Kept,
        Now,
        Refresh,
        Retry,
    }

    const fn event(heading: &'static str, attempts: u32, result: Option<fn() -> Detail>) -> Event {
        Event {
            heading,
            attempts,
            listing_changed: false,
            result,
        }
    }

    fn found() -> Detail {
        Detail::Found(Box::default())
    }

    fn not_found() -> Detail {
        Detail::Gone
    }

    fn failed() -> Detail {
        Detail::Failed("500".to_owned())
    }

    /// The columns of the table in the header of the module.
    const EVENTS: [Event; 7] = [
        Event {
            listing_changed: true,
            ..event("changed listing", 0, None)
        },
        event("found", 0, Some(found)),
        event("not found", 0, Some(not_found)),
        event(
            "not found, third time",
            MAX_ATTEMPTS_IF_NOT_FOUND - 1,
            Some(not_found),
        ),
        event("failed", 0, Some(failed)),
        event("failed, fifth time", MAX_ATTEMPTS - 1, Some(failed)),
        event("not requested", 0, None),
    ];

    /// The rows of the table: a state, and the next one for each event.
    const TABLE: [(DetailsState, [(DetailsState, Due); 7]); 4] = {
        use DetailsState::{Awaited, GivenUp, Gone, There};
        use Due::{Kept, Now, Refresh, Retry};
        [
            (
                Awaited,
                [
                    (Awaited, Now),
                    (There, Refresh),
                    (Awaited, Kept),
                    (Gone, Retry),
                    (Awaited, Kept),
                    (GivenUp, Retry),
                    (Awaited, Kept),
                ],
            ),
            (
                There,
                [
                    (Awaited, Now),
                    (There, Refresh),
                    (There, Kept),
                    (Gone, Retry),
                    (There, Kept),
                    (There, Refresh),
                    (There, Kept),
                ],
            ),
            (
                GivenUp,
                [
                    (Awaited, Now),
                    (There, Refresh),
                    (Gone, Retry),
                    (Gone, Retry),
                    (GivenUp, Retry),
                    (GivenUp, Retry),
                    (GivenUp, Kept),
                ],
            ),
            (
                Gone,
                [
                    (Awaited, Now),
                    (There, Refresh),
                    (Gone, Retry),
                    (Gone, Retry),
                    (GivenUp, Retry),
                    (GivenUp, Retry),
                    (Gone, Kept),
                ],
            ),
        ]
    };

    const BEFORE: &str = "2026-11-22T08:00:00Z";

    /// Returns the state of a job's details after the event, and the time of the next request.
    fn after(state: DetailsState, event: &Event) -> (DetailsState, Timestamp) {
        let DueDetails {
            external_id,
            mut listing,
            known,
        } = due("1", state, event.attempts, Some(BEFORE));
        if event.listing_changed {
            listing.title = "Engineer II".to_owned();
        }
        let job = DeferredJob::new(external_id, listing, Some(known), true, context().now);
        let jobs = DeferredJobs {
            jobs: vec![job],
            context: context(),
        };

        let results: HashMap<String, Detail> = event
            .result
            .map(|result| result())
            .map(|result| ("1".to_owned(), result))
            .into_iter()
            .collect();
        let stored = jobs.needs_stored_details(&results).into_iter();
        let stored = stored.map(|id| (id, RawJob::default())).collect();
        match jobs.resolve(results, stored).remove(0).record {
            Some(record) => (record.state, record.due_at),
            None => (state, BEFORE.parse().unwrap()),
        }
    }

    #[test]
    fn details_have_the_state_of_the_table_after_a_scan() {
        let now = context().now;
        for (state, row) in TABLE {
            for (event, (next, due)) in EVENTS.iter().zip(row) {
                let failed_retries = match state {
                    DetailsState::GivenUp | DetailsState::Gone => event.attempts + 1,
                    DetailsState::Awaited | DetailsState::There => 0,
                };
                let due_at = match due {
                    Due::Kept => BEFORE.parse().unwrap(),
                    Due::Now => now,
                    Due::Refresh => now + refresh_interval(&ExternalId::new("1").unwrap()),
                    Due::Retry => now + retry_delay(failed_retries),
                };
                let heading = event.heading;
                assert_eq!(after(state, event), (next, due_at), "{state}: {heading}");
            }
        }
    }

    #[test]
    fn the_header_of_the_module_has_the_same_table() {
        let cell = |(state, due): (DetailsState, Due)| match due {
            Due::Kept => state.to_string(),
            Due::Now => format!("{state} (now)"),
            Due::Refresh => format!("{state} (refresh)"),
            Due::Retry => format!("{state} (retry)"),
        };
        let line = |first: String, others: Vec<String>| {
            format!("//! | {first} | {} |\n", others.join(" | "))
        };
        let headings = EVENTS.iter().map(|event| event.heading.to_owned());
        let mut lines = vec![line("stored".to_owned(), headings.collect())];
        for (state, row) in TABLE {
            lines.push(line(state.to_string(), row.map(cell).to_vec()));
        }

        let source = include_str!("details.rs");
        for line in lines {
            assert!(source.contains(&line), "{line}");
        }
    }

    #[test]
    fn awaited_details_with_fewest_failures_are_requested_first() {
        use DetailsState::{Awaited, There};
        let (past, future) = (Some("2026-11-22T08:00:00Z"), Some("2026-11-24T08:00:00Z"));
        let jobs = vec![
            due("old", There, 0, past),
            due("failed", Awaited, 2, past),
            due("new", Awaited, 0, past),
            due("fresh", There, 0, future),
            due("back", There, 0, None),
        ];
        let wanted = DeferredJobs::due(jobs, context()).wanted();
        let ids: Vec<&str> = wanted.iter().map(|it| it.external_id.as_str()).collect();
        assert_eq!(ids, ["new", "failed", "back", "old"]);
        assert_eq!(
            (wanted[1].token.as_str(), wanted[1].attempts),
            ("token of failed", 2)
        );
    }

    #[test]
    fn failures_keep_counting_when_the_listing_of_an_awaited_job_changes() {
        let job = |state| {
            let DueDetails {
                external_id,
                listing,
                known,
            } = due("1", state, 3, Some("2026-11-22T08:00:00Z"));
            let moved = RawJob {
                title: "Engineer II".to_owned(),
                ..listing
            };
            DeferredJob::new(external_id, moved, Some(known), true, context().now)
        };
        assert_eq!(
            (
                job(DetailsState::Awaited).state,
                job(DetailsState::Awaited).attempts
            ),
            (DetailsState::Awaited, 3)
        );
        assert_eq!(
            (
                job(DetailsState::GivenUp).state,
                job(DetailsState::GivenUp).attempts
            ),
            (DetailsState::Awaited, 0)
        );
    }

    #[test]
    fn a_job_whose_stored_text_was_not_read_keeps_its_version_and_is_requested_again() {
        let resolve = |state, attempts, results: &[(&str, Detail)]| {
            let DueDetails {
                external_id,
                listing,
                known,
            } = due("1", state, attempts, Some("2026-12-22T08:00:00Z"));
            let moved = RawJob {
                department: Some("Tools".to_owned()),
                ..listing
            };
            let known = KnownDetails {
                fingerprint: moved.fingerprint(),
                ..known
            };
            let job = DeferredJob::new(external_id, moved, Some(known), true, context().now);
            let results = results
                .iter()
                .map(|(id, result)| ((*id).to_owned(), result.clone()))
                .collect();
            let jobs = DeferredJobs {
                jobs: vec![job],
                context: context(),
            };
            jobs.resolve(results, HashMap::new()).remove(0)
        };
        let kept = resolve(DetailsState::There, 0, &[]);
        assert_eq!(
            (kept.raw, kept.record.unwrap().due_at),
            (None, context().now)
        );
        let failed = resolve(
            DetailsState::Awaited,
            9,
            &[("1", Detail::Failed("500".to_owned()))],
        );
        assert_eq!(
            (failed.raw, failed.record.unwrap().state),
            (None, DetailsState::Awaited)
        );
    }

    #[test]
    fn more_than_half_of_the_details_not_found_is_suspicious() {
        let doubted = |not_found: usize, found: usize| {
            let not_found = (0..not_found).map(|n| (format!("not found {n}"), Detail::Gone));
            let found = (0..found).map(|n| (format!("found {n}"), Detail::Found(Box::default())));
            let mut results: HashMap<String, Detail> = not_found.chain(found).collect();
            let doubted = doubt_many_not_found(&mut results).is_some();
            assert_eq!(
                doubted,
                results.values().all(|result| *result != Detail::Gone)
            );
            doubted
        };
        assert!(!doubted(1, 0) && !doubted(1, 1) && !doubted(5, 5));
        assert!(doubted(2, 0) && doubted(2, 1) && doubted(6, 5));
    }

    #[test]
    fn retries_of_a_given_up_job_double_from_minutes_to_a_day() {
        let waits: Vec<i64> = (0..9).map(|failed| retry_delay(failed).as_mins()).collect();
        assert_eq!(waits, [15, 30, 60, 120, 240, 480, 960, 24 * 60, 24 * 60]);
    }

    #[test]
    fn each_job_has_its_own_refresh_interval_between_five_and_seven_days() {
        let terms: HashSet<i64> = (0..200)
            .map(|id| refresh_interval(&ExternalId::new(id.to_string()).unwrap()).as_secs() / 3_600)
            .collect();
        assert!(terms.iter().all(|hours| (5 * 24..=7 * 24).contains(hours)));
        assert!(
            terms.len() > 40,
            "spread over the hours of two days: {}",
            terms.len()
        );
    }
}
