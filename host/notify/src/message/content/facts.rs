//! The known facts about a job. Unknown ones are omitted rather than guessed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use job_scanner_core::job::{BoardTime, Location, Origin};
use job_scanner_core::normalize::facts::in_words;
use job_scanner_store::{AlertKind, AlertedJob, AlsoSource, PendingAlert};
use serde::Serialize;

use super::{NAME_CHARS, TITLE_CHARS};
use crate::message::salary;
use crate::message::text::{counted, describe_workplace, one_line, optional_line};

/// The places or sources in one line.
const LISTED: usize = 8;

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

pub(super) fn names(places: &[Location]) -> Vec<String> {
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
    use job_scanner_core::normalize::Content;
    use job_scanner_core::normalize::facts::facts as stated_in;
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::message::content::MessageContent;
    use crate::message::content::reasons::HITS;
    use crate::test_support::{
        alerted, bare_job, claim, claimed, delivery_of, full_job, place, run,
    };

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

        let content = MessageContent::of(&claimed(&store).await, None);
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
    async fn a_value_from_the_text_says_so_and_a_field_comes_first() {
        let store = store().await;
        let mut job = bare_job("7", "Cook");
        job.job.locations = vec![place("Köln")];
        let content = |description| Content {
            description: Some(description),
            ..job.job.content()
        };
        let stated = stated_in(&content("Salary: EUR 40,000 – 45,000 per year."), None);
        job.job.facts = stated;
        let mut delivery = delivery_of(&store, job, AlertKind::New).await;
        let shown = |delivery: &_| -> Vec<String> {
            let content = MessageContent::of(delivery, None);
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
        let content = MessageContent::of(&delivery, None);
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
            let content = MessageContent::of(&delivery, None);
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
