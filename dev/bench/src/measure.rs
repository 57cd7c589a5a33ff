//! Clocks, and medians of their readings.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The time that a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Wall-clock time.
    pub(crate) wall: Duration,
    /// CPU time of all threads of this process.
    pub(crate) cpu: Duration,
}

/// Measures the time since its start.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    wall: Instant,
    cpu: Duration,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self {
            cpu: process_cpu(),
            wall: Instant::now(),
        }
    }

    pub(crate) fn stop(&self) -> Cost {
        Cost {
            wall: self.wall.elapsed(),
            cpu: process_cpu().saturating_sub(self.cpu),
        }
    }
}

fn process_cpu() -> Duration {
    // The time is never negative and never too large for a `Duration`.
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// Returns the median: the value in the middle, the mean of the two in the middle, or 0 without
/// values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);

    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(below), Some(above)) if values.len().is_multiple_of(2) => {
            f64::midpoint(*below, *above)
        }
        (_, Some(value)) => *value,
        _ => 0.0,
    }
}

/// Returns the median in milliseconds.
pub(crate) fn median_ms(durations: impl IntoIterator<Item = Duration>) -> f64 {
    median(
        durations
            .into_iter()
            .map(|duration| duration.as_secs_f64() * 1_000.0)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_value_in_the_middle() {
        for (values, expected) in [
            (vec![], 0.0),
            (vec![3.0], 3.0),
            (vec![4.0, 2.0], 3.0),
            (vec![9.0, 1.0, 2.0], 2.0),
            (vec![9.0, 1.0, 2.0, 4.0], 3.0),
        ] {
            assert!(
                (median(values.clone()) - expected).abs() < f64::EPSILON,
                "{values:?}"
            );
        }
    }

    #[test]
    fn a_stopwatch_counts_the_cpu_time_of_work() {
        let watch = Stopwatch::start();
        let mut sum = 0_u64;
        while watch.stop().cpu < Duration::from_millis(2) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(watch.stop().wall >= Duration::from_millis(1));
    }
}
