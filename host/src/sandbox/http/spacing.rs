//! When a request may go: never more a second to one host than it is happy with, whoever asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use job_scanner_core::adapter::DEFAULT_RATE;
use tokio::sync::Mutex as Queue;

/// How many hosts are remembered before those without a request under way are forgotten.
const MANY_HOSTS: usize = 1_000;

/// The spacing of the whole process. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Spacing {
    max_rate: f64,
    hosts: Queues<Option<Instant>>,
}

/// One queue for each host; it serves in the order of arrival.
type Queues<T> = Arc<Mutex<HashMap<String, Arc<Queue<T>>>>>;

impl Spacing {
    /// No host gets more requests a second than `max_rate`, whatever its adapter says.
    pub(super) fn new(max_rate: u32) -> Self {
        Self { max_rate: max_rate.into(), hosts: Queues::default() }
    }

    /// One source's part of it.
    pub(super) fn turns(&self) -> Turns {
        Turns { spacing: self.clone(), hosts: Queues::default() }
    }

    fn interval(&self, rate: Option<f64>) -> Duration {
        Duration::from_secs_f64(1.0 / rate.unwrap_or(DEFAULT_RATE).min(self.max_rate))
    }
}

/// One source's turns.
///
/// Its requests to a host queue up among themselves, and only the first of them stands in the host's queue. So the
/// sources take turns, however many requests each has waiting.
#[derive(Debug)]
pub(super) struct Turns {
    spacing: Spacing,
    hosts: Queues<()>,
}

impl Turns {
    /// Returns when this source's next request to `host` may go, `rate` of them a second if that is known.
    pub(super) async fn wait(&self, host: &str, rate: Option<f64>) {
        let mine = queue_of(&self.hosts, host, |()| true);
        let _first_of_mine = mine.lock().await;
        let all = queue_of(&self.spacing.hosts, host, |next| next.is_none_or(|next| next <= Instant::now()));
        let mut next = all.lock().await;
        if let Some(next) = *next {
            tokio::time::sleep_until(next.into()).await;
        }
        *next = Some(Instant::now() + self.spacing.interval(rate));
    }
}

/// Finds a host's queue, or opens one. When there are many, the idle ones that say nothing any more are dropped.
fn queue_of<T: Default>(queues: &Queues<T>, host: &str, is_idle: impl Fn(&T) -> bool) -> Arc<Queue<T>> {
    let mut queues = queues.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(queue) = queues.get(host) {
        return Arc::clone(queue);
    }
    if queues.len() >= MANY_HOSTS {
        queues.retain(|_, queue| Arc::strong_count(queue) > 1 || queue.try_lock().is_ok_and(|state| !is_idle(&state)));
    }
    Arc::clone(queues.entry(host.to_owned()).or_default())
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    /// Fails rather than to wait for hours.
    async fn at_once(wait: impl Future<Output = ()>) {
        tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap();
    }

    #[test]
    fn a_host_gets_its_rate_or_four_a_second_and_never_more_than_the_operator_allows() {
        let millis = |max, rate| Spacing::new(max).interval(rate).as_millis();
        assert_eq!(millis(20, None), 250);
        assert_eq!(millis(20, Some(10.0)), 100);
        assert_eq!(millis(20, Some(0.5)), 2_000);
        assert_eq!(millis(20, Some(1_000.0)), 50);
        assert_eq!(millis(2, None), 500);
    }

    #[tokio::test]
    async fn requests_to_one_host_keep_their_distance_whoever_asks() {
        let spacing = Spacing::new(50);
        let (one, other) = (spacing.turns(), spacing.turns());
        let began = Instant::now();
        let turns = [&one, &other, &one, &other, &one].map(|turns| turns.wait("board.example", Some(50.0)));
        join_all(turns).await;
        assert!(
            began.elapsed() >= Duration::from_millis(80),
            "five requests are four distances: {:?}",
            began.elapsed()
        );
    }

    #[tokio::test]
    async fn another_host_has_turns_of_its_own() {
        let turns = Spacing::new(20).turns();
        let hour_long = Some(1.0 / 3600.0);
        turns.wait("board.example", hour_long).await;
        at_once(turns.wait("other.example", hour_long)).await;
    }

    #[tokio::test]
    async fn a_source_with_many_requests_does_not_make_another_wait_for_all_of_them() {
        let spacing = Spacing::new(1_000);
        let (busy, modest) = (spacing.turns(), spacing.turns());
        let order = Mutex::new(Vec::new());
        let ask = async |turns: &Turns, name| {
            turns.wait("board.example", Some(200.0)).await;
            order.lock().unwrap().push(name);
        };
        let many = join_all((0..10).map(|_| ask(&busy, "busy")));
        tokio::join!(many, ask(&modest, "modest"), ask(&modest, "modest"));
        let order = order.into_inner().unwrap();
        // The second was next already when the other source came.
        assert_eq!(order[..5], ["busy", "busy", "modest", "busy", "modest"], "{order:?}");
    }

    #[tokio::test]
    async fn who_gives_up_waiting_takes_nobodys_turn() {
        let turns = Spacing::new(20).turns();
        turns.wait("board.example", Some(20.0)).await;
        let gives_up = tokio::time::timeout(Duration::from_millis(1), turns.wait("board.example", Some(0.001)));
        gives_up.await.unwrap_err();
        at_once(turns.wait("board.example", None)).await;
    }

    #[tokio::test]
    async fn a_flood_of_names_is_forgotten_and_a_host_under_way_is_not() {
        let spacing = Spacing::new(1_000);
        let hour_long = Some(1.0 / 3600.0);
        spacing.turns().wait("slow.example", hour_long).await;
        let turns = spacing.turns();
        for number in 0..MANY_HOSTS {
            queue_of(&spacing.hosts, &format!("{number}.example"), Option::is_none);
        }
        turns.wait("one-more.example", None).await;
        let known = spacing.hosts.lock().unwrap();
        assert!(known.len() < 10 && known.contains_key("slow.example"), "{} hosts", known.len());
    }
}
