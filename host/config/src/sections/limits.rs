//! `adapters.limits`: the limits of one scan, for all adapters under `default` and for one adapter
//! under its name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use job_scanner_core::adapter::{Limits, LimitsByAdapter};
use job_scanner_core::key::AdapterName;

use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section, closest_match};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Reads the section. A missing limit has its value from `default`, or else the built-in one.
pub(crate) fn read(adapters: &mut Section<'_>, types: &BTreeSet<&str>) -> LimitsByAdapter {
    adapters
        .section("limits", |section| read_all(section, types))
        .unwrap_or_default()
}

fn read_all(section: &mut Section<'_>, types: &BTreeSet<&str>) -> LimitsByAdapter {
    let standard = Limits::default();

    // `default` is read first, wherever it is in the file: the limits of adapters are based on it.
    let (default, named): (Vec<_>, Vec<_>) = section
        .all()
        .into_iter()
        .partition(|(name, _)| name == "default");
    let default = default.first().map_or_else(
        || standard.clone(),
        |(_, field)| with_overrides(&standard, field),
    );

    let mut by_adapter = BTreeMap::new();
    for (name, field) in named {
        let limits = with_overrides(&default, &field);

        // Limits of an adapter that no source uses are harmless, unless its name is misspelt.
        let is_unused = !types.contains(name.as_str());
        let intended = closest_match(&name, types.iter().copied()).filter(|_| is_unused);
        if let Some(intended) = intended {
            field.report(
                "is not the type of any source",
                format!("did you mean `{intended}`?"),
            );
            continue;
        }

        match AdapterName::new(name.as_str()) {
            Ok(adapter) => {
                by_adapter.insert(adapter, limits);
            }
            Err(_) => field.report(
                format!("{} is not an adapter name", quoted(&name)),
                "write `default`, or the `type` of a source",
            ),
        }
    }

    LimitsByAdapter::new(default, by_adapter)
}

/// Returns these limits, with those in the field replaced.
fn with_overrides(limits: &Limits, field: &Field<'_>) -> Limits {
    field
        .section(|section| apply_overrides(limits, section))
        .unwrap_or_else(|| limits.clone())
}

fn apply_overrides(limits: &Limits, section: &mut Section<'_>) -> Limits {
    let mut limits = limits.clone();
    apply_times(&mut limits, section);
    apply_sizes(&mut limits, section);
    apply_counts(&mut limits, section);
    limits
}

fn apply_times(limits: &mut Limits, section: &mut Section<'_>) {
    const CPU: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_hours(1);
    const WALL: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_hours(6);

    let times = [
        ("cpu_page", &mut limits.cpu_page, CPU),
        ("cpu_scan", &mut limits.cpu_scan, CPU),
        ("wall_page", &mut limits.wall_page, WALL),
        ("wall_scan", &mut limits.wall_scan, WALL),
    ];

    for (name, limit, range) in times {
        *limit = section
            .field(name)
            .and_then(|field| field.duration(&range, *limit))
            .unwrap_or(*limit);
    }
}

fn apply_sizes(limits: &mut Limits, section: &mut Section<'_>) {
    const MEMORY: RangeInclusive<u64> = MIB..=4 * GIB;
    const BYTES: RangeInclusive<u64> = KIB..=4 * GIB;

    let sizes = [
        ("memory", &mut limits.memory_bytes, MEMORY),
        ("page_bytes", &mut limits.page_bytes, BYTES),
        ("scan_bytes", &mut limits.scan_bytes, BYTES),
        ("response_bytes", &mut limits.response_bytes, BYTES),
        (
            "responses_held_bytes",
            &mut limits.responses_held_bytes,
            BYTES,
        ),
        (
            "responses_scan_bytes",
            &mut limits.responses_scan_bytes,
            BYTES,
        ),
        ("log_line_bytes", &mut limits.log_line_bytes, BYTES),
        ("log_bytes", &mut limits.log_bytes, BYTES),
    ];

    for (name, limit, range) in sizes {
        *limit = section
            .field(name)
            .and_then(|field| field.size(&range, *limit))
            .unwrap_or(*limit);
    }
}

fn apply_counts(limits: &mut Limits, section: &mut Section<'_>) {
    const COUNT: RangeInclusive<u64> = 1..=1_000_000;

    let counts = [
        ("page_jobs", &mut limits.page_jobs),
        ("scan_jobs", &mut limits.scan_jobs),
        ("details", &mut limits.details),
        ("pages", &mut limits.pages),
        ("requests", &mut limits.requests),
        ("requests_in_flight", &mut limits.requests_in_flight),
        ("requests_in_batch", &mut limits.requests_in_batch),
        ("log_lines", &mut limits.log_lines),
    ];

    for (name, limit) in counts {
        *limit = section.integer(name, COUNT).unwrap_or(*limit);
    }
}
