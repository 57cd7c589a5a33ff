//! Jobs whose board tells the text of each only when asked for it: which of them to ask for, and
//! what they are until and once the answer is there. Pure.
//!
//! A new job is stored as it is listed and *held*: profiles are not compared with it before its
//! details are there. A job that is listed in other words keeps the version it has until then. Who
//! fails often is taken as it is.
//!
//! Where the details of a job stand after a scan, by where they stood before and what came of it.
//! In brackets, when they are asked for next where that changes: `refresh` is five to seven days,
//! `retry` a quarter of an hour that doubles with each failure, up to a day.
//!
//! | stored | changed listing | found | not found | not found, third time | failed | failed, fifth time | not requested |
//! | --- | --- | --- | --- | --- | --- | --- | --- |
//! | awaited | awaited (now) | there (refresh) | awaited | gone (retry) | awaited | given-up (retry) | awaited |
//! | there | awaited (now) | there (refresh) | there | gone (retry) | there | there (refresh) | there |
//! | given-up | awaited (now) | there (refresh) | gone (retry) | gone (retry) | given-up (retry) | given-up (retry) | given-up |
//! | gone | awaited (now) | there (refresh) | gone (retry) | gone (retry) | given-up (retry) | given-up (retry) | gone |
//!
//! *Other words* is a listing that changed, without an answer yet; a job that is not on record
//! begins the same way. The times are those in a row.
//!
//! A job whose details are gone is not a job that is gone: the board lists it, so it stays open,
//! and only its absence from the listing or its own date closes it. Boards list a new job before
//! its page is there.
//!
//! Not here: asking ([`Scan::fetch_details`](job_scanner_sandbox::Scan::fetch_details)) and
//! remembering ([`DetailsRecord`]).

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::key::ExternalId;
use job_scanner_core::normalize::{
    KnownJobs, NormalizationResult, merge_details, truncate_for_storage,
};
use job_scanner_core::raw::RawJob;
use job_scanner_sandbox::{Detail, Wanted};
use job_scanner_store::{
    AllDetails, DetailsRecord, DetailsState, DueDetails, KnownDetails, LONGEST_TERM,
};

/// After so many failures in a row a job is matched on what there is of it.
const MAX_ATTEMPTS: u32 = 5;

/// The same, when the board says that there are no details of a job that it lists: that is less
/// likely to pass.
const MAX_ATTEMPTS_IF_NOT_FOUND: u32 = 3;

/// The time after which a job is asked for again that was taken as it is; the wait doubles with
/// each failure from there.
const FIRST_RETRY_DELAY: SignedDuration = SignedDuration::from_mins(15);

/// The longest wait between two such chances.
const LONGEST_RETRY_DELAY: SignedDuration = SignedDuration::from_hours(24);

/// The shortest time for which details hold; at most it is [`LONGEST_TERM`]. Between the two each
/// job has a term of its own, so that those which were asked for together drift apart.
const SHORTEST_REFRESH_INTERVAL: SignedDuration = SignedDuration::from_hours(5 * 24);

/// When so many are gone at once, and most of those asked for, it is the board that is broken.
const MIN_SUSPICIOUS: usize = 2;

/// How the scan at hand reads details.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadContext {
    pub(crate) now: Timestamp,
    /// Names the adapter, options and normalization.
    pub(crate) read_config: [u8; 32],
    /// Whether the listing is read in another way than last time.
    pub(crate) reprocessed: bool,
}

/// The jobs of a scan that have to be asked for, each at most once.
#[derive(Debug)]
pub(crate) struct DeferredJobs {
    jobs: Vec<DeferredJob>,
    context: ReadContext,
}

/// One of them, where it stands now that the listing is known.
#[derive(Debug)]
struct DeferredJob {
    external_id: ExternalId,
    listing: RawJob,
    on_record: Option<KnownDetails>,
    /// Whether the job itself is.
    is_stored: bool,
    state: DetailsState,
    matched: bool,
    attempts: u32,
    /// `None` for a job that was closed and is listed again.
    due_at: Option<Timestamp>,
}

/// What a scan makes of one job that had to be asked for.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) external_id: ExternalId,
    /// What it is now; `None`: what it was.
    pub(crate) raw: Option<RawJob>,
    /// Whether what it is now is to be matched.
    pub(crate) matching: Matching,
    /// Its last details were read in another way, so a change may be ours.
    pub(crate) reprocessed: bool,
    /// The version that it keeps has expired by its own date.
    pub(crate) expired: bool,
    /// What to remember; `None` where nothing changed.
    pub(crate) record: Option<DetailsRecord>,
}

/// The way in which asking for a job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DetailsFailure {
    /// The board has no details of it, though it lists it.
    NotFound,
    /// Anything else: the board may have them.
    Other,
}

