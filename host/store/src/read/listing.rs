//! The stored jobs: each in its current version, with the profiles that it matches.

use std::ops::ControlFlow;

use futures::TryStreamExt as _;
use jiff::Timestamp;
use job_scanner_core::decision::{Decision, SkipReason};
use job_scanner_core::job::{ContentHash, Facts, Job, Salary};
use job_scanner_core::key::{ExternalId, JobKey, SourceKey};
use job_scanner_core::matching::MatchResult;
use job_scanner_row_derive::FromRow;
use serde::Deserialize;

use crate::cluster::also::{AlsoPosted, other_job, other_jobs};
use crate::columns::{Row, lift_key, time};
use crate::database::Store;
use crate::decision::marks;
use crate::decision::marks::StoredDecision;
use crate::decision::silence::HiddenNames;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{ClusterId, JobId};
use crate::scan::facts::FactsColumns;

/// A stored job in its current version.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedJob {
    pub key: JobKey,
    /// The name that the source had in the configuration at its last scan.
    pub source_name: String,
    pub job: Job,
    pub first_seen_at: Timestamp,
    /// The last time at which its source listed it.
    pub last_seen_at: Timestamp,
    /// `None` while it is open.
    pub closed_at: Option<Timestamp>,
    /// True if its source is in the configuration. Otherwise no scan checks if the job is still
    /// open.
    pub watched: bool,
    /// The vacancy that the job is a posting of.
    pub cluster: ClusterId,
    /// The other open jobs of the vacancy, at most 100.
    pub also: AlsoPosted,
    /// The decision about the vacancy; `None` if nothing was decided.
    pub decision: Option<StoredDecision>,
    /// The reason for which no message is sent about the job, and for which lists leave it out.
    pub silence: Option<SkipReason>,
    /// The profiles that this version matches, by name.
    pub matches: Vec<ListedMatch>,
}

/// A profile that a job matches.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedMatch {
    pub matched_at: Timestamp,
    pub result: MatchResult,
}

/// The jobs to list. A field that is `None` does not restrict them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only this job.
    pub key: Option<JobKey>,
    /// Only jobs of this source.
    pub source: Option<SourceKey>,
    /// Only jobs that match this profile.
    pub profile: Option<String>,
    /// Only jobs that match any profile.
    pub matching: bool,
    /// Only jobs first seen at this time or later.
    pub first_seen_from: Option<Timestamp>,
    /// Only closed jobs, or only open ones.
    pub closed: Option<bool>,
    /// Only jobs with this decision.
    pub decision: Option<Decision>,
    /// The time that the ends of snoozes are compared with.
    pub now: Timestamp,
}

#[derive(FromRow)]
struct ListedRow {
    job_id: JobId,
    adapter: String,
    identifier: String,
    source_name: String,
    external_id: String,
    content_hash: Vec<u8>,
    url: String,
    apply_url: Option<String>,
    department: Option<String>,
    language: Option<String>,
    posted_at: Option<String>,
    updated_at: Option<String>,
    expires_at: Option<String>,
    extra: String,
    title: String,
    company: Option<String>,
    locations: String,
    workplace: Option<String>,
    employment_type: Option<String>,
    salary: Option<String>,
    description: Option<String>,
    #[row(flatten)]
    facts: FactsColumns,
    first_seen_at: String,
    last_seen_at: String,
    closed_at: Option<String>,
    watched: bool,
    cluster_id: ClusterId,
    others: String,
    decision: Option<String>,
    decision_note: Option<String>,
    decided_at: Option<String>,
    matches: String,
}

/// An element of the column `matches`.
#[derive(Deserialize)]
struct MatchColumn {
    matched_at: String,
    result: MatchResult,
}

impl MatchColumn {
    fn lift(self, place: Row) -> Result<ListedMatch, StoreError> {
        Ok(ListedMatch {
            matched_at: place.parse("matched_at", &self.matched_at)?,
            result: self.result,
        })
    }
}

