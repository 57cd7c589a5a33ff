//! The stream of events about the progress of runs (`/events`).
//!
//! Each event has the whole state, so a client that missed some shows the newest one. The stream
//! ends when the server stops.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use job_scanner_pipeline::Progress;
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::pages::sources::progress::ProgressView;
use crate::state::WebState;

/// The number of streams at once. Each holds a connection of the server for hours.
pub(crate) const MAX_STREAMS: usize = 64;

/// Returns the stream of events, or a refusal while there are too many.
pub(crate) async fn events(State(state): State<WebState>, headers: HeaderMap) -> Response {
    // A program that collects whole responses would wait for the end.
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if !accepted.is_some_and(|accepted| accepted.contains("text/event-stream")) {
        let text = "this is a stream of events; request it with `Accept: text/event-stream`\n";
        return (StatusCode::NOT_ACCEPTABLE, text).into_response();
    }
    let Ok(permit) = Arc::clone(state.streams()).try_acquire_owned() else {
        let text = "too many pages are open; reload the page to see the progress\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    };
    let stream = Sse::new(of_progress(state, permit)).keep_alive(KeepAlive::default());
    // A proxy that collected the events would deliver them when the run is over.
    ([("x-accel-buffering", "no")], stream).into_response()
}

/// The state of a stream.
struct Watching {
    state: WebState,
    progress: watch::Receiver<Progress>,
    /// True once the first event was sent.
    begun: bool,
    /// The place among all streams, which is free again when the client has gone.
    _permit: OwnedSemaphorePermit,
}

fn of_progress(
    state: WebState,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let watching = Watching {
        progress: state.progress(),
        state,
        begun: false,
        _permit: permit,
    };
    stream::unfold(watching, async |mut watching| {
        let event = watching.next().await?;
        Some((Ok(event), watching))
    })
}

impl Watching {
    /// Waits for the next event; the first one comes at once. `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        if self.begun {
            let stopping = self.state.stopping().clone();
            let changed = self.progress.changed();
            stopping.run_until_cancelled(changed).await?.ok()?;
        }
        self.begun = true;

        let is_requested = self.state.actions().is_waiting();
        let view = ProgressView::new(&self.progress.borrow_and_update(), is_requested);
        Event::default().event("progress").json_data(view).ok()
    }
}
