//! One id type per table, so that the id of a job cannot be used as the id of an alert.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use crate::driver::{Bind, Value};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub(crate) i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        /// Parses an id that a person or a program was given. It may be the id of no row.
        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }

        /// An id is a number in every database.
        impl<D: Database> Type<D> for $name
        where
            i64: Type<D>,
        {
            fn type_info() -> D::TypeInfo {
                i64::type_info()
            }

            fn compatible(ty: &D::TypeInfo) -> bool {
                i64::compatible(ty)
            }
        }

        impl<'row, D: Database> Decode<'row, D> for $name
        where
            i64: Decode<'row, D>,
        {
            fn decode(value: D::ValueRef<'row>) -> Result<Self, BoxDynError> {
                i64::decode(value).map(Self)
            }
        }

        impl<'v> Bind<'v> for $name {
            fn value(self) -> Value<'v> {
                self.0.value()
            }

            fn null() -> Value<'v> {
                <i64 as Bind>::null()
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
    /// The id of a source.
    SourceId
    /// The id of a run. Ids rise in the order in which runs start.
    RunId
    /// The id of a job.
    JobId
    /// The id of a cluster.
    ClusterId
    /// The id of an alert. Ids rise in the order in which alerts are decided.
    AlertId
    /// The id of a delivery. Ids rise in the order in which deliveries are created.
    DeliveryId
    /// The id of a notice. Ids rise in the order in which notices are decided.
    NoticeId
    /// The id of a change of a decision. Ids rise in the order in which decisions change.
    ChangeId
    /// The id of a session of the page. No other session ever has it.
    SessionId
    /// The id of an API key.
    ApiKeyId
}

impl SessionId {
    /// Returns the id that a cookie or an argument names. There may be no such session.
    pub fn from_number(id: i64) -> Self {
        Self(id)
    }
}

/// An operator names a delivery by its number. An id that does not exist is not found.
impl From<i64> for DeliveryId {
    fn from(number: i64) -> Self {
        Self(number)
    }
}
