//! The commands about access to the page: `web` for people, `key` for programs.

mod key;
mod password;
mod sessions;

use crate::cli::output::Format;

pub(crate) use key::{KeyOptions, run as key};
pub(crate) use password::run as password;
pub(crate) use sessions::{list as sessions, log_out};

/// The subcommands of `web`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum WebOptions {
    /// Ask for a password and print its hash, which `web.password_hash` expects
    Password,
    /// List the sessions of the page: browsers in which the password was given
    Sessions(ListOptions),
    /// End sessions of the page: these browsers have to give the password again
    Logout(LogoutOptions),
}

/// The arguments of `key list` and `web sessions`.
#[derive(Debug, clap::Args)]
pub(crate) struct ListOptions {
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The arguments of `web logout`.
#[derive(Debug, clap::Args)]
pub(crate) struct LogoutOptions {
    /// Numbers of sessions, as `web sessions` lists them
    #[arg(
        value_name = "NUMBER",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    numbers: Vec<i64>,

    /// All sessions
    #[arg(long)]
    all: bool,
}
