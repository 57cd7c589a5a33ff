//! The content of a message: subject, headline and jobs, cleaned and truncated.
//!
//! Pure. The templates only arrange this content, so text and HTML say the same. Unknown facts are
//! omitted rather than guessed.

use std::collections::HashMap;

use job_scanner_core::job::{BoardTime, CompanyOrigin, Location, Origin, ShownCompany, Workplace};
use job_scanner_core::matching::{MatchResult, Reason};
use job_scanner_core::normalize::facts::in_words;
use job_scanner_core::query::Field;
use job_scanner_store::{
    AlertId, AlertKind, AlertedChanges, AlertedJob, AlsoSource, BaselineCounts, ClaimedDelivery,
    ClaimedPart, DeliveryKind, HealthNotice, NoticeKind, PendingAlert, StoredDecision,
};
use serde::Serialize;

use crate::by_job::{JobAlerts, by_job};
use crate::message::changes::Changes;
use crate::message::salary;
use crate::message::text::{
    counted, describe_workplace, grouped, one_line, optional_line, web_link,
};

/// The name of the profile that `search_criteria` defines. Messages call it "your search".
const DEFAULT_PROFILE: &str = "default";

/// The length of a title in a subject, which mail programs truncate further.
const SUBJECT_TITLE_CHARS: usize = 120;
const TITLE_CHARS: usize = 200;
const NAME_CHARS: usize = 100;
const SNIPPET_CHARS: usize = 240;
/// Errors need more space than snippets. The command `sources` shows them in full.
const ERROR_CHARS: usize = 500;
/// The places or sources in one line.
const LISTED: usize = 8;
/// A profile may have hundreds of alternative terms. The first few explain the match.
const HITS: usize = 8;

/// The content of one message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct MessageContent {
    /// Selects the templates.
    #[serde(skip)]
    pub(crate) layout: Layout,
    /// One line.
    pub(crate) subject: String,
    /// The first line of the body, or the line before the jobs of a first scan.
    pub(crate) headline: String,
    /// The boards that a first scan has read; empty in all other messages.
    pub(crate) boards: Vec<BoardEntry>,
    /// The number of boards that are not listed.
    pub(crate) more_boards: u64,
    /// At least one job; empty in a message about sources.
    pub(crate) jobs: Vec<JobEntry>,
    /// Changes in the state of sources; empty in all other messages.
    pub(crate) notices: Vec<NoticeEntry>,
}

/// The layout of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One job with all known facts.
    Job,
    /// Several jobs, a few lines each.
    Digest,
    /// Boards, and the matching jobs on them.
    Baseline,
    /// Sources that fail or have recovered.
    Health,
}

/// A board that was scanned for the first time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct BoardEntry {
    name: String,
    key: String,
    /// For example `300 jobs, 7 match`.
    counts: String,
}

/// A change in the state of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NoticeEntry {
    name: String,
    key: String,
    /// For example `has failed since 2026-11-22 08:15 UTC`.
    event: String,
    error: Option<String>,
    /// Advice to the operator about the error.
    advice: Option<&'static str>,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct JobEntry {
    title: String,
    /// The company, or `via` and the source's name if the board does not name a company.
    company: Option<String>,
    /// For example `You applied on 2026-11-30.`; `None` if nothing was decided about the vacancy.
    decision: Option<String>,
    /// The changes since an earlier version; `None` unless the alert is about a changed job.
    changes: Option<Changes>,
    facts: Vec<Fact>,
    url: Option<String>,
    apply_url: Option<String>,
    /// The name of the source in the configuration, and its key.
    board: String,
    /// The reasons for the match, one entry per profile.
    reasons: Vec<Reasons>,
}

/// A known fact about a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

/// The reasons why a job matches one profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Reasons {
    /// For example `your search`.
    profile: String,
    /// The label of the list of terms, for example `Matched`.
    label: String,
    hits: Vec<HitEntry>,
    /// The number of matching terms that are not listed.
    more: usize,
}

/// One term that matched.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct HitEntry {
    term: String,
    field: &'static str,
    snippet: String,
}

