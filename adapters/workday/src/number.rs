//! The number of an opening at the end of a job's path: `TITLE_NUMBER`.
//!
//! Workday separates the two by `_`, which the number may contain too: `R_2026_001`. A second
//! posting of an opening has a suffix, `R107-1`, and some tenants write it `R107_1`. The suffix
//! belongs to the id, since both postings may be listed.

/// Returns the number at the end of `TITLE_NUMBER`. Without a `_`, it is the whole text.
///
/// `bullets` are the texts that the listing shows with the job. If one of them is the number, it
/// tells where the number begins. Some tenants show something else there, and none has the suffix.
pub fn at_end<'a, 'b>(slug: &'a str, bullets: impl IntoIterator<Item = &'b str>) -> &'a str {
    let shown = bullets.into_iter().filter_map(|bullet| shown(slug, bullet));
    shown
        .max_by_key(|number| number.len())
        .unwrap_or_else(|| by_its_form(slug))
}

/// Returns the number if it is this bullet, possibly with a suffix.
fn shown<'a>(slug: &'a str, bullet: &str) -> Option<&'a str> {
    if bullet.is_empty() {
        return None;
    }
    let (at, _) = slug.rmatch_indices(bullet).find(|&(at, _)| {
        let is_start = at == 0 || slug[..at].ends_with('_');
        is_start && is_suffix(&slug[at + bullet.len()..])
    })?;
    Some(&slug[at..])
}

/// Returns true for the suffix of a posting, `-1` or `_1`, and for none.
fn is_suffix(text: &str) -> bool {
    let number = text.strip_prefix(['-', '_']);
    text.is_empty() || number.is_some_and(is_digits)
}

/// Returns the number by its form: the part after the last `_`. While that has only digits, the
/// part before it belongs to the number, unless it looks like a word of the title.
fn by_its_form(slug: &str) -> &str {
    let mut start = 0;
    for (at, _) in slug.rmatch_indices('_') {
        start = at + 1;
        let is_incomplete = slug[start..].bytes().all(|it| !it.is_ascii_alphabetic());
        let before = slug[..at].rsplit('_').next().unwrap_or_default();
        let is_first = before.len() == at;
        if !is_incomplete || is_first || !may_be_in_number(before) {
            break;
        }
        start = at - before.len();
    }
    &slug[start..]
}

/// Returns true for a part of a number, such as `R`, `2026` or `R-123`. Titles have lower case.
fn may_be_in_number(part: &str) -> bool {
    let is_in_number = |it: u8| it.is_ascii_uppercase() || it.is_ascii_digit() || it == b'-';
    !part.is_empty() && part.bytes().all(is_in_number)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_the_listing_shows_is_whole() {
        for (slug, bullets, expected) in [
            ("Cook_R107", &["R107"][..], "R107"),
            ("Cook_R107-1", &["R107"], "R107-1"),
            ("Cook_R_2026_001", &["R_2026_001"], "R_2026_001"),
            ("Cook_R_2026_001-2", &["Bonn", "R_2026_001"], "R_2026_001-2"),
            ("Cook_R-107_1", &["R-107"], "R-107_1"),
            ("Cook_REQ_R-107", &["REQ_R-107"], "REQ_R-107"),
            ("Cook_req_107", &["req_107"], "req_107"),
            ("R107-Cook_R107", &["R107"], "R107"),
            ("AIX_ADMIN_107", &["107"], "107"),
            ("R107", &["R107"], "R107"),
            ("Cook_JR107", &["107"], "JR107"),
        ] {
            assert_eq!(at_end(slug, bullets.iter().copied()), expected, "{slug}");
        }
    }

    #[test]
    fn a_number_that_the_listing_does_not_show_is_found_by_its_form() {
        for (slug, expected) in [
            ("Cook_R107", "R107"),
            ("Cook_JR2021016-1", "JR2021016-1"),
            ("Cook_12345", "12345"),
            ("Cook_12345-1", "12345-1"),
            ("Cook_R_2026_001", "R_2026_001"),
            ("Cook_R-107_1", "R-107_1"),
            ("Cook_2026_001", "2026_001"),
            ("Head_Cook_12345", "12345"),
            ("SAP_R107", "R107"),
            ("COOK_12345", "12345"),
            ("Cook--Night-_R107", "R107"),
            ("R107", "R107"),
            ("Cook_", ""),
            ("", ""),
        ] {
            for bullets in [&[][..], &["Bonn", "", "107-x"]] {
                assert_eq!(at_end(slug, bullets.iter().copied()), expected, "{slug}");
            }
        }
    }
}
