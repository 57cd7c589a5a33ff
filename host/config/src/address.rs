//! Mail addresses from the environment. An address that is accepted here can be used in a message.

use lettre::message::Mailbox;
use lettre::{Address, Message};

/// The maximum length of an address. A path has at most 256 octets including the angle brackets
/// around it ([RFC 5321, section
/// 4.5.3.1.3](https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3)).
const MAX_LENGTH: usize = 254;

/// The maximum length of a message line, without its line break ([RFC 5322, section
/// 2.1.1](https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1)).
const MAX_LINE_LENGTH: usize = 998;

/// Parses an address and converts its domain to ASCII, which every mail server understands. The
/// error completes a sentence that begins with the address.
pub(crate) fn parse(given: &str) -> Result<Address, &'static str> {
    let address: Address = given.parse().map_err(|_| "is not a mail address")?;
    let address =
        with_ascii_domain(&address).ok_or("has a domain that cannot be written in ASCII")?;
    if AsRef::<str>::as_ref(&address).len() > MAX_LENGTH {
        return Err("is too long for a mail address");
    }

    if !can_be_written(&Mailbox::new(None, address.clone())) {
        return Err("is an address that cannot be used in a message");
    }

    Ok(address)
}

/// Returns true if the mailbox can be the sender and the recipient of a message: the header has to
/// parse back to the same addresses.
pub(crate) fn can_be_written(mailbox: &Mailbox) -> bool {
    let message = Message::builder()
        .from(mailbox.clone())
        .to(mailbox.clone())
        .body(String::new());

    let Ok(message) = message else { return false };
    let envelope = message.envelope();
    let reads_back =
        envelope.from() == Some(&mailbox.email) && envelope.to() == [mailbox.email.clone()];

    let formatted = message.formatted();
    let fits = |line: &str| line.len() <= MAX_LINE_LENGTH && !line.chars().any(char::is_control);

    reads_back && String::from_utf8_lossy(&formatted).split("\r\n").all(fits)
}

/// Returns the address with its domain in ASCII, as in DNS. `None` if the domain has no such form.
pub fn with_ascii_domain(address: &Address) -> Option<Address> {
    if address.domain().is_ascii() {
        return Some(address.clone());
    }

    let url::Host::Domain(domain) = url::Host::parse(address.domain()).ok()? else {
        return None;
    };

    Address::new(address.user(), domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_with_non_ascii_letters_is_converted_for_dns() {
        for (given, read) in [
            ("jo@bücher.example", "jo@xn--bcher-kva.example"),
            ("jo@例え.テスト", "jo@xn--r8jz45g.xn--zckzah"),
            ("Jo@Example.COM", "Jo@Example.COM"),
            ("jö@bücher.example", "jö@xn--bcher-kva.example"),
        ] {
            assert_eq!(
                parse(given).map(|address| address.to_string()),
                Ok(read.to_owned()),
                "{given}"
            );
        }
    }

    #[test]
    fn an_accepted_address_can_be_used_in_a_message() {
        let long_label = "a".repeat(63);
        let longest = format!(
            "jo@{long_label}.{long_label}.{long_label}.{}.example",
            "b".repeat(50)
        );
        let local_parts = [
            "jo",
            "jo.doe",
            "jo+tag",
            "\"jo doe\"",
            "\"jo\\\"doe\"",
            "\"jo@doe\"",
            "\"jo\"",
            "jö",
            "jo!#$%&'*/=?^_`{|}~-",
            "jo(comment)",
            "jo\r\nBcc: kim",
            "jo\0",
            " jo",
            "",
            ".jo",
            "jo.",
            "j..o",
            "\"\"",
            "\"a,b\"",
            "\"a\\ b\"",
        ];
        let domains = [
            "example.com",
            "localhost",
            "[127.0.0.1]",
            "[IPv6:::1]",
            "[2606:4700:4700::1111]",
            "127.0.0.1",
            "example.com.",
            "exa mple.com",
            "-example.com",
            "example..com",
            "bücher.example",
            "example.com\r\n",
            "[tag:x]",
            "",
        ];
        let mut accepted = 0;
        let all = local_parts.iter().flat_map(|local| {
            domains
                .iter()
                .map(move |domain| format!("{local}@{domain}"))
        });
        for given in all.chain([
            longest,
            format!("jo@{}.example", "a.".repeat(200)),
            format!("{}@example.com", "j".repeat(65)),
        ]) {
            let Ok(address) = parse(&given) else { continue };
            accepted += 1;
            assert!(
                AsRef::<str>::as_ref(&address).len() <= MAX_LENGTH,
                "{given}"
            );
            let message = Message::builder()
                .from(address.clone().into())
                .to(address.clone().into())
                .body(String::new());
            assert_eq!(message.unwrap().envelope().to(), [address], "{given}");
        }
        assert!(accepted >= 10, "{accepted}");
    }

    #[test]
    fn addresses_that_cannot_be_used_in_a_message_are_rejected() {
        for given in [
            "jo@[127.0.0.1]",
            "\"jo doe\"@example.com",
            "jo@[IPv6:::1]",
            "jo@example.com\r\nBcc: kim@example.com",
        ] {
            assert!(parse(given).is_err(), "{given}");
        }
    }
}