impl MessageContent {
    /// Returns the content of a delivery's message.
    pub(crate) fn of(delivery: &ClaimedDelivery) -> Self {
        let jobs = by_job(&delivery.alerts);
        let Opening {
            layout,
            mut subject,
            mut headline,
            end,
        } = opening(delivery, &jobs);
        if let Some(part) = &delivery.part {
            subject = format!("{subject} ({})", part_number(part));
            headline = format!("{headline} ({})", part_and_total(part, delivery.kind));
        }
        headline.push(end);

        Self {
            layout,
            subject,
            headline,
            boards: delivery.baselines.iter().map(board_entry).collect(),
            more_boards: delivery.more_baselines,
            jobs: jobs
                .iter()
                .map(|alerts| job_entry(alerts, &delivery.changes))
                .collect(),
            notices: delivery.notices.iter().map(notice_entry).collect(),
        }
    }
}

impl MessageContent {
    /// Returns the word for the kind of the message, as a webhook gets it.
    pub(crate) fn kind(&self) -> &'static str {
        match self.layout {
            Layout::Job => "job",
            Layout::Digest => "digest",
            Layout::Baseline => "first-scan",
            Layout::Health => "health",
        }
    }

    /// Returns the page of the job; `None` unless the message has exactly one.
    pub(crate) fn only_link(&self) -> Option<&str> {
        match &self.jobs[..] {
            [job] => job.url.as_deref(),
            _ => None,
        }
    }
}

/// The opening of a message that is not one of several parts.
struct Opening {
    layout: Layout,
    subject: String,
    /// Without the punctuation mark at its end.
    headline: String,
    end: char,
}

fn opening(delivery: &ClaimedDelivery, jobs: &[JobAlerts<'_, PendingAlert>]) -> Opening {
    let (layout, subject, headline, end) = match (delivery.kind, jobs) {
        (DeliveryKind::Baseline, _) => (
            Layout::Baseline,
            baseline_subject(&delivery.baselines, delivery.more_baselines),
            "Open jobs that match".to_owned(),
            ':',
        ),
        (DeliveryKind::Health, _) => (
            Layout::Health,
            health_subject(&delivery.notices),
            "Changes in the state of your sources".to_owned(),
            ':',
        ),
        (DeliveryKind::Each, [alerts]) => {
            (Layout::Job, job_subject(alerts), job_headline(alerts), '.')
        }
        (DeliveryKind::Each | DeliveryKind::Digest, _) => {
            let summary = digest_summary(jobs);
            (Layout::Digest, summary.clone(), summary, '.')
        }
    };
    Opening {
        layout,
        subject,
        headline,
        end,
    }
}

/// Returns text such as `3 of 10`.
fn part_number(part: &ClaimedPart) -> String {
    format!("{} of {}", part.label, part.of)
}

/// Returns text such as `message 3 of 10, 4,711 jobs in total`.
fn part_and_total(part: &ClaimedPart, kind: DeliveryKind) -> String {
    let total = match kind {
        DeliveryKind::Health => counted(part.in_all, "notice", "notices"),
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
            counted(part.in_all, "job", "jobs")
        }
    };
    format!("message {}, {total} in total", part_number(part))
}

fn health_subject(notices: &[HealthNotice]) -> String {
    if let [notice] = notices {
        let name = one_line(&notice.source_name, NAME_CHARS);
        return format!("{name} {}", describe_notice(notice));
    }

    let of = |kind| notices.iter().filter(|notice| notice.kind == kind).count() as u64;
    let failing = of(NoticeKind::Failing);
    let recovered = of(NoticeKind::Recovered);
    let shrunk = of(NoticeKind::Shrunk);
    summarize_notices(failing, recovered, shrunk)
}

/// Returns text such as `3 sources fail, 1 has recovered`.
fn summarize_notices(failing: u64, recovered: u64, shrunk: u64) -> String {
    let parts = [
        (failing, "fails", "fail"),
        (recovered, "has recovered", "have recovered"),
        (shrunk, "lists far fewer jobs", "list far fewer jobs"),
    ];
    let mut parts = parts.into_iter().filter(|(count, ..)| *count > 0);

    // Only the first part has the noun.
    let first = parts.next().map(|(count, one, many)| {
        counted(count, &format!("source {one}"), &format!("sources {many}"))
    });
    let others = parts.map(|(count, one, many)| counted(count, one, many));
    let all: Vec<String> = first.into_iter().chain(others).collect();
    all.join(", ")
}

