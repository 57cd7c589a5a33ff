//! The `matches` table: one job version that matches one profile, with the reasons.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::job::ContentHash;
use job_scanner_core::key::ExternalId;
use job_scanner_core::matching::MatchResult;

use crate::columns::{ROWS_PER_STATEMENT, Row, json, time};
use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{JobId, SourceId};

/// The names of the profiles that the jobs of a source match in their current version.
pub type KnownMatches = HashMap<ExternalId, Vec<String>>;

/// A match to be stored.
#[derive(Debug, Clone, Copy)]
pub struct StoredMatch<'a> {
    pub job: JobId,
    pub content_hash: ContentHash,
    /// The matched profile and the reasons.
    pub result: &'a MatchResult,
}

impl Store {
    /// Returns the profiles that the jobs of a source match in their current version.
    #[tracing::instrument(name = "store.match.known", skip_all, fields(source.id = %source))]
    pub async fn known_matches(&self, source: SourceId) -> Result<KnownMatches, StoreError> {
        let rows: Vec<(JobId, String, String)> = Statement::new(
            "SELECT j.job_id, j.external_id, m.profile FROM jobs j
             JOIN matches m ON m.job_id = j.job_id AND m.content_hash = j.content_hash
             WHERE j.source_id = $1 AND m.outdated_at IS NULL",
        )
        .bind(source)
        .fetch_all(self.readers())
        .await?;

        let mut known = KnownMatches::new();
        for (id, external_id, profile) in rows {
            let row = Row::new("jobs", id);
            let external_id = row.lift("external_id", ExternalId::new(external_id))?;
            known.entry(external_id).or_default().push(profile);
        }

        Ok(known)
    }
}

/// Writes matches. An existing match gets the current reasons: the criteria may have changed and
/// been restored since.
pub(crate) async fn record(
    conn: &mut Connection,
    matches: &[StoredMatch<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    for batch in matches.chunks(ROWS_PER_STATEMENT) {
        let reasons = batch
            .iter()
            .map(|found| json("reasons", found.result))
            .collect::<Result<Vec<_>, _>>()?;

        let mut statement = Statement::new(
            "INSERT INTO matches (job_id, content_hash, profile, reasons, matched_at) ",
        );
        statement.push_values(batch.iter().zip(reasons), |mut row, (found, reasons)| {
            row.push_bind(found.job)
                .push_bind(found.content_hash.as_bytes().as_slice())
                .push_bind(&*found.result.profile)
                .push_bind(reasons)
                .push_bind(time(now));
        });

        statement.push(
            " ON CONFLICT (job_id, content_hash, profile) DO UPDATE SET reasons = excluded.reasons,
                  matched_at = excluded.matched_at, outdated_at = NULL",
        );
        statement.execute(&mut *conn).await?;
    }

    Ok(())
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::Trigger;

    use super::*;
    use crate::test_support::{
        COMPLETE, at, count, job, match_of, number, source_key, store, text,
    };

    #[tokio::test]
    async fn a_job_matches_several_profiles_once_each() {
        let store = store().await;
        let run = store
            .start_run(Trigger::Manual, at("08:00:00"))
            .await
            .unwrap();
        let source = store
            .open_source(&source_key("acme"), "Acme", at("08:00:00"))
            .await
            .unwrap();
        let mut tx = store
            .begin_scan(source.id, 0, run, at("08:00:00"))
            .await
            .unwrap()
            .unwrap();
        let result = job("1", 1);
        let ids = tx
            .record_jobs(std::slice::from_ref(&result), true)
            .await
            .unwrap();
        let stored = |matched| StoredMatch {
            job: ids[&result.job.external_id],
            content_hash: result.job.content_hash,
            result: matched,
        };
        let (default, other) = (match_of("default"), match_of("other"));
        tx.record_matches(&[stored(&default), stored(&other)])
            .await
            .unwrap();
        tx.record_matches(&[stored(&default)]).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
        assert_eq!(count(&store, "matches").await, 2);
        let known = store.known_matches(source.id).await.unwrap();
        assert_eq!(known[&result.job.external_id], ["default", "other"]);
        assert_eq!(
            number(
                &store,
                "SELECT COUNT(*) FROM matches WHERE json_valid(reasons)"
            )
            .await,
            2
        );
        let matched_at = text(&store, "SELECT MIN(matched_at) FROM matches")
            .await
            .unwrap();
        assert_eq!(matched_at, "2026-11-23T08:00:00.000Z");
    }
}
