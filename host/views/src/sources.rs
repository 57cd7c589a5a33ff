//! The state of every source: `job-scanner sources`.
//!
//! [`statuses`] combines the configuration with the stored records. The view, the row and the lines
//! below the table show one source each.

use std::collections::HashMap;

use jiff::Timestamp;
use job_scanner_core::escape::Printable;
use job_scanner_core::failure::FailureKind;
use job_scanner_core::key::SourceKey;
use job_scanner_core::quantity::counted;
use job_scanner_core::run::ScanOutcome;
use job_scanner_core::schedule::{ScanHistory, Schedule};
use job_scanner_store::{Doubt, SourceError, SourceHealth};
use serde::Serialize;
use serde_json::Value;

use crate::cells::{minute, time, utc_cell, whole};
use crate::column::Column;

/// The columns of the table.
pub const COLUMNS: [Column; 7] = [
    Column::copied("source").late(3),
    Column::text("name", 8).late(2),
    Column::word("state"),
    Column::number("open jobs"),
    Column::word("last success UTC").late(4),
    Column::word("last error UTC").late(1),
    Column::word("next due UTC"),
];

/// A source that the configuration names.
#[derive(Debug, Clone, Copy)]
pub struct ConfiguredSource<'a> {
    pub key: &'a SourceKey,
    pub name: &'a str,
    pub enabled: bool,
    /// True if a partial listing of the source is as good as a complete one for its state.
    pub accept_partial: bool,
    pub schedule: &'a Schedule,
}

/// The stored records of all sources, and the current time.
#[derive(Debug)]
pub struct SourceRecords {
    pub health: Vec<SourceHealth>,
    /// The histories from which the times of the next scans are computed.
    pub histories: HashMap<SourceKey, ScanHistory>,
    pub now: Timestamp,
}

/// A source with its configuration and its stored records.
#[derive(Debug)]
pub struct SourceStatus {
    pub key: SourceKey,
    pub name: String,
    pub enabled: bool,
    pub state: SourceState,
    /// `None` before its first scan, unless it was paused before.
    pub health: Option<SourceHealth>,
    /// True if the board was not found for days.
    pub gone: bool,
    /// The time of the daemon's next scan; `None` for a source that is not scanned.
    pub next_due_at: Option<Timestamp>,
}

/// The state of a source, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceState {
    /// Its last scan succeeded.
    Ok,
    /// Its last scan was partial.
    Partial,
    Failing,
    /// No scan of it has ended yet.
    NeverScanned,
    /// A person has paused it.
    Paused,
    /// The configuration has disabled it.
    Disabled,
    /// The configuration no longer names it.
    Retired,
}

/// Returns the sources of the configuration in its order, then those that it no longer names.
pub fn statuses<'a>(
    configured: impl IntoIterator<Item = ConfiguredSource<'a>>,
    records: SourceRecords,
) -> Vec<SourceStatus> {
    let SourceRecords {
        mut health,
        histories,
        now,
    } = records;

    let mut statuses = Vec::with_capacity(health.len());
    for source in configured {
        let place = health.iter().position(|health| health.key == *source.key);
        let health = place.map(|place| health.remove(place));
        let history = histories.get(source.key).copied().unwrap_or_default();
        statuses.push(SourceStatus::configured(source, health, &history, now));
    }

    // The loop has removed the records of the configured sources.
    statuses.extend(health.into_iter().map(SourceStatus::retired));
    statuses
}

impl SourceStatus {
    fn configured(
        source: ConfiguredSource<'_>,
        health: Option<SourceHealth>,
        history: &ScanHistory,
        now: Timestamp,
    ) -> Self {
        let is_paused = health.as_ref().is_some_and(|it| it.paused_at.is_some());
        let state = match SourceState::of(health.as_ref()) {
            _ if !source.enabled => SourceState::Disabled,
            _ if is_paused => SourceState::Paused,
            SourceState::Partial if source.accept_partial => SourceState::Ok,
            state => state,
        };

        let next_due = || source.schedule.next_due(history, now);
        Self {
            key: source.key.clone(),
            name: source.name.to_owned(),
            enabled: source.enabled,
            state,
            health,
            gone: history.is_not_found(),
            next_due_at: (source.enabled && !is_paused).then(next_due),
        }
    }