fn describe_notice(notice: &HealthNotice) -> String {
    let since = notice.failing_since.strftime("%Y-%m-%d %H:%M UTC");
    match notice.kind {
        NoticeKind::Failing => format!("has failed since {since}"),
        NoticeKind::Recovered => format!("has recovered; it had failed since {since}"),
        NoticeKind::Shrunk => format!("has listed far fewer jobs since {since}"),
    }
}

fn notice_entry(notice: &HealthNotice) -> NoticeEntry {
    let error = notice.error.as_ref();
    NoticeEntry {
        name: one_line(&notice.source_name, NAME_CHARS),
        key: one_line(&notice.source.to_string(), TITLE_CHARS),
        event: describe_notice(notice),
        error: error
            .map(|error| format!("{}: {}", error.kind, one_line(&error.message, ERROR_CHARS))),
        advice: error.map(|error| error.kind.advice(&error.message)),
    }
}

/// Returns the alert about the newest version of a job. Alerts are in the order in which they were
/// decided; there are several versions if an earlier run could not send its messages.
fn newest<'a>(alerts: &[&'a PendingAlert]) -> &'a PendingAlert {
    alerts[alerts.len() - 1]
}

fn job_subject(alerts: &[&PendingAlert]) -> String {
    let alert = newest(alerts);
    let job = &alert.job;
    let title = one_line(&job.title, SUBJECT_TITLE_CHARS);

    let company = ShownCompany::of(job.company.as_deref(), &alert.source_name);
    let name = one_line(company.name, NAME_CHARS);
    let by = match company.from {
        CompanyOrigin::Board => format!(" at {name}"),
        CompanyOrigin::Source => format!(" via {name}"),
    };

    let kind = match alerts[0].kind {
        AlertKind::New => "New job",
        AlertKind::Updated => "Changed job",
        AlertKind::Baseline | AlertKind::Rematched => "Open job",
    };
    format!("{kind}: {title}{by}{}", short_location(alert))
}

/// Returns text such as ` (Berlin, remote)`; empty if neither location nor workplace is known.
fn short_location(alert: &PendingAlert) -> String {
    let job = &alert.job;
    let mut names = names(&job.locations);
    names.extend(self::names(&alert.also.places));
    let place = match &names[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first, others @ ..] => Some(format!("{first} and {} more", others.len())),
    };

    // A location such as "Remote" already names the workplace.
    let workplace = job
        .workplace
        .filter(|workplace| !names.iter().any(|name| names_workplace(name, *workplace)))
        .map(|workplace| describe_workplace(workplace).to_owned());

    let parts: Vec<String> = place.into_iter().chain(workplace).collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

fn job_headline(alerts: &[&PendingAlert]) -> String {
    let profiles = profiles(alerts.iter().copied());
    match alerts[0].kind {
        AlertKind::New => format!("A new job matches {profiles}"),
        AlertKind::Updated => format!("A job that matches {profiles} has changed"),
        AlertKind::Rematched => format!("An open job now matches {profiles}"),
        AlertKind::Baseline => format!("A job on a newly watched board matches {profiles}"),
    }
}

