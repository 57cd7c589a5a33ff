//! The channels against a local server that answers as the services do.

mod hostile;
mod lanes;
mod messages;
mod outcomes;
mod probes;
mod support;
