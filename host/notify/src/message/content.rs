//! The content of a message: subject, headline and jobs, cleaned, cut to a bearable length and put
//! into words.
//!
//! Pure. The templates arrange what they find here and decide nothing, so that text and HTML say
//! the same. What is not known is left out rather than guessed.

use job_scanner_core::job::{BoardTime, Workplace};
use job_scanner_core::matching::{Field, MatchResult, TermRole};
use job_scanner_core::quantity::counted;
use job_scanner_store::{
    AlertKind, AlertedJob, BaselineCounts, ClaimedDelivery, ClaimedPart, DeliveryKind,
    HealthNotice, NoticeKind, PendingAlert,
};
use serde::Serialize;

use crate::by_job::{JobAlerts, by_job};
use crate::message::salary;
use crate::message::text::{one_line, optional_line, web_link};

/// The profile that `search_criteria` makes; to its owner it is simply theirs.
const DEFAULT_PROFILE: &str = "default";

/// A subject that no mail program needs to cut much further.
const SUBJECT_TITLE_CHARS: usize = 120;
const TITLE_CHARS: usize = 200;
const NAME_CHARS: usize = 100;
const SNIPPET_CHARS: usize = 240;
/// A reason says more than a snippet; the command `sources` has all of it.
const ERROR_CHARS: usize = 500;
const LOCATIONS: usize = 8;
/// A profile may list hundreds of terms, any of which fits; the first few tell why.
const HITS: usize = 8;

/// One message, in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct MessageContent {
    /// Names the templates that arrange it.
    #[serde(skip)]
    pub(crate) layout: Layout,
    /// One line.
    pub(crate) subject: String,
    /// The first line of the body.
    pub(crate) headline: String,
    /// The boards that a first scan has read; empty in all other messages.
    pub(crate) boards: Vec<BoardEntry>,
    /// The number of further boards.
    pub(crate) more_boards: u64,
    /// One or more; none in a message about sources.
    pub(crate) jobs: Vec<JobEntry>,
    /// The state of sources; empty in all other messages.
    pub(crate) notices: Vec<NoticeEntry>,
}

/// The arrangements there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One job with all we know.
    Job,
    /// Several jobs, a few lines each.
    Digest,
    /// Boards, and the jobs on them that fit.
    Baseline,
    /// Sources that fail, or are back.
    Health,
}

/// A board seen for the first time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct BoardEntry {
    name: String,
    key: String,
    /// Such as `300 jobs, 7 match`.
    counts: String,
}

/// The state of a source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct NoticeEntry {
    name: String,
    key: String,
    /// Such as `has failed since 2026-11-22 08:15 UTC`.
    event: String,
    /// The fault, and what it asks of the operator.
    error: Option<String>,
    advice: Option<&'static str>,
}

/// One job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct JobEntry {
    title: String,
    company: Option<String>,
    /// True if an earlier version of it may have been told already.
    changed: bool,
    /// The known facts, with a label each.
    facts: Vec<Fact>,
    url: Option<String>,
    apply_url: Option<String>,
    /// The source as the configuration names it, and its key.
    board: String,
    /// The reasons for which it fits, per profile.
    reasons: Vec<Reasons>,
}

/// Something known about a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

/// The reasons for which a job fits one profile.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Reasons {
    /// Such as `your profile`.
    profile: String,
    hits: Vec<HitEntry>,
    /// The number of further terms that hit.
    more: usize,
}

/// One term that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct HitEntry {
    term: String,
    field: &'static str,
    snippet: String,
}

impl MessageContent {
    /// Puts a delivery into words.
    pub(crate) fn of(delivery: &ClaimedDelivery) -> Self {
        let jobs = by_job(&delivery.alerts);
        let (layout, mut subject, mut headline) = opening(delivery, &jobs);
        if let Some(part) = &delivery.part {
            subject = format!("{subject} ({})", part_number(part));
            headline = format!("{headline} {}", place(part, delivery.kind));
        }

        Self {
            layout,
            subject,
            headline,
            boards: delivery.baselines.iter().map(board_entry).collect(),
            more_boards: delivery.more_baselines,
            jobs: jobs.iter().map(|alerts| job_entry(alerts)).collect(),
            notices: delivery.notices.iter().map(notice_entry).collect(),
        }
    }
}

