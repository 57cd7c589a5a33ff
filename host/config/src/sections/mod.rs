//! The sections of `config.yaml`, one file each: values, defaults and readers.

pub(crate) mod adapters;
pub(crate) mod advanced;
pub(crate) mod channels;
pub(crate) mod criteria;
pub(crate) mod email;
pub(crate) mod health;
pub(crate) mod limits;
pub(crate) mod logging;
pub(crate) mod on_first_scan;
pub(crate) mod profiles;
pub(crate) mod retention;
pub(crate) mod schedule;
pub(crate) mod smtp;
pub(crate) mod sources;
pub(crate) mod templates;
pub(crate) mod web;
