//! The bar that shows how far a run is, on a terminal.

use std::future::pending;

use job_scanner_pipeline::Progress;
use tokio::sync::watch;

use crate::terminal::progress_bar;

/// Does the work, and draws how far it is meanwhile.
pub(crate) async fn drawing<T>(
    progress: watch::Receiver<Progress>,
    work: impl Future<Output = T>,
) -> T {
    let bar = progress_bar();
    let draw = async {
        let mut progress = progress;
        while progress.changed().await.is_ok() {
            let Progress { sources, scanned } = *progress.borrow_and_update();

            bar.set_length(sources as u64);
            bar.set_position(scanned as u64);
            bar.set_message(if scanned < sources {
                "scanning"
            } else {
                "telling"
            });
        }

        // Without a run to follow there is nothing to draw any more; the work goes on alone.
        pending::<T>().await
    };

    let done = tokio::select! {
        done = work => done,
        never = draw => never,
    };
    bar.finish_and_clear();
    done
}