/// A column needs a limit, since thousands of jobs of one cluster would each list thousands of
/// others.
const SELECT: &str = concat!(
    "SELECT j.job_id, s.adapter, s.identifier, s.name AS source_name, j.external_id, j.content_hash,
         j.url, j.apply_url, j.department, j.language, j.posted_at, j.updated_at, j.expires_at, j.extra, v.title,
         v.company, v.locations, v.workplace, v.employment_type, v.salary, v.description, v.facts,
         v.facts_version, j.first_seen_at, g.last_seen_at, j.closed_at, s.retired_at IS NULL AS watched, m.cluster_id,
         y.decision, y.note AS decision_note, y.decided_at,
         (SELECT json_group_array(json(other)) FROM (SELECT ",
    other_job!(),
    " AS other FROM cluster_jobs m ",
    other_jobs!(),
    " WHERE m.job_id = j.job_id ORDER BY o.job_id LIMIT 100)) AS others,
         (SELECT json_group_array(json_object('matched_at', m.matched_at, 'result', json(m.reasons)) ORDER BY m.profile)
          FROM matches m WHERE m.job_id = j.job_id AND m.content_hash = j.content_hash AND m.outdated_at IS NULL) AS matches
     FROM jobs j
     JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
     JOIN job_sightings g ON g.job_id = j.job_id
     JOIN cluster_jobs m ON m.job_id = j.job_id
     JOIN sources s ON s.source_id = j.source_id
     LEFT JOIN decisions y ON y.cluster_id = m.cluster_id
     WHERE TRUE"
);

impl Store {
    /// Calls `each` with every job that passes the filter, newest first. The jobs are read one at a
    /// time, since together they may be larger than memory. Stops when `each` breaks.
    #[tracing::instrument(name = "store.job.list", skip_all)]
    pub async fn for_each_job<E: From<StoreError>>(
        &self,
        filter: &JobFilter,
        mut each: impl FnMut(ListedJob) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut conn = self.readers().acquire().await.map_err(StoreError::from)?;
        let hidden = HiddenNames::read(&mut conn, filter.now).await?;
        drop(conn);
        let statement = select_jobs(filter);

        let mut rows = statement.stream::<ListedRow>(self.readers());
        while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
            let mut job = ListedJob::try_from(row)?;
            job.silence = job.silence(&hidden);
            if each(job)?.is_break() {
                break;
            }
        }

        Ok(())
    }

    /// Returns the jobs that pass the filter and were first seen before a job, at most `limit`,
    /// newest first. `None` begins with the newest one.
    #[tracing::instrument(name = "store.job.page", skip_all)]
    pub async fn job_page(
        &self,
        filter: &JobFilter,
        before: Option<JobId>,
        limit: u32,
    ) -> Result<Vec<(JobId, ListedJob)>, StoreError> {
        let mut conn = self.readers().acquire().await?;
        let hidden = HiddenNames::read(&mut conn, filter.now).await?;
        let mut statement = restricted(filter);
        statement
            .push(" AND j.job_id < ")
            .push_bind(before.map_or(i64::MAX, i64::from))
            .push(" ORDER BY j.job_id DESC LIMIT ")
            .push_bind(limit);

        let rows = statement;
        let rows = rows.fetch_all::<ListedRow>(&mut conn).await?;
        let jobs = rows.into_iter().map(|row| {
            let id = row.job_id;
            let mut job = ListedJob::try_from(row)?;
            job.silence = job.silence(&hidden);
            Ok((id, job))
        });
        jobs.collect()
    }

    /// Returns one job; `None` if it was never seen or has been deleted.
    pub async fn find_job(
        &self,
        key: &JobKey,
        now: Timestamp,
    ) -> Result<Option<ListedJob>, StoreError> {
        let mut found = None;
        let filter = JobFilter {
            key: Some(key.clone()),
            now,
            ..JobFilter::default()
        };

        let keep = |job| {
            found = Some(job);
            Ok::<_, StoreError>(ControlFlow::Break(()))
        };
        self.for_each_job(&filter, keep).await?;

        Ok(found)
    }

    /// Returns one job with its id; `None` if it was never seen or has been deleted.
    pub async fn job_with_id(
        &self,
        key: &JobKey,
        now: Timestamp,
    ) -> Result<Option<(JobId, ListedJob)>, StoreError> {
        let mut conn = self.readers().acquire().await?;
        let hidden = HiddenNames::read(&mut conn, now).await?;
        drop(conn);
        let filter = JobFilter {
            key: Some(key.clone()),
            ..JobFilter::default()
        };
        let statement = select_jobs(&filter);
        let row = statement;
        let row = row.fetch_optional::<ListedRow>(self.readers()).await?;
        let job = row.map(|row| with_silence(row, &hidden));
        job.transpose()
    }
}

/// Returns the jobs with these ids, newest first. A job that was deleted meanwhile is missing.
pub(crate) async fn jobs_by_id(
    store: &Store,
    ids: &[JobId],
    hidden: &HiddenNames,
) -> Result<Vec<(JobId, ListedJob)>, StoreError> {
    let mut statement = Statement::new(SELECT);
    statement.push(" AND j.job_id IN (");
    statement.push_list(ids.iter().copied());
    statement.push(" ORDER BY j.job_id DESC");

    let rows = statement;
    let rows = rows.fetch_all::<ListedRow>(store.readers()).await?;
    let jobs = rows.into_iter().map(|row| with_silence(row, hidden));
    jobs.collect()
}

fn with_silence(row: ListedRow, hidden: &HiddenNames) -> Result<(JobId, ListedJob), StoreError> {
    let id = row.job_id;
    let mut job = ListedJob::try_from(row)?;
    job.silence = job.silence(hidden);
    Ok((id, job))
}

/// Builds the statement for a filter. It orders by `job_id`, which rises with the time of the first
/// sighting, so that SQLite need not sort large rows.
fn select_jobs(filter: &JobFilter) -> Statement<'_> {
    let mut statement = restricted(filter);
    statement.push(" ORDER BY j.job_id DESC");
    statement
}

