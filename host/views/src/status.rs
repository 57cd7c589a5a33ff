//! The state of the program in numbers: `/api/v1/status`.

use std::collections::BTreeMap;

use job_scanner_store::{DeliveryNumber, StoredNumbers};
use serde::Serialize;

use crate::cells::time;
use crate::sources::{SourceState, SourceStatus};

/// The state of the program.
#[derive(Debug, Serialize)]
pub struct StatusView<'a> {
    version: &'a str,
    last_run_at: Option<String>,
    /// The number of sources by state, without states that do not occur.
    sources: BTreeMap<String, u64>,
    jobs: JobNumbersView,
    deliveries: Vec<DeliveryNumberView<'a>>,
}

#[derive(Debug, Serialize)]
struct JobNumbersView {
    open: u64,
    closed: u64,
    unwatched: u64,
}

#[derive(Debug, Serialize)]
struct DeliveryNumberView<'a> {
    channel: &'a str,
    state: &'a str,
    number: u64,
    oldest_at: String,
}

impl<'a> StatusView<'a> {
    /// Shows the state of a program of this version.
    pub fn new(version: &'a str, sources: &[SourceStatus], numbers: &'a StoredNumbers) -> Self {
        Self {
            version,
            last_run_at: numbers.last_run_at.map(time),
            sources: numbers_by_state(sources),
            jobs: JobNumbersView {
                open: numbers.open_jobs,
                closed: numbers.closed_jobs,
                unwatched: numbers.unwatched_jobs,
            },
            deliveries: numbers.deliveries.iter().map(Into::into).collect(),
        }
    }
}

/// Returns the number of sources by the word of their state.
pub fn numbers_by_state(sources: &[SourceStatus]) -> BTreeMap<String, u64> {
    let mut numbers = BTreeMap::new();
    for source in sources {
        *numbers.entry(word(source.state)).or_default() += 1;
    }
    numbers
}

/// Returns the word of a state, as in JSON.
fn word(state: SourceState) -> String {
    let word = serde_json::to_value(state).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

impl<'a> From<&'a DeliveryNumber> for DeliveryNumberView<'a> {
    fn from(deliveries: &'a DeliveryNumber) -> Self {
        Self {
            channel: &deliveries.channel,
            state: &deliveries.state,
            number: deliveries.number,
            oldest_at: time(deliveries.oldest),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::json::json;
    use crate::samples::{at, failing_health};
    use crate::sources::{SourceRecords, statuses};

    #[test]
    fn the_status_has_the_documented_keys() {
        let records = SourceRecords {
            health: vec![failing_health("acme")],
            histories: HashMap::new(),
            now: at("08:20:00"),
        };
        let deliveries = DeliveryNumber {
            channel: "mail".to_owned(),
            state: "pending".to_owned(),
            number: 2,
            oldest: at("08:16:00"),
        };
        let numbers = StoredNumbers {
            open_jobs: 40,
            closed_jobs: 7,
            unwatched_jobs: 0,
            deliveries: vec![deliveries],
            last_run_at: Some(at("08:15:01")),
        };
        let statuses = statuses([], records);
        let view = StatusView::new("0.1.0", &statuses, &numbers);
        insta::assert_snapshot!("api_status", json(&view).unwrap());
    }
}
