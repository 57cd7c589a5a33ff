//! The peak memory of the program, and its growth with the number of boards.

use std::path::Path;

use anyhow::Context as _;
use job_scanner_board_server::generate::token;

use crate::boards::Boards;
use crate::installation::Installation;
use crate::report::{Part, Row, Unit};
use crate::scan_cost::ScanCost;

const FEW: u32 = 200;
const MANY: u32 = 2_000;
const JOBS: u32 = 50;

pub(super) fn measure(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let boards = Boards::serve(MANY, JOBS)?;

    let peak = |count| {
        peak_of_scan(folder, &boards, count).with_context(|| format!("with {count} boards"))
    };
    let (few, many) = (peak(FEW)?, peak(MANY)?);

    Ok(vec![
        Row::new(
            "memory-growth",
            "peak memory, 2,000 boards ÷ 200 boards (50 jobs each)",
            many / few,
            (1.3, Unit::Ratio),
            vec![
                Part::new("2,000 boards", many, Unit::Megabytes),
                Part::new("200 boards", few, Unit::Megabytes),
            ],
        ),
        Row::new(
            "memory",
            "peak memory with 200 boards",
            few,
            (80.0, Unit::Megabytes),
            Vec::new(),
        ),
    ])
}

/// Returns the peak memory of the program while it scans this many boards for the first time, in
/// megabytes.
fn peak_of_scan(folder: &Path, boards: &Boards, count: u32) -> anyhow::Result<f64> {
    let sources: Vec<String> = (0..count)
        .map(|index| boards.source(&token(index)))
        .collect();
    let installation = Installation::new(folder, &sources)?;

    Ok(ScanCost::measure(&installation)?.peak)
}
