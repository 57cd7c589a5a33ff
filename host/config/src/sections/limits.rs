//! `adapters.limits`: what one scan may use, for all adapters under `default` and for one under its
//! name.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::time::Duration;

use job_scanner_core::key::AdapterName;

use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section, most_alike};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// What one scan may use, unless the adapter's name has other limits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LimitsConfig {
    default: Limits,
    by_adapter: BTreeMap<AdapterName, Limits>,
}

/// What one scan may use. The defaults let the largest known boards through several times over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time in guest code for one page: the largest board known parses in a tenth of a second.
    pub cpu_page: Duration,
    /// Time in guest code for a whole scan.
    pub cpu_scan: Duration,
    /// Wall-clock time for one page, our own spacing of requests not counted.
    pub wall_page: Duration,
    /// Wall-clock time for a whole scan, spacing included, waiting until other scans hold less not
    /// counted.
    pub wall_scan: Duration,
    /// All memories and tables of an instance together, in bytes.
    pub memory_bytes: u64,
    /// Jobs returned in one page.
    pub page_jobs: u64,
    /// Jobs returned in a whole scan.
    pub scan_jobs: u64,
    /// Bytes returned in one page.
    pub page_bytes: u64,
    /// Bytes returned in a whole scan.
    pub scan_bytes: u64,
    /// Jobs whose details a scan asks for; the others wait for the next ones.
    pub details: u64,
    /// Pages of a scan: one that never ends stops here.
    pub pages: u64,
    /// Requests of a scan, refused ones included.
    pub requests: u64,
    /// Requests under way at a time.
    pub requests_in_flight: u64,
    /// Requests in one call of `send-all`.
    pub requests_in_batch: u64,
    /// Bytes of one response body, decompressed.
    pub response_bytes: u64,
    /// Bytes of response bodies held at a time.
    pub responses_held_bytes: u64,
    /// Bytes of all response bodies of a scan.
    pub responses_scan_bytes: u64,
    /// Lines an adapter may log in a scan.
    pub log_lines: u64,
    /// Bytes of one logged line.
    pub log_line_bytes: u64,
    /// Bytes an adapter may log in a scan.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cpu_page: Duration::from_secs(5),
            cpu_scan: Duration::from_secs(20),
            wall_page: Duration::from_mins(1),
            wall_scan: Duration::from_mins(10),
            memory_bytes: 256 * MIB,
            page_jobs: 20_000,
            scan_jobs: 50_000,
            page_bytes: 32 * MIB,
            scan_bytes: 128 * MIB,
            details: 500,
            pages: 10_000,
            requests: 3_000,
            requests_in_flight: 16,
            requests_in_batch: 256,
            response_bytes: 32 * MIB,
            responses_held_bytes: 64 * MIB,
            responses_scan_bytes: 512 * MIB,
            log_lines: 500,
            log_line_bytes: 4 * KIB,
            log_bytes: 256 * KIB,
        }
    }
}

impl LimitsConfig {
    /// What a scan with this adapter may use.
    pub fn for_adapter(&self, adapter: &AdapterName) -> &Limits {
        self.by_adapter.get(adapter).unwrap_or(&self.default)
    }

    /// The most memory that any scan may use.
    pub fn most_memory_bytes(&self) -> u64 {
        let named = self.by_adapter.values().map(|limits| limits.memory_bytes);
        named.fold(self.default.memory_bytes, u64::max)
    }

    pub(crate) fn read(adapters: &mut Section<'_>, types: &BTreeSet<&str>) -> Self {
        adapters
            .section("limits", |section| Self::read_all(section, types))
            .unwrap_or_default()
    }

    fn read_all(section: &mut Section<'_>, types: &BTreeSet<&str>) -> Self {
        let standard = Limits::default();
        let (default, named): (Vec<_>, Vec<_>) = section
            .all()
            .into_iter()
            .partition(|(name, _)| name == "default");
        let default = default
            .first()
            .map_or_else(|| standard.clone(), |(_, field)| standard.changed_by(field));
        let mut by_adapter = BTreeMap::new();
        for (name, field) in named {
            let limits = default.changed_by(&field);
            // Limits of an adapter that no source uses do no harm, unless its name was misspelt.
            let meant =
                most_alike(&name, types.iter().copied()).filter(|_| !types.contains(name.as_str()));
            if let Some(meant) = meant {
                field.report(
                    "is the type of no source",
                    format!("did you mean `{meant}`?"),
                );
                continue;
            }
            match AdapterName::new(name.as_str()) {
                Ok(adapter) => {
                    by_adapter.insert(adapter, limits);
                }
                Err(_) => field.report(
                    format!("{} is no adapter name", quoted(&name)),
                    "write `default`, or the `type` of a source",
                ),
            }
        }
        Self {
            default,
            by_adapter,
        }
    }
}

impl Limits {
    /// These limits with those that the field names.
    fn changed_by(&self, field: &Field<'_>) -> Self {
        field
            .section(|section| self.changed(section))
            .unwrap_or_else(|| self.clone())
    }

    fn changed(&self, section: &mut Section<'_>) -> Self {
        const CPU: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_hours(1);
        const WALL: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_hours(6);
        const COUNT: RangeInclusive<u64> = 1..=1_000_000;
        const MEMORY: RangeInclusive<u64> = MIB..=4 * GIB;
        const BYTES: RangeInclusive<u64> = KIB..=4 * GIB;

        let mut limits = self.clone();
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
        limits
    }
}
