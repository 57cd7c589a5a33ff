//! Free text about the place of a job: places, or only words for the workplace.
//!
//! Not here: words for the workplace next to a place, such as `Remote - US`. The host reads those.

use super::country;
use crate::Workplace;

/// Phrases for the workplace, without spaces and punctuation, longer ones before their beginnings.
/// `None`: the phrase is about the workplace, but leaves it open.
const PHRASES: [(&str, Option<Workplace>); 21] = [
    ("fullyremote", Some(Workplace::Remote)),
    ("fullremote", Some(Workplace::Remote)),
    ("remoteonly", Some(Workplace::Remote)),
    ("remotefirst", None),
    ("remotefriendly", None),
    ("remote", Some(Workplace::Remote)),
    ("distributed", Some(Workplace::Remote)),
    ("homebased", Some(Workplace::Remote)),
    ("homeoffice", Some(Workplace::Remote)),
    ("workfromhome", Some(Workplace::Remote)),
    ("wfh", Some(Workplace::Remote)),
    ("telecommute", Some(Workplace::Remote)),
    ("virtual", Some(Workplace::Remote)),
    ("hybrid", Some(Workplace::Hybrid)),
    ("onsite", Some(Workplace::OnSite)),
    ("inoffice", Some(Workplace::OnSite)),
    ("inperson", Some(Workplace::OnSite)),
    ("officebased", Some(Workplace::OnSite)),
    ("officefirst", None),
    ("office", Some(Workplace::OnSite)),
    ("flexible", None),
];

/// Entries of employers who had to fill in something.
const PLACEHOLDERS: [&str; 4] = ["n/a", "tbd", "multiple locations", "various locations"];

/// Names of two letters. Others are states or provinces.
const SHORT_NAMES: [&str; 4] = ["US", "UK", "EU", "SF"];

/// Countries that are cities too.
const CITY_STATES: [&str; 4] = ["Singapore", "Hong Kong", "Luxembourg", "Monaco"];

/// Words after a slash that belong to the place before it: rivers, regions and states.
const SUPPLEMENTS: [&str; 16] = [
    "main",
    "oder",
    "saale",
    "donau",
    "neckar",
    "rhein",
    "elbe",
    "ruhr",
    "lahn",
    "mosel",
    "breisgau",
    "weinstraße",
    "weinstrasse",
    "nsw",
    "vic",
    "qld",
];

/// Returns the workplace for words that name exactly one. `Remote - US` or `Hybrid or Remote` say
/// more or less than that.
pub fn workplace(text: &str) -> Option<Workplace> {
    let named = phrases(text)?;
    let first = *named.first()?;
    first.filter(|_| named.iter().all(|other| *other == first))
}

/// Returns true if the text has only words for the workplace, and these do not name exactly one.
pub fn leaves_workplace_open(text: &str) -> bool {
    phrases(text).is_some() && workplace(text).is_none()
}

/// Returns true if the text does not say where: it is blank, a placeholder, or has only words for
/// the workplace, for example `Hybrid`, `In-Office` or `Distributed or Remote`.
pub fn names_no_place(text: &str) -> bool {
    let is_placeholder = |it: &&str| it.eq_ignore_ascii_case(text.trim());
    !text.contains(char::is_alphanumeric)
        || PLACEHOLDERS.iter().any(is_placeholder)
        || phrases(text).is_some()
}

/// Returns the places of a text. Employers separate them by `;`, `|`, `/` or the word `or`.
pub fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').flat_map(at_bars).flat_map(alternatives)
}

/// Splits at `|`, unless the bar separates the workplace from the only place: the host reads
/// `Remote | US` as one statement.
fn at_bars(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('|').collect();
    match &parts[..] {
        [first, only] if phrases(first).is_some() && !names_no_place(only) => vec![text],
        _ => parts,
    }
}

/// Splits at slashes and at `or`. A list in brackets stays whole, and so does a list with a
/// statement about the workplace, which may apply to all of it: `Remote - US / Canada`.
fn alternatives(text: &str) -> Vec<&str> {
    let letters = letters(text);
    if text.contains(['(', '[']) || PHRASES.iter().any(|(phrase, _)| letters.contains(phrase)) {
        return vec![text];
    }

    let parts = at_spaced_slashes(text).into_iter();
    parts.flat_map(at_or).flat_map(at_slashes).collect()
}

