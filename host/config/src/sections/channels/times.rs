//! Reads when a channel sends: `when`, `time_zone`, `quiet_hours`, `at_most` and `first`.

use jiff::tz::TimeZone;
use job_scanner_core::delivery_times::{DeliveryTimes, When};
use job_scanner_core::matching::SourcePattern;

use super::channels::{ChannelRhythm, Favourite};
use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section, closest_match};

const WORDS: [(&str, When); 3] = [
    ("each", When::Each),
    ("per-run", When::PerRun),
    ("hourly", When::Hourly),
];

const FORMS: &str =
    "`each`, `per-run`, `hourly`, `{daily: \"08:00\"}` or `{weekly: \"Mon 08:00\"}`";
const FAVOURITES: &str = "a list of sources, such as `[acme, greenhouse/*]`";

/// Reads the keys that all types of channels have.
pub(super) fn read_rhythm(section: &mut Section<'_>) -> ChannelRhythm {
    let default = ChannelRhythm::default();
    let when = read_when(section);
    let zone = section.field("time_zone");
    let quiet_hours = section.field("quiet_hours");
    let at_most = section.field("at_most");
    let first = section.field("first");

    // Each of these errors names its remedy.
    let remedy = FORMS;
    ChannelRhythm {
        times: DeliveryTimes {
            when: when.unwrap_or(default.times.when),
            zone: zone
                .and_then(|field| field.parsed(parse_zone, remedy))
                .unwrap_or(default.times.zone),
            quiet_hours: quiet_hours.and_then(|field| field.parsed(str::parse, remedy)),
            at_most: at_most.and_then(|field| field.parsed(str::parse, remedy)),
        },
        first: first
            .map(|field| read_favourites(&field))
            .unwrap_or_default(),
    }
}

/// Reads `when` of a channel, or of a profile that overrides it; `None` if it is missing or wrong.
pub(crate) fn read_when(section: &mut Section<'_>) -> Option<When> {
    let field = section.field("when")?;
    match field.scalar() {
        Some(word) => read_word(&field, word),
        None => field
            .section_like(FORMS, |times| read_time(&field, times))
            .flatten(),
    }
}

fn read_word(field: &Field<'_>, word: &str) -> Option<When> {
    let remedy = match word.trim().to_ascii_lowercase().as_str() {
        "daily" => "write it as `when: {daily: \"08:00\"}`",
        "weekly" => "write it as `when: {weekly: \"Mon 08:00\"}`",
        _ => return field.choice(&WORDS),
    };
    field.report(format!("{} needs a time", quoted(word)), remedy);
    None
}

fn read_time(field: &Field<'_>, times: &mut Section<'_>) -> Option<When> {
    let daily = times.field("daily");
    let weekly = times.field("weekly");
    match (daily, weekly) {
        (Some(at), None) => at.parsed(str::parse, FORMS).map(When::Daily),
        (None, Some(at)) => at.parsed(str::parse, FORMS).map(When::Weekly),
        (Some(_), Some(weekly)) => {
            weekly.report("cannot be combined with `daily`", "keep one of them");
            None
        }
        (None, None) if times.has_unknown_keys() => None,
        (None, None) => {
            field.report("has no time", format!("write {FORMS}"));
            None
        }
    }
}

fn parse_zone(text: &str) -> Result<TimeZone, String> {
    let name = text.trim();
    TimeZone::get(name).map_err(|_| {
        let wrong = format!("{} is not a time zone of this machine", quoted(name));
        match closest_zone(name) {
            Some(meant) => format!("{wrong}; did you mean `{meant}`?"),
            None => format!(
                "{wrong}; write a name such as `Europe/Berlin` or `UTC`; the zones are those of the system \
                 (package `tzdata`)"
            ),
        }
    })
}

/// Returns the zone whose name, or whose city, is most similar to the given name.
fn closest_zone(name: &str) -> Option<String> {
    let zones: Vec<String> = jiff::tz::db()
        .available()
        .map(|zone| zone.to_string())
        .collect();
    let closest = closest_match(name, zones.iter().map(String::as_str)).map(str::to_owned);
    closest.or_else(|| {
        let meant = closest_match(name, zones.iter().map(|zone| city(zone)))?;
        // Some systems have the same zones again, in folders such as `posix`.
        let of_city = zones.iter().filter(|zone| city(zone) == meant);
        of_city.min_by_key(|zone| zone.len()).cloned()
    })
}

/// Returns the last part of the name of a zone, such as `Berlin`.
fn city(zone: &str) -> &str {
    zone.rsplit('/').next().unwrap_or(zone)
}

fn read_favourites(field: &Field<'_>) -> Vec<Favourite> {
    let read = |item: Field<'_>| {
        let text = item.text()?;
        let text = text.trim();
        if text.is_empty() {
            item.report("is empty", "write the name or the identifier of a source");
            return None;
        }
        Some(Favourite::new(text))
    };
    let items = field.list(FAVOURITES).unwrap_or_default();
    items.into_iter().filter_map(read).collect()
}

impl Favourite {
    /// Reads a favourite: a text with `/` or `*` is a pattern.
    pub fn new(text: &str) -> Self {
        if text.contains(['/', '*']) {
            Self::Pattern(SourcePattern::new(text))
        } else {
            Self::Named(text.to_lowercase())
        }
    }

