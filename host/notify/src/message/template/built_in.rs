//! The templates that are part of the binary, so that a message cannot fail because of a missing
//! file.

/// The subject is a part of the content.
const SUBJECT: &str = "{{ subject }}\n";

/// All kinds of chat messages have one form.
const CHAT: &str = "{% include \"chat.txt\" %}\n";

/// All built-in templates, by the names under which they include each other.
const TEMPLATES: [(&str, &str); 28] = [
    ("job.subject.txt", SUBJECT),
    ("job.txt", include_str!("built_in/job.txt")),
    ("job.html", include_str!("built_in/job.html")),
    ("job.chat.txt", CHAT),
    ("digest.subject.txt", SUBJECT),
    ("digest.txt", include_str!("built_in/digest.txt")),
    ("digest.html", include_str!("built_in/digest.html")),
    ("digest.chat.txt", CHAT),
    ("first-scan.subject.txt", SUBJECT),
    ("first-scan.txt", include_str!("built_in/first-scan.txt")),
    ("first-scan.html", include_str!("built_in/first-scan.html")),
    ("first-scan.chat.txt", CHAT),
    ("health.subject.txt", SUBJECT),
    ("health.txt", include_str!("built_in/health.txt")),
    ("health.html", include_str!("built_in/health.html")),
    ("health.chat.txt", CHAT),
    ("entry.txt", include_str!("built_in/entry.txt")),
    ("entry.html", include_str!("built_in/entry.html")),
    ("decide.html", include_str!("built_in/decide.html")),
    ("link.html", include_str!("built_in/link.html")),
    ("facts.txt", include_str!("built_in/facts.txt")),
    ("facts.html", include_str!("built_in/facts.html")),
    ("snippet.html", include_str!("built_in/snippet.html")),
    ("changes.html", include_str!("built_in/changes.html")),
    ("rest.html", include_str!("built_in/rest.html")),
    ("page-link.txt", include_str!("built_in/page-link.txt")),
    ("page.html", include_str!("built_in/page.html")),
    ("chat.txt", include_str!("built_in/chat.txt")),
];

/// Returns the names and texts of the built-in templates. Files with these names replace them.
pub fn built_in_templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES.into_iter()
}

/// Returns the text of a built-in template; `None` if there is none with this name.
pub(super) fn built_in(name: &str) -> Option<&'static str> {
    let (_, text) = TEMPLATES.iter().find(|(known, _)| *known == name)?;
    Some(text)
}
