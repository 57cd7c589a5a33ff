//! Alerts, notices about sources, and their delivery to the recipients.

pub(crate) mod alerts;
pub(crate) mod attempts;
pub(crate) mod baselines;
pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod deliveries;
pub(crate) mod failures;
pub(crate) mod leases;
pub(crate) mod notices;
pub(crate) mod operator;
pub(crate) mod unreadable;
pub(crate) mod waiting;
