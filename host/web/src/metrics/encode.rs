//! The text of a scrape, family by family.

use std::fmt;

use job_scanner_pipeline::AdapterCounts;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::registry::Registry;

use crate::metrics::family::{Family, Labels};
use crate::metrics::scrape::Scrape;

/// The beginning of all names.
const PREFIX: &str = "job_scanner";

/// The label of the hosts that have no counts of their own.
const OTHER_HOSTS: &str = "other";

/// The state of deliveries that wait.
const PENDING: &str = "pending";

impl Scrape {
    /// Writes the metrics.
    pub(super) fn encode(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register_collector(Box::new(self));
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        Ok(text)
    }

    fn encode_runs(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counts = &self.runs;
        let runs = counts.runs.iter().map(|((trigger, outcome), number)| {
            let labels: Labels<'_> = vec![("trigger", *trigger), ("outcome", *outcome)];
            (labels, float(*number))
        });
        Family::new("runs", "Runs since the start").counters(encoder, runs)?;
        Family::seconds("run_duration", "Durations of runs")
            .histograms(encoder, [(Vec::new(), &counts.run_durations)])?;
        Family::seconds("db_write", "Durations of the transactions that store scans")
            .histograms(encoder, [(Vec::new(), &counts.writes)])?;

        let last = self.numbers.last_run_at.iter();
        let last = last.map(|at| (Vec::new(), at.as_duration().as_secs_f64()));
        Family::seconds("last_run_timestamp", "Unix time of the end of the last run")
            .gauges(encoder, last)
    }

    fn encode_scans(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let scans = self.by_adapter(|counts| {
            let scans = counts.scans.iter();
            scans
                .map(|(outcome, number)| ("outcome", *outcome, *number))
                .collect()
        });
        Family::new("scans", "Scans of sources").counters(encoder, scans)?;
        let failures = self.by_adapter(|counts| {
            let failures = counts.failures.iter();
            failures
                .map(|(kind, number)| ("kind", *kind, *number))
                .collect()
        });
        Family::new("scan_failures", "Failed scans by the kind of failure")
            .counters(encoder, failures)?;

        let adapters = self.runs.adapters.iter();
        let durations = adapters
            .clone()
            .map(|(adapter, counts)| (vec![("adapter", adapter.as_str())], &counts.durations));
        Family::seconds("scan_duration", "Durations of scans").histograms(encoder, durations)?;
        let cpu = adapters.map(|(adapter, counts)| {
            (
                vec![("adapter", adapter.as_str())],
                counts.guest_cpu.as_secs_f64(),
            )
        });
        Family::seconds("guest_cpu", "CPU time of adapters").counters(encoder, cpu)
    }

    /// Returns a sample for each adapter and word.
    fn by_adapter(
        &self,
        words: impl Fn(&AdapterCounts) -> Vec<(&'static str, &'static str, u64)>,
    ) -> Vec<(Labels<'_>, f64)> {
        let mut samples = Vec::new();
        for (adapter, counts) in &self.runs.adapters {
            for (name, word, number) in words(counts) {
                let labels = vec![("adapter", adapter.as_str()), (name, word)];
                samples.push((labels, float(number)));
            }
        }
        samples
    }

    fn encode_requests(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let (named, others) = &self.hosts;
        let named = named.iter().map(|(host, counts)| (host.as_str(), counts));
        let hosts: Vec<_> = named.chain([(OTHER_HOSTS, others)]).collect();

        let mut requests: Vec<(Labels<'_>, f64)> = Vec::new();
        for (host, counts) in &hosts {
            for (class, number) in &counts.requests {
                let labels = vec![("host", *host), ("code_class", *class)];
                requests.push((labels, float(*number)));
            }
        }
        Family::new("http_requests", "Requests to boards").counters(encoder, requests)?;
        let waits = hosts
            .iter()
            .map(|(host, counts)| (vec![("host", *host)], &counts.waits));
        Family::seconds("http_wait", "Waits of requests for their turn").histograms(encoder, waits)
    }

    fn encode_stored(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let sources = self.sources.iter();
        let sources =
            sources.map(|(state, number)| (vec![("state", state.as_str())], float(*number)));
        Family::new("sources", "Sources by state").gauges(encoder, sources)?;
        Family::new(
            "sources_overdue",
            "Sources that are due for longer than an interval",
        )
        .gauges(encoder, [(Vec::new(), float(self.overdue))])?;

        let jobs = [
            ("open", self.numbers.open_jobs),
            ("closed", self.numbers.closed_jobs),
            ("unwatched", self.numbers.unwatched_jobs),
        ];
        let jobs = jobs.map(|(state, number)| (vec![("state", state)], float(number)));
        Family::new("jobs", "Stored jobs by state").gauges(encoder, jobs)?;

        let alerts = self.alerts.iter();
        let alerts =
            alerts.map(|(profile, number)| (vec![("profile", profile.as_str())], float(*number)));
        Family::new("alerts", "Alerts that are sent, since the start").counters(encoder, alerts)
    }

    fn encode_deliveries(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let deliveries = self.numbers.deliveries.iter();
        let numbers = deliveries.clone().map(|it| {
            let labels = vec![
                ("channel", it.channel.as_str()),
                ("state", it.state.as_str()),
            ];
            (labels, float(it.number))
        });
        Family::new("deliveries", "Stored deliveries by state").gauges(encoder, numbers)?;

        let pending = deliveries.filter(|it| it.state == PENDING);
        let ages = pending.map(|it| {
            let age = self.now.duration_since(it.oldest).as_secs_f64().max(0.0);
            (vec![("channel", it.channel.as_str())], age)
        });
        Family::seconds(
            "delivery_oldest_pending",
            "Age of the oldest delivery that waits",
        )
        .gauges(encoder, ages)
    }
}

impl Collector for Scrape {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        Family::new("build", "Version of the program").info(&mut encoder, &version)?;
        self.encode_runs(&mut encoder)?;
        self.encode_scans(&mut encoder)?;
        self.encode_requests(&mut encoder)?;
        self.encode_stored(&mut encoder)?;
        self.encode_deliveries(&mut encoder)
    }
}

/// Converts a number. Metrics are floating-point numbers, which are exact up to 2⁵³.
#[expect(
    clippy::cast_precision_loss,
    reason = "no count of the program comes near 2⁵³"
)]
fn float(number: u64) -> f64 {
    number as f64
}
