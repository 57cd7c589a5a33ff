//! Conversion of Arbeitnow's jobs to raw jobs.

use job_scanner_sdk::{
    Coverage, Description, Location, Page, RawJob, Text, Workplace, extras, joined, time,
};

use crate::api::{Job, Listing};

/// Returns one page of the listing. `number` is its number, `pages` the number of pages to read.
pub fn page(listing: Listing<'_>, number: u32, pages: u32) -> Page {
    let jobs = listing.jobs.read.into_iter().map(raw_job).collect();
    Page {
        next: (listing.has_next && number < pages).then(|| (number + 1).to_string()),
        // Jobs move to later pages while the pages are read, so one may be missed: a listing is
        // never complete.
        coverage: Coverage::Window,
        warnings: listing.jobs.unreadable,
        ..Page::whole_board(jobs)
    }
}

/// Returns the raw job. The board provides neither pay nor update time nor language.
fn raw_job(job: Job<'_>) -> RawJob {
    let seconds = job.created_at.parsed().filter(|&seconds| seconds > 0);
    let (levels, kinds): (Vec<_>, Vec<_>) = job
        .job_types
        .iter()
        .flatten()
        .map(Text::trimmed)
        .partition(|word| is_level(word));
    RawJob {
        company: job.company_name.into_option(),
        locations: job
            .location
            .into_option()
            .map(Location::named)
            .into_iter()
            .collect(),
        // `false` can also mean hybrid.
        workplace: job
            .remote
            .filter(|&remote| remote)
            .map(|_| Workplace::Remote),
        employment_type: joined(kinds),
        description: job.description.into_option().map(Description::Html),
        posted_at: seconds.and_then(time::from_epoch_seconds),
        extra: extras([
            ("tags", joined(job.tags.iter().flatten())),
            ("seniority", joined(levels)),
        ]),
        ..RawJob::new(job.slug, job.title, job.url)
    }
}

/// Returns true for a level of seniority. The board lists levels among the types of employment.
fn is_level(word: &str) -> bool {
    const LEVELS: [&str; 10] = [
        "berufseinstieg",
        "berufserfahren",
        "entry",
        "executive",
        "geschäftsleitung",
        "junior",
        "mid",
        "professional / experienced",
        "senior",
        "teamleitung",
    ];
    LEVELS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn first(pages: u32) -> Page {
        page(
            api::read(include_bytes!("../cassettes/all/page-1.json")).expect("a page"),
            1,
            pages,
        )
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            company: Some("Acme GmbH".to_owned()),
            locations: vec![Location::named("Berlin")],
            workplace: Some(Workplace::Remote),
            employment_type: Some("Full time".to_owned()),
            description: Some(Description::Html("<p>Bauen.</p>".to_owned())),
            posted_at: Some("2026-02-15T13:31:25.000Z".to_owned()),
            extra: vec![
                ("tags".to_owned(), "Remote, Directors".to_owned()),
                ("seniority".to_owned(), "teamleitung".to_owned()),
            ],
            ..RawJob::new(
                "engineer-berlin-469876",
                "Engineer (m/w/d)",
                "https://www.arbeitnow.com/jobs/companies/acme/engineer",
            )
        };
        assert_eq!(first(5).jobs[0], expected);
    }

    #[test]
    fn pages_are_read_up_to_the_configured_number() {
        assert_eq!(first(5).next.as_deref(), Some("2"));
        assert_eq!(first(1).next, None);
    }

    #[test]
    fn an_invalid_time_stays_unknown() {
        assert_eq!(first(5).jobs[1].posted_at, None);
    }
}
