//! `search_criteria` and `profiles`: the searches of the operator.

use std::collections::HashMap;

use job_scanner_core::delivery_times::When;
use job_scanner_core::matching::{Profile, SourcePattern};
use job_scanner_core::query::{MAX_REGEXES, Query};

use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section};
use crate::sections::channels::{ChannelNames, read_when};
use crate::sections::criteria;

/// The name of the profile that `search_criteria` defines.
const DEFAULT_PROFILE: &str = "default";

/// The longest name of a profile, in characters. Names appear in tables, subjects and rows.
const MAX_NAME_CHARACTERS: usize = 64;

const PROFILES: &str =
    "a list with one `- {name: backend, query: 'title:engineer* AND rust'}` for each search";
const PATTERNS: &str = "a list of sources, such as `[greenhouse/*, lever/acme]`";

/// A profile with the messages about its matches.
#[derive(Debug)]
pub(crate) struct NotifyingProfile {
    pub(crate) profile: Profile,
    /// The names of its channels; `None` is all channels.
    pub(crate) notify: Option<Vec<String>>,
    /// Its rhythm; `None` is that of each channel.
    pub(crate) when: Option<When>,
}

/// Reads all profiles. Invalid ones are reported and left out.
pub(crate) fn read(root: &mut Section<'_>, channels: &ChannelNames) -> Vec<NotifyingProfile> {
    let criteria = root.field("search_criteria");
    let profiles = root.field("profiles");
    if criteria.is_none() && profiles.is_none() {
        let remedy =
            "write what you look for, such as `search_criteria: {required_terms: [engineer]}`";
        root.required("search_criteria", remedy);
        return Vec::new();
    }

    let default = criteria
        .as_ref()
        .and_then(|field| read_default(field, channels));
    let items = profiles.as_ref().and_then(|field| field.list(PROFILES));
    let items = items.unwrap_or_default();
    if let (Some(field), []) = (&profiles, &items[..])
        && criteria.is_none()
    {
        field.report(
            "has no profiles",
            "write at least one, or `search_criteria`",
        );
    }

    let read: Vec<Option<NotifyingProfile>> = items
        .iter()
        .map(|item| read_profile(item, channels))
        .collect();
    report_duplicates(&items, &read, criteria.as_ref());
    report_regexes(&items, &read);
    default
        .into_iter()
        .chain(read.into_iter().flatten())
        .collect()
}

fn read_default(field: &Field<'_>, channels: &ChannelNames) -> Option<NotifyingProfile> {
    field
        .section(|section| {
            let notify = channels.read_chosen(section);
            let when = read_when(section);
            let query = criteria::read(field, section)?;
            Some(NotifyingProfile {
                profile: Profile::new(DEFAULT_PROFILE, query),
                notify,
                when,
            })
        })
        .flatten()
}

fn read_profile(item: &Field<'_>, channels: &ChannelNames) -> Option<NotifyingProfile> {
    item.section(|section| {
        let remedy = "write a name for messages and tables, such as `name: backend`";
        let name = section
            .required("name", remedy)
            .and_then(|field| read_name(&field));
        let sources = section.field("sources").map(|field| read_patterns(&field));
        let notify = channels.read_chosen(section);
        let when = read_when(section);
        let query = read_query(item, section);
        let profile = Profile {
            name: name?,
            query: query?,
            sources: sources.unwrap_or_default(),
        };
        Some(NotifyingProfile {
            profile,
            notify,
            when,
        })
    })
    .flatten()
}

/// Reads the query of a profile, or its three lists.
fn read_query(item: &Field<'_>, section: &mut Section<'_>) -> Option<Query> {
    let Some(field) = section.field("query") else {
        return criteria::read(item, section);
    };
    for list in ["required_terms", "keyword_groups", "exclude_terms"] {
        if let Some(list) = section.field(list) {
            list.report(
                "is not allowed with `query`",
                "write the terms into the query, or remove the query",
            );
        }
    }
    // A text over several lines ends with a line break.
    let text = field.text()?;
    let text = text.trim();
    match Query::parse(text) {
        Ok(query) => Some(query),
        Err(error) => {
            field.report(
                format!("is not a query: {}", error.in_one_line(text)),
                "docs/matching.md has the language and examples",
            );
            None
        }
    }
}

fn read_name(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    let name = name.trim();
    if name.is_empty()
        || name.chars().count() > MAX_NAME_CHARACTERS
        || name.chars().any(char::is_control)
    {
        field.report(
            format!("{} is not a name", quoted(name)),
            format!("write a name of 1 to {MAX_NAME_CHARACTERS} characters"),
        );
        return None;
    }
    Some(name.to_owned())
}

fn read_patterns(field: &Field<'_>) -> Vec<SourcePattern> {
    let pattern = |item: Field<'_>| {
        let text = item.text()?;
        if !text.contains('/') && !text.contains('*') {
            item.report(
                format!("{} is not a source", quoted(&text)),
                "write the type and the identifier, such as `greenhouse/acme` or `greenhouse/*`",
            );
            return None;
        }
        Some(SourcePattern::new(text))
    };
    let items = field.list(PATTERNS).unwrap_or_default();
    items.into_iter().filter_map(pattern).collect()
}

/// Reports profiles with the name of an earlier one.
fn report_duplicates(
    items: &[Field<'_>],
    profiles: &[Option<NotifyingProfile>],
    criteria: Option<&Field<'_>>,
) {
    let mut first: HashMap<&str, &Field<'_>> = HashMap::new();
    first.extend(criteria.map(|field| (DEFAULT_PROFILE, field)));
    for (item, profile) in items.iter().zip(profiles) {
        let Some(NotifyingProfile { profile, .. }) = profile else {
            continue;
        };
        let name = &profile.name;

        if let Some(earlier) = first.get(&**name) {
            let (key, line) = (earlier.key(), earlier.position().line);
            item.report(
                format!("has the name {} of `{key}` (line {line})", quoted(name)),
                "write another name",
            );
        } else {
            first.insert(name, item);
        }
    }
}

/// Reports the profile with which all of them have too many regular expressions.
fn report_regexes(items: &[Field<'_>], profiles: &[Option<NotifyingProfile>]) {
    let mut total = 0;
    for (item, profile) in items.iter().zip(profiles) {
        let Some(NotifyingProfile { profile, .. }) = profile else {
            continue;
        };
        let Profile { name, query, .. } = profile;

        total += query.regexes();
        if total > MAX_REGEXES {
            let problem = format!(
                "{} brings the regular expressions of the profiles to {total}; at most {MAX_REGEXES} are allowed",
                quoted(name)
            );
            item.report(
                problem,
                "join several with `|`, such as `/rustacean|gopher/`, or write terms, such as `engineer*`",
            );
            return;
        }
    }
}
