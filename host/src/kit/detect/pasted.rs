//! Addresses as users paste them: without `https://`, in the middle of a sentence, from the source
//! of a page.

use job_scanner_core::normalize::{UrlError, canonical_url};
use url::Url;

/// The characters in front of an address that do not belong to it.
const OPENING: [char; 10] = ['<', '(', '[', '{', '"', '\'', '`', '“', '‘', '*'];

/// The characters after an address that do not belong to it.
const CLOSING: [char; 17] = [
    '>', ')', ']', '}', '"', '\'', '`', '”', '’', '*', '.', ',', ';', ':', '!', '?', '|',
];

/// The names of query parameters whose values may be secrets.
const SECRET_PARAMETERS: [&str; 10] = [
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "key",
    "password",
    "secret",
    "sig",
    "signature",
    "token",
];

/// The reason why a pasted text is not the address of a page.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum AddressError {
    #[error("it is not the address of a page, such as https://jobs.lever.co/acme")]
    NotAnAddress,
    #[error("only addresses with `https://` or `http://` are pages")]
    NotHttp,
    #[error("it contains a user name or a password; remove everything from `//` to `@`")]
    UserInfo,
    #[error("{0}")]
    Invalid(UrlError),
}

/// Returns the addresses in a text of several lines. Lines that begin with `#` are comments.
pub fn addresses_in(text: &str) -> Vec<String> {
    // Some editors begin a file with a byte order mark.
    let text = text.trim_start_matches('\u{feff}');
    text.lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(split_addresses)
        .map(str::to_owned)
        .collect()
}

/// Returns the addresses in a line of text: the words with `://`, or else the whole text. Empty if
/// there is no text.
pub fn split_addresses(line: &str) -> Vec<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let addresses: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| word.contains("://"))
        .collect();
    match (&addresses[..], line.trim()) {
        ([], "") => Vec::new(),
        ([], text) => vec![text],
        _ => addresses,
    }
}

/// Parses a pasted address: without the punctuation around it, tracking parameters and fragment.
pub fn parse_address(text: &str) -> Result<Url, AddressError> {
    let text = with_scheme(address_in(text))?;
    let address = canonical_url(&text).map_err(|error| match error {
        UrlError::UserInfo => AddressError::UserInfo,
        UrlError::NotHttp => AddressError::NotHttp,
        error => AddressError::Invalid(error),
    })?;

    let mut url: Url = address.parse().map_err(|_| AddressError::NotAnAddress)?;
    url.set_fragment(None);
    match url.host_str() {
        // A single word is a search, or the name of a company.
        Some(host) if host.contains(['.', ':']) || host == "localhost" => Ok(url),
        _ => Err(AddressError::NotAnAddress),
    }
}

/// Returns a pasted text for messages: without the values of parameters such as `token`, and
/// without everything before an `@` if the text is not an address.
pub fn without_secrets(text: &str) -> String {
    let Ok(mut url) = parse_address(text) else {
        return match text.rsplit_once('@') {
            Some((_, rest)) => format!("…@{rest}"),
            None => text.to_owned(),
        };
    };

    if let Some(query) = url.query() {
        let shown: Vec<&str> = query.split('&').map(shown_parameter).collect();
        url.set_query(Some(&shown.join("&")));
    }
    url.into()
}

fn shown_parameter(pair: &str) -> &str {
    let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
    let is_secret = SECRET_PARAMETERS
        .iter()
        .any(|secret| secret.eq_ignore_ascii_case(name));
    if is_secret { name } else { pair }
}

/// Returns the address in a word, such as the target of `[Acme](https://jobs.lever.co/acme)` or
/// `href="https://jobs.lever.co/acme"`.
fn address_in(text: &str) -> &str {
    let text =
        text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let text = text.trim_start_matches(OPENING);
    let lower = text.to_ascii_lowercase();
    let begins = ["https://", "http://"].map(|scheme| lower.find(scheme));
    let begin = begins
        .into_iter()
        .flatten()
        .min()
        .filter(|&at| is_prefix(&text[..at]));

    let address = &text[begin.unwrap_or(0)..];
    let end = address.find(['<', '>', '"']).unwrap_or(address.len());
    address[..end].trim_end_matches(CLOSING)
}

/// Returns true if the text before an address does not belong to it. An address inside another one
/// is a parameter.
fn is_prefix(before: &str) -> bool {
    !before.contains(['/', '?']) && !before.ends_with(char::is_alphanumeric)
}