    /// Returns true if it names the source with this printed key, identifier and name.
    pub fn names(&self, key: &str, identifier: &str, name: &str) -> bool {
        match self {
            Self::Named(text) => identifier.to_lowercase() == *text || name.to_lowercase() == *text,
            Self::Pattern(pattern) => pattern.covers(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use job_scanner_core::delivery_times::AtMost;

    use super::*;
    use crate::parse;

    const BASE: &str = "sources: [{type: a, identifier: b}]\n";

    fn of_channel(keys: &str) -> String {
        format!(
            "{BASE}search_criteria: {{required_terms: [rust]}}\n\
             channels:\n- {{name: a, type: slack, webhook: env:A, {keys}}}\n"
        )
    }

    fn rhythm(keys: &str) -> ChannelRhythm {
        let config = parse(Path::new("config.yaml"), &of_channel(keys)).unwrap();
        config.channels.unwrap().remove(0).rhythm
    }

    fn problems(text: &str) -> String {
        parse(Path::new("config.yaml"), text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_channel_says_when_it_sends() {
        assert_eq!(rhythm("when: per-run"), ChannelRhythm::default());
        for (keys, when) in [
            ("when: each", When::Each),
            ("when: Hourly", When::Hourly),
            ("when: {daily: 08:00}", When::Daily("8:00".parse().unwrap())),
            (
                "when: {weekly: 'mon 8:00'}",
                When::Weekly("Mon 08:00".parse().unwrap()),
            ),
        ] {
            assert_eq!(rhythm(keys).times.when, when, "{keys}");
        }

        let all = rhythm(
            "time_zone: Europe/Berlin, quiet_hours: 22:00-07:00, at_most: 20/hour, first: [Acme, lever/*]",
        );
        assert_eq!(all.times.zone, TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(all.times.quiet_hours, Some("22:00-07:00".parse().unwrap()));
        assert_eq!(all.times.at_most, Some(AtMost { messages: 20 }));
        assert_eq!(
            all.first,
            [Favourite::new("acme"), Favourite::new("lever/*")]
        );
    }

    #[test]
    fn a_wrong_time_is_reported_with_its_line_and_what_to_write() {
        for (keys, key, wrong) in [
            ("when: dayly", "when", "`dayly` is not a valid value"),
            (
                "when: daily",
                "when",
                "`daily` needs a time; write it as `when: {daily: \"08:00\"}`",
            ),
            ("when: {}", "when", "has no time; write `each`"),
            (
                "when: {dayly: '8:00'}",
                "when.dayly",
                "is an unknown key; did you mean `daily`?",
            ),
            (
                "when: {daily: 8am}",
                "when.daily",
                "`8am` is not a time of day; write hours and minutes",
            ),
            (
                "when: {weekly: '08:00'}",
                "when.weekly",
                "is not a day of the week with a time",
            ),
            (
                "when: {daily: '8:00', weekly: 'Mon 8:00'}",
                "when.weekly",
                "cannot be combined with `daily`",
            ),
            (
                "quiet_hours: 22:00-22:00",
                "quiet_hours",
                "ends where it starts; write two times",
            ),
            (
                "at_most: 20",
                "at_most",
                "is not a number of messages per hour; write a number from 1",
            ),
            (
                "time_zone: Berlin",
                "time_zone",
                "is not a time zone of this machine; did you mean `Europe/Berlin`?",
            ),
            (
                "time_zone: Europe/Berln",
                "time_zone",
                "did you mean `Europe/Berlin`?",
            ),
            (
                "time_zone: 9am",
                "time_zone",
                "is not a time zone of this machine; write a name such as",
            ),
            ("first: acme", "first", "a list of sources, such as"),
        ] {
            let problems = problems(&of_channel(keys));
            assert!(
                problems.contains(&format!("channels[0].{key}: ")),
                "{problems}"
            );
            assert!(problems.contains(wrong), "{keys}: {problems}");
            assert!(problems.contains("config.yaml:4:"), "{problems}");
        }
    }

    #[test]
    fn a_profile_overrides_when_and_no_other_key() {
        let text = format!(
            "{BASE}search_criteria: {{required_terms: [rust], when: each}}\n\
             profiles:\n- {{name: p, query: rust, when: {{weekly: 'Fri 17:00'}}}}\n- {{name: q, query: go}}\n"
        );
        let config = parse(Path::new("config.yaml"), &text).unwrap();
        assert_eq!(config.when["default"], When::Each);
        assert_eq!(config.when["p"], When::Weekly("Fri 17:00".parse().unwrap()));
        assert!(!config.when.contains_key("q"));

        let text =
            format!("{BASE}profiles: [{{name: p, query: rust, quiet_hours: 22:00-07:00}}]\n");
        assert!(problems(&text).contains("quiet_hours: is an unknown key"));
    }

    #[test]
    fn a_favourite_is_a_name_an_identifier_or_a_pattern() {
        for (text, names) in [
            ("acme", true),
            ("ACME Corp", true),
            ("acm", false),
            ("greenhouse/acme", true),
            ("greenhouse/*", true),
            ("lever/*", false),
        ] {
            let favourite = Favourite::new(text);
            assert_eq!(
                favourite.names("greenhouse/acme", "acme", "Acme Corp"),
                names,
                "{text}"
            );
        }
    }
}
