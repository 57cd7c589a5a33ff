//! Durations that are counted in ranges, as metrics show them.

use std::time::Duration;

/// The counts of durations in ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct Durations {
    /// The upper ends of the ranges in seconds, ascending. A last range has no end.
    bounds: &'static [f64],
    /// One more than `bounds`.
    counts: Vec<u64>,
    seconds: f64,
}

impl Durations {
    /// Counts in the ranges with these ends, in ascending order.
    pub fn new(bounds: &'static [f64]) -> Self {
        Self {
            bounds,
            counts: vec![0; bounds.len() + 1],
            seconds: 0.0,
        }
    }

    /// Counts one duration.
    pub fn add(&mut self, duration: Duration) {
        let seconds = duration.as_secs_f64();
        let range = self.bounds.partition_point(|bound| *bound < seconds);
        self.counts[range] += 1;
        self.seconds += seconds;
    }

    /// Returns the sum of all durations, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Returns the number of durations.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the upper end of each range with the number of durations in it. The last end is
    /// infinite.
    pub fn ranges(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        bounds.zip(self.counts.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_first_range_that_reaches_it() {
        let mut durations = Durations::new(&[0.5, 2.0]);
        for millis in [0, 500, 501, 2_000, 60_000] {
            durations.add(Duration::from_millis(millis));
        }
        let ranges: Vec<(f64, u64)> = durations.ranges().collect();
        assert_eq!(ranges, [(0.5, 2), (2.0, 2), (f64::INFINITY, 1)]);
        assert_eq!(durations.count(), 5);
        assert!((durations.seconds() - 63.001).abs() < 1e-9);
    }
}
