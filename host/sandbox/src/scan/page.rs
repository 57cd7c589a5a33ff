//! The parameters and results of a guest's calls in the host's own types, independent of the
//! contract line: a page of the board's listing, or the details of some of its jobs.
//!
//! The number of bytes that the guest returned counts against its budget.

use job_scanner_core::raw::{Description, RawJob, RawLocation};

use crate::error::ScanError;

/// The parameters of one call.
#[derive(Debug, Clone)]
pub(crate) struct PageRequest {
    pub(crate) identifier: String,
    /// A JSON object that the caller has checked against the manifest's schema.
    pub(crate) options: String,
    /// `None` on the first page of a scan.
    pub(crate) cursor: Option<String>,
    /// The state that the last complete scan returned.
    pub(crate) state: Option<String>,
    pub(crate) max_jobs: Option<u32>,
    /// RFC 3339.
    pub(crate) now: String,
}

/// The result of a call for a page.
#[derive(Debug)]
pub(crate) enum PageOutcome {
    Page(Page),
    /// The whole listing is unchanged since the last complete scan.
    NotModified,
    /// The guest returned an error.
    Failed(ScanError),
}

#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) jobs: Vec<RawJob>,
    pub(crate) next: Option<String>,
    pub(crate) state: Option<String>,
    /// The number of jobs that the board claims to have.
    pub(crate) total: Option<u32>,
    /// True if the pages contain only some of the open jobs.
    pub(crate) window: bool,
    pub(crate) warnings: Vec<String>,
}

/// The result of a call for details.
#[derive(Debug)]
pub(crate) enum DetailsOutcome {
    /// The results by external id.
    Details(Vec<(String, DetailResult)>),
    /// The guest returned an error for the whole call.
    Failed(ScanError),
}

/// The details of one job.
#[derive(Debug)]
pub(crate) enum DetailResult {
    Found(Box<RawJob>),
    /// The job's page does not exist, or states that the job is no longer posted.
    Gone,
    Failed(ScanError),
}

impl Page {
    /// Returns the number of bytes that the guest returned.
    pub(crate) fn bytes(&self) -> u64 {
        let jobs: usize = self.jobs.iter().map(job_bytes).sum();
        let warnings = list_bytes(&self.warnings, String::len);
        (jobs + warnings + text_bytes(self.next.as_deref()) + text_bytes(self.state.as_deref()))
            as u64
    }
}

/// Returns the number of bytes that the guest returned for a call for details.
pub(crate) fn details_bytes(results: &[(String, DetailResult)]) -> u64 {
    let held_by = |(id, result): &(String, DetailResult)| {
        id.len()
            + match result {
                DetailResult::Found(job) => job_bytes(job),
                DetailResult::Failed(error) => error.to_string().len(),
                DetailResult::Gone => 0,
            }
    };
    list_bytes(results, held_by) as u64
}

/// Returns the bytes of a list: those of its elements and those that the elements hold. The former
/// count because a million empty elements need memory too.
fn list_bytes<T>(list: &[T], held_by: impl Fn(&T) -> usize) -> usize {
    size_of_val(list) + list.iter().map(held_by).sum::<usize>()
}

/// Returns the bytes of a job: its record and all its texts.
fn job_bytes(job: &RawJob) -> usize {
    let required = [&job.external_id, &job.title, &job.url];
    let optional = [
        job.apply_url.as_deref(),
        job.company.as_deref(),
        job.department.as_deref(),
        job.employment_type.as_deref(),
        job.language.as_deref(),
        job.posted_at.as_deref(),
        job.updated_at.as_deref(),
        job.expires_at.as_deref(),
        job.revision.as_deref(),
    ];
    let texts = required.into_iter().map(String::len).sum::<usize>()
        + optional.into_iter().map(text_bytes).sum::<usize>();

    let description = job.description.as_ref().map_or(0, description_bytes);
    let locations = list_bytes(&job.locations, location_bytes);
    let salary = job.salary.as_ref().map_or(0, |salary| {
        text_bytes(salary.currency.as_deref()) + text_bytes(salary.text.as_deref())
    });
    let extra = list_bytes(&job.extra, |(name, value)| name.len() + value.len());

    // The record counts because a job without any text needs memory too.
    size_of::<RawJob>() + texts + description + locations + salary + extra
}

fn description_bytes(description: &Description) -> usize {
    match description {
        Description::Html(text) | Description::Text(text) | Description::Deferred(text) => {
            text.len()
        }
    }
}

fn location_bytes(location: &RawLocation) -> usize {
    location.name.len()
        + text_bytes(location.city.as_deref())
        + text_bytes(location.region.as_deref())
        + text_bytes(location.country.as_deref())
}

fn text_bytes(text: Option<&str>) -> usize {
    text.map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_elements_are_counted() {
        const MANY: usize = 1_000;
        let bytes = |page: &Page| usize::try_from(page.bytes()).unwrap();
        let of_job = |job| {
            bytes(&Page {
                jobs: vec![job],
                ..Page::default()
            })
        };
        let plain = of_job(RawJob::default());
        assert_eq!(plain, size_of::<RawJob>());
        let locations = vec![RawLocation::default(); MANY];
        assert_eq!(
            of_job(RawJob {
                locations,
                ..RawJob::default()
            }) - plain,
            MANY * size_of::<RawLocation>()
        );
        let extra = vec![(String::new(), String::new()); MANY];
        assert_eq!(
            of_job(RawJob {
                extra,
                ..RawJob::default()
            }) - plain,
            MANY * size_of::<(String, String)>()
        );
        let warnings = vec![String::new(); MANY];
        assert_eq!(
            bytes(&Page {
                warnings,
                ..Page::default()
            }),
            MANY * size_of::<String>()
        );
    }
}
