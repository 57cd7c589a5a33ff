//! The known facts about a job. Unknown ones are omitted rather than guessed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use job_scanner_core::job::BoardTime;
use job_scanner_store::{AlertKind, AlertedJob, PendingAlert};
use serde::Serialize;

use super::NAME_CHARS;
use crate::message::salary;
use crate::message::text::{counted, describe_workplace, optional_line};

const LOCATIONS: usize = 8;

/// A known fact about a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

/// Returns the known facts. Ages are those at `as_of`, the time of the message.
pub(super) fn facts(alert: &PendingAlert, as_of: Timestamp) -> Vec<Fact> {
    let job = &alert.job;
    let workplace = job.workplace.map(describe_workplace);
    let employment = optional_line(job.employment_type.as_deref(), NAME_CHARS);
    let known = [
        ("Location", locations(job)),
        ("Workplace", workplace.map(ToOwned::to_owned)),
        ("Employment", employment),
        ("Salary", job.salary.as_ref().and_then(salary::describe)),
        ("Posted", job.posted_at.map(|time| with_age(time, as_of))),
        (
            "First seen",
            first_seen(alert).map(|time| with_age(time, as_of)),
        ),
        ("Expires", job.expires_at.map(describe_time)),
    ];
    known
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| Fact { label, value }))
        .collect()
}

pub(super) fn location_names(job: &AlertedJob) -> Vec<String> {
    job.locations
        .iter()
        .filter_map(|place| optional_line(Some(&place.name), NAME_CHARS))
        .collect()
}

pub(super) fn locations(job: &AlertedJob) -> Option<String> {
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

/// Returns the time at which the job was first listed. `None` if the board states a better one, and
/// in a first scan, which says nothing about the age of a job.
fn first_seen(alert: &PendingAlert) -> Option<BoardTime> {
    let tells_age = alert.job.posted_at.is_none() && alert.kind != AlertKind::Baseline;
    tells_age.then_some(BoardTime::Moment(alert.job.first_seen_at))
}

/// Returns text such as `3 days ago (2026-11-20)`. A time in the future has no age.
fn with_age(time: BoardTime, as_of: Timestamp) -> String {
    let day = match time {
        BoardTime::Day(day) => day,
        BoardTime::Moment(at) => date_of(at),
    };
    let days = day.until(date_of(as_of)).map(|age| age.get_days());
    let described = describe_time(time);
    match days {
        Ok(0) => format!("today ({described})"),
        Ok(days @ 1..) => {
            let days = counted(days.unsigned_abs().into(), "day", "days");
            format!("{days} ago ({described})")
        }
        _ => described,
    }
}

fn date_of(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

/// Returns a date, or a time in UTC with minutes if the board provides one.
fn describe_time(time: BoardTime) -> String {
    match time {
        BoardTime::Day(day) => day.to_string(),
        BoardTime::Moment(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::message::content::MessageContent;
    use crate::message::content::reasons::HITS;
    use crate::test_support::{bare_job, delivery_of, full_job, place};

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
    fn an_age_is_in_days_and_a_future_time_has_none() {
        let as_of = "2026-11-23T08:16:00Z".parse().unwrap();
        for (time, shown) in [
            ("2026-11-23", "today (2026-11-23)"),
            ("2026-11-22", "1 day ago (2026-11-22)"),
            ("2026-11-20", "3 days ago (2026-11-20)"),
            ("2026-03-28", "240 days ago (2026-03-28)"),
            ("2026-11-22T23:59:00Z", "1 day ago (2026-11-22 23:59 UTC)"),
            ("2026-11-24", "2026-11-24"),
        ] {
            assert_eq!(with_age(time.parse().unwrap(), as_of), shown);
        }
    }

    #[tokio::test]
    async fn a_job_without_a_date_was_first_seen_except_in_a_first_scan() {
        for (kind, shown) in [
            (AlertKind::New, "First seen: today (2026-11-23 08:15 UTC)"),
            (AlertKind::Baseline, ""),
        ] {
            let store = store().await;
            let delivery = delivery_of(&store, bare_job("7", "Cook"), kind).await;
            let content = MessageContent::of(&delivery);
            let facts = content.jobs[0].facts.iter();
            let facts: Vec<String> = facts
                .map(|fact| format!("{}: {}", fact.label, fact.value))
                .collect();
            assert_eq!(facts.concat(), shown);
        }
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