fn digest_summary(jobs: &[JobAlerts<'_, PendingAlert>]) -> String {
    let of = |kind| jobs.iter().filter(|alerts| alerts[0].kind == kind).count();
    let (changed, rematched) = (of(AlertKind::Updated), of(AlertKind::Rematched));
    let new = jobs.len() - changed;

    let resumed = jobs.iter().filter(|alerts| alerts[0].resumed).count();
    let subject = if resumed == jobs.len() {
        let jobs = counted(resumed as u64, "job", "jobs");
        format!("The snooze is over: {jobs}")
    } else if rematched == jobs.len() {
        counted(rematched as u64, "open job", "open jobs") + " now"
    } else if changed == 0 {
        counted(new as u64, "new job", "new jobs")
    } else if new == 0 {
        counted(changed as u64, "changed job", "changed jobs")
    } else {
        format!("{new} new and {changed} changed jobs")
    };
    let verb = if jobs.len() == 1 { "matches" } else { "match" };
    let profiles = profiles(jobs.iter().flatten().copied());
    format!("{subject} {verb} {profiles}")
}

fn baseline_subject(boards: &[BaselineCounts], more: u64) -> String {
    let jobs = boards.iter().map(|board| board.jobs).sum();
    let matched = boards.iter().map(|board| board.matched).sum();
    let all = counted(boards.len() as u64 + more, "board", "boards");

    // The counts of the boards that the message does not list are unknown.
    if more > 0 {
        return format!(
            "Watching {all}: {} on {} of them",
            counted(matched, "match", "matches"),
            boards.len()
        );
    }
    let count = grouped(&matched.to_string());
    let jobs = counted(jobs, "job", "jobs");
    let verb = if matched == 1 { "matches" } else { "match" };
    format!("Watching {all}: {count} of {jobs} {verb}")
}

fn board_entry(board: &BaselineCounts) -> BoardEntry {
    BoardEntry {
        name: one_line(&board.name, NAME_CHARS),
        key: one_line(&board.source.to_string(), TITLE_CHARS),
        counts: format!(
            "{}, {} match",
            counted(board.jobs, "job", "jobs"),
            grouped(&board.matched.to_string())
        ),
    }
}

fn job_entry(
    alerts: &JobAlerts<'_, PendingAlert>,
    changes: &HashMap<AlertId, AlertedChanges>,
) -> JobEntry {
    let alert = newest(alerts);
    let job = &alert.job;
    let source = one_line(&alert.source().to_string(), TITLE_CHARS);
    let source_name = one_line(&alert.source_name, NAME_CHARS);

    JobEntry {
        title: one_line(&job.title, TITLE_CHARS),
        company: describe_company(alert),
        decision: alert.decision.as_ref().map(describe_decision),
        changes: describe_changes(alerts, changes),
        facts: facts(alert),
        url: web_link(&job.url),
        apply_url: job.apply_url.as_deref().and_then(web_link),
        board: format!("{source_name} ({source})"),
        reasons: reasons_by_profile(alerts),
    }
}

/// Returns the reasons of each profile, for the newest version that it matches.
fn reasons_by_profile(alerts: &[&PendingAlert]) -> Vec<Reasons> {
    let is_newest = |(index, alert): &(usize, &&PendingAlert)| {
        let mut later = alerts[index + 1..].iter();
        later.all(|later| later.reasons.profile != alert.reasons.profile)
    };
    let newest = alerts.iter().enumerate().filter(is_newest);
    newest.map(|(_, alert)| reasons(&alert.reasons)).collect()
}

fn describe_decision(decided: &StoredDecision) -> String {
    let day = decided.decided_at.strftime("%Y-%m-%d");
    format!("{} on {day}.", decided.decision.describe())
}

fn describe_company(alert: &PendingAlert) -> Option<String> {
    let company = ShownCompany::of(alert.job.company.as_deref(), &alert.source_name);
    let name = optional_line(Some(company.name), NAME_CHARS)?;
    match company.from {
        CompanyOrigin::Board => Some(name),
        CompanyOrigin::Source => Some(format!("via {name}")),
    }
}

/// Returns the changes of a job, if its alerts are about a change. The recipient gets the alerts of
/// all profiles, so the job is compared with the last version that any of them was about.
fn describe_changes(
    alerts: &JobAlerts<'_, PendingAlert>,
    changes: &HashMap<AlertId, AlertedChanges>,
) -> Option<Changes> {
    if alerts[0].kind != AlertKind::Updated {
        return None;
    }
    let compared = alerts.iter().filter_map(|alert| changes.get(&alert.id));
    let latest = compared.max_by_key(|changes| changes.since_alert);
    Some(Changes::describe(latest))
}

fn facts(alert: &PendingAlert) -> Vec<Fact> {
    let job = &alert.job;
    let workplace = job.workplace.map(describe_workplace);
    let employment = optional_line(job.employment_type.as_deref(), NAME_CHARS);
    let known = [
        ("Location", listed(&names(&job.locations))),
        ("Also in", listed(&names(&alert.also.places))),
        ("Also on", listed(&source_names(&alert.also.sources))),
        ("Country", countries(job)),
        (
            "Open to",
            optional_line(in_words::open_to(&job.facts).as_deref(), NAME_CHARS),
        ),
        ("Workplace", workplace.map(ToOwned::to_owned)),
        ("Employment", employment),
        ("Salary", describe_salary(job)),
        ("Posted", job.posted_at.map(describe_time)),
        ("Expires", job.expires_at.map(describe_time)),
    ];
    known
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| Fact { label, value }))
        .collect()
}

/// Returns the countries that are only known by the names of places.
fn countries(job: &AlertedJob) -> Option<String> {
    let is_of_text = job
        .facts
        .places
        .iter()
        .any(|place| place.origin == Origin::Text);
    let countries = in_words::country(&job.facts).filter(|_| is_of_text);
    optional_line(countries.as_deref(), NAME_CHARS)
}

