//! The known facts about a job. Unknown ones are omitted rather than guessed.

use job_scanner_core::job::BoardTime;
use job_scanner_store::AlertedJob;
use serde::Serialize;

use super::NAME_CHARS;
use crate::message::salary;
use crate::message::text::{describe_workplace, optional_line};

const LOCATIONS: usize = 8;

/// A known fact about a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Fact {
    label: &'static str,
    value: String,
}

pub(super) fn facts(job: &AlertedJob) -> Vec<Fact> {
    let workplace = job.workplace.map(describe_workplace);
    let employment = optional_line(job.employment_type.as_deref(), NAME_CHARS);
    let known = [
        ("Location", locations(job)),
        ("Workplace", workplace.map(ToOwned::to_owned)),
        ("Employment", employment),
        ("Salary", job.salary.as_ref().and_then(salary::describe)),
        ("Posted", job.posted_at.map(describe_time)),
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
    use crate::test_support::{delivery_of, full_job, place};

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
