//! The words that boards use in addresses for their own pages, where others have a company.
//!
//! A wrong company is worse than none: some boards answer for any company, as if it had no jobs.

use super::locale;

/// The words, as the first label of a host or a segment of a path.
const OWN_PAGES: [&str; 86] = [
    "about",
    "account",
    "accounts",
    "admin",
    "api",
    "app",
    "application",
    "applications",
    "apply",
    "assets",
    "ats",
    "auth",
    "blog",
    "board",
    "boards",
    "candidate",
    "candidates",
    "careers",
    "careers-page",
    "cdn",
    "companies",
    "company",
    "cookies",
    "developer",
    "developers",
    "docs",
    "embed",
    "external-referrals",
    "favicon.ico",
    "features",
    "feed",
    "graphql",
    "help",
    "images",
    "info",
    "job",
    "job-board",
    "job-boards",
    "job_app",
    "job_board",
    "jobs",
    "js",
    "legal",
    "login",
    "logout",
    "my-applications",
    "oauth",
    "oneclick-ui",
    "page-not-found",
    "posting",
    "posting-api",
    "postings",
    "pricing",
    "privacy",
    "privacy-policy",
    "publication",
    "recruiting",
    "register",
    "robots.txt",
    "rss",
    "saml",
    "search",
    "settings",
    "sign-in",
    "sign-up",
    "sign_in",
    "signin",
    "signup",
    "sitemap",
    "sitemap.xml",
    "sso",
    "static",
    "status",
    "support",
    "terms",
    "terms-of-service",
    "unsubscribe",
    "user",
    "users",
    "view",
    "wday",
    "web-sso",
    "webhooks",
    "widget",
    "widgets",
    "www",
];

/// Returns true if the text is a word of a board's own pages, or has the form of something else
/// than a company: a version of an API (`v1`), a language (`en-US`), or the id of a posting (a
/// UUID).
pub(super) fn is_own_page(text: &str) -> bool {
    is_listed(text, &OWN_PAGES)
        || is_version(text)
        || locale::has_region(text)
        || is_uuid(text)
        || !text.starts_with(char::is_alphanumeric)
}

/// Returns true if the text is one of these words, ignoring the case of letters.
pub(super) fn is_listed<T: AsRef<str>>(text: &str, words: &[T]) -> bool {
    words
        .iter()
        .any(|word| word.as_ref().eq_ignore_ascii_case(text))
}

fn is_version(text: &str) -> bool {
    let number = text.strip_prefix(['v', 'V']).unwrap_or_default();
    !number.is_empty()
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_addresses_are_not_companies() {
        for word in [
            "embed",
            "API",
            "oneclick-ui",
            "v1",
            "V2.1",
            "en-US",
            "pt_br",
            "_next",
            ".well-known",
            "0F2C3B6E-1111-4222-8333-444455556666",
            "",
        ] {
            assert!(is_own_page(word), "{word}");
        }
        for company in [
            "acme",
            "v",
            "v1acme",
            "hi",
            "1984",
            "career",
            "a-b-c-d-e",
            "Größe",
        ] {
            assert!(!is_own_page(company), "{company}");
        }
    }

    #[test]
    fn the_words_are_sorted_and_in_lower_case() {
        assert!(OWN_PAGES.is_sorted());
        assert!(OWN_PAGES.iter().all(|word| *word == word.to_lowercase()));
    }
}