/// Returns the salary of the board's field, and otherwise the one that the text states.
fn describe_salary(job: &AlertedJob) -> Option<String> {
    let of_field = job.salary.as_ref().and_then(salary::describe);
    of_field.or_else(|| salary::describe_stated(&job.facts.pay))
}

fn names(places: &[Location]) -> Vec<String> {
    let names = places.iter().map(|place| place.name.as_str());
    names
        .filter_map(|name| optional_line(Some(name), NAME_CHARS))
        .collect()
}

/// Returns text such as `Acme (lever/acme)` for each source.
fn source_names(sources: &[AlsoSource]) -> Vec<String> {
    let names = sources.iter().map(|source| {
        let key = one_line(&source.key.to_string(), TITLE_CHARS);
        format!("{} ({key})", one_line(&source.name, NAME_CHARS))
    });
    names.collect()
}

/// Returns the first names of a list and the number of the others; `None` if it is empty.
fn listed(names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }

    let shown = &names[..names.len().min(LISTED)];
    let shown = shown.join("; ");
    match names.len().saturating_sub(LISTED) {
        0 => Some(shown),
        more => Some(format!("{shown}; and {more} more")),
    }
}

/// Returns true if the name of a location contains the workplace, as in `Remote - EMEA`.
fn names_workplace(name: &str, workplace: Workplace) -> bool {
    name.to_lowercase().contains(describe_workplace(workplace))
}