fn at_spaced_slashes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, slash) in text.match_indices('/') {
        let end = at + slash.len();
        if text[..at].ends_with(' ') || text[end..].starts_with(' ') {
            parts.push(&text[start..at]);
            start = end;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Splits at the word `or`, in any case, unless that leaves something other than places of the same
/// form: `Seattle, Chicago, or Boston`. `Portland OR USA` is in Oregon.
fn at_or(text: &str) -> Vec<&str> {
    const OR: &str = " or ";
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in text.to_ascii_lowercase().match_indices(OR) {
        parts.push(&text[start..at]);
        start = at + OR.len();
    }
    parts.push(&text[start..]);

    let is_in_oregon = |part: &&str| {
        text.contains(" OR ")
            && (country::code(part) == Some("US")
                || part.starts_with(|it: char| it.is_ascii_digit()))
    };
    let is_place = |part: &&str| {
        let part = part.trim();
        !part.is_empty() && !part.ends_with(',') && !part.to_ascii_lowercase().starts_with("or ")
    };
    let are_places = parts.iter().all(is_place) && !parts.iter().skip(1).any(is_in_oregon);
    if are_places && have_same_form(&parts) {
        parts
    } else {
        vec![text]
    }
}

/// Splits at slashes without a space, if all parts are names of places: `Berlin/Hamburg`, but
/// neither `Frankfurt/Main` nor `Bonn/Germany`.
fn at_slashes(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('/').collect();
    let is_short = |part: &&str| part.trim().len() == 2 && !SHORT_NAMES.contains(&part.trim());
    let shorts = parts.iter().filter(|part| is_short(part)).count();
    // Otherwise they are states: `São Paulo/SP`.
    let have_same_length = shorts == 0 || shorts == parts.len();

    let names_country = |part: Option<&&str>| part.is_some_and(|part| is_country(part));
    let ends_with_country = names_country(parts.last()) && !names_country(parts.first());

    let are_places = parts.iter().all(|part| is_name(part)) && have_same_length;
    if are_places && !ends_with_country && have_same_form(&parts) {
        parts
    } else {
        vec![text]
    }
}

/// Returns true if all parts have the same number of commas: `Austin, TX` and `Boise, ID`.
fn have_same_form(parts: &[&str]) -> bool {
    let commas = |part: &&str| part.matches(',').count();
    parts
        .windows(2)
        .all(|pair| commas(&pair[0]) == commas(&pair[1]))
}

/// Returns true for a text that may be the name of a place. `24`, `A` and `main` are not.
fn is_name(part: &str) -> bool {
    let part = part.trim();
    let begins_as_name =
        part.starts_with(|first: char| first.is_alphabetic() && !first.is_lowercase());
    begins_as_name
        && part.chars().nth(1).is_some_and(char::is_alphanumeric)
        && !part.contains(|it: char| it.is_ascii_digit())
        && !SUPPLEMENTS.contains(&&*part.to_lowercase())
}

fn is_country(part: &str) -> bool {
    country::code(part).is_some() && !CITY_STATES.contains(&part.trim())
}

/// Returns the meaning of each phrase of a text. `None` if the text has anything but phrases.
fn phrases(text: &str) -> Option<Vec<Option<Workplace>>> {
    let letters = letters(text);
    let mut rest = letters.as_str();
    let mut meanings = Vec::new();
    loop {
        let (phrase, meaning) = PHRASES
            .iter()
            .find(|(phrase, _)| rest.starts_with(phrase))?;
        meanings.push(*meaning);
        rest = &rest[phrase.len()..];
        if rest.is_empty() {
            return Some(meanings);
        }
        // Only between two phrases: the last word of `Remote, OR` is Oregon.
        let joined = ["or", "and"].iter().find_map(|it| rest.strip_prefix(it));
        rest = joined.unwrap_or(rest);
    }
}

fn letters(text: &str) -> String {
    let letters = text.chars().filter(|it| it.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        places(text).map(str::trim).collect()
    }

    #[test]
    fn an_unclear_workplace_stays_unknown() {
        for (text, expected) in [
            ("Fully Remote", Some(Workplace::Remote)),
            ("On-site", Some(Workplace::OnSite)),
            ("In-Office", Some(Workplace::OnSite)),
            ("in person", Some(Workplace::OnSite)),
            ("HYBRID", Some(Workplace::Hybrid)),
            ("Distributed", Some(Workplace::Remote)),
            ("Home based; Work From Home", Some(Workplace::Remote)),
            ("Hybrid or Remote", None),
            ("Hybrid; In-Office", None),
            ("Remote-First", None),
            ("Remote - US", None),
            ("Flexible", None),
            ("", None),
        ] {
            assert_eq!(workplace(text), expected, "{text}");
        }
    }

    #[test]
    fn only_words_for_the_workplace_and_placeholders_name_no_place() {
        for text in [
            "",
            " - ",
            "n/a",
            "TBD",
            "Hybrid",
            "IN OFFICE",
            "Remote / On-site",
            "Distributed or Remote",
            "Hybrid | In-Office and Remote-friendly",
            "Multiple Locations",
        ] {
            assert!(names_no_place(text), "{text}");
        }
        for text in [
            "Remote India",
            "Remote, OR",
            "ON",
            "IN",
            "NA",
            "Orlando",
            "Home based - EMEA",
            "Office Based - London, UK",
            "Remote; Berlin",
            "東京",
        ] {
            assert!(!names_no_place(text), "{text}");
        }
    }

    #[test]
    fn places_are_split_at_or() {
        for (text, expected) in [
            ("Bonn or Wien", &["Bonn", "Wien"][..]),
            ("Bonn OR Wien Or Roma", &["Bonn", "Wien", "Roma"]),
            ("Austin, TX or Boise, ID", &["Austin, TX", "Boise, ID"]),
            ("Bonn or Wien/Roma", &["Bonn", "Wien", "Roma"]),
            ("Bonn or USA", &["Bonn", "USA"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
        for text in [
            "Austin, Boise, or Bonn",
            "Austin, TX or Bonn",
            "Bonn or Remote",
            "Bonn or Wien (two days)",
            "Portland OR USA",
            "Portland OR 97201",
            "Portland OR or Austin TX",
            "Bend, OR or Austin, TX",
            "Portland OR",
            "or Bonn",
            "Oradea",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn names_of_places_are_split_at_slashes() {
        for (text, expected) in [
            ("Bonn/Wien", &["Bonn", "Wien"][..]),
            ("Bonn/Wien/Zürich", &["Bonn", "Wien", "Zürich"]),
            ("Chicago/NYC", &["Chicago", "NYC"]),
            ("Dallas/Fort Worth", &["Dallas", "Fort Worth"]),
            ("US/Canada", &["US", "Canada"]),
            ("CA/NY", &["CA", "NY"]),
            ("Sydney/Singapore", &["Sydney", "Singapore"]),
            ("Austin, TX/Boise, ID", &["Austin, TX", "Boise, ID"]),
            ("東京/大阪", &["東京", "大阪"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
        for text in [
            "Frankfurt/Main",
            "Halle/Saale",
            "Sydney/NSW",
            "São Paulo/SP",
            "Bonn/Germany",
            "Wien/Bonn, Germany",
            "New York, NY/NJ",
            "Remote/Hybrid",
            "Remote/US",
            "Support 24/7",
            "Terminal A/B",
            "Bonn/anywhere",
            "Frankfurt/M.",
            "N/A",
            "/",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn places_are_split_at_semicolons_bars_and_spaced_slashes() {
        for (text, expected) in [
            (
                "Austin, TX | Bonn; Wien |  Roma",
                &["Austin, TX", "Bonn", "Wien", "Roma"][..],
            ),
            (
                "Remote-Friendly (Travel) | Austin, TX | Bonn",
                &["Remote-Friendly (Travel)", "Austin, TX", "Bonn"],
            ),
            ("Bonn / Wien", &["Bonn", "Wien"]),
            ("Pune/ Goa, India", &["Pune", "Goa, India"]),
            ("Zürich /Genève", &["Zürich", "Genève"]),
            ("Hybrid | In-Office", &["Hybrid", "In-Office"]),
            ("Remote |", &["Remote", ""]),
            ("Bonn", &["Bonn"]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn one_statement_about_place_and_workplace_stays_whole() {
        for text in [
            "Remote | US",
            "Remote - US / Canada",
            "Remote (US / Canada)",
            "Europe (Bonn / Wien)",
            "Frankfurt/Main",
            "N/A",
        ] {
            assert_eq!(split(text), [text]);
        }
    }
}
