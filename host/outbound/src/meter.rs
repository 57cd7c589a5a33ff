//! Counts of the requests to each host and of the waits before them, for the metrics.
//!
//! The number of hosts is bounded: the busiest have counts of their own, and all others share one.
//! A count never decreases. When a host becomes one of the busiest, its counts begin with zero, and
//! those of the host that it replaces are dropped.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use job_scanner_core::time::Durations;
use reqwest::StatusCode;

/// The number of hosts with counts of their own.
pub const NAMED_HOSTS: usize = 200;

/// The number of further hosts whose requests are counted to find the busiest.
const CANDIDATES: usize = 4_000;

/// The ranges of waits, in seconds. Most requests wait for less than one turn.
const WAITS: &[f64] = &[0.25, 1.0, 10.0];

/// The counts of all hosts.
#[derive(Debug, Default)]
pub struct RequestMeter(Mutex<Hosts>);

/// The counts of one host, or of several.
#[derive(Debug, Clone, PartialEq)]
pub struct HostCounts {
    /// The number of requests by the class of their status, such as `2xx`; `error` without a
    /// response.
    pub requests: BTreeMap<&'static str, u64>,
    /// The waits for the turn of a request.
    pub waits: Durations,
}

#[derive(Debug, Default)]
struct Hosts {
    named: HashMap<String, Named>,
    others: HostCounts,
    /// The numbers of requests to hosts that are not named.
    candidates: HashMap<String, u64>,
}

#[derive(Debug)]
struct Named {
    /// The number of requests, including those before the host was named.
    requests: u64,
    counts: HostCounts,
}

impl RequestMeter {
    /// Counts a request with its status; `None` if there was no response.
    pub fn count_request(&self, host: &str, status: Option<StatusCode>) {
        let class = class_of(status);
        let mut hosts = self.lock();
        hosts.rank(host);
        *hosts.counts(host).requests.entry(class).or_default() += 1;
    }

    /// Counts the wait of a request for its turn.
    pub fn count_wait(&self, host: &str, wait: Duration) {
        self.lock().counts(host).waits.add(wait);
    }

    /// Returns the counts of the busiest hosts by name, and those of all others together.
    pub fn counts(&self) -> (BTreeMap<String, HostCounts>, HostCounts) {
        let hosts = self.lock();
        let named = hosts.named.iter();
        let named = named.map(|(host, named)| (host.clone(), named.counts.clone()));
        (named.collect(), hosts.others.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Hosts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for HostCounts {
    fn default() -> Self {
        Self {
            requests: BTreeMap::new(),
            waits: Durations::new(WAITS),
        }
    }
}

impl Hosts {
    fn counts(&mut self, host: &str) -> &mut HostCounts {
        match self.named.get_mut(host) {
            Some(named) => &mut named.counts,
            None => &mut self.others,
        }
    }

    /// Notes one more request to a host, and names it if it is one of the busiest now.
    fn rank(&mut self, host: &str) {
        if let Some(named) = self.named.get_mut(host) {
            named.requests += 1;
            return;
        }

        if self.candidates.len() >= CANDIDATES && !self.candidates.contains_key(host) {
            self.candidates.clear();
        }
        let requests = self.candidates.entry(host.to_owned()).or_default();
        *requests += 1;
        let requests = *requests;

        if self.named.len() >= NAMED_HOSTS {
            let quietest = self.named.iter().min_by_key(|(_, named)| named.requests);
            let Some((quietest, named)) = quietest.filter(|(_, named)| named.requests < requests)
            else {
                return;
            };
            let (quietest, before) = (quietest.clone(), named.requests);
            self.named.remove(&quietest);
            self.candidates.insert(quietest, before);
        }
        self.candidates.remove(host);
        let counts = HostCounts::default();
        let named = Named { requests, counts };
        self.named.insert(host.to_owned(), named);
    }
}

fn class_of(status: Option<StatusCode>) -> &'static str {
    match status.map(|status| status.as_u16()) {
        None => "error",
        Some(100..200) => "1xx",
        Some(200..300) => "2xx",
        Some(300..400) => "3xx",
        Some(400..500) => "4xx",
        Some(_) => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(counts: &HostCounts) -> u64 {
        counts.requests.values().sum()
    }

    #[test]
    fn requests_and_waits_are_counted_by_host_and_class() {
        let meter = RequestMeter::default();
        for status in [
            Some(StatusCode::OK),
            Some(StatusCode::NOT_MODIFIED),
            None,
            None,
        ] {
            meter.count_request("boards.example", status);
        }
        meter.count_wait("boards.example", Duration::from_millis(300));
        let (named, others) = meter.counts();
        let counts = &named["boards.example"];
        let classes = [("2xx", 1), ("3xx", 1), ("error", 2)];
        assert_eq!(counts.requests, BTreeMap::from(classes));
        assert_eq!((counts.waits.count(), others), (1, HostCounts::default()));
    }

    #[test]
    fn a_busy_host_replaces_the_quietest_and_no_count_decreases() {
        let meter = RequestMeter::default();
        let ok = Some(StatusCode::OK);
        for number in 0..NAMED_HOSTS {
            for _ in 0..=number.min(3) {
                meter.count_request(&format!("{number}.example"), ok);
            }
        }
        meter.count_request("late.example", ok);
        let (named, others) = meter.counts();
        assert_eq!((named.len(), requests(&others)), (NAMED_HOSTS, 1));
        assert!(!named.contains_key("late.example"));

        // The second request makes it busier than the quietest host, which had one.
        meter.count_request("late.example", ok);
        let (named, others) = meter.counts();
        assert_eq!((named.len(), requests(&others)), (NAMED_HOSTS, 1));
        assert_eq!(requests(&named["late.example"]), 1);
        assert!(!named.contains_key("0.example"));
    }

    #[test]
    fn any_number_of_hosts_takes_bounded_memory() {
        let meter = RequestMeter::default();
        for number in 0..50_000 {
            meter.count_request(&format!("{number}.example"), None);
            meter.count_wait(&format!("{number}.example"), Duration::ZERO);
        }
        let (named, others) = meter.counts();
        assert_eq!(named.len(), NAMED_HOSTS);
        assert_eq!(requests(&others), 50_000 - NAMED_HOSTS as u64);
        assert!(meter.lock().candidates.len() <= CANDIDATES);
    }
}