/// Returns a date, or a time in UTC with minutes if the board provides one.
fn describe_time(time: BoardTime) -> String {
    match time {
        BoardTime::Day(day) => day.to_string(),
        BoardTime::Moment(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// Returns text such as `your search` or `the profiles backend, data`.
fn profiles<'a>(alerts: impl Iterator<Item = &'a PendingAlert>) -> String {
    let mut names: Vec<&str> = alerts.map(|alert| alert.profile.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names[..] {
        [only] => describe_profile(only),
        _ => format!(
            "the profiles {}",
            one_line(&names.join(", "), SUBJECT_TITLE_CHARS)
        ),
    }
}

fn describe_profile(name: &str) -> String {
    if name == DEFAULT_PROFILE {
        "your search".to_owned()
    } else {
        format!("the profile {}", one_line(name, NAME_CHARS))
    }
}

/// Returns the label of the terms that matched, such as `Matched`.
fn matched_label(profile: &str) -> String {
    if profile == DEFAULT_PROFILE {
        "Matched".to_owned()
    } else {
        format!("Matched for {}", describe_profile(profile))
    }
}

fn reasons(result: &MatchResult) -> Reasons {
    let mut hits: Vec<HitEntry> = result.reasons.iter().map(hit_entry).collect();
    let more = hits.len().saturating_sub(HITS);
    hits.truncate(HITS);
    Reasons {
        profile: describe_profile(&result.profile),
        label: matched_label(&result.profile),
        hits,
        more,
    }
}

/// Describes a term with its place, or a condition with the value that satisfies it.
fn hit_entry(reason: &Reason) -> HitEntry {
    let (field, text) = match &reason.hit {
        Some(hit) => (describe_field(hit.field), hit.snippet.as_str()),
        None => ("value", reason.value.as_deref().unwrap_or_default()),
    };
    HitEntry {
        term: one_line(&reason.term, NAME_CHARS),
        field,
        snippet: one_line(text, SNIPPET_CHARS),
    }
}

fn describe_field(field: Field) -> &'static str {
    match field {
        Field::EmploymentType => "employment type",
        other => other.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::ContentHash;
    use job_scanner_core::normalize::facts::facts;
    use job_scanner_core::normalize::{Content, NormalizationResult};
    use job_scanner_store::test_support::{at, store};

    use super::*;
    use crate::dispatch::{NotifySettings, dispatch};
    use crate::test_support::{
        alerted, bare_job, claim, claimed, delivery_of, full_job, place, run, settings,
    };

    async fn subject_of(job: NormalizationResult, kind: AlertKind) -> String {
        let store = store().await;
        let mut delivery = delivery_of(&store, job, kind).await;
        // As if a first scan sent one message per job.
        delivery.kind = DeliveryKind::Each;
        MessageContent::of(&delivery).subject
    }

    /// Returns the subject of one message about this many new and changed jobs.
    async fn digest_subject(new: usize, changed: usize, profiles: &[&str]) -> String {
        let store = store().await;
        let run = run(&store).await;
        let jobs = |prefix: &str, count| {
            (0..count)
                .map(|n| full_job(&format!("{prefix}{n}")))
                .collect::<Vec<_>>()
        };
        alerted(
            &store,
            run,
            "new",
            &jobs("n", new),
            AlertKind::New,
            profiles,
        )
        .await;
        alerted(
            &store,
            run,
            "changed",
            &jobs("c", changed),
            AlertKind::Updated,
            profiles,
        )
        .await;
        let together = NotifySettings {
            digest_above: 0,
            ..settings()
        };
        dispatch(&store, &together, at("08:16:00")).await.unwrap();
        MessageContent::of(&claim(&store).await.unwrap()).subject
    }

    #[tokio::test]
    async fn a_subject_names_the_known_title_company_and_location() {
        let with = |change: fn(&mut NormalizationResult)| {
            let mut job = full_job("7");
            change(&mut job);
            job
        };
        for (job, kind, subject) in [
            (
                full_job("7"),
                AlertKind::New,
                "New job: Senior Rust Engineer at Acme (Berlin and 1 more, hybrid)",
            ),
            (
                full_job("7"),
                AlertKind::Updated,
                "Changed job: Senior Rust Engineer at Acme (Berlin and 1 more, hybrid)",
            ),
            (
                full_job("7"),
                AlertKind::Baseline,
                "Open job: Senior Rust Engineer at Acme (Berlin and 1 more, hybrid)",
            ),
            (
                bare_job("7", "Engineer"),
                AlertKind::New,
                "New job: Engineer via acme",
            ),
            (
                with(|result| result.job.locations = vec![place("Remote - EMEA")]),
                AlertKind::New,
                "New job: Senior Rust Engineer at Acme (Remote - EMEA, hybrid)",
            ),
            (
                with(|result| {
                    result.job.locations = vec![place("Remote - EMEA")];
                    result.job.workplace = Some(Workplace::Remote);
                }),
                AlertKind::New,
                "New job: Senior Rust Engineer at Acme (Remote - EMEA)",
            ),
        ] {
            assert_eq!(subject_of(job, kind).await, subject);
        }
    }

    #[test]
    fn a_health_subject_counts_each_kind_of_notice() {
        for (failing, recovered, shrunk, words) in [
            (2, 0, 0, "2 sources fail"),
            (0, 3, 0, "3 sources have recovered"),
            (0, 0, 2, "2 sources list far fewer jobs"),
            (1, 1, 0, "1 source fails, 1 has recovered"),
            (2, 3, 0, "2 sources fail, 3 have recovered"),
            (1, 0, 1, "1 source fails, 1 lists far fewer jobs"),
            (0, 1, 2, "1 source has recovered, 2 list far fewer jobs"),
            (
                1,
                2,
                1,
                "1 source fails, 2 have recovered, 1 lists far fewer jobs",
            ),
        ] {
            assert_eq!(summarize_notices(failing, recovered, shrunk), words);
        }
    }

    #[test]
    fn a_part_of_a_health_message_counts_notices() {
        let part = |in_all| ClaimedPart {
            label: "1".to_owned(),
            of: 2,
            in_all,
        };
        assert_eq!(
            part_and_total(&part(201), DeliveryKind::Health),
            "message 1 of 2, 201 notices in total"
        );
        assert_eq!(
            part_and_total(&part(1_501), DeliveryKind::Digest),
            "message 1 of 2, 1,501 jobs in total"
        );
    }

    #[tokio::test]
    async fn a_digest_counts_new_and_changed_jobs_separately() {
        for (new, changed, profiles, subject) in [
            (7, 0, &["default"][..], "7 new jobs match your search"),
            (1, 0, &["default"], "1 new job matches your search"),
            (0, 2, &["default"], "2 changed jobs match your search"),
            (
                5,
                1,
                &["default"],
                "5 new and 1 changed jobs match your search",
            ),
            (2, 0, &["backend"], "2 new jobs match the profile backend"),
            (
                2,
                0,
                &["backend", "data"],
                "2 new jobs match the profiles backend, data",
            ),
        ] {
            assert_eq!(digest_subject(new, changed, profiles).await, subject);
        }
    }

    #[tokio::test]
    async fn a_vacancy_on_another_board_names_its_places_and_the_board() {
        let store = store().await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "acme",
            &[full_job("7")],
            AlertKind::New,
            &["default"],
        )
        .await;
        let mut elsewhere = full_job("7");
        elsewhere.job.locations = ["Paris", "Ulm"].map(place).to_vec();
        alerted(
            &store,
            run,
            "other",
            &[elsewhere],
            AlertKind::New,
            &["default"],
        )
        .await;

        let content = MessageContent::of(&claimed(&store).await);
        let facts: Vec<_> = content.jobs[0]
            .facts
            .iter()
            .map(|it| (it.label, &*it.value))
            .collect();
        assert_eq!(
            facts[..3],
            [
                ("Location", "Berlin; Paris"),
                ("Also in", "Ulm"),
                ("Also on", "other (greenhouse/other)")
            ]
        );
        assert!(
            content.subject.contains("(Berlin and 2 more"),
            "{}",
            content.subject
        );
        assert!(claim(&store).await.is_none(), "one message");
    }

    #[tokio::test]
    async fn a_first_scan_counts_boards_jobs_and_matches() {
        let store = store().await;
        let run = run(&store).await;
        let jobs: Vec<_> = ["1", "2"].map(full_job).into();
        alerted(
            &store,
            run,
            "acme",
            &jobs,
            AlertKind::Baseline,
            &["default", "backend"],
        )
        .await;
        alerted(
            &store,
            run,
            "other",
            &[full_job("3")],
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        let content = MessageContent::of(&claimed(&store).await);
        assert_eq!(content.subject, "Watching 2 boards: 3 of 3 jobs match");
        assert_eq!(content.boards[1].counts, "1 job, 1 match");
        assert_eq!(content.jobs.len(), 3);
        assert_eq!(
            content.jobs[0].reasons.len(),
            2,
            "the reasons of both profiles"
        );
    }

    #[tokio::test]
    async fn a_large_first_scan_names_boards_with_matches_and_counts_the_rest() {
        let store = store().await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "zeta",
            &[full_job("1")],
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        for number in 0..205 {
            alerted(
                &store,
                run,
                &format!("board-{number}"),
                &[],
                AlertKind::Baseline,
                &[],
            )
            .await;
        }
        let content = MessageContent::of(&claimed(&store).await);
        assert_eq!(
            content.subject,
            "Watching 206 boards: 1 match on 200 of them"
        );
        assert_eq!((content.boards.len(), content.more_boards), (200, 6));
        assert!(
            content.boards[0].key.ends_with("/zeta"),
            "{:?}",
            content.boards[0]
        );
        assert!(
            crate::message::render::text(&content)
                .unwrap()
                .contains("\nand 6 more\n")
        );
    }

    #[tokio::test]
    async fn messages_of_one_event_have_numbered_subjects_with_the_total() {
        let store = store().await;
        let run = run(&store).await;
        let jobs = |source| {
            let ids = (0..501).map(move |n| format!("{source}-{n}"));
            ids.map(|id| bare_job(&id, "Engineer")).collect::<Vec<_>>()
        };
        alerted(
            &store,
            run,
            "acme",
            &jobs("acme"),
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        alerted(
            &store,
            run,
            "other",
            &jobs("other"),
            AlertKind::New,
            &["default"],
        )
        .await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        let mut contents = Vec::new();
        while let Some(delivery) = claim(&store).await {
            contents.push(MessageContent::of(&delivery));
        }
        let subjects: Vec<_> = contents
            .iter()
            .map(|content| content.subject.as_str())
            .collect();
        assert_eq!(
            subjects,
            [
                "Watching 2 boards: 501 of 501 jobs match (1 of 2)",
                "Watching 2 boards: 501 of 501 jobs match (2 of 2)",
                "500 new jobs match your search (1 of 2)",
                "1 new job matches your search (2 of 2)",
            ]
        );
        assert_eq!(
            contents[1].headline,
            "Open jobs that match (message 2 of 2, 501 jobs in total):"
        );
        assert_eq!(
            contents[3].headline,
            "1 new job matches your search (message 2 of 2, 501 jobs in total)."
        );
    }

    #[tokio::test]
    async fn a_changed_job_is_compared_with_the_last_version_of_any_profile() {
        let store = store().await;
        let run = run(&store).await;
        for (version, profiles) in [(1, &["a", "b"][..]), (2, &["a"]), (3, &["a", "b"])] {
            let mut job = bare_job("7", &format!("Cook {version}"));
            job.job.content_hash = ContentHash::from_bytes([version; 32]);
            alerted(&store, run, "acme", &[job], AlertKind::Updated, profiles).await;
            dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        }

        let mut described = Vec::new();
        while let Some(delivery) = claim(&store).await {
            let mut content = MessageContent::of(&delivery);
            let changes = content.jobs.remove(0).changes.unwrap();
            let title = changes.lines.first().map(|line| line.value.clone());
            described.push((title, changes.note.is_some()));
        }
        let title = |change: &str| Some(change.to_owned());
        assert_eq!(
            described,
            [
                (None, true),
                (title("Cook 1 → Cook 2"), false),
                (title("Cook 2 → Cook 3"), false),
            ]
        );
    }

    #[tokio::test]
    async fn a_company_that_the_board_does_not_name_is_the_source() {
        let store = store().await;
        let delivery = delivery_of(&store, bare_job("7", "Cook"), AlertKind::New).await;
        let job = &MessageContent::of(&delivery).jobs[0];
        assert_eq!(job.company.as_deref(), Some("via acme"));
    }

    #[tokio::test]
    async fn a_job_with_two_versions_is_shown_in_the_newest() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        let mut second = delivery.alerts[0].clone();
        second.kind = AlertKind::Updated;
        second.job.title = "Chef".to_owned();
        delivery.alerts.push(second);
        let content = MessageContent::of(&delivery);
        let [job] = &content.jobs[..] else {
            panic!("{:?}", content.jobs)
        };
        assert_eq!((job.title.as_str(), job.reasons.len()), ("Chef", 1));
        assert!(
            content.subject.starts_with("New job: Chef"),
            "{}",
            content.subject
        );
    }

    #[tokio::test]
    async fn a_value_from_the_text_says_so_and_a_field_comes_first() {
        let store = store().await;
        let mut job = bare_job("7", "Cook");
        job.job.locations = vec![place("Köln")];
        let content = |description| Content {
            description: Some(description),
            ..job.job.content()
        };
        let stated = facts(&content("Salary: EUR 40,000 – 45,000 per year."), None);
        job.job.facts = stated;
        let mut delivery = delivery_of(&store, job, AlertKind::New).await;
        let shown = |delivery: &_| -> Vec<String> {
            let content = MessageContent::of(delivery);
            let facts = content.jobs[0].facts.iter();
            facts
                .map(|fact| format!("{}: {}", fact.label, fact.value))
                .collect()
        };
        let of_text = shown(&delivery);
        for line in [
            "Country: DE (from the text)",
            "Salary: EUR 40,000–45,000 a year (from the text)",
        ] {
            assert!(of_text.iter().any(|shown| shown == line), "{of_text:?}");
        }

        delivery.alerts[0].job.salary = full_job("7").job.salary;
        let of_field = shown(&delivery);
        let salary = "Salary: EUR 60,000–80,000 a year".to_owned();
        assert!(of_field.contains(&salary), "{of_field:?}");
    }

    #[tokio::test]
    async fn long_lists_are_visibly_truncated() {
        let store = store().await;
        let mut job = full_job("7");
        job.job.locations = (0..20).map(|n| place(&format!("City {n}"))).collect();
        let mut delivery = delivery_of(&store, job, AlertKind::New).await;
        let terms = &mut delivery.alerts[0].reasons.reasons;
        *terms = vec![terms[0].clone(); 300];
        let content = MessageContent::of(&delivery);
        assert!(
            content.jobs[0].facts[0]
                .value
                .ends_with("; City 7; and 12 more"),
            "{:?}",
            content.jobs[0].facts
        );
        assert_eq!(
            (
                content.jobs[0].reasons[0].hits.len(),
                content.jobs[0].reasons[0].more
            ),
            (HITS, 300 - HITS)
        );
    }

    #[test]
    fn a_date_without_a_time_stays_a_date() {
        assert_eq!(describe_time("2026-11-20".parse().unwrap()), "2026-11-20");
        assert_eq!(
            describe_time("2026-07-30T06:59:38-04:00".parse().unwrap()),
            "2026-07-30 10:59 UTC"
        );
    }
}
