//! Rate limits of requests. A host never receives more requests per second than the operator
//! allows, or from one adapter more than that adapter allows. A slow adapter does not delay other
//! adapters.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::DEFAULT_RATE;
use tokio::sync::Mutex as Queue;

use crate::meter::RequestMeter;

/// The number of queues from which idle ones are removed.
const CLEANUP_THRESHOLD: usize = 1_000;

/// The rate limits of the whole process. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RateLimits {
    max_rate: f64,
    /// One queue per host.
    hosts: Queues<String, NextRequestAt>,
    /// One queue per adapter and host.
    adapters: Queues<(String, String), NextRequestAt>,
}

/// Queues that are served in the order of arrival.
type Queues<K, T> = Arc<Mutex<HashMap<K, Arc<Queue<T>>>>>;

/// The earliest time of the next request. `None` before the first one.
type NextRequestAt = Option<Instant>;

impl RateLimits {
    /// Creates the limits. No host receives more than `max_rate` requests per second, regardless of
    /// its adapters.
    pub(crate) fn new(max_rate: u32) -> Self {
        Self {
            max_rate: max_rate.into(),
            hosts: Queues::default(),
            adapters: Queues::default(),
        }
    }

    /// Returns the rate limiter of one source that this adapter reads.
    pub(crate) fn rate_limiter(&self, adapter: &str) -> RateLimiter {
        RateLimiter {
            limits: self.clone(),
            adapter: adapter.to_owned(),
            hosts: Queues::default(),
            meter: None,
        }
    }

    /// Returns the minimum interval between any two requests to a host.
    fn shortest_interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.max_rate)
    }

    /// Returns the minimum interval between two requests of one adapter to a host.
    fn interval(&self, rate: Option<f64>) -> Duration {
        Duration::from_secs_f64(1.0 / rate.unwrap_or(DEFAULT_RATE).min(self.max_rate))
    }
}

/// The rate limiter of one source.
///
/// The requests of a source to a host wait in a queue of the source. Only the first of them waits
/// in the queue of the adapter, and only the first request there waits in the queue of the host. So
/// sources and adapters take turns, however many requests each of them has waiting.
#[derive(Debug)]
pub struct RateLimiter {
    limits: RateLimits,
    adapter: String,
    hosts: Queues<String, ()>,
    /// `None` counts nothing.
    meter: Option<Arc<RequestMeter>>,
}

impl RateLimiter {
    /// Counts the waits with this meter.
    pub(crate) fn metered(self, meter: Option<Arc<RequestMeter>>) -> Self {
        Self { meter, ..self }
    }

    /// Waits until this source may send its next request to `host`. `rate` is the number of
    /// requests per second that the adapter allows, if it is known.
    pub async fn wait(&self, host: &str, rate: Option<f64>) {
        let begun = Instant::now();
        self.wait_in_queues(host, rate).await;
        if let Some(meter) = &self.meter {
            meter.count_wait(host, begun.elapsed());
        }
    }

    async fn wait_in_queues(&self, host: &str, rate: Option<f64>) {
        let Self {
            limits,
            adapter,
            hosts,
            ..
        } = self;

        // The queues are entered from the narrowest to the widest. A slow adapter that entered the
        // queue of the host first would delay all others there.
        let source_queue = queue_for(hosts, host.to_owned(), |()| true);
        let _source_turn = source_queue.lock().await;

        let adapter_key = (adapter.clone(), host.to_owned());
        let adapter_queue = queue_for(&limits.adapters, adapter_key, is_idle);
        let mut adapter_next = adapter_queue.lock().await;
        wait_until(*adapter_next).await;

        let host_queue = queue_for(&limits.hosts, host.to_owned(), is_idle);
        let mut host_next = host_queue.lock().await;
        wait_until(*host_next).await;

        let now = Instant::now();
        *adapter_next = Some(now + limits.interval(rate));
        *host_next = Some(now + limits.shortest_interval());
    }
}

async fn wait_until(next: NextRequestAt) {
    if let Some(next) = next {
        tokio::time::sleep_until(next.into()).await;
    }
}

fn is_idle(next: &NextRequestAt) -> bool {
    next.is_none_or(|next| next <= Instant::now())
}