    fn retired(health: SourceHealth) -> Self {
        Self {
            key: health.key.clone(),
            name: health.name.clone(),
            enabled: false,
            state: SourceState::Retired,
            health: Some(health),
            gone: false,
            next_due_at: None,
        }
    }

    /// Returns the row of the source in the table.
    pub fn row(&self) -> [String; 7] {
        let health = self.health.as_ref();
        let open_jobs = health.map_or(0, |health| health.open_jobs);

        [
            whole(&self.key.to_string()),
            whole(&self.name),
            self.state_cell(),
            open_jobs.to_string(),
            utc_cell(health.and_then(|health| health.last_success_at)),
            utc_cell(health.and_then(|health| health.last_error_at)),
            utc_cell(self.next_due_at),
        ]
    }

    /// Returns the state, with a note if the source is in doubt.
    fn state_cell(&self) -> String {
        let health = self.health.as_ref();
        let in_doubt = health.is_some_and(|health| health.doubt.is_some());
        let doubt = if in_doubt { ", in doubt" } else { "" };
        self.state.describe().to_owned() + doubt
    }

    /// Describes the failures of the source: their start, the last error, and the advice for the
    /// operator. `None` if its last scan did not fail.
    pub fn trouble(&self) -> Option<String> {
        if self.state != SourceState::Failing {
            return None;
        }
        let health = self.health.as_ref()?;
        let SourceError { kind, message } = health.error.as_ref()?;

        let times = match (health.consecutive_failures, health.failing_since) {
            (1, _) => "last scan failed".to_owned(),
            (times, Some(since)) => format!("last {times} scans failed, since {}", minute(since)),
            (times, None) => format!("last {times} scans failed"),
        };
        let success = match health.last_success_at {
            Some(at) => format!("it last succeeded at {}", minute(at)),
            None => "it has never succeeded".to_owned(),
        };
        let note = if self.gone {
            " The board has not been found for days, so it is scanned only once a day."
        } else {
            ""
        };

        let (key, advice) = (self.key.to_string(), kind.advice(message));
        let message = Printable(message);
        Some(format!(
            "{}: {times}; {success}\n  {kind}: {message}\n  {advice}{note}",
            Printable(&key)
        ))
    }

    /// Describes the pause of the source: its start, and how the source is scanned meanwhile.
    /// `None` if it is not paused.
    pub fn pause(&self) -> Option<String> {
        if self.state != SourceState::Paused {
            return None;
        }
        let since = minute(self.health.as_ref()?.paused_at?);
        let key = self.key.to_string();
        let key = Printable(&key);
        Some(format!(
            "{key}: paused since {since}; its jobs stay as they are\n  `job-scanner scan --source {key}` scans it once; \
             the page of the sources resumes it"
        ))
    }

    /// Describes the doubt about the source: its start, the drop, and the consequence. `None` if
    /// the source is not in doubt.
    pub fn doubt(&self) -> Option<String> {
        let Doubt {
            since,
            listed,
            before,
        } = self.health.as_ref()?.doubt?;

        let key = self.key.to_string();
        let (since, jobs) = (minute(since), counted(before, "job", "jobs"));
        Some(format!(
            "{}: in doubt since {since}; it lists {listed} of {jobs}\n  the others stay open until further \
             complete listings confirm their absence",
            Printable(&key)
        ))
    }
}

impl SourceState {
    /// Returns the state of an enabled source.
    fn of(health: Option<&SourceHealth>) -> Self {
        match health.and_then(|health| health.last_outcome) {
            None => Self::NeverScanned,
            Some(ScanOutcome::Failed) => Self::Failing,
            Some(ScanOutcome::Partial) => Self::Partial,
            Some(_) => Self::Ok,
        }
    }