/// The layout of a delivery, its subject and its headline, as if it were the only one.
fn opening(
    delivery: &ClaimedDelivery,
    jobs: &[JobAlerts<'_, PendingAlert>],
) -> (Layout, String, String) {
    match (delivery.kind, jobs) {
        (DeliveryKind::Baseline, _) => (
            Layout::Baseline,
            baseline_subject(&delivery.baselines, delivery.more_baselines),
            "These jobs are open now and fit.".to_owned(),
        ),
        (DeliveryKind::Health, _) => (
            Layout::Health,
            health_subject(&delivery.notices),
            "How the sources are doing that you watch.".to_owned(),
        ),
        (DeliveryKind::Each, [alerts]) => (Layout::Job, job_subject(alerts), job_headline(alerts)),
        (DeliveryKind::Each | DeliveryKind::Digest, _) => {
            let summary = digest_summary(jobs);
            (Layout::Digest, summary.clone(), format!("{summary}."))
        }
    }
}

/// Such as `3 of 10`.
fn part_number(part: &ClaimedPart) -> String {
    format!("{} of {}", part.label, part.of)
}

fn place(part: &ClaimedPart, kind: DeliveryKind) -> String {
    let what = match kind {
        DeliveryKind::Health => counted(part.in_all, "notice", "notices"),
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
            counted(part.in_all, "job", "jobs")
        }
    };
    format!("This is message {} about {what}.", part_number(part))
}

fn health_subject(notices: &[HealthNotice]) -> String {
    if let [notice] = notices {
        let name = one_line(&notice.source_name, NAME_CHARS);
        return format!("{name} {}", describe_notice(notice));
    }

    let of = |kind| notices.iter().filter(|notice| notice.kind == kind).count() as u64;
    let failing = of(NoticeKind::Failing);
    let back = of(NoticeKind::Recovered);
    let shrunk = of(NoticeKind::Shrunk);
    summarize_notices(failing, back, shrunk)
}

/// Such as `3 sources fail, 1 is back`.
fn summarize_notices(failing: u64, back: u64, shrunk: u64) -> String {
    let parts = [
        (failing, "fails", "fail"),
        (back, "is back", "are back"),
        (shrunk, "lists far fewer jobs", "list far fewer jobs"),
    ];
    let mut parts = parts.into_iter().filter(|(count, ..)| *count > 0);

    // The first one says what is counted.
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
        NoticeKind::Recovered => format!("is back; it had failed since {since}"),
        NoticeKind::Shrunk => format!("lists far fewer jobs since {since}"),
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
        advice: error.map(|error| error.kind.advice()),
    }
}

fn job_subject(alerts: &[&PendingAlert]) -> String {
    let alert = alerts[0];
    let job = &alert.job;
    let title = one_line(&job.title, SUBJECT_TITLE_CHARS);

    let by = match optional_line(job.company.as_deref(), NAME_CHARS) {
        Some(company) => format!(" at {company}"),
        // The source's name is often the company's, but we do not know that.
        None => format!(" via {}", one_line(&alert.source_name, NAME_CHARS)),
    };

    let what = match alert.kind {
        AlertKind::New => "New job",
        AlertKind::Updated => "Changed job",
        AlertKind::Baseline | AlertKind::Rematched => "Open job",
    };
    format!("{what}: {title}{by}{}", short_location(job))
}

/// Such as ` (Berlin, remote)`; empty when nothing is known.
fn short_location(job: &AlertedJob) -> String {
    let names: Vec<String> = location_names(job);
    let place = match &names[..] {
        [] => None,
        [only] => Some(only.clone()),
        [first, others @ ..] => Some(format!("{first} and {} more", others.len())),
    };

    // A place that is called "Remote" says it already.
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
    let whose = profiles(alerts.iter().copied());
    match alerts[0].kind {
        AlertKind::New => format!("A new job fits {whose}."),
        AlertKind::Updated => format!("A job has changed and fits {whose}."),
        AlertKind::Rematched => format!("An open job fits {whose} now."),
        AlertKind::Baseline => {
            format!("A job on a board that is watched from now on fits {whose}.")
        }
    }
}

