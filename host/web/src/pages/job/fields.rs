//! All fields of a job, as names and values.

use job_scanner_core::job::{BoardTime, Workplace};
use job_scanner_core::normalize::facts::in_words;
use job_scanner_store::ListedJob;
use job_scanner_views::cells::{board_day, whole};
use job_scanner_views::jobs;

use crate::pages::matches::card::start;

/// The longest value, in characters. Those of real jobs are shorter.
const MAX_VALUE: usize = 1_000;

/// Returns the fields that have a value. The names of further fields are those of the board.
pub(super) fn fields(listed: &ListedJob) -> Vec<(String, String)> {
    let job = &listed.job;
    let day = |at: Option<BoardTime>| at.map(|at| board_day(at).to_string());
    let places: Vec<&str> = job.locations.iter().map(|it| it.name.as_str()).collect();
    let known = [
        ("Department", job.department.clone()),
        ("Places", Some(places.join("; "))),
        (
            "Workplace",
            job.workplace.map(|it| Workplace::as_str(it).to_owned()),
        ),
        ("Employment", job.employment_type.clone()),
        (
            "Pay in the board's words",
            job.salary.as_ref().and_then(|it| it.text.clone()),
        ),
        ("Pay", in_words::salary(&job.facts)),
        ("Countries", in_words::country(&job.facts)),
        ("Open to", in_words::open_to(&job.facts)),
        ("Kind of employment", in_words::employment(&job.facts)),
        ("Language", in_words::language(&job.facts)),
        ("Level", in_words::level(&job.facts)),
        ("Years of experience", in_words::years(&job.facts)),
        ("Posted", day(job.posted_at)),
        ("Updated", day(job.updated_at)),
        ("Expires", day(job.expires_at)),
        ("State", Some(jobs::state(listed).to_owned())),
        (
            "Source",
            Some(format!("{} ({})", listed.source_name, listed.key.source)),
        ),
        ("Also", Some(jobs::also(listed))),
        ("Key", Some(listed.key.to_string())),
        ("Address", Some(job.url.clone())),
    ];

    let known = known
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let extra = job
        .extra
        .iter()
        .map(|(name, value)| (whole(name), value.clone()));
    let all = known.chain(extra).filter(|(_, value)| !value.is_empty());
    all.map(|(name, value)| (name, start(&value, MAX_VALUE)))
        .collect()
}
