//! The page of a running daemon, used as a browser without scripts uses it.

mod adding;
mod browser;
mod deliveries;
mod message_links;
mod profiles;
mod runs;
mod sources;
