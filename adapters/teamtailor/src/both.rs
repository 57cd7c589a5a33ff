//! Both feeds of a site as one listing: the jobs are those of the RSS feed. Missing fields are
//! taken from the JSON feed.

use std::collections::HashMap;

use job_scanner_sdk::{
    FetchRequest, Location, Outcome, RawJob, Request, Response, SourceError, fetch_offset_pages,
};

use crate::api::Site;
use crate::{Rss, json_feed};

/// The maximum number of pages. A feed with more is in a loop.
const MAX_PAGES: usize = 100;

/// Fetches both feeds, or finds out that neither has changed.
pub fn fetch(request: &FetchRequest, site: &Site) -> Result<Outcome, SourceError> {
    request.check_cursor()?;
    let json = site.json().conditional().send()?.ok()?;
    let rss = Rss {
        site,
        has_other_changes: !json.unchanged,
    };
    let Outcome::Page(mut page) = fetch_offset_pages(request, &rss)? else {
        return Ok(Outcome::NotModified);
    };
    let mut json_jobs = json_jobs(if json.unchanged {
        site.json().send()?.ok()?
    } else {
        json
    })?;
    for job in &mut page.jobs {
        if let Some(more) = json_jobs.remove(&job.external_id) {
            fill_gaps(job, more);
        }
    }
    Ok(Outcome::Page(page))
}

/// Returns the jobs of the JSON feed by their ids. A job that cannot be read there is still in the
/// RSS feed.
fn json_jobs(first: Response) -> Result<HashMap<String, RawJob>, SourceError> {
    let mut jobs = HashMap::new();
    let mut response = first;
    for _ in 0..MAX_PAGES {
        let page = json_feed::page(&response.json()?, &response.url)?;
        jobs.extend(
            page.jobs
                .into_iter()
                .map(|job| (job.external_id.clone(), job)),
        );
        match page.next {
            Some(next) => response = Request::get(next).send()?.ok()?,
            None => break,
        }
    }
    Ok(jobs)
}

/// Sets the fields that the RSS feed does not have.
fn fill_gaps(job: &mut RawJob, more: RawJob) {
    job.employment_type = job.employment_type.take().or(more.employment_type);
    job.expires_at = job.expires_at.take().or(more.expires_at);
    job.salary = job.salary.take().or(more.salary);
    if job.locations.is_empty() {
        job.locations = more.locations;
        return;
    }
    for place in &mut job.locations {
        let is_same = |other: &&Location| place.city.is_some() && other.city == place.city;
        if let Some(same) = more.locations.iter().find(is_same) {
            place.region = place.region.take().or_else(|| same.region.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_feed_sets_the_fields_that_the_rss_feed_lacks() {
        let place = |region: Option<&str>, name: &str| Location {
            city: Some("Malmö".to_owned()),
            region: region.map(str::to_owned),
            ..Location::named(name)
        };
        let mut job = RawJob {
            locations: vec![place(None, "Office"), Location::named("Home")],
            ..RawJob::new("1", "Cook", "")
        };
        let more = RawJob {
            employment_type: Some("FULL_TIME".to_owned()),
            expires_at: Some("2026-12-24".to_owned()),
            locations: vec![place(Some("Skåne"), "Malmö, Skåne")],
            ..RawJob::new("1", "Another title", "")
        };
        fill_gaps(&mut job, more.clone());
        assert_eq!(
            job.locations,
            [place(Some("Skåne"), "Office"), Location::named("Home")]
        );
        assert_eq!(
            (job.title.as_str(), job.employment_type.as_deref()),
            ("Cook", Some("FULL_TIME"))
        );
        assert_eq!(job.expires_at.as_deref(), Some("2026-12-24"));

        let mut placeless = RawJob::new("1", "Cook", "");
        fill_gaps(&mut placeless, more);
        assert_eq!(placeless.locations, [place(Some("Skåne"), "Malmö, Skåne")]);
    }
}