/// Builds the statement for a filter, without an order.
fn restricted(filter: &JobFilter) -> Statement<'_> {
    let mut statement = Statement::new(SELECT);
    if let Some(key) = &filter.key {
        statement
            .push(" AND j.external_id = ")
            .push_bind(key.external_id.as_str().to_owned());
    }

    if let Some(source) = filter
        .key
        .as_ref()
        .map(|key| &key.source)
        .or(filter.source.as_ref())
    {
        statement
            .push(" AND s.adapter = ")
            .push_bind(source.adapter.as_str().to_owned());
        statement
            .push(" AND s.identifier = ")
            .push_bind(source.identifier.as_str().to_owned());
    }

    if filter.matching {
        statement.push(
            " AND EXISTS (SELECT 1 FROM matches m WHERE m.job_id = j.job_id AND m.content_hash = j.content_hash
                 AND m.outdated_at IS NULL)",
        );
    }

    if let Some(profile) = &filter.profile {
        statement
            .push(" AND EXISTS (SELECT 1 FROM matches m WHERE m.job_id = j.job_id AND m.content_hash = j.content_hash")
            .push(" AND m.outdated_at IS NULL AND m.profile = ")
            .push_bind(profile.clone())
            .push(")");
    }

    if let Some(from) = filter.first_seen_from {
        statement
            .push(" AND j.first_seen_at >= ")
            .push_bind(time(from));
    }

    if let Some(closed) = filter.closed {
        statement
            .push(" AND (j.closed_at IS NOT NULL) = ")
            .push_bind(closed);
    }

    if let Some(decision) = filter.decision {
        statement
            .push(" AND y.decision = ")
            .push_bind(decision.as_str());
    }
    statement
}

