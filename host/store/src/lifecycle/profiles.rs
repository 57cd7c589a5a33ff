//! The `profiles` table: the profiles that the open jobs of a source were last matched with, and
//! the reads and deletions that matching them again needs.

use jiff::Timestamp;
use job_scanner_core::job::{BoardTime, ContentHash, Facts, Location, Salary, Workplace};
use job_scanner_core::key::{ExternalId, SourceKey};
use job_scanner_core::matching::MatchedFields;
use job_scanner_core::normalize::{Content, workplace_of};
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{JobId, SourceId};
use crate::scan::closing::push_has_expired;
use crate::scan::facts::FactsColumns;

/// A profile with the hash of its criteria. If the hash differs from the stored one, open jobs have
/// to be matched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRecord {
    pub name: String,
    /// See [`job_scanner_core::matching::Profile::fingerprint`]; [`UNFINISHED`](Self::UNFINISHED)
    /// while jobs are matched again.
    pub fingerprint: [u8; 32],
    /// The [`job_scanner_core::matching::MATCHING_VERSION`] at that time.
    pub matching_version: u32,
}

impl ProfileRecord {
    /// The fingerprint of a profile with which only some of the jobs were matched. It equals that of
    /// no profile, so the source is matched again from the beginning.
    pub const UNFINISHED: [u8; 32] = [0; 32];
}

/// The jobs of a source in a range of external ids, which are ordered by their bytes: the table has
/// an index in this order. Jobs are matched again in ranges, so that thousands of them are never in
/// memory together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobRange {
    /// The id before the first one; `None` to begin with the first job.
    pub after: Option<ExternalId>,
    /// The last id; `None` to end with the last job.
    pub through: Option<ExternalId>,
}

/// A source whose open jobs were last matched with other profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedSource {
    pub id: SourceId,
    pub key: SourceKey,
    /// The generation to pass to [`Store::begin_scan`].
    pub generation: i64,
    /// True once its first complete, window or truncated scan was committed.
    pub baseline_done: bool,
    /// The profiles that its jobs were last matched with, ordered by name.
    pub profiles: Vec<ProfileRecord>,
}

/// The fields of an open job that matching needs.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenJob {
    pub id: JobId,
    pub external_id: ExternalId,
    /// The current version.
    pub content_hash: ContentHash,
    pub title: String,
    pub company: Option<String>,
    pub department: Option<String>,
    pub locations: Vec<Location>,
    pub workplace: Option<Workplace>,
    pub employment_type: Option<String>,
    pub salary: Option<Salary>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub url: String,
    pub posted_at: Option<BoardTime>,
    pub first_seen_at: Timestamp,
    pub facts: Facts,
    /// The names of the profiles that it matches in this version, as far as is known.
    pub matched_profiles: Vec<String>,
}

#[derive(FromRow)]
struct OpenJobRow {
    job_id: JobId,
    external_id: String,
    content_hash: Vec<u8>,
    title: String,
    company: Option<String>,
    department: Option<String>,
    locations: String,
    workplace: Option<String>,
    employment_type: Option<String>,
    salary: Option<String>,
    description: Option<String>,
    #[row(flatten)]
    facts: FactsColumns,
    language: Option<String>,
    url: String,
    posted_at: Option<String>,
    first_seen_at: String,
    /// A list in JSON.
    matched_profiles: String,
}

#[derive(FromRow)]
struct MatchedSourceRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    generation: i64,
    baseline_done: bool,
}

impl Store {
    /// Returns the watched sources whose open jobs were last matched with other profiles than
    /// these. `fingerprints` must not be empty.
    #[tracing::instrument(name = "store.profile.matched_otherwise", skip_all)]
    pub async fn sources_to_rematch(
        &self,
        fingerprints: &[ProfileRecord],
    ) -> Result<Vec<MatchedSource>, StoreError> {
        let rows = select_sources_to_rematch(fingerprints)
            .fetch_all::<MatchedSourceRow>(self.readers())
            .await?;

        let mut sources = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.source_id;
            sources.push(MatchedSource {
                id,
                key: lift_key(Row::new("sources", id), row.adapter, row.identifier)?,
                generation: row.generation,
                baseline_done: row.baseline_done,
                profiles: self.matched_profiles(id).await?,
            });
        }

