//! The URLs of channels. A URL in the configuration permits requests to exactly its host and port,
//! on private networks too.

use url::Url;

/// Parses the URL of a channel. The error completes a sentence that begins with the setting, and
/// does not repeat the text: it may contain a secret.
pub fn channel_url(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text.trim()).map_err(
        |_| "is not a URL; write it with `https://`, such as `https://example.org/jobs`",
    )?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("is not a URL of the web; write it with `https://`");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "contains a user name or password; write `env:NAME`, and the whole URL into that variable, or use `token`",
        );
    }
    if url.fragment().is_some() {
        return Err("contains `#`, and what follows is never sent; remove it");
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_of_the_web_is_accepted() {
        for text in [
            "https://example.org/jobs?x=1",
            " http://127.0.0.1:8000/notify/jobs ",
        ] {
            assert!(channel_url(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn any_other_url_is_refused_without_repeating_it() {
        for text in [
            "marker.example/jobs",
            "ftp://marker.example",
            "mailto:marker@example.org",
            "https://user:marker@example.org",
            "https://example.org/#marker",
            "",
        ] {
            let error = channel_url(text).unwrap_err();
            assert!(!error.contains("marker"), "{error}");
        }
    }
}
