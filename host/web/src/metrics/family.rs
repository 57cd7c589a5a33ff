//! Families of samples: one name, one help text, and samples with labels.

use std::fmt;

use job_scanner_core::time::Durations;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

/// The labels of a sample.
pub(super) type Labels<'a> = Vec<(&'static str, &'a str)>;

/// A family that is being written.
pub(super) struct Family {
    /// Without the prefix of the program and the unit.
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) unit: Option<Unit>,
}

impl Family {
    /// Names a family of numbers without a unit.
    pub(super) fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            unit: None,
        }
    }

    /// Names a family in seconds.
    pub(super) fn seconds(name: &'static str, help: &'static str) -> Self {
        Self {
            unit: Some(Unit::Seconds),
            ..Self::new(name, help)
        }
    }

    /// Writes counters, which never decrease.
    pub(super) fn counters<'a>(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        samples: impl IntoIterator<Item = (Labels<'a>, f64)>,
    ) -> fmt::Result {
        self.write(encoder, MetricType::Counter, |metric| {
            for (labels, value) in samples {
                let mut sample = metric.encode_family(&labels)?;
                sample.encode_counter::<NoLabelSet, _, f64>(&value, None)?;
            }
            Ok(())
        })
    }

    /// Writes facts about the program, as labels.
    pub(super) fn info(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        facts: &Labels<'_>,
    ) -> fmt::Result {
        self.write(encoder, MetricType::Info, |metric| {
            metric.encode_info(facts)
        })
    }

    /// Writes gauges.
    pub(super) fn gauges<'a>(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        samples: impl IntoIterator<Item = (Labels<'a>, f64)>,
    ) -> fmt::Result {
        self.write(encoder, MetricType::Gauge, |metric| {
            for (labels, value) in samples {
                metric.encode_family(&labels)?.encode_gauge(&value)?;
            }
            Ok(())
        })
    }

    /// Writes histograms.
    pub(super) fn histograms<'a>(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        samples: impl IntoIterator<Item = (Labels<'a>, &'a Durations)>,
    ) -> fmt::Result {
        self.write(encoder, MetricType::Histogram, |metric| {
            for (labels, durations) in samples {
                let ranges: Vec<(f64, u64)> = durations.ranges().collect();
                let (sum, count) = (durations.seconds(), durations.count());
                let mut sample = metric.encode_family(&labels)?;
                sample.encode_histogram::<NoLabelSet>(sum, count, &ranges, None)?;
            }
            Ok(())
        })
    }

    fn write(
        self,
        encoder: &mut DescriptorEncoder<'_>,
        kind: MetricType,
        samples: impl FnOnce(&mut MetricEncoder<'_>) -> fmt::Result,
    ) -> fmt::Result {
        let unit = self.unit.as_ref();
        let mut metric = encoder.encode_descriptor(self.name, self.help, unit, kind)?;
        samples(&mut metric)
    }
}
