//! Decisions: what a person decided about a vacancy or a company.
//!
//! Not here: where decisions are kept and when they are checked (`job-scanner-store`).

mod decision;

pub use decision::{Decision, SkipReason, hidden_company_key};