        Ok(sources)
    }

    async fn matched_profiles(&self, source: SourceId) -> Result<Vec<ProfileRecord>, StoreError> {
        let rows: Vec<(String, Vec<u8>, i64)> = Statement::new(
            "SELECT profile, fingerprint, matching_version FROM profiles WHERE source_id = $1 ORDER BY profile",
        )
        .bind(source)
        .fetch_all(self.readers())
        .await?;

        let lift = |(name, fingerprint, version): (String, Vec<u8>, i64)| {
            let row = Row::new("profiles", source);
            Ok(ProfileRecord {
                name,
                fingerprint: row.hash("fingerprint", &fingerprint)?,
                matching_version: row.lift("matching_version", u32::try_from(version))?,
            })
        };

        rows.into_iter().map(lift).collect()
    }

    /// Returns the open jobs of a source whose external id is larger than `after`, at most `limit`,
    /// ordered by external id. Expired jobs are left out, and so are jobs that were not matched yet because their
    /// details are still awaited.
    #[tracing::instrument(name = "store.profile.open_jobs", skip_all, fields(source.id = %source))]
    pub async fn open_jobs(
        &self,
        source: SourceId,
        after: Option<&ExternalId>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<OpenJob>, StoreError> {
        let mut statement = Statement::new(
            "SELECT j.job_id, j.external_id, j.content_hash, v.title, v.company, j.department, v.locations, v.workplace,
                 v.employment_type, v.salary, v.description, v.facts, v.facts_version, j.language, j.url,
                 j.posted_at, j.first_seen_at,
                 (SELECT json_group_array(m.profile) FROM matches m
                  WHERE m.job_id = j.job_id AND m.content_hash = j.content_hash AND m.outdated_at IS NULL)
                 AS matched_profiles
             FROM jobs j JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
             WHERE j.source_id = ",
        );
        statement.push_bind(source);
        push_range(&mut statement, after, None);
        statement.push(" AND j.closed_at IS NULL AND (");
        push_has_expired(&mut statement, now);
        statement.push(
            ") IS NOT TRUE
             AND NOT EXISTS (
                 SELECT 1 FROM job_details d
                 WHERE d.source_id = j.source_id AND d.external_id = j.external_id AND d.matched = 0)
             ORDER BY j.external_id LIMIT ",
        );
        statement.push_bind(limit);

        let rows = statement.fetch_all::<OpenJobRow>(self.readers()).await?;

        rows.into_iter().map(OpenJob::try_from).collect()
    }
}

