//! The rule about dates. The host leaves out a date that it cannot read, and the job is kept, so only
//! this rule makes the author notice.

use std::ops::RangeInclusive;

use jiff::tz::TimeZone;
use job_scanner_core::escape::PrintableStart;
use job_scanner_core::job::BoardTime;
use job_scanner_core::normalize::board_time;
use job_scanner_core::raw::RawJob;
use job_scanner_sandbox::{Adapter, Cassette};

use crate::kit::check::report::{RuleResult, failed, skipped};

/// The years that a board can mean. Seconds that are read as milliseconds yield 1970. Some boards
/// write a day around 2100 for a job that does not expire.
const YEARS: RangeInclusive<i16> = 1990..=2110;

/// The number of characters of a value that are shown.
const MAX_SHOWN_CHARS: usize = 60;

const FORMS: &str = "write RFC 3339 with an offset, such as `2026-11-23T09:00:00+01:00`, or a plain date, such as `2026-11-23`";

/// Returns one of the dates of a job, as the adapter wrote it.
type DateOf = fn(&RawJob) -> Option<&str>;

/// The dates of a job, by their names in the contract.
const FIELDS: [(&str, DateOf); 3] = [
    ("posted-at", |job| job.posted_at.as_deref()),
    ("updated-at", |job| job.updated_at.as_deref()),
    ("expires-at", |job| job.expires_at.as_deref()),
];

/// Checks the dates of the jobs on all cassettes.
pub(super) async fn dates(adapter: &Adapter, cassettes: &[Cassette]) -> RuleResult {
    let mut jobs = Vec::new();
    for cassette in cassettes {
        jobs.extend(adapter.replay(cassette).await.listing.jobs);
    }
    if jobs.is_empty() {
        return skipped("no cassette has jobs");
    }

    for (field, value_of) in FIELDS {
        check_field(field, value_of, &jobs)?;
    }
    Ok(())
}

/// Checks one field of all jobs. If at least half of the dates are fine, the others may be the board's
/// own mistake, which an adapter may pass on: the first is named, and the rule does not fail.
fn check_field(field: &str, value_of: DateOf, jobs: &[RawJob]) -> RuleResult {
    let dates = jobs
        .iter()
        .filter_map(|job| Some((job, value_of(job)?)))
        .collect::<Vec<_>>();
    let mut wrong = dates
        .iter()
        .filter_map(|(job, value)| Some((job, value, problem(value)?)));
    let Some((job, value, why)) = wrong.next() else {
        return Ok(());
    };

    let (id, value) = (shown(&job.external_id), shown(value));
    let told = format!("job `{id}`: {field} is `{value}`, {why}");
    let number_wrong = 1 + wrong.count();
    if number_wrong <= dates.len() - number_wrong {
        skipped(format!(
            "{told}; other dates of this field are fine, so this may be the board's mistake"
        ))
    } else {
        failed(told)
    }
}

fn problem(value: &str) -> Option<String> {
    match board_time(value) {
        Err(_) => Some(format!(
            "which the host cannot read and leaves out; {FORMS}"
        )),
        Ok(time) => {
            let year = year(time?);
            let implausible = !YEARS.contains(&year);
            implausible.then(|| {
                format!("in the year {year}; check the unit of the board's number (seconds or milliseconds)")
            })
        }
    }
}

fn year(time: BoardTime) -> i16 {
    match time {
        BoardTime::Day(day) => day.year(),
        BoardTime::Moment(at) => TimeZone::UTC.to_datetime(at).year(),
    }
}

fn shown(text: &str) -> PrintableStart<'_> {
    PrintableStart {
        text,
        limit: MAX_SHOWN_CHARS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::check::report::Verdict;

    /// Returns the verdict on jobs with these dates in one field.
    fn verdict(field: &str, values: &[&str]) -> RuleResult {
        let job = |value: &&str| {
            let value = Some((*value).to_owned());
            let mut job = RawJob {
                external_id: "k-7".to_owned(),
                ..RawJob::default()
            };
            match field {
                "posted-at" => job.posted_at = value,
                "updated-at" => job.updated_at = value,
                _ => job.expires_at = value,
            }
            job
        };
        let jobs: Vec<RawJob> = values.iter().map(job).collect();
        FIELDS
            .into_iter()
            .try_for_each(|(field, value_of)| check_field(field, value_of, &jobs))
    }

    /// Returns the reason why the only date of a board fails; `None` if it passes.
    fn wrong(field: &str, value: &str) -> Option<String> {
        match verdict(field, &[value]) {
            Ok(()) => None,
            Err(Verdict::Failed(why)) => Some(why),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_wrong_date_among_many_is_named_without_a_failure() {
        let verdict = |values: &[&str]| verdict("posted-at", values);
        let fine = "2026-08-14";
        let Err(Verdict::Skipped(why)) = verdict(&[fine, "soon", fine]) else {
            panic!("it is the board's mistake");
        };
        assert!(why.starts_with("job `k-7`: posted-at is `soon`, "), "{why}");
        let own_format = "14.08.2026";
        assert!(matches!(
            verdict(&[fine, own_format, own_format]),
            Err(Verdict::Failed(_))
        ));
    }

    #[test]
    fn a_date_that_the_host_reads_in_a_plausible_year_passes() {
        for value in [
            "2026-08-14",
            "2026-08-14T09:30:00+02:00",
            "2026-08-14T07:30:00.25Z",
            "2099-12-31",
            "",
        ] {
            assert_eq!(wrong("expires-at", value), None, "{value}");
        }
    }

    #[test]
    fn an_unreadable_date_is_named_with_its_value_and_the_allowed_forms() {
        for field in ["posted-at", "updated-at", "expires-at"] {
            for value in [
                "14.08.2026",
                "2026-08-14T09:30:00",
                "1786699800",
                "tomorrow",
            ] {
                assert_eq!(
                    wrong(field, value).unwrap(),
                    format!(
                        "job `k-7`: {field} is `{value}`, which the host cannot read and leaves out; {FORMS}"
                    )
                );
            }
        }
    }

    #[test]
    fn a_year_that_no_board_means_is_named() {
        for (value, year) in [
            ("1970-01-21T16:18:19Z", "in the year 1970; check the unit"),
            ("1986-08-14", "in the year 1986; check the unit"),
            ("2626-08-14", "in the year 2626; check the unit"),
            ("0026-08-14", "which the host cannot read"),
        ] {
            let told = wrong("updated-at", value).unwrap();
            assert!(told.contains(year), "{told}");
        }
    }

    #[test]
    fn control_characters_of_a_date_are_escaped_and_long_ones_cut() {
        let told = wrong("posted-at", &format!("\u{1b}[2J{}", "9".repeat(500))).unwrap();
        assert!(told.contains("`\\u{1b}[2J999"), "{told}");
        assert!(told.len() < 300 && !told.contains('\u{1b}'), "{told}");
    }
}
