//! The budgets of a scan, one module each, and the budget that all scans share.

pub(crate) mod address_space;
mod clock;
pub(crate) mod cpu_clock;
pub(crate) mod guest_log;
pub(crate) mod guest_output;
pub(crate) mod in_flight;
pub(crate) mod instance_slots;
pub(crate) mod memory_limiter;
pub(crate) mod usage;
pub(crate) mod wall_clock;
