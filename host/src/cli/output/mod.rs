//! Output: formats, tables, lines, standard output, and the progress bar, one file each. The
//! contents of rows and JSON objects are in `job_scanner_views`.

mod effects;
mod failing_channel;
mod format;
mod progress;
mod run_result;
mod stdout;
mod table;

pub(super) use effects::effects;
pub(super) use failing_channel::failing_channel;
pub(super) use format::Format;
pub(super) use progress::with_progress_bar;
pub(super) use run_result::{matches, problems, sources};
pub(super) use stdout::{print, print_json, print_part};
pub(super) use table::Table;
