//! When a request may go: never more a second to one host than the operator lets it get, and than
//! each adapter lets it get from its own sources. One that is slow keeps no other waiting.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::DEFAULT_RATE;
use tokio::sync::Mutex as Queue;

/// The number of hosts that are remembered before those without a request under way are forgotten.
const MANY_HOSTS: usize = 1_000;

/// The spacing of the whole process. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct RateLimits {
    max_rate: f64,
    /// One queue for each host.
    hosts: Queues<String, NextRequestAt>,
    /// One for each adapter and host.
    adapters: Queues<(String, String), NextRequestAt>,
}

/// Queues that serve in the order of arrival.
type Queues<K, T> = Arc<Mutex<HashMap<K, Arc<Queue<T>>>>>;

/// The time at which the next request may go; `None` before the first.
type NextRequestAt = Option<Instant>;

impl RateLimits {
    /// No host gets more requests a second than `max_rate`, whatever its adapter says.
    pub(crate) fn new(max_rate: u32) -> Self {
        Self {
            max_rate: max_rate.into(),
            hosts: Queues::default(),
            adapters: Queues::default(),
        }
    }

    /// The part of one source, which this adapter reads.
    pub(crate) fn rate_limiter(&self, adapter: &str) -> RateLimiter {
        RateLimiter {
            limits: self.clone(),
            adapter: adapter.to_owned(),
            hosts: Queues::default(),
        }
    }

    /// Between any two requests to a host.
    fn shortest_interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.max_rate)
    }

    /// Between two requests of one adapter to a host.
    fn interval(&self, rate: Option<f64>) -> Duration {
        Duration::from_secs_f64(1.0 / rate.unwrap_or(DEFAULT_RATE).min(self.max_rate))
    }
}

/// One source's turns.
///
/// Its requests to a host queue up among themselves, and only the first of them stands in the queue
/// of its adapter; only the first of that stands in the host's. So sources, and adapters, take
/// turns, however many requests each has waiting.
#[derive(Debug)]
pub struct RateLimiter {
    limits: RateLimits,
    adapter: String,
    hosts: Queues<String, ()>,
}

impl RateLimiter {
    /// Returns when this source's next request to `host` may go, `rate` of them a second if that is
    /// known.
    pub async fn wait(&self, host: &str, rate: Option<f64>) {
        let Self {
            limits,
            adapter,
            hosts,
        } = self;

        // From the narrow queue to the wide one: a slow adapter that stood in the host's queue
        // first would keep all others waiting there.
        let mine = queue_of(hosts, host.to_owned(), |()| true);
        let _first_of_mine = mine.lock().await;

        let of_adapter = (adapter.clone(), host.to_owned());
        let ours = queue_of(&limits.adapters, of_adapter, is_idle);
        let mut next_of_ours = ours.lock().await;
        until(*next_of_ours).await;

        let all = queue_of(&limits.hosts, host.to_owned(), is_idle);
        let mut next_of_all = all.lock().await;
        until(*next_of_all).await;

        let now = Instant::now();
        *next_of_ours = Some(now + limits.interval(rate));
        *next_of_all = Some(now + limits.shortest_interval());
    }
}

async fn until(next: NextRequestAt) {
    if let Some(next) = next {
        tokio::time::sleep_until(next.into()).await;
    }
}

fn is_idle(next: &NextRequestAt) -> bool {
    next.is_none_or(|next| next <= Instant::now())
}

