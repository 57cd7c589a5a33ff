//! The opening of a message: its layout, subject and headline.

use job_scanner_core::job::{CompanyOrigin, ShownCompany, Workplace};
use job_scanner_store::{AlertKind, ClaimedDelivery, ClaimedPart, DeliveryKind, PendingAlert};

use super::boards::baseline_subject;
use super::content::Layout;
use super::facts;
use super::job_entry::newest;
use super::notices::health_subject;
use super::reasons::profiles;
use super::{NAME_CHARS, SUBJECT_TITLE_CHARS};
use crate::by_job::JobAlerts;
use crate::message::text::{counted, describe_workplace, one_line};

/// The opening of a message that is not one of several parts.
pub(super) struct Opening {
    pub(super) layout: Layout,
    pub(super) subject: String,
    /// Without the punctuation mark at its end.
    pub(super) headline: String,
    pub(super) end: char,
}

pub(super) fn opening(delivery: &ClaimedDelivery, jobs: &[JobAlerts<'_, PendingAlert>]) -> Opening {
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
pub(super) fn part_number(part: &ClaimedPart) -> String {
    format!("{} of {}", part.label, part.of)
}

/// Returns the number of jobs or notices, such as `4,711 jobs`.
fn count_of(number: u64, kind: DeliveryKind) -> String {
    match kind {
        DeliveryKind::Health => counted(number, "notice", "notices"),
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => {
            counted(number, "job", "jobs")
        }
    }
}

/// Returns the place of everything that one of several messages leaves out. `shown` is the number of
/// its jobs or notices.
pub(super) fn rest(part: &ClaimedPart, kind: DeliveryKind, shown: u64) -> String {
    let command = match kind {
        DeliveryKind::Health => "sources",
        DeliveryKind::Each | DeliveryKind::Digest | DeliveryKind::Baseline => "alerts",
    };
    format!(
        "This is message {} with {shown} of {}. The other messages have the rest, and \
         `job-scanner {command}` lists all of them.",
        part_number(part),
        count_of(part.in_all, kind)
    )
}

/// Returns true for the first of several messages, also after it was split.
pub(super) fn is_first(part: &ClaimedPart) -> bool {
    let splits = part.label.strip_prefix('1');
    splits.is_some_and(|splits| splits.bytes().all(|split| split == b'a'))
}

/// Returns text such as `message 3 of 10, 4,711 jobs in total`.
pub(super) fn part_and_total(part: &ClaimedPart, kind: DeliveryKind) -> String {
    let total = count_of(part.in_all, kind);
    format!("message {}, {total} in total", part_number(part))
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
    let mut names = facts::names(&job.locations);
    names.extend(facts::names(&alert.also.places));
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
        let new = counted(new as u64, "new job", "new jobs");
        let changed = counted(changed as u64, "changed job", "changed jobs");
        format!("{new} and {changed}")
    };
    let verb = if jobs.len() == 1 { "matches" } else { "match" };
    let profiles = profiles(jobs.iter().flatten().copied());
    format!("{subject} {verb} {profiles}")
}

/// Returns true if the name of a location contains the workplace, as in `Remote - EMEA`.
fn names_workplace(name: &str, workplace: Workplace) -> bool {
    name.to_lowercase().contains(describe_workplace(workplace))
}

#[cfg(test)]
mod tests {
    use job_scanner_core::normalize::NormalizationResult;
    use job_scanner_store::test_support::{at, store};

    use super::*;
    use crate::dispatch::{NotifySettings, dispatch};
    use crate::message::content::MessageContent;
    use crate::test_support::{
        alerted, bare_job, claim, delivery_of, full_job, place, run, settings,
    };

    async fn subject_of(job: NormalizationResult, kind: AlertKind) -> String {
        let store = store().await;
        let mut delivery = delivery_of(&store, job, kind).await;
        // As if a first scan sent one message per job.
        delivery.kind = DeliveryKind::Each;
        MessageContent::of(&delivery, None).subject
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
        MessageContent::of(&claim(&store).await.unwrap(), None).subject
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

    #[test]
    fn the_first_message_stays_the_first_when_it_is_split() {
        for (label, first) in [
            ("1", true),
            ("1aa", true),
            ("1b", false),
            ("2", false),
            ("11", false),
        ] {
            let part = ClaimedPart {
                label: label.to_owned(),
                of: 12,
                in_all: 1,
            };
            assert_eq!(is_first(&part), first, "{label}");
        }
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
                "5 new jobs and 1 changed job match your search",
            ),
            (2, 0, &["backend"], "2 new jobs match the profile backend"),
            (
                2,
                0,
                &["backend", "data"],
                "2 new jobs match the profiles backend and data",
            ),
        ] {
            assert_eq!(digest_subject(new, changed, profiles).await, subject);
        }
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
            contents.push(MessageContent::of(&delivery, None));
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
            contents[1].rest.as_deref(),
            Some(
                "This is message 2 of 2 with 1 of 501 jobs. The other messages have the rest, and \
                 `job-scanner alerts` lists all of them."
            )
        );
        let with_boards = contents.iter().map(|content| content.boards.len());
        assert_eq!(with_boards.collect::<Vec<_>>(), [2, 0, 0, 0]);
        assert_eq!(
            contents[3].headline,
            "1 new job matches your search (message 2 of 2, 501 jobs in total)."
        );
    }
}
