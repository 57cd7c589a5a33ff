//! What an adapter asks for, as a person sees it who may accept it. Every text of the adapter is
//! escaped here.

use std::fmt::Write as _;

use comfy_table::Table;
use job_scanner_core::adapter::{DEFAULT_RATE, Grants, HostRequest, Method, OptionsSchema};
use job_scanner_sandbox::{Candidate, Standing};
use job_scanner_views::cells::whole;

use crate::cli::output::plain_table;

/// How an adapter stands to what was accepted, as output names it.
pub(super) fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Accepted => "accepted",
        Standing::NotAccepted => "not-accepted",
        Standing::Changed => "changed",
        Standing::AsksForMore => "asks-for-more",
    }
}

/// Hosts and secrets. What goes beyond an earlier acceptance is marked, and so is what can do more
/// than read.
pub(super) fn asked_table(candidate: &Candidate) -> String {
    let manifest = candidate.manifest();
    let new = if candidate.accepted.is_some() {
        candidate.asks_beyond()
    } else {
        Grants::default()
    };
    let mut words = String::new();
    if manifest.hosts.is_empty() {
        words.push_str(
            "it asks for no host of its own: it reaches those that `allow_hosts` lists\n",
        );
    } else {
        let mut table = plain_table();
        table.set_header(["host", "methods", "a second", "why", ""]);
        for host in &manifest.hosts {
            add_host(&mut table, host, new.hosts.contains_key(&host.target));
        }
        let _ = writeln!(words, "{table}");
    }
    if manifest
        .hosts
        .iter()
        .any(|host| host.terms.methods.iter().any(|method| !method.is_reading()))
    {
        words.push_str("(!) can do more than read\n");
    }
    for (option, receivers) in manifest.options.iter().flat_map(OptionsSchema::secrets) {
        let receivers: Vec<String> = receivers.iter().map(ToString::to_string).collect();
        let mark = if new.secrets.contains_key(option) {
            " (new)"
        } else {
            ""
        };
        let _ = writeln!(
            words,
            "the secret `{}` may be sent to {}{mark}",
            whole(option),
            receivers.join(", ")
        );
    }
    words
}

fn add_host(table: &mut Table, host: &HostRequest, is_new: bool) {
    let method = |method: &Method| {
        if method.is_reading() {
            method.to_string()
        } else {
            format!("{method} (!)")
        }
    };
    let methods: Vec<String> = host.terms.methods.iter().map(method).collect();
    table.add_row([
        host.target.to_string(),
        methods.join(", "),
        host.terms.rate.unwrap_or(DEFAULT_RATE).to_string(),
        host.reason
            .as_deref()
            .map_or_else(|| "no reason given".to_owned(), whole),
        if is_new {
            "new".to_owned()
        } else {
            String::new()
        },
    ]);
}