/// Builds the statement of [`Store::sources_to_rematch`]. A source has the same profiles if it has
/// the same number of them and each is among `fingerprints`.
fn select_sources_to_rematch(fingerprints: &[ProfileRecord]) -> Statement<'_> {
    let mut statement = Statement::new(
        "SELECT s.source_id, s.adapter, s.identifier, s.generation, s.baseline_done_at IS NOT NULL AS baseline_done
         FROM sources s
         LEFT JOIN (SELECT source_id, COUNT(*) AS profiles, SUM((profile, fingerprint) IN (",
    );
    statement.push_values(fingerprints, |mut row, profile| {
        row.push_bind(&profile.name)
            .push_bind(profile.fingerprint.as_slice());
    });
    statement.push(
        ")) AS same FROM profiles GROUP BY source_id) p ON p.source_id = s.source_id
         WHERE s.retired_at IS NULL AND (p.profiles, p.same) IS NOT (",
    );

    let count = i64::try_from(fingerprints.len()).unwrap_or(i64::MAX);
    statement
        .push_bind(count)
        .push(", ")
        .push_bind(count)
        .push(") ORDER BY s.source_id");
    statement
}

/// Returns true if profiles are recorded for a source.
pub(crate) async fn are_recorded(
    conn: &mut Connection,
    source: SourceId,
) -> Result<bool, StoreError> {
    let found = Statement::new("SELECT EXISTS (SELECT 1 FROM profiles WHERE source_id = $1)");
    Ok(found.bind(source).fetch_value(conn).await?)
}

/// Replaces the profiles that the jobs of a source were last matched with.
pub(crate) async fn replace(
    conn: &mut Connection,
    source: SourceId,
    profiles: &[ProfileRecord],
) -> Result<(), StoreError> {
    Statement::new("DELETE FROM profiles WHERE source_id = $1")
        .bind(source)
        .execute(&mut *conn)
        .await?;

    for profile in profiles {
        Statement::new(
            "INSERT INTO profiles (source_id, profile, fingerprint, matching_version) VALUES ($1, $2, $3, $4)",
        )
        .bind(source)
        .bind(&profile.name)
        .bind(profile.fingerprint.as_slice())
        .bind(profile.matching_version)
        .execute(&mut *conn)
        .await?;
    }

    Ok(())
}

impl OpenJob {
    /// Returns the fields of the current version.
    fn content(&self) -> Content<'_> {
        Content {
            title: &self.title,
            company: self.company.as_deref(),
            locations: &self.locations,
            workplace: self.workplace,
            employment_type: self.employment_type.as_deref(),
            salary: self.salary.as_ref(),
            description: self.description.as_deref(),
        }
    }
}

/// A stored job is matched like a normalized one.
impl<'a> From<&'a OpenJob> for MatchedFields<'a> {
    fn from(job: &'a OpenJob) -> Self {
        Self {
            title: &job.title,
            company: job.company.as_deref(),
            department: job.department.as_deref(),
            locations: &job.locations,
            workplace: job.workplace,
            employment_type: job.employment_type.as_deref(),
            description: job.description.as_deref(),
            url: &job.url,
            posted_at: job.posted_at,
            facts: &job.facts,
        }
    }
}

impl TryFrom<OpenJobRow> for OpenJob {
    type Error = StoreError;

    fn try_from(row: OpenJobRow) -> Result<Self, StoreError> {
        let place = Row::new("jobs", row.job_id);
        let mut job = Self {
            id: row.job_id,
            external_id: place.lift("external_id", ExternalId::new(row.external_id))?,
            content_hash: ContentHash::from_bytes(place.hash("content_hash", &row.content_hash)?),
            title: row.title,
            company: row.company,
            department: row.department,
            locations: place.json("locations", &row.locations)?,
            workplace: place.optional("workplace", row.workplace.as_deref())?,
            employment_type: row.employment_type,
            salary: row
                .salary
                .map(|salary| place.json("salary", &salary))
                .transpose()?,
            description: row.description,
            language: row.language,
            url: row.url,
            posted_at: place.optional("posted_at", row.posted_at.as_deref())?,
            first_seen_at: place.parse("first_seen_at", &row.first_seen_at)?,
            facts: Facts::UNKNOWN,
            matched_profiles: place.json("profile", &row.matched_profiles)?,
        };

        // Older rules may have left the workplace open. The next scan stores what these rules read, and
        // a job that they match has to be matched before, without an alert.
        job.workplace = job
            .workplace
            .or_else(|| workplace_of(&job.title, &job.locations));
        job.facts = row.facts.lift(&job.content(), job.language.as_deref());
        Ok(job)
    }
}

/// Removes the matches of open jobs of a source with a profile in their current version. Matches
/// with an alert are kept and marked as outdated.
pub(crate) async fn forget_matches(
    conn: &mut Connection,
    source: SourceId,
    jobs: &JobRange,
    profile: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut forgotten = Statement::new("DELETE FROM matches WHERE ");
    push_matches_of_open_jobs(&mut forgotten, source, jobs, profile);
    forgotten.push(
        " AND NOT EXISTS (
             SELECT 1 FROM alerts AS a
             WHERE a.job_id = matches.job_id AND a.content_hash = matches.content_hash AND a.profile = matches.profile)",
    );
    forgotten.execute(&mut *conn).await?;

    // The remaining matches have alerts that refer to them. They stay, but no longer count.
    let mut kept = Statement::new("UPDATE matches SET outdated_at = ");
    kept.push_bind(time(now))
        .push(" WHERE outdated_at IS NULL AND ");
    push_matches_of_open_jobs(&mut kept, source, jobs, profile);
    kept.execute(conn).await?;

    Ok(())
}

fn push_matches_of_open_jobs(
    statement: &mut Statement<'_>,
    source: SourceId,
    jobs: &JobRange,
    profile: &str,
) {
    statement
        .push("profile = ")
        .push_bind(profile.to_owned())
        .push(
            " AND (job_id, content_hash) IN (
                 SELECT j.job_id, j.content_hash FROM jobs j WHERE j.closed_at IS NULL AND j.source_id = ",
        )
        .push_bind(source);
    push_range(statement, jobs.after.as_ref(), jobs.through.as_ref());
    statement.push(")");
}

