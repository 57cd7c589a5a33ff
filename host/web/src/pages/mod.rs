//! The pages, one file each. `decide` has the forms that change what a person has decided.

mod decide;
mod error;
mod job;
mod layout;
mod link;
mod matches;
#[cfg(test)]
mod tests;

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
}