    /// Returns the state as it is shown to people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failing => "failing",
            Self::NeverScanned => "never scanned",
            Self::Paused => "paused",
            Self::Disabled => "disabled",
            Self::Retired => "retired",
        }
    }
}

/// A source and its health.
#[derive(Debug, Serialize)]
pub struct SourceView<'a> {
    source: String,
    name: &'a str,
    r#type: &'a str,
    identifier: &'a str,
    enabled: bool,
    state: SourceState,
    last_success_at: Option<String>,
    last_error_at: Option<String>,
    error: Option<SourceErrorView<'a>>,
    failing_since: Option<String>,
    gone: bool,
    in_doubt_since: Option<String>,
    paused_at: Option<String>,
    consecutive_failures: u32,
    next_due_at: Option<String>,
    open_jobs: u64,
    budget: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct SourceErrorView<'a> {
    kind: FailureKind,
    message: &'a str,
}

/// A change of the pause of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PauseOperation {
    Paused,
    Resumed,
}

/// The result of [`PauseOperation`] on one source.
#[derive(Debug, Serialize)]
pub struct PauseView {
    source: String,
    operation: PauseOperation,
    /// `done`, or `unchanged` if it was so before.
    result: &'static str,
}

impl PauseView {
    /// `was_changed` is false if the source was paused, or was not, before.
    pub fn new(source: &SourceKey, operation: PauseOperation, was_changed: bool) -> Self {
        Self {
            source: source.to_string(),
            operation,
            result: if was_changed { "done" } else { "unchanged" },
        }
    }
}

