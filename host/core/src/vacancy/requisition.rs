//! Requisition numbers: the employer's own numbers of a posting, which differ between the postings
//! of one vacancy.

/// The words after which a number is a requisition number, as in `Req. 4711` or `Kennziffer: 47-11`.
const LABELS: [&str; 12] = [
    "req",
    "reqid",
    "requisition",
    "ref",
    "reference",
    "referenz",
    "referenznummer",
    "referentie",
    "référence",
    "referencia",
    "kennziffer",
    "stellennummer",
];

/// The words that may be between a label and its number, as in `Requisition ID: 4711`.
const FILLERS: [&str; 8] = ["id", "no", "nr", "nummer", "number", "code", "num", ""];

/// The words that are a label only with a filler after them, as in `Job ID 4711`.
const LABELS_WITH_FILLER: [&str; 6] = [
    "job", "posting", "position", "vacancy", "opening", "stellen",
];

/// The beginnings of numbers that need no label, as in `JR-0004711`. At least four digits follow.
const PREFIXES: [&str; 4] = ["jreq", "req", "jr", "r"];

/// The fewest digits after such a beginning.
const MIN_DIGITS: usize = 4;

/// The shortest number of a posting that is recognized wherever it stands. A shorter one could be a
/// year.
const MIN_OWN_CHARS: usize = 5;

/// Returns true if a word is a requisition number. It is in lower case, without punctuation around
/// it, and has a digit. `before` is the text before it, and `own` has the posting's own numbers.
pub(super) fn is_requisition(word: &str, before: &str, own: &[String]) -> bool {
    own.iter().any(|number| number == word)
        || has_prefix(word)
        || (is_number(word) && is_labelled(before))
}

/// Returns the form in which a number of a posting is compared; `None` if it is too short or has no
/// digit, so that an ordinary word could be equal.
pub(super) fn own_number(text: &str) -> Option<String> {
    let word = bare(text).to_ascii_lowercase();
    let is_long = word.chars().nth(MIN_OWN_CHARS - 1).is_some();
    (is_long && is_number(&word)).then_some(word)
}

/// Returns the word without the punctuation around it.
pub(super) fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_number(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    word.bytes().any(|byte| byte.is_ascii_digit()) && word.chars().all(is_part)
}

fn has_prefix(word: &str) -> bool {
    let is_number = |number: &str| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        digits >= MIN_DIGITS
            && number
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    let mut numbers = PREFIXES
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix));
    numbers.any(is_number)
}

fn is_labelled(before: &str) -> bool {
    let before = before.trim_end();
    let mut words = before.rsplit(char::is_whitespace).map(bare).take(3);
    let Some(mut label) = words.next() else {
        return false;
    };

    let mut has_filler = false;
    while FILLERS.contains(&label) {
        has_filler = has_filler || !label.is_empty();
        let Some(word) = words.next() else {
            return false;
        };
        label = word;
    }
    LABELS.contains(&label) || (has_filler && LABELS_WITH_FILLER.contains(&label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_only_with_a_label_a_prefix_or_as_the_own_one() {
        for (before, word, expected) in [
            ("requisition id:", "4711", true),
            ("req", "47-11", true),
            ("apply now. ref. no.", "ab/2026/7", true),
            ("kennziffer", "4711", true),
            ("job id", "4711", true),
            ("posting #", "4711", false),
            ("job", "4711", false),
            ("we pay", "70000", false),
            ("requires", "5", false),
            ("founded in", "2011", false),
            ("", "jr-0004711", true),
            ("", "r12345", true),
            ("", "r2d2", false),
            ("", "req-2026-104", true),
            ("call", "own-77", true),
        ] {
            let own = ["own-77".to_owned()];
            assert_eq!(
                is_requisition(word, before, &own),
                expected,
                "{before} {word}"
            );
        }
    }

    #[test]
    fn a_short_or_plain_id_of_a_posting_is_not_left_out() {
        assert_eq!(own_number(" (R-4711) "), Some("r-4711".to_owned()));
        for text in ["7", "2026", "engineer", "senior engineer 2026", ""] {
            assert_eq!(own_number(text), None, "{text}");
        }
    }
}
