//! The names of a posting's own places, and a text without them.

use crate::job::Location;

/// Replaces the name of a place. No normalized text contains this control character.
const BLANK: char = '\u{2}';

/// The shortest name that is looked for. Shorter ones, such as `US`, are also words.
const MIN_CHARS: usize = 3;

/// The most names that are looked for, so that a posting with hundreds of places stays cheap. A text
/// names few places.
const MAX_NAMES: usize = 32;

/// Returns the text without the names of these places; `None` if it has none of them. The text is in
/// lower case.
pub(super) fn without_places(text: &str, places: &[Location]) -> Option<String> {
    let mut blanked: Option<String> = None;
    for name in names(places) {
        let text = blanked.as_deref().unwrap_or(text);
        if let Some(without) = without_name(text, &name) {
            blanked = Some(without);
        }
    }
    blanked
}

/// Returns the parts of the places' names in lower case (ASCII), such as `berlin` and `germany`, the
/// longest first.
fn names(places: &[Location]) -> Vec<String> {
    let mut names = Vec::new();
    for place in places {
        let in_name = place.name.split([',', ';', '/', '|', '(', ')']);
        let fields = [place.city.as_deref(), place.region.as_deref()];
        let all = in_name.chain(fields.into_iter().flatten());
        names.extend(all.map(|part| part.trim().to_ascii_lowercase()));
    }

    names.retain(|name| name.chars().nth(MIN_CHARS - 1).is_some());
    names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    names.dedup();
    names.truncate(MAX_NAMES);
    names
}

/// Returns the text with a mark in place of a name wherever it stands as whole words; `None` if it
/// does so nowhere.
fn without_name(text: &str, name: &str) -> Option<String> {
    // Most texts do not have the name, and this is several times faster than a search for the place.
    if !text.contains(name) {
        return None;
    }

    let mut blanked = String::new();
    let mut kept_to = 0;
    for (start, found) in text.match_indices(name) {
        let end = start + found.len();
        let joins_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if joins_word(text[..start].chars().next_back()) || joins_word(text[end..].chars().next()) {
            continue;
        }
        blanked.push_str(&text[kept_to..start]);
        blanked.push(BLANK);
        kept_to = end;
    }

    if blanked.is_empty() {
        return None;
    }
    blanked.push_str(&text[kept_to..]);
    Some(blanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: None,
        }
    }

    #[test]
    fn only_whole_names_of_the_own_places_are_blanked() {
        for (text, name, expected) in [
            ("work in berlin.", "Berlin", Some("work in \u{2}.")),
            (
                "work in berlin, germany",
                "Berlin, Germany",
                Some("work in \u{2}, \u{2}"),
            ),
            ("berlin (germany)", "Berlin, Germany", Some("\u{2} (\u{2})")),
            ("for berliners", "Berlin", None),
            ("work in münchen", "Munich", None),
            ("work with us", "US", None),
            ("são paulo, berlin", "São Paulo", Some("\u{2}, berlin")),
        ] {
            let blanked = without_places(text, &[place(name)]);
            assert_eq!(blanked.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_order_of_places_does_not_matter() {
        let text = "berlin or munich";
        let one = without_places(text, &[place("Berlin"), place("Munich")]);
        let other = without_places(text, &[place("Munich"), place("Berlin")]);
        assert_eq!(one, other);
    }
}
