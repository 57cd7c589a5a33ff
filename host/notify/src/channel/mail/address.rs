//! The addresses of sender and recipients, and their form in a log.

use std::fmt;
use std::path::Path;

use job_scanner_config::with_ascii_domain;
use lettre::Address;
use lettre::message::Mailbox;
use tracing::warn;

/// Stands in for the recipient until the operator names one, so that a first run shows its messages
/// without any setup.
pub const PLACEHOLDER_RECIPIENT: &str = "you@localhost";

/// Returns the sender of mail when none is configured.
pub fn default_sender() -> Mailbox {
    mailbox_here(Some("job-scanner".to_owned()), "job-scanner")
}

/// Returns the configured recipients, or the placeholder when there are none, for messages that go
/// to files. Call it once at start: it warns that no recipient gets mail, and says what is missing.
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

/// A recipient on record in the form that the configuration has today: older records have domains
/// beyond ASCII.
pub(crate) fn as_configured(recipient: &str) -> String {
    let address = recipient
        .parse::<Address>()
        .ok()
        .and_then(|address| with_ascii_domain(&address));
    address.map_or_else(|| recipient.to_owned(), |address| address.to_string())
}

/// An address as logs show it: enough to tell recipients apart, not enough to write to them.
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
            ("nobody", "***"),
        ] {
            assert_eq!(Masked(address).to_string(), shown);
        }
    }
}
