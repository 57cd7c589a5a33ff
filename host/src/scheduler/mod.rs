//! The clock of the daemon: decides when a task runs, and knows nothing of what it does.
//!
//! A [`SchedulerService`] drives one [`Task`]: it asks it when it wants to run, waits for that by
//! the clock on the wall, and runs it; one run at a time. What to run and what is due is the task's
//! own knowledge, kept where it survives the process, so start-up, timer and retry are one path.

mod service;

pub use service::{Ran, SchedulerService, Task, Timing, Wake};