/// Returns a queue, or creates it. When there are many queues, idle ones without a pending interval
/// are removed.
fn queue_for<K: Eq + Hash, T: Default>(
    queues: &Queues<K, T>,
    key: K,
    is_idle: impl Fn(&T) -> bool,
) -> Arc<Queue<T>> {
    let mut queues = queues.lock().unwrap_or_else(PoisonError::into_inner);

    if let Some(queue) = queues.get(&key) {
        return Arc::clone(queue);
    }

    if queues.len() >= CLEANUP_THRESHOLD {
        queues.retain(|_, queue| {
            Arc::strong_count(queue) > 1 || queue.try_lock().is_ok_and(|state| !is_idle(&state))
        });
    }

    Arc::clone(queues.entry(key).or_default())
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    /// Fails instead of waiting for hours.
    async fn without_delay(wait: impl Future<Output = ()>) {
        tokio::time::timeout(Duration::from_secs(20), wait)
            .await
            .unwrap();
    }

    #[test]
    fn the_rate_defaults_to_four_per_second_and_is_capped_by_the_operator() {
        let millis = |max, rate| RateLimits::new(max).interval(rate).as_millis();
        assert_eq!(millis(20, None), 250);
        assert_eq!(millis(20, Some(10.0)), 100);
        assert_eq!(millis(20, Some(0.5)), 2_000);
        assert_eq!(millis(20, Some(1_000.0)), 50);
        assert_eq!(millis(2, None), 500);
        assert_eq!(RateLimits::new(20).shortest_interval().as_millis(), 50);
    }

    #[tokio::test]
    async fn a_slow_adapter_does_not_delay_another_adapter() {
        let limits = RateLimits::new(1_000);
        let (slow, other) = (limits.rate_limiter("slow"), limits.rate_limiter("other"));
        let hourly = Some(1.0 / 3600.0);
        slow.wait("board.example", hourly).await;
        let mut waits = Box::pin(slow.wait("board.example", hourly));
        assert!(futures::poll!(&mut waits).is_pending());
        without_delay(other.wait("board.example", Some(500.0))).await;
        without_delay(other.wait("board.example", Some(500.0))).await;
        let another_of_the_slow = limits.rate_limiter("slow");
        assert!(
            futures::poll!(Box::pin(another_of_the_slow.wait("board.example", hourly)))
                .is_pending()
        );
    }

    #[tokio::test]
    async fn adapters_together_keep_the_interval_of_the_operator() {
        let limits = RateLimits::new(50);
        let adapters = ["one", "other", "third", "fourth", "fifth"]
            .map(|adapter| limits.rate_limiter(adapter));
        let began = Instant::now();
        join_all(
            adapters
                .iter()
                .map(|rate_limiter| rate_limiter.wait("board.example", Some(1_000.0))),
        )
        .await;
        assert!(
            began.elapsed() >= Duration::from_millis(80),
            "{:?}",
            began.elapsed()
        );
    }

    #[tokio::test]
    async fn requests_of_several_sources_to_one_host_keep_their_interval() {
        let limits = RateLimits::new(50);
        let (one, other) = (limits.rate_limiter("one"), limits.rate_limiter("one"));
        let began = Instant::now();
        let rate_limiter = [&one, &other, &one, &other, &one]
            .map(|rate_limiter| rate_limiter.wait("board.example", Some(50.0)));
        join_all(rate_limiter).await;
        assert!(
            began.elapsed() >= Duration::from_millis(80),
            "five requests have four intervals: {:?}",
            began.elapsed()
        );
    }

    #[tokio::test]
    async fn hosts_have_separate_rate_limits() {
        let rate_limiter = RateLimits::new(20).rate_limiter("one");
        let hourly = Some(1.0 / 3600.0);
        rate_limiter.wait("board.example", hourly).await;
        without_delay(rate_limiter.wait("other.example", hourly)).await;
    }

    #[tokio::test]
    async fn sources_of_one_adapter_take_turns() {
        let limits = RateLimits::new(1_000);
        let (busy, modest) = (limits.rate_limiter("one"), limits.rate_limiter("one"));
        let order = Mutex::new(Vec::new());
        let ask = async |rate_limiter: &RateLimiter, name| {
            rate_limiter.wait("board.example", Some(200.0)).await;
            order.lock().unwrap().push(name);
        };
        let many = join_all((0..10).map(|_| ask(&busy, "busy")));
        tokio::join!(many, ask(&modest, "modest"), ask(&modest, "modest"));
        let order = order.into_inner().unwrap();
        // The second request of `busy` was already next in the adapter's queue when the other
        // source arrived.
        assert_eq!(
            order[..5],
            ["busy", "busy", "modest", "busy", "modest"],
            "{order:?}"
        );
    }

    #[tokio::test]
    async fn a_cancelled_wait_does_not_delay_the_next_request() {
        let rate_limiter = RateLimits::new(20).rate_limiter("one");
        rate_limiter.wait("board.example", Some(20.0)).await;
        let gives_up = tokio::time::timeout(
            Duration::from_millis(1),
            rate_limiter.wait("board.example", Some(0.001)),
        );
        gives_up.await.unwrap_err();
        without_delay(rate_limiter.wait("board.example", None)).await;
    }

    #[tokio::test]
    async fn idle_queues_are_removed_and_pending_ones_are_kept() {
        let limits = RateLimits::new(1_000);
        let hourly = Some(1.0 / 3600.0);
        limits
            .rate_limiter("one")
            .wait("slow.example", hourly)
            .await;
        let rate_limiter = limits.rate_limiter("one");
        for number in 0..CLEANUP_THRESHOLD {
            queue_for(
                &limits.adapters,
                ("one".to_owned(), format!("{number}.example")),
                Option::is_none,
            );
            queue_for(&limits.hosts, format!("{number}.example"), Option::is_none);
        }
        rate_limiter.wait("one-more.example", None).await;
        assert!(limits.hosts.lock().unwrap().len() < 10);
        let known = limits.adapters.lock().unwrap();
        let slow = ("one".to_owned(), "slow.example".to_owned());
        assert!(
            known.len() < 10 && known.contains_key(&slow),
            "{} hosts",
            known.len()
        );
    }
}
