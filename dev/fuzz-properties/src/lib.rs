//! What must hold of our parsers for any input.
//!
//! Each module is one fuzz target and has one function of that kind, `check`, which panics over an
//! input that breaks a promise. Two callers share it: the target in `fuzz/fuzz_targets`, which
//! makes inputs up on nightly, and the test in `tests/corpus.rs`, which goes through `fuzz/corpus`
//! on stable. What an input stands for is told by its module; several values in one input are lines
//! of it.
//!
//! Not here: examples with their expected results (unit tests beside the code), and how to fuzz
//! (`docs/fuzzing.md`).

#![expect(
    clippy::missing_panics_doc,
    reason = "panicking over a broken promise is what every `check` is for"
)]

pub mod config;
pub mod cron;
pub mod date;
pub mod hosts;
pub mod html;
pub mod job_url;
pub mod lock_file;
pub mod manifest;
mod normalized;
pub mod quantity;
pub mod retry_after;
pub mod salary;
pub mod url_policy;

/// Put where a secret would stand; what is said of it must not have it. Fuzzers learn such words:
/// an input that has it elsewhere too says nothing about secrets.
const SECRET: &str = "correct-horse-battery";

/// A fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also the name of its folder in `fuzz/corpus` and of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Panics over an input that breaks a promise.
    pub check: fn(&str),
}

/// Every target there is.
pub const TARGETS: &[Target] = &[
    Target {
        name: "config",
        check: config::check,
    },
    Target {
        name: "cron",
        check: cron::check,
    },
    Target {
        name: "date",
        check: date::check,
    },
    Target {
        name: "hosts",
        check: hosts::check,
    },
    Target {
        name: "html",
        check: html::check,
    },
    Target {
        name: "job_url",
        check: job_url::check,
    },
    Target {
        name: "lock_file",
        check: lock_file::check,
    },
    Target {
        name: "manifest",
        check: manifest::check,
    },
    Target {
        name: "quantity",
        check: quantity::check,
    },
    Target {
        name: "retry_after",
        check: retry_after::check,
    },
    Target {
        name: "salary",
        check: salary::check,
    },
    Target {
        name: "url_policy",
        check: url_policy::check,
    },
];
