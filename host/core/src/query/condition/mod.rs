//! Conditions on the values of a job, one file per kind of value.

pub(super) mod age;
mod attribute;
mod bounds;
mod condition;
mod employment;
mod employment_type;
mod job_values;
pub(super) mod named;
pub(super) mod pay;
mod places;
mod value;

pub(super) use attribute::Attribute;
pub use condition::Condition;
pub use employment::words_of;
pub(super) use employment_type::WantedType;
pub use job_values::JobValues;
