//! Conversion of Himalayas' jobs to raw jobs.

use job_scanner_sdk::{
    Chunk, Coverage, Description, Location, Page, RawJob, Salary, SourceError, Workplace, extras,
    joined, time,
};

use crate::api::{Job, Listing, PAGE_SIZE};

/// Reads one page of the listing.
///
/// A number of jobs that is missing, or smaller than the page, must neither fail nor shorten the
/// scan: a full page stands for a board with more jobs than a scan reads.
pub fn chunk(listing: &Listing<'_>) -> Result<Chunk, SourceError> {
    let listed = u32::try_from(listing.jobs.0.len()).unwrap_or(u32::MAX);
    let is_full = listing.jobs.0.len() >= PAGE_SIZE;
    let stated = listing.total_count.parsed();
    let total = stated.filter(|total| *total >= listed);

    let jobs = listing.jobs.read("jobs")?;
    let raw_jobs = jobs.read.into_iter().map(raw_job).collect();
    Ok(Chunk {
        jobs: raw_jobs,
        unreadable: jobs.unreadable,
        total: total.or(Some(if is_full { u32::MAX } else { listed })),
    })
}

/// Returns the page as a window: the newest jobs of a larger board.
pub fn as_window(page: Page) -> Page {
    Page {
        coverage: Coverage::Window,
        total: None,
        ..page
    }
}

/// Returns the raw job. All jobs of the board are remote.
fn raw_job(job: Job<'_>) -> RawJob {
    let url = String::from(job.guid.clone());
    let extra = [
        ("seniority", joined(job.seniority.iter().flatten())),
        ("categories", joined(job.categories.iter().flatten())),
        (
            "timezones",
            joined(job.timezone_restrictions.iter().flatten()),
        ),
    ];
    let countries = job.location_restrictions.unwrap_or_default().into_iter();
    RawJob {
        apply_url: job
            .application_link
            .into_option()
            .filter(|link| *link != url),
        company: job.company_name.into_option(),
        locations: countries
            .filter_map(|name| Location::from_parts(None, None, name.into_option()))
            .collect(),
        workplace: Some(Workplace::Remote),
        employment_type: job.employment_type.into_option(),
        salary: Salary::between(
            job.min_salary,
            job.max_salary,
            job.currency.into_option(),
            None,
        ),
        description: job.description.into_option().map(Description::Html),
        posted_at: job.pub_date.and_then(time::from_epoch_seconds),
        expires_at: job.expiry_date.and_then(time::from_epoch_seconds),
        extra: extras(extra),
        ..RawJob::new(job.guid, job.title, url)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::json;

    use super::*;

    fn first() -> Chunk {
        chunk(&json::decode(include_bytes!("../cassettes/all/page-1.json")).expect("JSON"))
            .expect("a page")
    }

    #[test]
    fn every_field_is_read() {
        let url = "https://himalayas.app/companies/acme/jobs/business-manager";
        let expected = RawJob {
            apply_url: Some("https://acme.example/apply".to_owned()),
            company: Some("ACME".to_owned()),
            locations: vec![
                Location {
                    country: Some("US".to_owned()),
                    ..Location::named("United States")
                },
                Location::named("Europe"),
            ],
            workplace: Some(Workplace::Remote),
            employment_type: Some("Full Time".to_owned()),
            salary: Salary::between(
                Some(90_000.0),
                Some(120_000.0),
                Some("USD".to_owned()),
                None,
            ),
            description: Some(Description::Html("<p>Grow.</p>".to_owned())),
            posted_at: Some("2026-05-17T04:00:21.000Z".to_owned()),
            expires_at: Some("2026-07-16T04:00:21.000Z".to_owned()),
            extra: vec![
                ("seniority".to_owned(), "Senior, Manager".to_owned()),
                ("categories".to_owned(), "Sales".to_owned()),
                ("timezones".to_owned(), "-5".to_owned()),
            ],
            ..RawJob::new(url, "Business Manager", url)
        };
        assert_eq!(first().jobs[0], expected);
    }

    #[test]
    fn a_currency_without_a_number_is_not_a_salary() {
        let Chunk {
            jobs,
            unreadable,
            total,
        } = first();
        assert_eq!(
            (jobs[1].salary.as_ref(), jobs[1].apply_url.as_ref()),
            (None, None)
        );
        assert_eq!((jobs.len(), unreadable.len(), total), (2, 1, Some(101_667)));
    }

    #[test]
    fn a_full_page_without_a_number_of_jobs_has_further_pages() {
        let total = |jobs: usize, count: &str| {
            let job = r#"{"guid": "https://a.example/1", "title": "Cook"}"#;
            let list = vec![job; jobs].join(", ");
            let body = format!(r#"{{{count} "jobs": [{list}]}}"#);
            chunk(&json::decode(body.as_bytes()).expect("JSON"))
                .expect("a page")
                .total
        };
        for unusable in ["", "null", r#""many""#, "-1", "0"] {
            let count = if unusable.is_empty() {
                String::new()
            } else {
                format!(r#""totalCount": {unusable},"#)
            };
            assert_eq!(total(PAGE_SIZE, &count), Some(u32::MAX), "{unusable}");
            assert_eq!(total(3, &count), Some(3), "{unusable}");
            assert_eq!(total(0, &count), Some(0), "{unusable}");
        }
        assert_eq!(total(PAGE_SIZE, r#""totalCount": "41","#), Some(41));
        assert_eq!(total(PAGE_SIZE, r#""totalCount": 20,"#), Some(20));
    }

    #[test]
    fn the_listing_is_a_window() {
        let page = as_window(Page {
            total: Some(101_667),
            ..Page::whole_board(Vec::new())
        });
        assert_eq!((page.coverage, page.total), (Coverage::Window, None));
    }
}