/// Pushes the conditions of a range on the jobs `j`. A missing end has no condition, because SQLite
/// would not use the index for one that may be `NULL`.
fn push_range(
    statement: &mut Statement<'_>,
    after: Option<&ExternalId>,
    through: Option<&ExternalId>,
) {
    for (condition, end) in [
        (" AND j.external_id > ", after),
        (" AND j.external_id <= ", through),
    ] {
        if let Some(end) = end {
            statement.push(condition).push_bind(end.as_str().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{
        TestStore, at, count, job, number, record_all, scan, source_key, store, text,
    };
    use crate::{AlertKind, ScanTransaction, SourceRecord};

    async fn acme(store: &TestStore) -> SourceRecord {
        store
            .open_source(&source_key("acme"), "acme", at("08:00:00"))
            .await
            .unwrap()
    }

    async fn begin(store: &TestStore) -> ScanTransaction {
        let source = acme(store).await;
        let run = store
            .start_run(Trigger::Manual, at("08:30:00"))
            .await
            .unwrap();
        store
            .begin_scan(source.id, source.generation, run, at("08:30:00"))
            .await
            .unwrap()
            .unwrap()
    }

    fn profile(name: &str, fingerprint: u8) -> ProfileRecord {
        ProfileRecord {
            name: name.to_owned(),
            fingerprint: [fingerprint; 32],
            matching_version: 2,
        }
    }

    #[tokio::test]
    async fn the_profiles_of_a_source_are_replaced_together() {
        let store = store().await;
        for fingerprints in [
            vec![profile("a", 1), profile("b", 1)],
            vec![profile("b", 2)],
            Vec::new(),
        ] {
            let mut tx = begin(&store).await;
            tx.record_profiles(&fingerprints).await.unwrap();
            tx.commit_without_outcome().await.unwrap();
            let source = acme(&store).await;
            assert_eq!(
                store.matched_profiles(source.id).await.unwrap(),
                fingerprints
            );
            assert_eq!(source.generation, 0, "a concurrent scan is not discarded");
        }
    }

    #[tokio::test]
    async fn a_source_needs_rematching_until_its_profiles_are_the_same() {
        let store = store().await;
        let fingerprints = [profile("a", 1), profile("b", 2)];
        for (matched_with, same) in [
            (vec![], false),
            (vec![profile("a", 1)], false),
            (vec![profile("a", 2), profile("b", 1)], false),
            (
                vec![profile("a", 1), profile("b", 2), profile("c", 3)],
                false,
            ),
            (fingerprints.to_vec(), true),
        ] {
            let mut tx = begin(&store).await;
            tx.record_profiles(&matched_with).await.unwrap();
            tx.commit_without_outcome().await.unwrap();
            let others = store.sources_to_rematch(&fingerprints).await.unwrap();
            let expected = if same {
                vec![]
            } else {
                vec![(source_key("acme"), matched_with)]
            };
            assert_eq!(
                others
                    .into_iter()
                    .map(|it| (it.key, it.profiles))
                    .collect::<Vec<_>>(),
                expected
            );
        }
    }

    #[tokio::test]
    async fn a_workplace_that_older_rules_left_open_is_read_with_the_current_ones() {
        let store = store().await;
        let mut remote = job("1", 1);
        remote.job.locations[0].name = "Fully Remote".to_owned();
        scan(&store, "acme", &[remote], AlertKind::New).await;
        let source = acme(&store).await.id;
        let open = store.open_jobs(source, None, 9, at("09:00:00")).await;
        assert_eq!(open.unwrap()[0].workplace, Some(Workplace::Remote));
    }

    #[tokio::test]
    async fn open_jobs_are_read_in_pages_in_their_current_version() {
        let store = store().await;
        scan(
            &store,
            "acme",
            &[job("1", 1), job("2", 1), job("3", 1)],
            AlertKind::New,
        )
        .await;
        scan(&store, "acme", &[job("2", 2)], AlertKind::Updated).await;
        let mut tx = store.begin().await.unwrap();
        Statement::new("UPDATE jobs SET closed_at = first_seen_at WHERE external_id = '1'")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let source = acme(&store).await.id;
        let read = async |after, limit| {
            store
                .open_jobs(source, after, limit, at("09:00:00"))
                .await
                .unwrap()
        };
        let first = read(None, 1).await;
        assert_eq!(
            (
                first.len(),
                first[0].title.as_str(),
                first[0].external_id.as_str()
            ),
            (1, "Engineer 2", "2")
        );
        assert_eq!(first[0].locations, job("2", 2).job.locations);
        assert_eq!(
            MatchedFields::from(&first[0]),
            MatchedFields::from(&job("2", 2).job),
            "a stored job is matched like a normalized one"
        );
        let rest = read(Some(&first[0].external_id), 9).await;
        assert_eq!((rest.len(), rest[0].external_id.as_str()), (1, "3"));
        assert_eq!(read(Some(&rest[0].external_id), 9).await, []);
    }

    #[tokio::test]
    async fn an_expired_job_is_not_matched_again() {
        let store = store().await;
        let ends = |id: &str, end: Option<&str>| {
            let mut job = job(id, 1);
            job.job.expires_at = end.map(|end| end.parse().unwrap());
            job
        };
        let jobs = [
            ends("day before", Some("2026-11-21")),
            ends("today", Some("2026-11-23")),
            ends("just now", Some("2026-11-23T08:59:59Z")),
            ends("soon", Some("2026-11-23T09:00:01Z")),
            ends("open", None),
        ];
        scan(&store, "acme", &jobs, AlertKind::New).await;
        let open = store
            .open_jobs(acme(&store).await.id, None, 9, at("09:00:00"))
            .await
            .unwrap();
        assert_eq!(
            open.iter()
                .map(|job| job.external_id.as_str())
                .collect::<Vec<_>>(),
            ["open", "soon", "today"]
        );
    }

    #[tokio::test]
    async fn a_match_without_an_alert_is_forgotten() {
        let store = store().await;
        scan(&store, "acme", &[job("1", 1)], AlertKind::New).await;
        let mut tx = begin(&store).await;
        record_all(&mut tx, &[job("2", 1)], AlertKind::New).await;
        tx.commit_without_outcome().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        Statement::new("DELETE FROM alerts WHERE alert_id = 2")
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let without_alert =
            "SELECT COUNT(*) FROM matches m JOIN jobs j USING (job_id) WHERE j.external_id = '2'";
        for (profile, left) in [("other", 1), ("default", 0)] {
            let mut tx = begin(&store).await;
            tx.forget_matches(&JobRange::default(), profile)
                .await
                .unwrap();
            tx.commit_without_outcome().await.unwrap();
            assert_eq!(number(&store, without_alert).await, left, "{profile}");
        }
        assert_eq!(
            count(&store, "matches").await,
            1,
            "the one with an alert stays"
        );
        let source = acme(&store).await.id;
        assert!(
            store.known_matches(source).await.unwrap().is_empty(),
            "but does not count"
        );
        assert_eq!(
            text(&store, "SELECT profile FROM matches").await.unwrap(),
            "default"
        );
    }

    #[tokio::test]
    async fn only_the_matches_in_a_range_of_jobs_are_forgotten() {
        let store = store().await;
        let jobs: Vec<_> = (1..=5).map(|id| job(&id.to_string(), 1)).collect();
        scan(&store, "acme", &jobs, AlertKind::New).await;
        let source = acme(&store).await.id;
        let matching = async || -> Vec<String> {
            let open = store.open_jobs(source, None, 9, at("09:00:00")).await;
            let is_default = |job: &OpenJob| job.matched_profiles == ["default"];
            let matching = open.unwrap().into_iter().filter(is_default);
            matching
                .map(|job| job.external_id.as_str().to_owned())
                .collect()
        };
        assert_eq!(matching().await, ["1", "2", "3", "4", "5"]);

        let id = |id| Some(ExternalId::new(id).unwrap());
        for (after, through, left) in [
            (id("1"), id("3"), vec!["1", "4", "5"]),
            (None, id("1"), vec!["4", "5"]),
            (id("4"), None, vec!["4"]),
        ] {
            let mut tx = begin(&store).await;
            let range = JobRange { after, through };
            tx.forget_matches(&range, "default").await.unwrap();
            tx.commit_without_outcome().await.unwrap();
            assert_eq!(matching().await, left, "{range:?}");
        }
    }
}