/// Whether a job is to be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Matching {
    /// Not yet: it is only what the listing says.
    Held,
    /// For the first time. `baseline`: it was there when the source was first seen, in an earlier
    /// scan.
    First { baseline: bool },
    /// If it is another version than the one that was matched before.
    Again,
}

impl DeferredJobs {
    /// Those of a listing.
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

    /// Those that are due although their listing is as it was.
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

    /// What to ask for, the most pressing first: what is awaited, and of that what failed least, so
    /// that none keeps the others waiting.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        let mut due: Vec<_> = self
            .jobs
            .iter()
            .filter(|job| job.is_due(self.context.now))
            .collect();

        due.sort_by_key(|job| (job.state != DetailsState::Awaited, job.attempts, job.due_at));
        let wanted = |job: &DeferredJob| Wanted {
            external_id: job.external_id.as_str().to_owned(),
            token: job.listing.deferred().unwrap_or_default().to_owned(),
            attempts: job.attempts,
        };
        due.into_iter().map(wanted).collect()
    }

    /// Of which jobs the store has to tell what it has, beside these answers.
    pub(crate) fn needs_stored_details(&self, answers: &HashMap<String, Detail>) -> Vec<ExternalId> {
        let stored = self
            .jobs
            .iter()
            .filter(|job| job.uses_stored_details(answers, self.context));
        stored.map(|job| job.external_id.clone()).collect()
    }

    /// What the answers make of the jobs, with what the store has of those without.
    pub(crate) fn resolve(
        self,
        mut answers: HashMap<String, Detail>,
        mut stored: HashMap<ExternalId, RawJob>,
    ) -> Vec<Resolved> {
        let context = self.context;
        let resolve = |job: DeferredJob| {
            let stored = stored.remove(&job.external_id);
            match answers.remove(job.external_id.as_str()) {
                Some(Detail::Found(details)) => job.found(*details, context),
                Some(Detail::Gone) => job.failed(DetailsFailure::NotFound, stored, context),
                Some(Detail::Failed(_)) => job.failed(DetailsFailure::Other, stored, context),
                None => job.keep_state(stored, false, context),
            }
        };
        self.jobs.into_iter().map(resolve).collect()
    }
}

