//! A feed in the format Atom ([RFC 4287](https://www.rfc-editor.org/rfc/rfc4287)).

use atom_syndication::{Content, Entry, FixedDateTime, Link, Person, Text};
use jiff::Timestamp;

use crate::feeds::entry::EntryText;
use crate::feeds::feed::Feed;

/// The author of all entries, which the format requires.
const AUTHOR: &str = "job-scanner";

/// Writes the feed.
pub(super) fn write(feed: &Feed<'_>) -> String {
    let entries: Vec<EntryText> = feed.entries.iter().map(EntryText::from).collect();
    let updated = entries.iter().map(|entry| entry.updated).max();

    let mut atom = atom_syndication::Feed::default();
    atom.set_id(format!("urn:job-scanner:feed:{}", encoded(feed.profile)));
    atom.set_title(Text::plain(format!("Jobs for {}", feed.profile)));
    atom.set_updated(time(updated.unwrap_or(Timestamp::UNIX_EPOCH)));
    atom.set_authors(vec![Person {
        name: AUTHOR.to_owned(),
        ..Person::default()
    }]);
    if let Some(address) = &feed.address {
        atom.set_links(vec![link(address, "self")]);
    }
    atom.set_entries(entries.iter().map(entry).collect::<Vec<Entry>>());
    atom.to_string()
}

fn entry(text: &EntryText) -> Entry {
    let mut content = Content::default();
    content.set_content_type("text".to_owned());
    content.set_value(text.text.clone());

    let mut entry = Entry::default();
    entry.set_id(text.id.clone());
    entry.set_title(Text::plain(text.title.clone()));
    entry.set_links(
        text.url
            .iter()
            .map(|url| link(url, "alternate"))
            .collect::<Vec<Link>>(),
    );
    entry.set_published(Some(time(text.published)));
    entry.set_updated(time(text.updated));
    entry.set_content(content);
    entry
}

fn link(address: &str, relation: &str) -> Link {
    Link {
        href: address.to_owned(),
        rel: relation.to_owned(),
        ..Link::default()
    }
}

/// Converts a time to the type of the library, which reads the format of the feed.
fn time(at: Timestamp) -> FixedDateTime {
    at.to_string().parse().unwrap_or_default()
}

/// Returns a name as a part of a URN.
fn encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
