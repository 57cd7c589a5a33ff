//! The necessary work of a scan as native calls: parsing a board, normalizing, matching, storing.

use greenhouse::{api, map};
use jiff::Timestamp;
use job_scanner_core::job::{ContentHash, Job};
use job_scanner_core::key::{ExternalId, SourceKey};
use job_scanner_core::matching::{
    JobSource, MatchResult, MatchTimes, MatchedFields, MatchedJob, QueryMatcher,
};
use job_scanner_core::normalize::{JobNormalizer, KnownJobs, Normalized};
use job_scanner_core::raw::{Description, PayPeriod, RawJob, RawLocation, Salary, Workplace};
use job_scanner_core::run::ScanOutcome;
use job_scanner_sdk as sdk;
use job_scanner_store::{RunId, ScanOutcomeRecord, Store, StoredMatch};

/// A job version that matches.
pub(crate) struct Match {
    external_id: ExternalId,
    content_hash: ContentHash,
    result: MatchResult,
}

/// Parses a board as the adapter does.
pub(crate) fn parse(body: &[u8]) -> anyhow::Result<sdk::Page> {
    let listing =
        api::read(body).map_err(|error| anyhow::anyhow!("the board cannot be read: {error:?}"))?;
    Ok(map::page(listing))
}

/// Converts the jobs that the adapter returns to the host's type.
pub(crate) fn raw_jobs(page: sdk::Page) -> Vec<RawJob> {
    page.jobs.into_iter().map(raw_job).collect()
}

/// Normalizes the jobs of a new board.
pub(crate) fn normalize(raw: Vec<RawJob>) -> Normalized {
    JobNormalizer::new(&KnownJobs::new()).normalize_all(raw)
}

/// Finds the jobs that match.
pub(crate) fn find(
    matcher: &QueryMatcher,
    normalized: &Normalized,
    source: &SourceKey,
) -> Vec<Match> {
    let jobs = normalized.results.iter().map(|result| &result.job);

    jobs.flat_map(|job| {
        let results = matcher.evaluate(&matched(job, source)).into_iter();
        results.map(|result| Match {
            external_id: job.external_id.clone(),
            content_hash: job.content_hash,
            result,
        })
    })
    .collect()
}

/// Returns a job as profiles are matched with it.
pub(crate) fn matched<'a>(job: &'a Job, source: &'a SourceKey) -> MatchedJob<'a> {
    let source = JobSource {
        key: source,
        name: source.identifier.as_str(),
    };
    let times = MatchTimes {
        first_seen_at: Timestamp::UNIX_EPOCH,
        now: Timestamp::UNIX_EPOCH,
    };
    MatchedFields::from(job).of(source, times)
}

/// Stores the jobs of a board and the matches, in one transaction of batched statements.
pub(crate) async fn insert(
    store: &Store,
    run: RunId,
    source: &SourceKey,
    normalized: &Normalized,
    matches: &[Match],
) -> anyhow::Result<()> {
    let now = Timestamp::UNIX_EPOCH;

    let record = store
        .open_source(source, source.identifier.as_str(), now)
        .await?;
    let scan = store
        .begin_scan(record.id, record.generation, run, now)
        .await?;
    let mut tx = scan.ok_or_else(|| anyhow::anyhow!("another process scans `{source}`"))?;

    let ids = tx.record_jobs(&normalized.results, true).await?;

    let stored: Vec<StoredMatch<'_>> = matches
        .iter()
        .filter_map(
            |Match {
                 external_id,
                 content_hash,
                 result,
             }| {
                Some(StoredMatch {
                    job: *ids.get(external_id)?,
                    content_hash: *content_hash,
                    result,
                })
            },
        )
        .collect();
    tx.record_matches(&stored).await?;

    tx.commit(&ScanOutcomeRecord {
        outcome: ScanOutcome::Complete,
        complete: true,
        baseline_done: true,
        rest_until: None,
        budget: None,
    })
    .await?;
    Ok(())
}

fn raw_job(job: sdk::RawJob) -> RawJob {
    RawJob {
        external_id: job.external_id,
        title: job.title,
        url: job.url,
        apply_url: job.apply_url,
        company: job.company,
        department: job.department,
        locations: job.locations.into_iter().map(location).collect(),
        workplace: job.workplace.map(workplace),
        employment_type: job.employment_type,
        salary: job.salary.map(salary),
        description: job.description.map(description),
        language: job.language,
        posted_at: job.posted_at,
        updated_at: job.updated_at,
        expires_at: job.expires_at,
        revision: job.revision,
        extra: job.extra,
    }
}

fn location(place: sdk::Location) -> RawLocation {
    RawLocation {
        name: place.name,
        city: place.city,
        region: place.region,
        country: place.country,
    }
}

fn workplace(workplace: sdk::Workplace) -> Workplace {
    match workplace {
        sdk::Workplace::OnSite => Workplace::OnSite,
        sdk::Workplace::Hybrid => Workplace::Hybrid,
        sdk::Workplace::Remote => Workplace::Remote,
    }
}

fn salary(salary: sdk::Salary) -> Salary {
    let period = |period| match period {
        sdk::PayPeriod::Hour => PayPeriod::Hour,
        sdk::PayPeriod::Day => PayPeriod::Day,
        sdk::PayPeriod::Week => PayPeriod::Week,
        sdk::PayPeriod::Month => PayPeriod::Month,
        sdk::PayPeriod::Year => PayPeriod::Year,
    };

    let sdk::Salary {
        min,
        max,
        currency,
        period: paid,
        text,
    } = salary;

    Salary {
        min,
        max,
        currency,
        period: paid.map(period),
        text,
    }
}

fn description(text: sdk::Description) -> Description {
    match text {
        sdk::Description::Html(html) => Description::Html(html),
        sdk::Description::Text(text) => Description::Text(text),
        sdk::Description::Deferred(token) => Description::Deferred(token),
    }
}
