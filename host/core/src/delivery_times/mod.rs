//! The times at which messages may go: `when` computes the slots of digests, `quiet_hours` the
//! hours without messages, and `delivery_times` combines both with the limit of a channel.
//!
//! All times of day are local times of a time zone. A time of day that a change of the clocks skips
//! counts as the time that many minutes after the change, and one that occurs twice counts at its
//! first occurrence. So each date has exactly one slot.

mod day;
mod delivery_times;
mod quiet_hours;
mod when;

pub use day::TimeError;
pub use delivery_times::{AtMost, DeliveryTimes};
pub use quiet_hours::QuietHours;
pub use when::{DayTime, WeekTime, When};