fn digest_summary(jobs: &[JobAlerts<'_, PendingAlert>]) -> String {
    let of = |kind| jobs.iter().filter(|alerts| alerts[0].kind == kind).count();
    let (changed, rematched) = (of(AlertKind::Updated), of(AlertKind::Rematched));
    let new = jobs.len() - changed;

    let what = if rematched == jobs.len() {
        counted(rematched as u64, "open job", "open jobs")
    } else if changed == 0 {
        counted(new as u64, "new job", "new jobs")
    } else if new == 0 {
        counted(changed as u64, "changed job", "changed jobs")
    } else {
        format!("{new} new and {changed} changed jobs")
    };
    let verb = if jobs.len() == 1 { "fits" } else { "fit" };
    let whose = profiles(jobs.iter().flatten().copied());
    format!("{what} {verb} {whose}")
}

fn baseline_subject(boards: &[BaselineCounts], more: u64) -> String {
    let jobs = boards.iter().map(|board| board.jobs).sum();
    let matched = boards.iter().map(|board| board.matched).sum();
    let all = counted(boards.len() as u64 + more, "board", "boards");

    // The jobs of boards that are not listed here are not known.
    if more > 0 {
        let fit = counted(matched, "job fits", "jobs fit");
        return format!("Watching {all}: {fit} here");
    }
    let jobs = counted(jobs, "job", "jobs");
    format!("Watching {all}: {jobs}, {}", matching(matched))
}

fn matching(count: u64) -> String {
    counted(count, "matches", "match")
}

fn board_entry(board: &BaselineCounts) -> BoardEntry {
    BoardEntry {
        name: one_line(&board.name, NAME_CHARS),
        key: one_line(&board.source.to_string(), TITLE_CHARS),
        counts: format!(
            "{}, {}",
            counted(board.jobs, "job", "jobs"),
            matching(board.matched)
        ),
    }
}

fn job_entry(alerts: &JobAlerts<'_, PendingAlert>) -> JobEntry {
    let alert = alerts[0];
    let job = &alert.job;
    let source = one_line(&alert.source().to_string(), TITLE_CHARS);
    let source_name = one_line(&alert.source_name, NAME_CHARS);

    JobEntry {
        title: one_line(&job.title, TITLE_CHARS),
        company: optional_line(job.company.as_deref(), NAME_CHARS),
        changed: alert.kind == AlertKind::Updated,
        facts: facts(job),
        url: web_link(&job.url),
        apply_url: job.apply_url.as_deref().and_then(web_link),
        board: format!("{source_name} ({source})"),
        reasons: alerts.iter().map(|alert| reasons(&alert.reasons)).collect(),
    }
}

fn facts(job: &AlertedJob) -> Vec<Fact> {
    let workplace = job.workplace.map(describe_workplace);
    let employment = optional_line(job.employment_type.as_deref(), NAME_CHARS);
    let known = [
        ("Location", locations(job)),
        ("Workplace", workplace.map(ToOwned::to_owned)),
        ("Employment", employment),
        ("Salary", job.salary.as_ref().and_then(salary::describe)),
        ("Posted", job.posted_at.map(describe_time)),
    ];
    known
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| Fact { label, value }))
        .collect()
}

fn location_names(job: &AlertedJob) -> Vec<String> {
    job.locations
        .iter()
        .filter_map(|place| optional_line(Some(&place.name), NAME_CHARS))
        .collect()
}

fn locations(job: &AlertedJob) -> Option<String> {
    let names = location_names(job);
    if names.is_empty() {
        return None;
    }

    let shown = &names[..names.len().min(LOCATIONS)];
    let shown = shown.join("; ");
    match names.len().saturating_sub(LOCATIONS) {
        0 => Some(shown),
        more => Some(format!("{shown}; and {more} more")),
    }
}

fn describe_workplace(workplace: Workplace) -> &'static str {
    match workplace {
        Workplace::OnSite => "on site",
        Workplace::Hybrid => "hybrid",
        Workplace::Remote => "remote",
    }
}

/// Returns true if a location's name tells the workplace already, as in `Remote - EMEA`.
fn names_workplace(name: &str, workplace: Workplace) -> bool {
    name.to_lowercase().contains(describe_workplace(workplace))
}

