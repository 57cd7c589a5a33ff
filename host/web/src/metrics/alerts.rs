//! The number of alerts of each profile since the start of the process.

use std::collections::BTreeMap;

use jiff::Timestamp;
use job_scanner_store::{AlertId, Store, StoreError};
use tokio::sync::Mutex;

/// The counts of alerts. They never decrease, although the retention deletes alerts.
#[derive(Debug)]
pub(crate) struct AlertCounts {
    started_at: Timestamp,
    counted: Mutex<Option<CountedAlerts>>,
}

#[derive(Debug, Default)]
struct CountedAlerts {
    /// The last alert that was counted, or that was there at the start; `None` if there was none.
    latest: Option<AlertId>,
    by_profile: BTreeMap<String, u64>,
}

impl AlertCounts {
    /// Counts the alerts from this time on.
    pub(crate) fn since(started_at: Timestamp) -> Self {
        Self {
            started_at,
            counted: Mutex::default(),
        }
    }

    /// Counts the new alerts, and returns the counts.
    pub(crate) async fn read(&self, store: &Store) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut counted = self.counted.lock().await;
        let counted = match &mut *counted {
            Some(counted) => counted,
            none => none.insert(CountedAlerts {
                latest: store.latest_alert_before(self.started_at).await?,
                by_profile: BTreeMap::new(),
            }),
        };

        let (new, latest) = store.alerts_after(counted.latest).await?;
        counted.latest = latest;
        for (profile, number) in new {
            *counted.by_profile.entry(profile).or_default() += number;
        }
        Ok(counted.by_profile.clone())
    }
}
