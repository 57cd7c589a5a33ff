//! The pages, one file each. `decide` has the forms that change what a person has decided.

mod decide;
mod deliveries;
pub(crate) mod error;
mod job;
mod layout;
mod link;
mod matches;
mod profiles;
pub(crate) mod sources;
mod status;
#[cfg(test)]
mod tests;
mod times;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use axum::response::Redirect;

use crate::routes::{Access, Routes};

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/", Access::Read, async || Redirect::to("/matches"))
        .get("/matches", Access::Read, matches::show)
        .get("/job", Access::Read, job::show)
        .post("/job/mark", Access::Write, decide::mark)
        .post("/job/note", Access::Write, decide::note)
        .post("/job/undo", Access::Write, decide::undo)
        .post("/company/hide", Access::Write, decide::hide_company)
        .post("/company/show", Access::Write, decide::show_company)
        .get("/sources", Access::Read, sources::list::sources)
        .post("/sources/scan", Access::Write, sources::changes::scan)
        .post("/sources/stop", Access::Write, sources::changes::stop)
        .post("/sources/pause", Access::Write, sources::changes::pause)
        .post("/sources/resume", Access::Write, sources::changes::resume)
        .get("/sources/add", Access::Read, sources::add::form)
        .post(
            "/sources/add",
            Access::Write,
            sources::add::submit.layer(DefaultBodyLimit::max(sources::add::MAX_FORM_BYTES)),
        )
        .get("/events", Access::Read, sources::events::events)
        .get("/profiles", Access::Read, profiles::profiles)
        .get("/deliveries", Access::Read, deliveries::deliveries)
        .post("/deliveries/retry", Access::Write, deliveries::retry)
        .post("/deliveries/drop", Access::Write, deliveries::drop_delivery)
        .get("/status", Access::Read, status::status)
}
