//! Languages in the path of an address, such as `en` in `/en/jobs` or `pt-BR` in `/pt-BR/jobs`.

/// The languages of careers sites, as two-letter codes of [ISO 639](https://www.iso.org/iso-639-language-code).
/// Other pairs of letters are not read as a language, since they may be a company or a site.
const LANGUAGES: [&str; 47] = [
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "nn", "no", "pl",
    "pt", "ro", "ru", "sk", "sl", "sr", "sv", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
];

/// The ways in which a language is written, as in `zh-Hant`.
const SCRIPTS: [&str; 4] = ["Cyrl", "Hans", "Hant", "Latn"];

/// The words that follow a company in an address. Before such a word, a segment of two letters is
/// the company: `hi` is a language in `hi/acme`, and a company in `hi/jobs`.
const BELOW_COMPANIES: [&str; 4] = ["job", "jobs", "login", "details"];

/// Returns a path without its leading language.
pub(super) fn without_locale<'p, 'a>(path: &'p [&'a str]) -> &'p [&'a str] {
    match path {
        [locale, rest @ ..] if has_region(locale) => rest,
        [language, rest @ ..] if is_language(language) => match rest {
            [next, ..] if !BELOW_COMPANIES.contains(next) => rest,
            _ => path,
        },
        _ => path,
    }
}

/// Returns true if a path begins with a language, and not with a company that is called like one:
/// `hi` is a language in `hi/acme`, and a company in `hi/jobs` and `hi/4711`.
pub(super) fn begins_with_locale(path: &[&str]) -> bool {
    match path {
        [] => false,
        [first] => is_language(first) || has_region(first),
        [first, next, ..] => has_region(first) || (is_language(first) && !is_below_company(next)),
    }
}

fn is_below_company(segment: &str) -> bool {
    BELOW_COMPANIES.contains(&segment) || segment.contains(|letter: char| letter.is_ascii_digit())
}

/// Returns true for a language with a region or a script, such as `en-US`, `de_DE`, `es-419` or
/// `zh-Hans`.
pub(super) fn has_region(segment: &str) -> bool {
    let Some((language, region)) = segment.split_once(['-', '_']) else {
        return false;
    };
    let is_country = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_area = region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit());
    let is_script = SCRIPTS
        .iter()
        .any(|script| script.eq_ignore_ascii_case(region));
    is_language(language) && (is_country || is_area || is_script)
}

fn is_language(segment: &str) -> bool {
    LANGUAGES
        .iter()
        .any(|language| language.eq_ignore_ascii_case(segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_in_front_of_a_company_is_not_the_company() {
        for (path, expected) in [
            ("", false),
            ("acme", false),
            ("en", true),
            ("en-US", true),
            ("en/acme", true),
            ("en-US/jobs", true),
            ("hi/jobs", false),
            ("hi/4711", false),
            ("io/acme", false),
        ] {
            let segments: Vec<&str> = path.split('/').collect();
            assert_eq!(begins_with_locale(&segments), expected, "{path}");
        }
    }

    #[test]
    fn a_language_is_skipped_unless_it_is_the_company() {
        for (path, expected) in [
            ("acme", "acme"),
            ("en/acme", "acme"),
            ("en-GB/acme/jobs/1", "acme/jobs/1"),
            ("de_de/acme", "acme"),
            ("es-419/acme", "acme"),
            ("zh-hant/acme", "acme"),
            ("hi/jobs/1", "hi/jobs/1"),
            ("hi", "hi"),
            ("io/acme", "io/acme"),
            ("go-to/acme", "go-to/acme"),
            ("de-mail/acme", "de-mail/acme"),
            ("US", "US"),
            ("en-US", ""),
            ("en-US/job/Bonn/Cook_R1", "job/Bonn/Cook_R1"),
        ] {
            let segments: Vec<&str> = path.split('/').collect();
            assert_eq!(without_locale(&segments).join("/"), expected, "{path}");
        }
    }
}
