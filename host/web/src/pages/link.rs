//! Links: those of the pages to each other, and those to boards.

use job_scanner_core::key::JobKey;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;
use url::form_urlencoded::Serializer;

/// Returns the path of the page about a job. The key is a parameter: as a part of the path,
/// browsers and proxies would change a key with dots or slashes.
pub(crate) fn job_page(key: &JobKey) -> String {
    with_query("/job", [("key", key.to_string().as_str())])
}

/// Returns a path with these parameters, without the empty ones.
pub(crate) fn with_query<'a>(
    path: &str,
    parameters: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let given = parameters
        .into_iter()
        .filter(|(_, value)| !value.is_empty());
    let query = Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// Returns a text as one segment of a path.
pub(crate) fn path_segment(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Returns the address of a board if it is one of the web. Another scheme, such as `javascript:`,
/// would run in our page.
pub(crate) fn to_board(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_become_links() {
        assert!(to_board("https://board.example/jobs/1?a=b").is_some());
        for address in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "data:text/html,x",
            "//board.example/",
            "/jobs/1",
            "",
        ] {
            assert_eq!(to_board(address), None, "{address}");
        }
    }

    #[test]
    fn a_key_with_any_characters_is_one_parameter() {
        let key: JobKey = "greenhouse/acme/..%2F?a=1&b#c".parse().unwrap();
        assert_eq!(
            job_page(&key),
            "/job?key=greenhouse%2Facme%2F..%252F%3Fa%3D1%26b%23c"
        );
    }

    #[test]
    fn empty_parameters_are_left_out() {
        assert_eq!(
            with_query("/matches", [("q", ""), ("state", "all")]),
            "/matches?state=all"
        );
        assert_eq!(with_query("/matches", [("q", "")]), "/matches");
    }
}