impl ListedJob {
    fn silence(&self, hidden: &HiddenNames) -> Option<SkipReason> {
        let decision = self.decision.as_ref().map(|it| it.decision);
        hidden.reason(decision, self.job.company.as_deref(), &self.source_name)
    }
}

impl TryFrom<ListedRow> for ListedJob {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        // The row is a join, so errors name the job.
        let place = Row::new("jobs", row.job_id);
        let source = lift_key(place, row.adapter, row.identifier)?;
        let external_id = place.lift("external_id", ExternalId::new(row.external_id))?;
        let salary: Option<Salary> = row
            .salary
            .map(|json| place.json("salary", &json))
            .transpose()?;
        let matches: Vec<MatchColumn> = place.json("reasons", &row.matches)?;
        let others = place.json("locations", &row.others)?;
        let decision = marks::lift(place, row.decision, row.decision_note, row.decided_at)?;

        let mut job = Job {
            external_id,
            title: row.title,
            company: row.company,
            department: row.department,
            locations: place.json("locations", &row.locations)?,
            workplace: place.optional("workplace", row.workplace.as_deref())?,
            employment_type: row.employment_type,
            salary,
            description: row.description,
            language: row.language,
            url: row.url,
            apply_url: row.apply_url,
            posted_at: place.optional("posted_at", row.posted_at.as_deref())?,
            updated_at: place.optional("updated_at", row.updated_at.as_deref())?,
            expires_at: place.optional("expires_at", row.expires_at.as_deref())?,
            extra: place.json("extra", &row.extra)?,
            content_hash: ContentHash::from_bytes(place.hash("content_hash", &row.content_hash)?),
            facts: Facts::UNKNOWN,
        };
        job.facts = row.facts.lift(&job.content(), job.language.as_deref());

        Ok(Self {
            also: AlsoPosted::besides(&source, &job.locations, others, place)?,
            cluster: row.cluster_id,
            key: JobKey::new(source, job.external_id.clone()),
            source_name: row.source_name,
            job,
            first_seen_at: place.parse("first_seen_at", &row.first_seen_at)?,
            last_seen_at: place.parse("last_seen_at", &row.last_seen_at)?,
            closed_at: place.optional("closed_at", row.closed_at.as_deref())?,
            watched: row.watched,
            decision,
            silence: None,
            matches: matches
                .into_iter()
                .map(|found| found.lift(place))
                .collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::{BoardTime, Workplace};
    use job_scanner_core::normalize::{Change, NormalizationResult};

    use super::*;
    use crate::AlertKind;
    use crate::test_support::{
        COMPLETE, at, begin_scan, cluster_id, job, match_of, scan, source_key, store,
    };

    async fn listed(store: &Store, filter: &JobFilter) -> Vec<ListedJob> {
        let mut jobs = Vec::new();
        let keep = |job| {
            jobs.push(job);
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        };
        store.for_each_job(filter, keep).await.unwrap();
        jobs
    }

    async fn keys(store: &Store, filter: JobFilter) -> Vec<String> {
        listed(store, &filter)
            .await
            .iter()
            .map(|job| job.key.to_string())
            .collect()
    }

    #[tokio::test]
    async fn a_job_reads_back_as_it_was_recorded() {
        let store = store().await;
        let mut full = job("1/ä", 1);
        full.job.workplace = Some(Workplace::OnSite);
        full.job.employment_type = Some("Full-time".to_owned());
        full.job.salary = Some(Salary {
            min: Some(50_000.5),
            currency: Some("EUR".to_owned()),
            ..Salary::default()
        });
        full.job.department = Some("R&D".to_owned());
        full.job.language = Some("de".to_owned());
        full.job.apply_url = Some("https://acme.example/apply".to_owned());
        full.job.posted_at = Some("2026-11-01".parse().unwrap());
        full.job.updated_at = Some(BoardTime::Moment(at("07:00:00")));
        full.job.expires_at = Some("2027-01-01T00:00:00+01:00".parse().unwrap());
        full.job.extra = vec![("a".to_owned(), "b".to_owned())];
        scan(
            &store,
            "acme",
            std::slice::from_ref(&full),
            AlertKind::Baseline,
        )
        .await;

        let expected = ListedJob {
            key: JobKey::new(source_key("acme"), full.job.external_id.clone()),
            source_name: "acme".to_owned(),
            job: full.job,
            first_seen_at: at("08:15:00"),
            last_seen_at: at("08:15:00"),
            closed_at: None,
            watched: true,
            cluster: cluster_id(1),
            also: AlsoPosted::default(),
            decision: None,
            silence: None,
            matches: vec![ListedMatch {
                matched_at: at("08:15:00"),
                result: match_of("default"),
            }],
        };
        assert_eq!(
            store
                .find_job(&expected.key, Timestamp::UNIX_EPOCH)
                .await
                .unwrap(),
            Some(expected.clone())
        );
        assert_eq!(listed(&store, &JobFilter::default()).await, [expected]);
    }

    #[tokio::test]
    async fn an_unknown_job_is_not_found() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::Baseline).await;
        for key in ["greenhouse/acme/2", "greenhouse/Acme/1", "lever/acme/1"] {
            assert_eq!(
                store
                    .find_job(&key.parse().unwrap(), Timestamp::UNIX_EPOCH)
                    .await
                    .unwrap(),
                None,
                "{key}"
            );
        }
    }

