//! Conversion of Remotive's jobs to raw jobs.

use job_scanner_sdk::{Description, Location, Page, RawJob, Salary, Workplace, extras, joined};

use crate::api::{Job, Listing};

/// Returns all jobs as one page.
pub fn page(listing: Listing<'_>) -> Page {
    let jobs = listing.jobs.read.into_iter().map(raw_job).collect();
    Page {
        total: listing.total,
        ..Page::whole_board(jobs)
    }
    .with_unreadable(listing.jobs.unreadable)
}

/// Returns the raw job. The board has only remote jobs and provides no update time.
fn raw_job(job: Job<'_>) -> RawJob {
    RawJob {
        company: job.company_name.into_option(),
        department: job.category.into_option(),
        locations: job
            .candidate_required_location
            .into_option()
            .map(Location::named)
            .into_iter()
            .collect(),
        workplace: Some(Workplace::Remote),
        employment_type: job.job_type.into_option(),
        salary: job.salary.into_option().map(Salary::from_text),
        description: job.description.into_option().map(Description::Html),
        posted_at: job.publication_date.into_option().map(|time| in_utc(&time)),
        extra: extras([("tags", joined(job.tags.iter().flatten()))]),
        ..RawJob::new(job.id, job.title, job.url)
    }
}

/// Adds the offset, which Remotive omits. Its times are in UTC.
fn in_utc(text: &str) -> String {
    match text.split_once('T') {
        Some((_, time)) if !time.contains(['Z', '+', '-']) => format!("{text}Z"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn all() -> Page {
        page(api::read(include_bytes!("../cassettes/all/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            department: Some("Software Development".to_owned()),
            locations: vec![Location::named("Americas, Europe")],
            workplace: Some(Workplace::Remote),
            employment_type: Some("contract".to_owned()),
            salary: Some(Salary::from_text("$75k - $95k")),
            description: Some(Description::Html("<p>Build.</p>".to_owned())),
            posted_at: Some("2026-05-15T14:00:51Z".to_owned()),
            extra: vec![("tags".to_owned(), "rust, api".to_owned())],
            ..RawJob::new(
                "2088711",
                "Engineer",
                "https://remotive.com/remote-jobs/software-development/engineer-2088711",
            )
        };
        assert_eq!(all().jobs[0], expected);
    }

    #[test]
    fn empty_values_stay_unknown() {
        let page = all();
        let job = &page.jobs[1];
        assert_eq!(
            (&job.salary, &job.employment_type, job.locations.len()),
            (&None, &None, 0)
        );
        assert_eq!((page.total, page.warnings.len()), (Some(2), 0));
    }

    #[test]
    fn a_time_without_an_offset_is_in_utc() {
        for (moment, expected) in [
            ("2026-05-15T14:00:51", "2026-05-15T14:00:51Z"),
            ("2026-05-15T14:00:51Z", "2026-05-15T14:00:51Z"),
            ("2026-05-15T14:00:51+02:00", "2026-05-15T14:00:51+02:00"),
            ("2026-05-15", "2026-05-15"),
        ] {
            assert_eq!(in_utc(moment), expected);
        }
    }
}
