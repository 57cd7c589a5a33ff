//! The properties of the project's parsers that must hold for any input.
//!
//! Each module is one fuzz target and has a function `check`, which panics if an input violates a
//! property. It has two callers: the target in `fuzz/fuzz_targets`, which generates inputs on
//! nightly, and the test in `tests/corpus.rs`, which uses the inputs in `fuzz/corpus` on stable.
//! Each module describes its input. If an input has several values, each is on its own line.
//!
//! Not here: examples with their expected results (unit tests next to the code), and the guide to
//! fuzzing (`docs/fuzzing.md`).

#![expect(
    clippy::missing_panics_doc,
    reason = "every `check` panics if a property is violated"
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
pub mod query;
pub mod retry_after;
pub mod salary;
pub mod url_policy;

/// A value for places that may hold a secret. Error messages must not contain it. A fuzzer can
/// learn this word, so an input that also has it elsewhere proves nothing about secrets.
const SECRET: &str = "correct-horse-battery";

/// A fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Also the name of its folder in `fuzz/corpus` and of its file in `fuzz/fuzz_targets`.
    pub name: &'static str,
    /// Panics if an input violates a property.
    pub check: fn(&str),
}

/// All targets.
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
        name: "query",
        check: query::check,
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
