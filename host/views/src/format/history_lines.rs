//! The lines of `job-scanner jobs show`. Texts of boards and notes are escaped.

use job_scanner_core::changes::{FieldChange, FromTo, Passage, TextDifference};
use job_scanner_core::job::{BoardTime, Location, Salary};
use job_scanner_core::quantity::counted;
use job_scanner_store::{
    AlertSummary, DecisionChange, JobHistory, JobPosting, JobVersion, ListedJob,
};

use crate::format::cells::{board_day, minute, short, whole};
use crate::format::shown_job::ShownJob;
use crate::jobs::state;

/// Returns the lines: the job, and a section for each part of its history that is not empty.
pub fn lines(history: &JobHistory) -> Vec<String> {
    let mut lines = job(&history.job);
    section(&mut lines, "Listed", times(history));
    section(
        &mut lines,
        "Versions",
        history.versions.iter().flat_map(version).collect(),
    );
    section(
        &mut lines,
        "Other postings of the vacancy",
        postings(history),
    );
    section(
        &mut lines,
        "Alerts",
        history.alerts.iter().map(alert).collect(),
    );
    section(
        &mut lines,
        "Decisions",
        history.decisions.iter().map(decision).collect(),
    );
    lines
}

pub(crate) fn section(lines: &mut Vec<String>, heading: &str, of_section: Vec<String>) {
    if of_section.is_empty() {
        return;
    }
    lines.push(String::new());
    lines.push(format!("{heading}:"));
    lines.extend(of_section.into_iter().map(|line| format!("  {line}")));
}

fn job(listed: &ListedJob) -> Vec<String> {
    let shown = ShownJob::from(listed);
    let decided = listed.decision.as_ref().map(|it| {
        let note = note(it.note.as_deref());
        format!("{} since {}{note}", it.decision, minute(it.decided_at))
    });
    let silence = listed
        .silence
        .map(|it| format!("nothing is sent: {}", it.describe()));
    let profiles = listed.matches.iter().map(|it| short(&it.result.profile));
    let facts = [
        ("company", shown.company_cell()),
        ("place", shown.place_cell()),
        ("pay", shown.pay_cell()),
        ("department", text_cell(listed.job.department.as_deref())),
        (
            "employment",
            text_cell(listed.job.employment_type.as_deref()),
        ),
        ("posted", day_cell(listed.job.posted_at)),
        ("expires", day_cell(listed.job.expires_at)),
        ("state", state(listed).to_owned()),
        ("decision", decided.or(silence).unwrap_or_default()),
        ("profiles", profiles.collect::<Vec<_>>().join(", ")),
        ("cluster", listed.cluster.to_string()),
        ("key", whole(&listed.key.to_string())),
        ("address", whole(shown.url)),
    ];

    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    let mut lines = vec![whole(&listed.job.title)];
    lines.extend(known.map(|(name, value)| format!("  {name}: {value}")));
    lines
}

fn text_cell(text: Option<&str>) -> String {
    text.map_or_else(String::new, short)
}

fn day_cell(at: Option<BoardTime>) -> String {
    at.map_or_else(String::new, |at| board_day(at).to_string())
}

/// Returns the lines about the times at which the job was seen, closed and opened again.
pub fn times(history: &JobHistory) -> Vec<String> {
    let listed = &history.job;
    let mut lines = vec![format!("first seen {}", minute(listed.first_seen_at))];
    for closure in &history.closures {
        lines.push(format!("closed {}", minute(closure.closed_at)));
        lines.push(format!("opened again {}", minute(closure.reopened_at)));
    }
    lines.push(format!("last seen {}", minute(listed.last_seen_at)));
    let missing = history.missing_since.filter(|_| listed.closed_at.is_none());
    lines.extend(missing.map(|since| format!("missing since {}", minute(since))));
    lines.extend(listed.closed_at.map(|at| format!("closed {}", minute(at))));
    lines
}

fn version(version: &JobVersion) -> Vec<String> {
    let first = format!(
        "{} {}",
        minute(version.first_seen_at),
        whole(&version.title)
    );
    let mut lines = vec![first];
    let changes = version.changes.iter().flat_map(change);
    lines.extend(changes.map(|line| format!("  {line}")));
    lines
}

