//! The progress bar of a run, on a terminal.

use std::future::pending;

use job_scanner_pipeline::Progress;
use tokio::sync::watch;

use crate::terminal::progress_bar;

/// Runs `work` and draws its progress.
pub(crate) async fn with_progress_bar<T>(
    progress: watch::Receiver<Progress>,
    work: impl Future<Output = T>,
) -> T {
    let bar = progress_bar();
    let draw = async {
        let mut progress = progress;
        while progress.changed().await.is_ok() {
            let (sources, scanned) = {
                let progress = progress.borrow_and_update();
                (progress.sources, progress.scanned)
            };

            bar.set_length(sources as u64);
            bar.set_position(scanned as u64);
            bar.set_message(if scanned < sources || sources == 0 {
                "scanning"
            } else {
                "sending messages"
            });
        }

        // The run no longer reports progress, so nothing is drawn any more. `work` continues alone.
        pending::<T>().await
    };

    let done = tokio::select! {
        done = work => done,
        never = draw => never,
    };
    bar.finish_and_clear();
    done
}
