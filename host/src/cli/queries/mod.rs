//! The commands that look back: the last runs, alerts and deliveries, one file each.

pub(crate) mod alerts;
pub(crate) mod deliveries;
pub(crate) mod runs;