/// Finds a queue, or opens one. When there are many, the idle ones that say nothing any more are
/// dropped.
fn queue_of<K: Eq + Hash, T: Default>(
    queues: &Queues<K, T>,
    key: K,
    is_idle: impl Fn(&T) -> bool,
) -> Arc<Queue<T>> {
    let mut queues = queues.lock().unwrap_or_else(PoisonError::into_inner);

    if let Some(queue) = queues.get(&key) {
        return Arc::clone(queue);
    }

    if queues.len() >= MANY_HOSTS {
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

    /// Fails rather than to wait for hours.
    async fn at_once(wait: impl Future<Output = ()>) {
        tokio::time::timeout(Duration::from_secs(20), wait)
            .await
            .unwrap();
    }

    #[test]
    fn a_host_gets_its_rate_or_four_a_second_and_never_more_than_the_operator_allows() {
        let millis = |max, rate| RateLimits::new(max).interval(rate).as_millis();
        assert_eq!(millis(20, None), 250);
        assert_eq!(millis(20, Some(10.0)), 100);
        assert_eq!(millis(20, Some(0.5)), 2_000);
        assert_eq!(millis(20, Some(1_000.0)), 50);
        assert_eq!(millis(2, None), 500);
        assert_eq!(RateLimits::new(20).shortest_interval().as_millis(), 50);
    }

    #[tokio::test]
    async fn a_slow_adapter_keeps_no_other_waiting() {
        let limits = RateLimits::new(1_000);
        let (slow, other) = (limits.rate_limiter("slow"), limits.rate_limiter("other"));
        let hour_long = Some(1.0 / 3600.0);
        slow.wait("board.example", hour_long).await;
        let mut waits = Box::pin(slow.wait("board.example", hour_long));
        assert!(futures::poll!(&mut waits).is_pending());
        at_once(other.wait("board.example", Some(500.0))).await;
        at_once(other.wait("board.example", Some(500.0))).await;
        let another_of_the_slow = limits.rate_limiter("slow");
        assert!(
            futures::poll!(Box::pin(
                another_of_the_slow.wait("board.example", hour_long)
            ))
            .is_pending()
        );
    }

    #[tokio::test]
    async fn adapters_together_keep_the_distance_that_the_operator_set() {
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
    async fn requests_to_one_host_keep_their_distance_whoever_asks() {
        let limits = RateLimits::new(50);
        let (one, other) = (limits.rate_limiter("one"), limits.rate_limiter("one"));
        let began = Instant::now();
        let rate_limiter = [&one, &other, &one, &other, &one]
            .map(|rate_limiter| rate_limiter.wait("board.example", Some(50.0)));
        join_all(rate_limiter).await;
        assert!(
            began.elapsed() >= Duration::from_millis(80),
            "five requests are four distances: {:?}",
            began.elapsed()
        );
    }

    #[tokio::test]
    async fn another_host_has_turns_of_its_own() {
        let rate_limiter = RateLimits::new(20).rate_limiter("one");
        let hour_long = Some(1.0 / 3600.0);
        rate_limiter.wait("board.example", hour_long).await;
        at_once(rate_limiter.wait("other.example", hour_long)).await;
    }

    #[tokio::test]
    async fn a_source_with_many_requests_does_not_make_another_wait_for_all_of_them() {
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
        // The second was next already when the other source came.
        assert_eq!(
            order[..5],
            ["busy", "busy", "modest", "busy", "modest"],
            "{order:?}"
        );
    }

    #[tokio::test]
    async fn who_gives_up_waiting_takes_nobodys_turn() {
        let rate_limiter = RateLimits::new(20).rate_limiter("one");
        rate_limiter.wait("board.example", Some(20.0)).await;
        let gives_up = tokio::time::timeout(
            Duration::from_millis(1),
            rate_limiter.wait("board.example", Some(0.001)),
        );
        gives_up.await.unwrap_err();
        at_once(rate_limiter.wait("board.example", None)).await;
    }

    #[tokio::test]
    async fn a_flood_of_names_is_forgotten_and_a_host_under_way_is_not() {
        let limits = RateLimits::new(1_000);
        let hour_long = Some(1.0 / 3600.0);
        limits
            .rate_limiter("one")
            .wait("slow.example", hour_long)
            .await;
        let rate_limiter = limits.rate_limiter("one");
        for number in 0..MANY_HOSTS {
            queue_of(
                &limits.adapters,
                ("one".to_owned(), format!("{number}.example")),
                Option::is_none,
            );
            queue_of(&limits.hosts, format!("{number}.example"), Option::is_none);
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
