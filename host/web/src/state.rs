//! The collaborators of all handlers.

use std::sync::Arc;

use jiff::Timestamp;
use job_scanner_config::{WebConfig, WebListen};
use job_scanner_pipeline::{Progress, ScanPipeline};
use job_scanner_store::Store;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

use crate::access::login::Logins;
use crate::actions::Actions;
use crate::metrics::AlertCounts;
use crate::new_sources::NewSources;
use crate::pages::sources::events::MAX_STREAMS;
use crate::pages::sources::progress::ProgressView;

/// The collaborators of all handlers. Cheap to clone.
#[derive(Clone)]
pub struct WebState(Arc<Collaborators>);

struct Collaborators {
    /// The pipeline of the newest configuration. A reload replaces it, together with its store.
    pipeline: watch::Receiver<ScanPipeline>,
    /// The settings that the server was started with.
    started_with: WebConfig,
    started_at: Timestamp,
    actions: Actions,
    new_sources: Box<dyn NewSources>,
    /// The places of streams of events.
    streams: Arc<Semaphore>,
    logins: Logins,
    alerts: AlertCounts,
    stopping: CancellationToken,
}

impl WebState {
    /// Creates the state of a server. `pipeline` always has the pipeline of the newest
    /// configuration.
    pub fn new(
        pipeline: watch::Receiver<ScanPipeline>,
        started_with: WebConfig,
        actions: Actions,
        new_sources: Box<dyn NewSources>,
    ) -> Self {
        let started_at = pipeline.borrow().context().scanner.clock.now();
        Self(Arc::new(Collaborators {
            started_at,
            alerts: AlertCounts::since(started_at),
            pipeline,
            started_with,
            actions,
            new_sources,
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            logins: Logins::default(),
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

    /// Returns the address that the server listens on. A reload does not change it.
    pub(crate) fn listen(&self) -> &WebListen {
        &self.0.started_with.listen
    }

    /// Returns the time at which the server started.
    pub(crate) fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    /// Returns the checks of passwords.
    pub(crate) fn logins(&self) -> &Logins {
        &self.0.logins
    }

    /// Returns the time of the machine's clock.
    pub fn now(&self) -> Timestamp {
        self.0.pipeline.borrow().context().scanner.clock.now()
    }

    /// Returns the requests to the daemon.
    pub fn actions(&self) -> &Actions {
        &self.0.actions
    }

    /// Returns the parts of the program that find and write new sources.
    pub(crate) fn new_sources(&self) -> &dyn NewSources {
        &*self.0.new_sources
    }

    /// Returns a receiver of the progress of runs.
    pub(crate) fn progress(&self) -> watch::Receiver<Progress> {
        self.0.pipeline.borrow().progress()
    }

    /// Returns the progress as the page shows it.
    pub(crate) fn progress_view(&self) -> ProgressView {
        let is_waiting = self.0.actions.is_waiting();
        ProgressView::new(&self.progress().borrow(), is_waiting)
    }

    /// Returns the places of streams of events.
    pub(crate) fn streams(&self) -> &Arc<Semaphore> {
        &self.0.streams
    }

    /// Returns the counts of alerts since the start.
    pub(crate) fn alert_counts(&self) -> &AlertCounts {
        &self.0.alerts
    }

    /// Returns the token that is cancelled when the server stops. A response without an end, such
    /// as a stream of events, has to end then.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }
}
