//! The alarm of a daemon that no longer records its results.
//!
//! A single failed run is logged and retried. Several in a row are more serious: the process seems
//! to work, but its recipients are not notified of any job.

use jiff::Timestamp;
use job_scanner_core::causes::with_causes;
use job_scanner_pipeline::{PipelineRunResult, RunError};

/// The number of failed runs in a row after which the alarm is raised.
const FIRST_ALARM: u32 = 3;

/// The alarm is logged again after this many further failed runs.
const ALARM_EVERY: u32 = 10;

/// Counts the runs in a row that could record none of their results.
#[derive(Debug, Default)]
pub(super) struct RecordingMonitor {
    failed: u32,
    since: Option<Timestamp>,
}

/// The alarm after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Alarm {
    None,
    /// `runs` runs in a row could not record their results, the first of them at `since`.
    NotRecording {
        runs: u32,
        since: Timestamp,
        why: String,
    },
    /// A run was recorded after `runs` failed ones, for which there was an alarm.
    RecordingAgain {
        runs: u32,
    },
}

impl Alarm {
    /// Returns true if the recipients of matches are notified too: once per series of failures.
    pub(super) fn is_first(&self) -> bool {
        matches!(
            self,
            Self::NotRecording {
                runs: FIRST_ALARM,
                ..
            }
        )
    }
}

impl RecordingMonitor {
    /// Updates the count with the result of a run at `now`. A skipped run does not count.
    pub(super) fn note(
        &mut self,
        run: &Result<PipelineRunResult, RunError>,
        now: Timestamp,
    ) -> Alarm {
        let why = match run {
            Ok(result) if result.skipped => return Alarm::None,
            Ok(result) => result.not_recorded().map(|failure| failure.message.clone()),
            Err(failed) => Some(with_causes(failed)),
        };
        match why {
            Some(why) => self.failed(why, now),
            None => self.succeeded(),
        }
    }

    fn failed(&mut self, why: String, now: Timestamp) -> Alarm {
        self.failed += 1;
        let since = *self.since.get_or_insert(now);
        if self.failed >= FIRST_ALARM && (self.failed - FIRST_ALARM).is_multiple_of(ALARM_EVERY) {
            Alarm::NotRecording {
                runs: self.failed,
                since,
                why,
            }
        } else {
            Alarm::None
        }
    }

    fn succeeded(&mut self) -> Alarm {
        let Self { failed, .. } = std::mem::take(self);
        if failed >= FIRST_ALARM {
            Alarm::RecordingAgain { runs: failed }
        } else {
            Alarm::None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use job_scanner_core::failure::FailureKind;
    use job_scanner_core::run::ScanOutcome;
    use job_scanner_pipeline::{ScanFailure, SourceRunStats};
    use job_scanner_store::StoreError;

    use super::*;

    fn failed() -> Result<PipelineRunResult, RunError> {
        Err(RunError::NotRecorded(StoreError::NoDatabase {
            file: PathBuf::from("jobs.db"),
        }))
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    #[test]
    fn the_third_unrecorded_run_in_a_row_raises_an_alarm_then_every_tenth() {
        let mut recording = RecordingMonitor::default();
        let alarms: Vec<Alarm> = (1..=23)
            .map(|minute| recording.note(&failed(), at(minute)))
            .collect();

        let raised: Vec<usize> = (1..=23)
            .filter(|run| alarms[run - 1] != Alarm::None)
            .collect();
        assert_eq!(raised, [3, 13, 23]);
        assert!(
            matches!(&alarms[2], Alarm::NotRecording { runs: 3, since, why }
            if *since == at(1) && why.contains("jobs.db")),
            "{:?}",
            alarms[2]
        );
        assert!(alarms[2].is_first() && !alarms[12].is_first());
    }

    #[test]
    fn a_run_counts_as_failed_only_if_no_source_was_recorded() {
        let source = |name: &str, outcome, failure: Option<FailureKind>| {
            let key = format!("greenhouse/{name}").parse().unwrap();
            let mut stats = SourceRunStats::new(key, name.to_owned(), outcome);
            stats.error = failure.map(|kind| ScanFailure::new(kind, "why".to_owned()));
            stats
        };
        let lost = || source("lost", ScanOutcome::Failed, Some(FailureKind::NotRecorded));
        for (others, counts) in [
            (vec![], true),
            (vec![source("off", ScanOutcome::Disabled, None)], true),
            (vec![source("good", ScanOutcome::NotModified, None)], false),
            (
                vec![source(
                    "away",
                    ScanOutcome::Failed,
                    Some(FailureKind::Network),
                )],
                false,
            ),
        ] {
            let names: Vec<String> = others.iter().map(|source| source.name.clone()).collect();
            let mut recording = RecordingMonitor::default();
            let run = Ok(PipelineRunResult::of(
                at(0),
                [vec![lost()], others].concat(),
            ));
            let alarms: Vec<Alarm> = (1..=3)
                .map(|minute| recording.note(&run, at(minute)))
                .collect();
            assert_eq!(alarms[2] != Alarm::None, counts, "with {names:?}");
        }
    }

    #[test]
    fn a_recorded_run_resets_the_count_and_ends_the_alarm() {
        let good = || Ok(PipelineRunResult::of(at(0), Vec::new()));
        let mut recording = RecordingMonitor::default();
        for _ in 0..2 {
            assert_eq!(recording.note(&failed(), at(1)), Alarm::None);
        }
        assert_eq!(recording.note(&good(), at(2)), Alarm::None);
        for _ in 0..3 {
            recording.note(&failed(), at(3));
        }
        assert_eq!(
            recording.note(&good(), at(4)),
            Alarm::RecordingAgain { runs: 3 }
        );
        assert_eq!(recording.note(&good(), at(5)), Alarm::None);
    }
}