/// Returns the address with a missing scheme or slash, and without the escapes of HTML (`&amp;`)
/// and JSON (`\/`).
fn with_scheme(text: &str) -> Result<String, AddressError> {
    let text = text.replace("&amp;", "&").replace(r"\/", "/");
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(AddressError::NotAnAddress);
    }

    let Some((scheme, rest)) = text.split_once(':') else {
        return Ok(format!("https://{}", text.trim_start_matches('/')));
    };
    let slashless = rest.trim_start_matches('/');
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok(format!("http://{slashless}")),
        "https" | "feed" => Ok(format!("https://{slashless}")),
        // A host with a port, or a colon in the path.
        host if host.contains(['.', '/']) && !rest.starts_with("//") => {
            Ok(format!("https://{}", text.trim_start_matches('/')))
        }
        _ => Err(AddressError::NotHttp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<String, AddressError> {
        parse_address(text).map(String::from)
    }

    #[test]
    fn an_address_is_read_in_the_forms_in_which_it_is_pasted() {
        for (text, expected) in [
            ("https://a.example/x", "https://a.example/x"),
            ("a.example/x", "https://a.example/x"),
            ("//a.example/x", "https://a.example/x"),
            ("a.example:8443/x", "https://a.example:8443/x"),
            ("a.example/x:y", "https://a.example/x:y"),
            ("https:/a.example/x", "https://a.example/x"),
            (r"https:\/\/a.example\/x", "https://a.example/x"),
            ("feed://a.example/rss", "https://a.example/rss"),
            ("feed:https://a.example/rss", "https://a.example/rss"),
            ("view-source:https://a.example/x", "https://a.example/x"),
            (" <https://a.example/x>, ", "https://a.example/x"),
            ("(https://a.example/x).", "https://a.example/x"),
            ("“a.example/x”", "https://a.example/x"),
            ("[Cook](https://a.example/x)", "https://a.example/x"),
            (
                r#"href="https://a.example/x">Cook</a>"#,
                "https://a.example/x",
            ),
            ("\u{feff}https://a.example/x", "https://a.example/x"),
            ("HTTPS://A.EXAMPLE/X", "https://a.example/X"),
            ("https://größe.example/x", "https://xn--gre-6ka8i.example/x"),
            ("https://a.example/x#apply", "https://a.example/x"),
            ("https://a.example/x?", "https://a.example/x"),
            (
                "https://a.example/x?utm_source=b&c=d",
                "https://a.example/x?c=d",
            ),
            (
                "https://a.example/x?c=d&amp;for=e",
                "https://a.example/x?c=d&for=e",
            ),
            (
                "https://a.example/?to=https://b.example/x",
                "https://a.example/?to=https://b.example/x",
            ),
        ] {
            assert_eq!(parsed(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_not_an_address_has_a_reason() {
        for (text, expected) in [
            ("", AddressError::NotAnAddress),
            ("acme", AddressError::NotAnAddress),
            ("Acme Corp", AddressError::NotAnAddress),
            (
                "https://",
                AddressError::Invalid(UrlError::Malformed(url::ParseError::EmptyHost)),
            ),
            ("mailto:jobs@a.example", AddressError::NotHttp),
            ("ftp://a.example/x", AddressError::NotHttp),
            ("htps://a.example/x", AddressError::NotHttp),
            ("javascript:alert(1)", AddressError::NotHttp),
            ("https://me:pass@a.example/x", AddressError::UserInfo),
            ("me:pass@a.example/x", AddressError::NotHttp),
            ("jobs.lever.co@a.example/x", AddressError::UserInfo),
        ] {
            assert_eq!(parsed(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_line_contains_its_words_with_a_scheme_or_one_address() {
        for (line, expected) in [
            ("", vec![]),
            (" \t", vec![]),
            ("a.example/x", vec!["a.example/x"]),
            ("Acme Corp", vec!["Acme Corp"]),
            (
                "- Acme: https://a.example/x (Bonn)",
                vec!["https://a.example/x"],
            ),
            (
                "https://a.example/x\thttps://b.example",
                vec!["https://a.example/x", "https://b.example"],
            ),
        ] {
            assert_eq!(split_addresses(line), expected, "{line}");
        }
    }

    #[test]
    fn a_secret_in_a_text_is_not_shown() {
        for (text, expected) in [
            ("https://a.example/x", "https://a.example/x"),
            ("a.example/@acme/x", "https://a.example/@acme/x"),
            ("https://me:hush@a.example/x", "…@a.example/x"),
            ("https://me:hu/sh@a.example/x", "…@a.example/x"),
            (
                "https://a.example/x?Token=hush&b=c",
                "https://a.example/x?Token&b=c",
            ),
            ("acme", "acme"),
        ] {
            assert_eq!(without_secrets(text), expected);
        }
    }
}
