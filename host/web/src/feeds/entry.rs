//! The texts of an entry, which both formats share.

use jiff::Timestamp;
use job_scanner_core::hash::{HashEncoder, hex};
use job_scanner_core::job::ShownCompany;
use job_scanner_core::matching::Reason;
use job_scanner_core::normalize::facts::in_words;
use job_scanner_store::{AlertKind, FeedEntry};

/// An entry as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EntryText {
    /// A URN of the alert.
    pub(super) id: String,
    pub(super) title: String,
    /// The public page of the job; `None` if it is not a web page.
    pub(super) url: Option<String>,
    /// Lines of plain text.
    pub(super) text: String,
    pub(super) published: Timestamp,
    pub(super) updated: Timestamp,
}

impl From<&FeedEntry> for EntryText {
    fn from(entry: &FeedEntry) -> Self {
        let job = &entry.alert.job;
        let company = ShownCompany::of(job.company.as_deref(), &entry.alert.source_name);
        let closed = if entry.closed_at.is_some() {
            "Closed: "
        } else {
            ""
        };
        let title = format!("{closed}{} ({})", job.title, company.name);
        let is_page = job.url.starts_with("https://") || job.url.starts_with("http://");

        Self {
            id: urn_of(entry),
            title: printable_in_xml(&title),
            url: is_page.then(|| printable_in_xml(&job.url)),
            text: printable_in_xml(&lines(entry).join("\n")),
            published: entry.created_at,
            updated: entry.closed_at.unwrap_or(entry.created_at),
        }
    }
}

/// Returns the id of an entry: a UUID of version 8 ([RFC
/// 9562](https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8)), made of what identifies the
/// alert. Two programs with different databases make different ones.
fn urn_of(entry: &FeedEntry) -> String {
    let alert = &entry.alert;
    let mut hash = HashEncoder::new("job-scanner 2026 ids of feed entries");
    hash.integer(alert.id.into());
    hash.text(entry.created_at.to_string());
    hash.text(&alert.profile);
    hash.text(alert.job.key.to_string());

    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finish()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex(&bytes);
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

fn lines(entry: &FeedEntry) -> Vec<String> {
    let alert = &entry.alert;
    let job = &alert.job;
    let mut lines = Vec::new();
    if let Some(closed_at) = entry.closed_at {
        lines.push(format!("The job was closed at {closed_at:.0}."));
    }
    if alert.kind == AlertKind::Updated {
        lines.push("The job has changed.".to_owned());
    }

    let places: Vec<&str> = job.locations.iter().map(|it| it.name.as_str()).collect();
    let facts = [
        ("Place", Some(places.join("; "))),
        ("Workplace", job.workplace.map(|it| it.as_str().to_owned())),
        ("Employment", job.employment_type.clone()),
        ("Pay", in_words::salary(&job.facts)),
    ];
    for (name, value) in facts {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            lines.push(format!("{name}: {value}"));
        }
    }
    lines.extend(alert.reasons.reasons.iter().map(why));
    lines.extend(job.excerpt.clone());
    lines
}

fn why(reason: &Reason) -> String {
    let value = reason.value.as_deref();
    match (&reason.hit, value) {
        (Some(hit), _) => format!("Matched {}: {}", reason.term, hit.snippet),
        (None, Some(value)) => format!("Matched {}: {value}", reason.term),
        (None, None) => format!("Matched {}", reason.term),
    }
}

/// Replaces the characters that XML does not allow
/// ([XML 1.0](https://www.w3.org/TR/xml/#charsets)), which no escape can express.
fn printable_in_xml(text: &str) -> String {
    let is_allowed =
        |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..);
    text.chars()
        .map(|c| {
            if is_allowed(c) {
                c
            } else {
                char::REPLACEMENT_CHARACTER
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_forbids_are_replaced() {
        assert_eq!(
            printable_in_xml("a\u{8}b\u{fffe}\n\u{1f600}"),
            "a\u{fffd}b\u{fffd}\n\u{1f600}"
        );
    }
}
