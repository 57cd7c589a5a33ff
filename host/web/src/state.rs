//! The collaborators of all handlers.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_config::WebConfig;
use job_scanner_pipeline::ScanPipeline;
use job_scanner_store::Store;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::actions::Actions;

/// The collaborators of all handlers. Cheap to clone.
#[derive(Clone)]
pub struct WebState(Arc<Collaborators>);

struct Collaborators {
    /// The pipeline of the newest configuration. A reload replaces it, together with its store.
    pipeline: watch::Receiver<ScanPipeline>,
    /// The settings that the server was started with.
    started_with: WebConfig,
    actions: Actions,
    stopping: CancellationToken,
}

impl WebState {
    /// Creates the state of a server. `pipeline` always has the pipeline of the newest
    /// configuration.
    pub fn new(
        pipeline: watch::Receiver<ScanPipeline>,
        started_with: WebConfig,
        actions: Actions,
    ) -> Self {
        Self(Arc::new(Collaborators {
            pipeline,
            started_with,
            actions,
            stopping: CancellationToken::new(),
        }))
    }

    /// Returns the pipeline of the newest configuration: its context has the configuration and the
    /// store. A handler calls this once, so that all its parts see the same configuration.
    pub fn pipeline(&self) -> ScanPipeline {
        self.0.pipeline.borrow().clone()
    }

    /// Returns the database. After a reload it has other connections.
    pub fn store(&self) -> Store {
        self.0.pipeline.borrow().context().store.clone()
    }

    /// Returns the settings of the page. Those of the start stay in use if a reload removed them.
    pub fn settings(&self) -> WebConfig {
        let pipeline = self.0.pipeline.borrow();
        let newest = &pipeline.context().scanner.config.web;
        newest.as_ref().unwrap_or(&self.0.started_with).clone()
    }

    /// Returns the time of the machine's clock.
    pub fn now(&self) -> Timestamp {
        self.0.pipeline.borrow().context().scanner.clock.now()
    }

    /// Returns the requests to the daemon.
    pub fn actions(&self) -> &Actions {
        &self.0.actions
    }

    /// Returns the token that is cancelled when the server stops. A response without an end, such
    /// as a stream of events, has to end then.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }
}
