//! One type per thing that has a number in the database, so that a job's is never taken for an
//! alert's.

use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub(crate) i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }
    )+};
}

ids! {
    /// Numbers a source.
    SourceId
    /// Numbers a run, in the order of their starts.
    RunId
    /// Numbers a job.
    JobId
    /// Numbers an alert, in the order in which they were decided.
    AlertId
    /// Numbers a delivery, in the order in which they were made.
    DeliveryId
    /// Numbers a notice, in the order in which they were decided.
    NoticeId
}
