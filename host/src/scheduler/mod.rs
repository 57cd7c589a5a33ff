//! The scheduler of the daemon: decides when a task runs, independently of what it does.
//!
//! A [`SchedulerService`] drives one [`Task`]: it asks the task for its next time, waits for that
//! time by the wall clock, and runs the task, one run at a time. The task itself determines what is
//! due from stored data that survives the process, so start-up, timer and retry use the same path.

mod service;

pub use service::{RunOutcome, SchedulerService, Task, Timing, WakeReason};
