//! The other open jobs of a cluster that stand for the same version: where a vacancy is posted
//! besides.

use std::collections::HashMap;

use job_scanner_core::job::Location;
use job_scanner_core::key::SourceKey;
use serde::Deserialize;

use crate::columns::{Row, lift_key};
use crate::database::Store;
use crate::driver::Statement;
use crate::error::StoreError;
use crate::ids::{AlertId, DeliveryId};

/// The places and sources at which a vacancy is posted, besides those of one of its jobs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlsoPosted {
    /// The places of the other jobs, without those of the job itself.
    pub places: Vec<Location>,
    /// The other sources.
    pub sources: Vec<AlsoSource>,
}

/// Another source that lists a vacancy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlsoSource {
    pub key: SourceKey,
    /// The name that the source had in the configuration at its last scan.
    pub name: String,
}

/// The columns of another job, as one JSON object.
macro_rules! other_job {
    () => {
        "json_object('adapter', os.adapter, 'identifier', os.identifier, 'name', os.name,
             'locations', json(ov.locations))"
    };
}

/// The other jobs of a membership `m`: a row each, without the jobs that are closed or that no scan
/// checks.
macro_rules! other_jobs {
    () => {
        "JOIN cluster_jobs o ON o.cluster_id = m.cluster_id AND o.version = m.version AND o.job_id <> m.job_id
         JOIN jobs oj ON oj.job_id = o.job_id AND oj.closed_at IS NULL
         JOIN job_versions ov ON ov.job_id = oj.job_id AND ov.content_hash = oj.content_hash
         JOIN sources os ON os.source_id = oj.source_id AND os.retired_at IS NULL"
    };
}

pub(crate) use {other_job, other_jobs};

/// Another job of the cluster, as [`other_job!`] selects it.
#[derive(Deserialize)]
pub(crate) struct OtherJob {
    adapter: String,
    identifier: String,
    name: String,
    locations: Vec<Location>,
}

impl AlsoPosted {
    /// Returns what the other jobs add to a job of this source with these places.
    pub(crate) fn besides(
        source: &SourceKey,
        places: &[Location],
        others: Vec<OtherJob>,
        row: Row,
    ) -> Result<Self, StoreError> {
        let mut also = Self::default();
        for other in others {
            let key = lift_key(row, other.adapter, other.identifier)?;
            let is_known = key == *source || also.sources.iter().any(|it| it.key == key);
            if !is_known {
                let name = other.name;
                also.sources.push(AlsoSource { key, name });
            }
            for place in other.locations {
                if !places.contains(&place) && !also.places.contains(&place) {
                    also.places.push(place);
                }
            }
        }
        Ok(also)
    }
}

/// Returns the other jobs of the vacancies that a delivery is about, by alert.
pub(crate) async fn of_delivery(
    store: &Store,
    delivery: DeliveryId,
) -> Result<HashMap<AlertId, Vec<OtherJob>>, StoreError> {
    let rows: Vec<(AlertId, String)> = Statement::new(concat!(
        "SELECT m.alert_id, ",
        other_job!(),
        " FROM delivery_alerts d JOIN alerts m ON m.alert_id = d.alert_id ",
        other_jobs!(),
        " WHERE d.delivery_id = $1 ORDER BY m.alert_id, o.job_id"
    ))
    .bind(delivery)
    .fetch_all(store.readers())
    .await?;

    let mut others: HashMap<AlertId, Vec<OtherJob>> = HashMap::new();
    for (alert, json) in rows {
        let other = Row::new("alerts", alert).json("locations", &json)?;
        others.entry(alert).or_default().push(other);
    }
    Ok(others)
}
