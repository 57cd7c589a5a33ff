//! The metrics of the program, for Prometheus
//! ([OpenMetrics](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md)).
//!
//! A scrape (`scrape`) reads the counts of the process and the numbers of the database, and
//! `encode` writes them. The labels are bounded: adapters, profiles, channels, fixed words, and at
//! most 201 hosts. No metric is about one job or one source.

mod alerts;
mod encode;
mod family;
mod scrape;
#[cfg(test)]
mod tests;

pub(crate) use alerts::AlertCounts;
pub(crate) use scrape::routes;
