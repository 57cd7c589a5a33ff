//! The addresses of sender and recipients, and their masked form for logs.

use std::fmt;
use std::path::Path;

use job_scanner_config::with_ascii_domain;
use lettre::Address;
use lettre::message::Mailbox;
use tracing::warn;

/// The placeholder for a missing recipient. With it, a first run writes its messages to files
/// without any setup.
pub const PLACEHOLDER_RECIPIENT: &str = "you@localhost";

/// Returns the default sender of mail.
pub fn default_sender() -> Mailbox {
    mailbox_here(Some("job-scanner".to_owned()), "job-scanner")
}

/// Returns the configured recipients, or the placeholder if there are none, for messages that are
/// written to files. Call it once at start-up: it logs a warning that no mail is sent, and which
/// settings are missing.
pub fn recipients_or_placeholder(
    configured: Vec<Mailbox>,
    outbox: &Path,
    has_server: bool,
) -> Vec<Mailbox> {
    let folder = outbox.display();
    if configured.is_empty() {
        let missing = if has_server {
            "ALERT_TO_EMAIL is"
        } else {
            "SMTP_HOST and ALERT_TO_EMAIL are"
        };
        warn!(
            "{missing} not set: messages are addressed to {PLACEHOLDER_RECIPIENT} \
             and written to files in `{folder}`"
        );
        return vec![mailbox_here(None, "you")];
    }
    warn!("SMTP_HOST is not set: messages are written to files in `{folder}`");
    configured
}

fn mailbox_here(name: Option<String>, user: &str) -> Mailbox {
    let address = Address::new(user, "localhost").expect("a plain word at localhost is an address");
    Mailbox::new(name, address)
}

/// Returns a stored recipient in today's form of the configuration. Older rows may have a domain
/// that is not ASCII.
pub(crate) fn as_configured(recipient: &str) -> String {
    let address = recipient
        .parse::<Address>()
        .ok()
        .and_then(|address| with_ascii_domain(&address));
    address.map_or_else(|| recipient.to_owned(), |address| address.to_string())
}

/// An address as logs show it: enough to distinguish recipients, but without the full address.
pub(crate) struct Masked<'a>(pub(crate) &'a str);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.rsplit_once('@') {
            Some((user, domain)) => {
                let first = user
                    .chars()
                    .next()
                    .filter(|c| c.is_alphanumeric())
                    .map(String::from)
                    .unwrap_or_default();
                write!(f, "{first}***@{}", domain.escape_default())
            }
            None => f.write_str("***"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_recipient_the_placeholder_is_used() {
        let recipients = recipients_or_placeholder(Vec::new(), Path::new("data/outbox"), false);
        assert_eq!(
            recipients
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            [PLACEHOLDER_RECIPIENT]
        );
    }

    #[test]
    fn configured_recipients_stay_as_they_are() {
        let configured: Vec<Mailbox> = vec!["Jane <jane@example.org>".parse().unwrap()];
        assert_eq!(
            recipients_or_placeholder(configured.clone(), Path::new("data/outbox"), false),
            configured
        );
    }

    #[test]
    fn an_address_in_a_log_is_masked() {
        for (address, shown) in [
            ("jane.doe@example.org", "j***@example.org"),
            ("\u{202e}@example.org", "***@example.org"),
            ("j@a\nb", "j***@a\\nb"),
            ("no-address", "***"),
        ] {
            assert_eq!(Masked(address).to_string(), shown);
        }
    }
}
