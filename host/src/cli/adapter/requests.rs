//! The requests of an adapter, as shown to an operator who may accept it. All texts of the adapter
//! are escaped here.

use std::fmt::Write as _;

use job_scanner_core::adapter::{DEFAULT_RATE, Grants, HostRequest, Method, OptionsSchema};
use job_scanner_sandbox::{AcceptanceStatus, Candidate};
use job_scanner_views::cells::whole;
use job_scanner_views::column::Column;

use crate::cli::output::Table;

/// The columns of the table of hosts. The fourth marks those beyond an earlier acceptance.
const HOST_COLUMNS: [Column; 5] = [
    Column::word("host"),
    Column::word("methods"),
    Column::number("requests/s"),
    Column::word(""),
    Column::prose("reason", 24),
];

/// Returns the word for an acceptance status in the output.
pub(super) fn status_word(status: AcceptanceStatus) -> &'static str {
    match status {
        AcceptanceStatus::Accepted => "accepted",
        AcceptanceStatus::NotAccepted => "not-accepted",
        AcceptanceStatus::Changed => "changed",
        AcceptanceStatus::NeedsMoreGrants => "asks-for-more",
    }
}

/// Returns the hosts and secrets that an adapter requests. Requests beyond an earlier acceptance
/// are marked, and so are methods other than `GET` and `HEAD`.
pub(super) fn requests_table(candidate: &Candidate) -> String {
    let manifest = candidate.manifest();
    let new = if candidate.accepted.is_some() {
        candidate.requested_beyond_grants()
    } else {
        Grants::default()
    };

    let mut text = if manifest.hosts.is_empty() {
        "it requests no hosts; it can only reach those in `allow_hosts`\n".to_owned()
    } else {
        hosts_table(&manifest.hosts, &new)
    };
    if manifest.hosts.iter().any(can_do_more_than_read) {
        text.push_str("(!) can change data\n");
    }

    for (option, receivers) in manifest.options.iter().flat_map(OptionsSchema::secrets) {
        let receivers: Vec<String> = receivers.iter().map(ToString::to_string).collect();
        let (option_name, receivers) = (whole(option), receivers.join(", "));
        let mark = if new.secrets.contains_key(option) {
            " (new)"
        } else {
            ""
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "the secret `{option_name}` may be sent to {receivers}{mark}"
        );
    }
    text
}

fn hosts_table(hosts: &[HostRequest], new: &Grants) -> String {
    let row = |host: &HostRequest| {
        let is_new = new.hosts.contains_key(&host.target);
        host_row(host, if is_new { "new" } else { "" })
    };
    Table::new(&HOST_COLUMNS, hosts.iter().map(row)).to_string()
}

fn host_row(host: &HostRequest, mark: &str) -> [String; 5] {
    let methods: Vec<String> = host.terms.methods.iter().map(marked).collect();
    let rate = host.terms.rate.unwrap_or(DEFAULT_RATE);
    let reason = match &host.reason {
        Some(reason) => whole(reason),
        None => "no reason given".to_owned(),
    };
    [
        host.target.to_string(),
        methods.join(", "),
        rate.to_string(),
        mark.to_owned(),
        reason,
    ]
}

/// Returns a method, with a mark if it is not `GET` or `HEAD`.
fn marked(method: &Method) -> String {
    if method.is_safe() {
        method.to_string()
    } else {
        format!("{method} (!)")
    }
}

fn can_do_more_than_read(host: &HostRequest) -> bool {
    host.terms.methods.iter().any(|method| !method.is_safe())
}
