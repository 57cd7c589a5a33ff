//! The API, one file per resource. Its JSON has the shapes of `docs/json.md`.
//!
//! Lists have pages (`page`) and validators (`crate::etag`), and each error is a problem document
//! (`problem`). The routes document themselves (`openapi`).

mod csv;
mod decide;
mod history;
mod job;
mod jobs;
mod matches;
mod openapi;
mod page;
pub(crate) mod problem;
mod profiles;
mod scans;
pub(crate) mod sources;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use openapi::routes;
