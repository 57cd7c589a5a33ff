//! A second implementation of the rules of [`super`]: slow and obvious, and only for the few
//! characters that the property test uses.

use unicode_normalization::UnicodeNormalization;

/// Returns true if the term `written` hits anywhere in `text`.
pub(super) fn hits(written: &str, text: &str) -> bool {
    let exact_case = written.starts_with('=');
    let body = written.trim().trim_start_matches('=').trim_start();
    let (prefix, suffix) = (body.ends_with('*'), body.starts_with('*'));
    let body = body.trim_matches('*');

    let chars: Vec<char> = text.chars().collect();
    let hits_at = |start: usize, end: usize| {
        let (before, found, after) = (&chars[..start], &chars[start..end], &chars[end..]);
        let spelled: String = found.iter().collect();

        is_cut_at_letters(found, after)
            && same(body, &spelled, exact_case)
            && (suffix || begins(body, before))
            && (prefix || ends(body, after))
    };

    let mut starts = 0..chars.len();
    starts.any(|start| (start + 1..=chars.len()).any(|end| hits_at(start, end)))
}

/// Returns true if the window begins with a visible character of its own and is not followed by an
/// accent of its last letter or a soft hyphen.
fn is_cut_at_letters(found: &[char], after: &[char]) -> bool {
    !matches!(found[0], '\u{301}' | '\u{ad}')
        && !matches!(after.first(), Some('\u{301}' | '\u{ad}'))
}

fn same(body: &str, found: &str, exact_case: bool) -> bool {
    // Accents and case count only if the term has them or requires them.
    let accented = body.contains(['é', '\u{301}']);
    let simple = |text: &str| {
        let mut text = text
            .replace('\u{ad}', "")
            .replace('é', "e\u{301}")
            .replace('\n', " ");
        while text.contains("  ") {
            text = text.replace("  ", " ");
        }

        // This comes after the spaces: two signs in a row stay two.
        text = text.replace(['-', '/'], " ");
        if !accented {
            text = text.replace('\u{301}', "");
        }

        if exact_case {
            text
        } else {
            text.to_lowercase().replace('ß', "ss")
        }
    };

    simple(body) == simple(found)
}

fn begins(body: &str, before: &[char]) -> bool {
    let visible: Vec<char> = before.iter().copied().filter(|c| *c != '\u{ad}').collect();
    let first = body.chars().find(|c| *c != '\u{ad}').unwrap();
    if !word(first) && !"+#.".contains(first) {
        return true;
    }

    match visible.as_slice() {
        [.., previous] if word(*previous) => *previous == '漢' || first == '漢',
        [.., previous, '.'] => !(body.contains('.') && word(*previous)),
        [rest @ .., '&'] if is_letter(body) => {
            let nearest: Vec<char> = rest.iter().rev().copied().collect();
            !is_single(&nearest)
        }
        _ => true,
    }
}

fn ends(body: &str, after: &[char]) -> bool {
    let visible: Vec<char> = after.iter().copied().filter(|c| *c != '\u{ad}').collect();
    let last = body.chars().rfind(|c| *c != '\u{ad}').unwrap();
    if !word(last) && !"+#.".contains(last) {
        return true;
    }

    match visible.as_slice() {
        ['\u{301}', ..] => false,
        [next, ..] if next.is_numeric() && "+#".contains(last) => true,
        [next, ..] if word(*next) => *next == '漢' || last == '漢',
        ['&', rest @ ..] if is_letter(body) => !is_single(rest),
        ['.', next, ..] => !(body.contains('.') && word(*next)),
        ['+' | '#', ..] if "+#".contains(last) => false,
        ['+' | '#', ..] if "1.".contains(last) => true,
        ['+', next, ..] => word(*next),
        ['+' | '#', ..] => false,
        _ => true,
    }
}

fn is_letter(body: &str) -> bool {
    let visible: Vec<char> = body.nfc().filter(|c| *c != '\u{ad}').collect();
    matches!(visible.as_slice(), [letter] if letter.is_alphabetic() && *letter != '漢')
}

fn is_single(text: &[char]) -> bool {
    match text {
        [] => false,
        [only] => word(*only),
        [first, second, ..] => word(*first) && !word(*second),
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '\u{301}'
}