    #[tokio::test]
    async fn filters_narrow_the_list_and_the_newest_come_first() {
        let store = store().await;
        scan(
            &store,
            "acme",
            &[job("1", 1), job("2", 1)],
            AlertKind::Baseline,
        )
        .await;
        scan(&store, "globex", &[job("1", 1)], AlertKind::Baseline).await;
        let all = [
            "greenhouse/globex/1",
            "greenhouse/acme/2",
            "greenhouse/acme/1",
        ];
        assert_eq!(keys(&store, JobFilter::default()).await, all);
        let globex = JobFilter {
            source: Some(source_key("globex")),
            ..JobFilter::default()
        };
        assert_eq!(keys(&store, globex).await, all[..1]);
        let profile = |name: &str| JobFilter {
            profile: Some(name.to_owned()),
            ..JobFilter::default()
        };
        assert_eq!(keys(&store, profile("default")).await, all);
        assert_eq!(keys(&store, profile("other")).await, [""; 0]);
        let from = |time| JobFilter {
            first_seen_from: Some(at(time)),
            ..JobFilter::default()
        };
        assert_eq!(keys(&store, from("08:15:00")).await, all);
        assert_eq!(keys(&store, from("08:15:01")).await, [""; 0]);
    }

    #[tokio::test]
    async fn only_the_current_version_and_its_matches_are_listed() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::Baseline).await;
        let mut tx = begin_scan(&store, "acme", "acme", at("09:00:00")).await;
        let updated = NormalizationResult {
            change: Change::Updated,
            ..job("1", 2)
        };
        tx.record_jobs(&[updated], false).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();

        let jobs = listed(&store, &JobFilter::default()).await;
        assert_eq!(jobs.len(), 1);
        assert_eq!(
            (jobs[0].job.title.as_str(), jobs[0].matches.len()),
            ("Engineer 2", 0)
        );
        assert_eq!(
            (jobs[0].first_seen_at, jobs[0].last_seen_at),
            (at("08:15:00"), at("09:00:00"))
        );
    }

    #[tokio::test]
    async fn a_caller_that_breaks_receives_no_further_job() {
        let store = store().await;
        scan(
            &store,
            "acme",
            &[job("1", 1), job("2", 1)],
            AlertKind::Baseline,
        )
        .await;
        let mut seen = 0;
        let once = |_| {
            seen += 1;
            Ok::<_, StoreError>(ControlFlow::Break(()))
        };
        store
            .for_each_job(&JobFilter::default(), once)
            .await
            .unwrap();
        assert_eq!(seen, 1);
    }
}
