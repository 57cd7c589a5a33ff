//! The scan of one source, stage by stage. `scan` connects the stages.

pub(crate) mod details;
pub(crate) mod evaluate;
pub(crate) mod failed_exchanges;
pub(crate) mod log;
pub(crate) mod new_ids;
pub(crate) mod presence;
pub(crate) mod record;
pub(crate) mod request_details;
pub(crate) mod scan;
pub(crate) mod task;