/// Returns the lines of a changed field. Those of a text begin with `+` or `-`.
pub fn change(change: &FieldChange) -> Vec<String> {
    let name = change.field();
    match change {
        FieldChange::Title(FromTo { from, to }) => vec![arrow(name, from, to)],
        FieldChange::Company(change) | FieldChange::EmploymentType(change) => {
            let [from, to] = [&change.from, &change.to].map(|it| it.as_deref().unwrap_or_default());
            vec![arrow(name, from, to)]
        }
        FieldChange::Locations(FromTo { from, to }) => vec![arrow(name, &names(from), &names(to))],
        FieldChange::Workplace(change) => {
            let [from, to] = [change.from, change.to].map(|it| it.map_or("", |it| it.as_str()));
            vec![arrow(name, from, to)]
        }
        FieldChange::Salary(FromTo { from, to }) => {
            vec![arrow(name, &pay(from.as_ref()), &pay(to.as_ref()))]
        }
        FieldChange::Description { difference } => match difference {
            Some(difference) => text(difference),
            None => vec![format!("{name}: the earlier text is no longer stored")],
        },
    }
}

fn arrow(name: &str, from: &str, to: &str) -> String {
    let [from, to] = [from, to].map(|value| match value {
        "" => "not stated".to_owned(),
        value => short(value),
    });
    format!("{name}: {from} → {to}")
}

fn names(places: &[Location]) -> String {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    names.join("; ")
}

fn pay(salary: Option<&Salary>) -> String {
    salary.map(crate::format::pay::pay).unwrap_or_default()
}

fn text(difference: &TextDifference) -> Vec<String> {
    let (added, removed) = (difference.words_added, difference.words_removed);
    let added = counted(added as u64, "word", "words");
    let mut lines = vec![format!("description: {added} added, {removed} removed")];
    for Passage { removed, added } in &difference.passages {
        lines.extend(removed.as_ref().map(|text| format!("- {}", whole(text))));
        lines.extend(added.as_ref().map(|text| format!("+ {}", whole(text))));
    }
    if difference.more_passages > 0 {
        lines.push(format!("and {} more places", difference.more_passages));
    }
    lines
}

fn postings(history: &JobHistory) -> Vec<String> {
    let line = |posting: &JobPosting| {
        let closed = posting
            .closed_at
            .map(|at| format!(", closed {}", minute(at)));
        format!(
            "{}{}",
            whole(&posting.key.to_string()),
            closed.unwrap_or_default()
        )
    };
    history.postings.iter().map(line).collect()
}

/// Returns the line of an alert, with what became of it.
pub fn alert(alert: &AlertSummary) -> String {
    let deliveries = alert.deliveries.iter();
    let states: Vec<String> = deliveries
        .map(|delivery| format!("{} {}", delivery.channel, short(&delivery.state)))
        .collect();
    let reason = alert
        .skipped
        .map(|reason| format!("not sent: {}", reason.describe()));
    let grouped = alert.grouped.then(|| "grouped".to_owned());
    let sent = (!states.is_empty()).then(|| states.join(", "));
    let parts: Vec<String> = [grouped, sent, reason].into_iter().flatten().collect();
    let profile = short(&alert.profile);
    format!(
        "{} {} for {profile}: {}",
        minute(alert.created_at),
        alert.kind,
        parts.join("; ")
    )
}

/// Returns the line of a change of the decision.
pub fn decision(change: &DecisionChange) -> String {
    let decided = change.decision.map_or("taken back", |it| it.as_str());
    let (at, note) = (minute(change.changed_at), note(change.note.as_deref()));
    let author = format!(
        "{}@{}",
        short(&change.author.user),
        short(&change.author.host)
    );
    format!("{at} {decided} by {author}{note}")
}

/// Returns text such as ` (by their form)`; empty without a note.
fn note(note: Option<&str>) -> String {
    note.map_or_else(String::new, |note| format!(" ({})", whole(note)))
}
