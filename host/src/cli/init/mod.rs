//! `job-scanner init`: asks three questions and writes `config.yaml`.
//!
//! [`answers`] has what a person answers, and [`text`] makes a file of it. [`questions`] asks on a
//! terminal for what the arguments do not say.

mod answers;
mod init;
mod questions;
mod text;

pub(super) use self::init::{Options, run};
