//! The results of the first scans of sources, for the baseline message.

use job_scanner_core::key::SourceKey;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{DeliveryId, SourceId};

/// The maximum number of sources that a baseline message names. Sources with matches come first.
const MAX_NAMED_SOURCES: i64 = 200;

/// The result of the first scan of a source. It is the same for each attempt: later jobs do not
/// count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineCounts {
    pub source: SourceKey,
    /// The name that the source had in the configuration at its last scan.
    pub name: String,
    /// The number of jobs in its baseline.
    pub jobs: u64,
    /// The number of jobs in this delivery and in the other messages of the same event, and of those
    /// that were grouped with them in the same run.
    pub matched: u64,
}

#[derive(FromRow)]
struct BaselineRow {
    source_id: SourceId,
    adapter: String,
    identifier: String,
    name: String,
    jobs: i64,
    matched: i64,
    /// The number of rows without the limit.
    sources: i64,
}

impl Store {
    /// Returns the sources of the delivery's alerts and grouped alerts, and those that the same runs scanned for the
    /// first time without a match, because they are watched as well. The number is that of the
    /// sources beyond [`MAX_NAMED_SOURCES`].
    pub(crate) async fn baseline_counts(
        &self,
        delivery: DeliveryId,
    ) -> Result<(Vec<BaselineCounts>, u64), StoreError> {
        let rows = Statement::new(
            "WITH sent AS (
                 SELECT a.job_id, a.run_id, a.cluster_id, a.version, a.profile
                 FROM delivery_alerts d
                 JOIN alerts a ON a.alert_id = d.alert_id
                 WHERE d.delivery_id = $1
                     OR d.delivery_id IN (
                         SELECT other.delivery_id FROM deliveries this
                         JOIN deliveries other ON other.event = this.event WHERE this.delivery_id = $1)
             ), matching AS (
                 SELECT job_id, run_id FROM sent
                 UNION
                 SELECT g.job_id, g.run_id FROM sent a
                 CROSS JOIN alerts g ON g.grouped = 1 AND g.cluster_id = a.cluster_id AND g.version = a.version
                     AND g.profile = a.profile
                 WHERE g.run_id = a.run_id AND g.kind = 'baseline'
             ), carried AS (
                 SELECT j.source_id, c.job_id, r.started_at
                 FROM matching c
                 JOIN jobs j ON j.job_id = c.job_id
                 LEFT JOIN runs r ON r.run_id = c.run_id
             ), seen AS (
                 SELECT s.source_id, s.adapter, s.identifier, s.name, COUNT(DISTINCT c.job_id) AS matched,
                     COUNT(*) OVER () AS sources
                 FROM sources s
                 LEFT JOIN carried c ON c.source_id = s.source_id
                 WHERE c.job_id IS NOT NULL OR s.baseline_done_at IN (SELECT started_at FROM carried)
                 GROUP BY s.source_id, s.adapter, s.identifier, s.name
                 ORDER BY matched > 0 DESC, s.adapter, s.identifier LIMIT $2
             )
             SELECT *,
                 (SELECT COUNT(*) FROM jobs b WHERE b.source_id = seen.source_id AND b.baseline = 1) AS jobs
             FROM seen",
        )
        .bind(delivery)
        .bind(MAX_NAMED_SOURCES)
        .fetch_all::<BaselineRow>(self.readers())
        .await?;

        let all = rows.first().map_or(0, |row| row.sources.unsigned_abs());
        let more = all.saturating_sub(rows.len() as u64);
        let counts = rows.into_iter().map(BaselineCounts::try_from);
        Ok((counts.collect::<Result<_, _>>()?, more))
    }
}

impl TryFrom<BaselineRow> for BaselineCounts {
    type Error = StoreError;

    fn try_from(row: BaselineRow) -> Result<Self, StoreError> {
        let place = Row::new("sources", row.source_id);
        Ok(Self {
            source: lift_key(place, row.adapter, row.identifier)?,
            name: row.name,
            jobs: row.jobs.unsigned_abs(),
            matched: row.matched.unsigned_abs(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::test_support::{at, delivery, job, scan, with_alerts};
    use crate::{AlertKind, DeliveryKind, NewDelivery};

    #[tokio::test]
    async fn a_baseline_message_counts_all_jobs_of_the_first_scan() {
        let (store, alerts) = with_alerts(1_000).await;
        let baseline = NewDelivery {
            kind: DeliveryKind::Baseline,
            ..delivery("1@scanner", &alerts[..900])
        };
        store
            .record_deliveries(&[baseline], at("08:30:00"))
            .await
            .unwrap();
        scan(&store, "acme", &[job("later", 1)], AlertKind::New).await;
        let claimed = store
            .claim_next_delivery(at("08:30:00"), Duration::from_mins(2), "a")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(claimed.alerts.len(), 900);
        let [counts] = &claimed.baselines[..] else {
            panic!("{:?}", claimed.baselines)
        };
        assert_eq!(
            (
                counts.source.to_string().as_str(),
                counts.jobs,
                counts.matched
            ),
            ("greenhouse/acme", 1_000, 900)
        );
    }
}