/// A day stays a day; a moment is told to the minute, in UTC.
fn describe_time(time: BoardTime) -> String {
    match time {
        BoardTime::Day(day) => day.to_string(),
        BoardTime::Moment(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// Such as `your profile`, or `the profiles backend, data`.
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
        "your profile".to_owned()
    } else {
        format!("the profile {}", one_line(name, NAME_CHARS))
    }
}

fn reasons(result: &MatchResult) -> Reasons {
    let wanted = result
        .terms
        .iter()
        .filter(|term| term.role != TermRole::Exclude);
    let mut hits: Vec<HitEntry> = wanted
        .filter_map(|term| {
            let hit = term.hit.as_ref()?;
            Some(HitEntry {
                term: one_line(&term.term, NAME_CHARS),
                field: describe_field(hit.field),
                snippet: one_line(&hit.snippet, SNIPPET_CHARS),
            })
        })
        .collect();
    let more = hits.len().saturating_sub(HITS);
    hits.truncate(HITS);
    Reasons {
        profile: describe_profile(&result.profile),
        hits,
        more,
    }
}

fn describe_field(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Company => "company",
        Field::Department => "department",
        Field::Location => "location",
        Field::Description => "description",
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_store::test_support::{at, store};

    use super::*;
    use crate::dispatch::{NotifySettings, dispatch};
    use crate::test_support::{
        alerted, bare_job, claim, claimed, delivery_of, full_job, place, run, settings,
    };

    async fn subject_of(job: NormalizationResult, kind: AlertKind) -> String {
        let store = store().await;
        let mut delivery = delivery_of(&store, job, kind).await;
        // A first scan told job by job.
        delivery.kind = DeliveryKind::Each;
        MessageContent::of(&delivery).subject
    }

    /// The subject of the one message about so many new and changed jobs.
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
        for (failing, back, shrunk, words) in [
            (2, 0, 0, "2 sources fail"),
            (0, 3, 0, "3 sources are back"),
            (0, 0, 2, "2 sources list far fewer jobs"),
            (1, 1, 0, "1 source fails, 1 is back"),
            (2, 3, 0, "2 sources fail, 3 are back"),
            (1, 0, 1, "1 source fails, 1 lists far fewer jobs"),
            (0, 1, 2, "1 source is back, 2 list far fewer jobs"),
            (
                1,
                2,
                1,
                "1 source fails, 2 are back, 1 lists far fewer jobs",
            ),
        ] {
            assert_eq!(summarize_notices(failing, back, shrunk), words);
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
            super::place(&part(201), DeliveryKind::Health),
            "This is message 1 of 2 about 201 notices."
        );
        assert_eq!(
            super::place(&part(501), DeliveryKind::Digest),
            "This is message 1 of 2 about 501 jobs."
        );
    }

    #[tokio::test]
    async fn a_digest_counts_new_and_changed_jobs_separately() {
        for (new, changed, profiles, subject) in [
            (7, 0, &["default"][..], "7 new jobs fit your profile"),
            (1, 0, &["default"], "1 new job fits your profile"),
            (0, 2, &["default"], "2 changed jobs fit your profile"),
            (
                5,
                1,
                &["default"],
                "5 new and 1 changed jobs fit your profile",
            ),
            (2, 0, &["backend"], "2 new jobs fit the profile backend"),
            (
                2,
                0,
                &["backend", "data"],
                "2 new jobs fit the profiles backend, data",
            ),
        ] {
            assert_eq!(digest_subject(new, changed, profiles).await, subject);
        }
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
            &jobs[..1],
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        let content = MessageContent::of(&claimed(&store).await);
        assert_eq!(content.subject, "Watching 2 boards: 3 jobs, 3 match");
        assert_eq!(content.boards[1].counts, "1 job, 1 matches");
        assert_eq!(content.jobs.len(), 3);
        assert_eq!(content.jobs[0].reasons.len(), 2, "both profiles say why");
    }

    #[tokio::test]
    async fn a_large_first_scan_names_boards_with_matches_and_counts_the_rest()
    {
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
        assert_eq!(content.subject, "Watching 206 boards: 1 job fits here");
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
        let jobs: Vec<_> = (0..501)
            .map(|n| bare_job(&n.to_string(), "Engineer"))
            .collect();
        alerted(
            &store,
            run,
            "acme",
            &jobs,
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        alerted(&store, run, "other", &jobs, AlertKind::New, &["default"]).await;
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
                "Watching 2 boards: 501 jobs, 501 match (1 of 2)",
                "Watching 2 boards: 501 jobs, 501 match (2 of 2)",
                "500 new jobs fit your profile (1 of 2)",
                "1 new job fits your profile (2 of 2)",
            ]
        );
        assert_eq!(
            contents[3].headline,
            "1 new job fits your profile. This is message 2 of 2 about 501 jobs."
        );
    }

    #[tokio::test]
    async fn long_lists_are_visibly_truncated() {
        let store = store().await;
        let mut job = full_job("7");
        job.job.locations = (0..20).map(|n| place(&format!("City {n}"))).collect();
        let mut delivery = delivery_of(&store, job, AlertKind::New).await;
        let terms = &mut delivery.alerts[0].reasons.terms;
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
