//! The page of a running daemon, used as a browser without scripts uses it.

mod adding;
mod browser;
mod deliveries;
mod profiles;
mod runs;
mod sources;