/// Makes plain failures of details that are gone when that is most of the answers: they are awaited
/// for longer then, since it is the board that is broken. Says so.
pub(crate) fn doubt_many_not_found(answers: &mut HashMap<String, Detail>) -> Option<String> {
    let gone: HashSet<String> = answers
        .iter()
        .filter(|(_, answer)| **answer == Detail::Gone)
        .map(|(id, _)| id.clone())
        .collect();
    let (many, all) = (gone.len(), answers.len());
    if many < MIN_SUSPICIOUS || many * 2 <= all {
        return None;
    }

    for id in gone {
        answers.insert(id, Detail::Failed("gone, as most others".to_owned()));
    }
    Some(format!(
        "the details of {many} of {all} jobs asked for are gone at once; that is not believed"
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
            // Listed in other words. Failures before that go on counting, or a job that often
            // changes would never be given up.
            Some(known) if known.state == DetailsState::Awaited => (
                DetailsState::Awaited,
                known.matched,
                known.attempts,
                Some(now),
            ),
            Some(known) => (DetailsState::Awaited, known.matched, 0, Some(now)),
            // A job that we know without details came with its text until now.
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
        // Nothing holds for longer than a term: what seems to was asked for while the clock was
        // ahead.
        let is_over = |due: Timestamp| due <= now || due > now + LONGEST_TERM;
        self.state == DetailsState::Awaited || self.due_at.is_none_or(is_over)
    }

    /// Whether the version that was matched came of another reading: of a listing that told the
    /// text, or of details that were read under something else.
    fn reprocessed(&self, context: ReadContext) -> bool {
        let read_config = self.on_record.as_ref().and_then(|known| known.read_config);
        self.matched && read_config != Some(context.read_config)
    }

    /// Whether any word of the listing is another one.
    fn has_changed_listing(&self) -> bool {
        let before = self.on_record.as_ref().map(|known| known.whole_fingerprint);
        before != Some(self.listing.whole_fingerprint())
    }

    /// Whether it becomes what the listing and the store have of it.
    fn uses_stored_details(&self, answers: &HashMap<String, Detail>, context: ReadContext) -> bool {
        let failure = match answers.get(self.external_id.as_str()) {
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

        // The record says what is true after this scan, so it is made after both.
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

    /// Stops waiting: the job is what the listing says, and what the store has of it.
    fn give_up(
        mut self,
        failure: DetailsFailure,
        stored: Option<RawJob>,
        context: ReadContext,
    ) -> Resolved {
        let raw = match stored {
            Some(stored) => merge_details(self.listing.clone(), stored),
            // It has a text that was not read, and keeps it.
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

    /// Nothing is new but, perhaps, the listing. `counted` says that a failure has to be
    /// remembered.
    fn keep_state(mut self, stored: Option<RawJob>, counted: bool, context: ReadContext) -> Resolved {
        let relisted = self.has_changed_listing();
        let (raw, request_again) = match (self.matched, self.state) {
            _ if !relisted && !context.reprocessed => (None, false),
            (false, _) => (Some(self.listing.clone()), false),
            (true, DetailsState::Awaited) => (None, false),
            (true, _) => match stored {
                Some(stored) => (Some(merge_details(self.listing.clone(), stored)), false),
                // There was no room to read what the store has. It keeps its version until the
                // board tells it again.
                None => (None, true),
            },
        };
        if request_again {
            self.due_at = Some(context.now);
        }

        // One that was closed and is listed again goes on waiting where it was not asked for just
        // now.
        let is_back = self.due_at.is_none();
        let record =
            (relisted || counted || request_again || is_back).then(|| self.record(None, context.now));
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
        (self.state, self.attempts, self.due_at) = (state, 0, Some(now + refresh_interval(&self.external_id)));
    }

    /// A board that was down for an hour costs an hour, not a day: the first chances follow soon.
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
    /// After how many of them in a row a job is taken as it is.
    fn max_attempts(self) -> u32 {
        match self {
            Self::NotFound => MAX_ATTEMPTS_IF_NOT_FOUND,
            Self::Other => MAX_ATTEMPTS,
        }
    }
}

/// The wait for the next chance of a job that has had so many in vain since it was taken as it is.
fn retry_delay(failed: u32) -> SignedDuration {
    let doublings = failed.min(16);
    (FIRST_RETRY_DELAY * (1 << doublings)).min(LONGEST_RETRY_DELAY)
}

/// How long the details of a job hold; always the same for one job.
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

    /// What a scan brings of one job.
    struct Event {
        heading: &'static str,
        /// The failures in a row before it.
        attempts: u32,
        listing_changed: bool,
        /// The answer; `None` where the job is not asked for.
        answer: Option<fn() -> Detail>,
    }

    /// The time at which details are asked for next.
    #[derive(Clone, Copy)]
    enum Due {
        /// As it was on record.
        Kept,
        Now,
        Refresh,
        Retry,
    }

    const fn event(heading: &'static str, attempts: u32, answer: Option<fn() -> Detail>) -> Event {
        Event {
            heading,
            attempts,
            listing_changed: false,
            answer,
        }
    }

    fn found() -> Detail {
        Detail::Found(Box::default())
    }

    fn gone() -> Detail {
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
        event("not found", 0, Some(gone)),
        event("not found, third time", MAX_ATTEMPTS_IF_NOT_FOUND - 1, Some(gone)),
        event("failed", 0, Some(failed)),
        event("failed, fifth time", MAX_ATTEMPTS - 1, Some(failed)),
        event("not requested", 0, None),
    ];

    /// The rows of the table: a state, and the next one for each event.
    const TABLE: [(DetailsState, [(DetailsState, Due); 7]); 4] = {
        use DetailsState::{Awaited, GivenUp, Gone, There};
        use Due::{Retry, Kept, Now, Refresh};
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

    /// Where the details of a job stand after the event, and when they are asked for next.
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

        let answers: HashMap<String, Detail> = event
            .answer
            .map(|answer| answer())
            .map(|answer| ("1".to_owned(), answer))
            .into_iter()
            .collect();
        let stored = jobs.needs_stored_details(&answers).into_iter();
        let stored = stored.map(|id| (id, RawJob::default())).collect();
        match jobs.resolve(answers, stored).remove(0).record {
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
        let resolve = |state, attempts, answers: &[(&str, Detail)]| {
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
            let answers = answers
                .iter()
                .map(|(id, answer)| ((*id).to_owned(), answer.clone()))
                .collect();
            let jobs = DeferredJobs {
                jobs: vec![job],
                context: context(),
            };
            jobs.resolve(answers, HashMap::new()).remove(0)
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
        let doubted = |gone: usize, found: usize| {
            let gone = (0..gone).map(|n| (format!("gone {n}"), Detail::Gone));
            let found = (0..found).map(|n| (format!("found {n}"), Detail::Found(Box::default())));
            let mut answers: HashMap<String, Detail> = gone.chain(found).collect();
            let told = doubt_many_not_found(&mut answers).is_some();
            assert_eq!(told, answers.values().all(|answer| *answer != Detail::Gone));
            told
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
