//! The pages about sources: their states, the progress of a run, and the addition of new ones.

pub(crate) mod add;
pub(crate) mod budgets;
pub(crate) mod changes;
pub(crate) mod events;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod progress;
pub(crate) mod row;
