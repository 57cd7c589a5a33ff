//! Mail addresses as the environment gives them. What is accepted here can be written into a
//! message.

use lettre::message::Mailbox;
use lettre::{Address, Message};

/// The longest address: a path has at most 256 octets with the angle brackets around it (RFC 5321,
/// 4.5.3.1.3).
const LONGEST: usize = 254;

/// No line of a message is longer, its end not counted (RFC 5322, 2.1.1).
const LONGEST_LINE: usize = 998;

/// Reads an address; its domain in ASCII, which every server knows. The error says what the text
/// is.
pub(crate) fn parse(given: &str) -> Result<Address, &'static str> {
    let address: Address = given.parse().map_err(|_| "is not a mail address")?;
    let address =
        with_ascii_domain(&address).ok_or("has a domain that cannot be written in ASCII")?;
    if AsRef::<str>::as_ref(&address).len() > LONGEST {
        return Err("is longer than a mail address may be");
    }

    if !can_be_written(&Mailbox::new(None, address.clone())) {
        return Err("is a form of address that messages cannot be written to");
    }

    Ok(address)
}

/// Returns true if messages can be written to and from it: their header reads back as it was meant.
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
    let fits = |line: &str| line.len() <= LONGEST_LINE && !line.chars().any(char::is_control);

    reads_back && String::from_utf8_lossy(&formatted).split("\r\n").all(fits)
}

/// The address with its domain as DNS knows it. `None` when there is no such form.
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
    fn a_domain_beyond_ascii_is_written_as_dns_knows_it() {
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
    fn whatever_is_accepted_can_be_written_into_a_message() {
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
            assert!(AsRef::<str>::as_ref(&address).len() <= LONGEST, "{given}");
            let message = Message::builder()
                .from(address.clone().into())
                .to(address.clone().into())
                .body(String::new());
            assert_eq!(message.unwrap().envelope().to(), [address], "{given}");
        }
        assert!(accepted >= 10, "{accepted}");
    }

    #[test]
    fn forms_that_no_message_fits_are_refused() {
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