impl<'a> From<&'a SourceStatus> for SourceView<'a> {
    fn from(status: &'a SourceStatus) -> Self {
        let health = status.health.as_ref();
        let error = health.and_then(|health| health.error.as_ref());
        let doubt = health.and_then(|health| health.doubt);

        Self {
            source: status.key.to_string(),
            name: &status.name,
            r#type: status.key.adapter.as_str(),
            identifier: status.key.identifier.as_str(),
            enabled: status.enabled,
            state: status.state,
            last_success_at: health.and_then(|health| health.last_success_at).map(time),
            last_error_at: health.and_then(|health| health.last_error_at).map(time),
            error: error.map(|SourceError { kind, message }| SourceErrorView {
                kind: *kind,
                message,
            }),
            failing_since: health.and_then(|health| health.failing_since).map(time),
            gone: status.gone,
            in_doubt_since: doubt.map(|doubt| time(doubt.since)),
            paused_at: health.and_then(|health| health.paused_at).map(time),
            consecutive_failures: health.map_or(0, |health| health.consecutive_failures),
            next_due_at: status.next_due_at.map(time),
            open_jobs: health.map_or(0, |health| health.open_jobs),
            budget: health.and_then(|health| health.budget.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::json::json;
    use crate::samples::{at, failing_health, key};

    const EVERY_QUARTER: Schedule = Schedule::Every(Duration::from_mins(15));

    /// Returns the status of `greenhouse/acme`, which is configured.
    fn status(enabled: bool, health: Option<SourceHealth>) -> SourceStatus {
        let key = key("acme");
        let source = ConfiguredSource {
            key: &key,
            name: "Acme",
            enabled,
            accept_partial: false,
            schedule: &EVERY_QUARTER,
        };
        let records = SourceRecords {
            health: health.into_iter().collect(),
            histories: HashMap::new(),
            now: at("08:20:00"),
        };
        let mut statuses = statuses([source], records);
        assert_eq!(statuses.len(), 1);
        statuses.remove(0)
    }

    #[test]
    fn a_failing_source_has_the_documented_keys() {
        let status = status(true, Some(failing_health("acme")));
        insta::assert_snapshot!("sources", json(&[SourceView::from(&status)]).unwrap());
    }

    #[test]
    fn a_source_that_was_never_scanned_has_the_documented_keys() {
        let status = status(true, None);
        insta::assert_snapshot!("sources_new", json(&[SourceView::from(&status)]).unwrap());
    }

    #[test]
    fn retired_sources_come_last_and_are_never_due() {
        let configured = key("new");
        let source = ConfiguredSource {
            key: &configured,
            name: "New",
            enabled: true,
            accept_partial: false,
            schedule: &EVERY_QUARTER,
        };
        let records = SourceRecords {
            health: vec![failing_health("old")],
            histories: HashMap::new(),
            now: at("08:20:00"),
        };

        let statuses = statuses([source], records);
        let states = statuses.iter().map(|status| status.state);
        let states: Vec<SourceState> = states.collect();
        assert_eq!(states, [SourceState::NeverScanned, SourceState::Retired]);
        assert_eq!(statuses[1].row()[6], "-");
        assert_eq!(
            statuses[1].trouble(),
            None,
            "a retired source is not scanned"
        );
    }

    #[test]
    fn the_state_follows_from_the_last_scan_unless_the_source_is_disabled() {
        let with_outcome = |outcome| SourceHealth {
            last_outcome: Some(outcome),
            ..failing_health("acme")
        };
        for (outcome, state) in [
            (ScanOutcome::Complete, SourceState::Ok),
            (ScanOutcome::NotModified, SourceState::Ok),
            (ScanOutcome::Partial, SourceState::Partial),
            (ScanOutcome::Failed, SourceState::Failing),
        ] {
            assert_eq!(
                status(true, Some(with_outcome(outcome))).state,
                state,
                "{outcome}"
            );
        }
        let disabled = status(false, Some(with_outcome(ScanOutcome::Failed)));
        assert_eq!(disabled.state, SourceState::Disabled);
        assert_eq!(disabled.next_due_at, None);
    }

    #[test]
    fn a_paused_source_is_never_due_and_says_since_when() {
        let paused = SourceHealth {
            paused_at: Some(at("08:16:00")),
            ..failing_health("acme")
        };
        let status = status(true, Some(paused.clone()));
        assert_eq!(status.row()[2], "paused, in doubt");
        assert_eq!((status.next_due_at, status.trouble()), (None, None));
        let pause = status.pause().unwrap();
        assert!(
            pause.starts_with("greenhouse/acme: paused since 2026-11-23 08:16 UTC;"),
            "{pause}"
        );
        let view = json(&[SourceView::from(&status)]).unwrap();
        assert!(
            view.contains(r#""paused_at": "2026-11-23T08:16:00.000Z""#),
            "{view}"
        );
        assert!(view.contains(r#""state": "paused""#), "{view}");

        let disabled = self::status(false, Some(paused));
        assert_eq!(
            (disabled.state, disabled.pause()),
            (SourceState::Disabled, None)
        );
    }

    #[test]
    fn trouble_and_doubt_give_their_start_and_consequence() {
        let status = status(true, Some(failing_health("acme")));
        let trouble = status.trouble().unwrap();
        assert!(
            trouble.starts_with(
                "greenhouse/acme: last 3 scans failed, since 2026-11-23 07:30 UTC; it last succeeded at \
                 2026-11-23 07:15 UTC\n  upstream: the board answered 500\\n\n  "
            ),
            "{trouble}"
        );
        assert_eq!(
            status.doubt().unwrap(),
            "greenhouse/acme: in doubt since 2026-11-23 07:15 UTC; it lists 2 of 40 jobs\n  the others stay open \
             until further complete listings confirm their absence"
        );
        assert_eq!(status.row()[2], "failing, in doubt");
    }

    #[test]
    fn the_changes_of_a_pause_have_the_documented_keys() {
        let acme = key("acme");
        let paused = PauseView::new(&acme, PauseOperation::Paused, true);
        insta::assert_snapshot!("source_pause", json(&[paused]).unwrap());
        let resumed = PauseView::new(&acme, PauseOperation::Resumed, false);
        insta::assert_snapshot!("source_resume", json(&[resumed]).unwrap());
    }
}
