//! The progress of a run: the box above the sources, and the data of its events.

use job_scanner_core::quantity::counted;
use job_scanner_pipeline::Progress;
use serde::Serialize;

/// The state of the run that the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ProgressView {
    pub(crate) is_running: bool,
    /// True if a person asked for a run that has not begun yet.
    pub(crate) is_requested: bool,
    /// The number of sources in the run.
    pub(crate) sources: usize,
    /// The number of finished scans.
    pub(crate) scanned: usize,
    /// The state in words.
    pub(crate) text: String,
}

impl ProgressView {
    /// Describes the progress. `is_requested` is true while a requested run waits.
    pub(crate) fn new(progress: &Progress, is_requested: bool) -> Self {
        Self {
            is_running: progress.is_running,
            is_requested,
            sources: progress.sources,
            scanned: progress.scanned,
            text: text(progress, is_requested),
        }
    }

    /// Returns true if there is something to wait for.
    pub(crate) fn is_active(&self) -> bool {
        self.is_running || self.is_requested
    }
}

fn text(progress: &Progress, is_requested: bool) -> String {
    let Progress {
        is_running,
        sources,
        scanned,
        latest,
    } = progress;
    match (is_running, is_requested) {
        (true, _) if *sources == 0 => "A run is beginning.".to_owned(),
        (true, _) if scanned < sources => {
            let all = counted(*sources as u64, "source", "sources");
            let latest = latest
                .as_ref()
                .map_or_else(String::new, |(source, outcome)| {
                    format!(" Last: {source}, {outcome}.")
                });
            format!("Scanning: {scanned} of {all} done.{latest}")
        }
        (true, _) => "All sources are scanned; messages are being sent.".to_owned(),
        (false, true) => {
            "A scan was requested. It begins when no other run is in progress.".to_owned()
        }
        (false, false) => "No run is in progress.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::run::ScanOutcome;

    use super::*;

    #[test]
    fn each_stage_of_a_run_has_its_words() {
        let running = |sources, scanned| Progress {
            is_running: true,
            sources,
            scanned,
            latest: None,
        };
        let of_acme = Progress {
            latest: Some(("lever/acme".parse().unwrap(), ScanOutcome::Failed)),
            ..running(3, 1)
        };
        for (progress, requested, text) in [
            (Progress::default(), false, "No run is in progress."),
            (
                Progress::default(),
                true,
                "A scan was requested. It begins when no other run is in progress.",
            ),
            (running(0, 0), true, "A run is beginning."),
            (running(1, 0), false, "Scanning: 0 of 1 source done."),
            (
                of_acme,
                false,
                "Scanning: 1 of 3 sources done. Last: lever/acme, failed.",
            ),
            (
                running(3, 3),
                false,
                "All sources are scanned; messages are being sent.",
            ),
        ] {
            assert_eq!(ProgressView::new(&progress, requested).text, text);
        }
    }
}
