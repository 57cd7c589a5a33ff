//! The jobs in a page.

use job_scanner_sdk::{RawJob, json_ld, schema_org};

/// Returns the jobs in the page at the URL `address`. Adds a message to `unreadable` for each
/// posting without a title and for each script that cannot be parsed.
///
/// The URL is the id, since the `identifier` of a posting may be the company's name. If a page has
/// several postings, the identifier distinguishes them.
pub fn jobs(page: &[u8], address: &str, unreadable: &mut Vec<String>) -> Vec<RawJob> {
    let postings = json_ld::job_postings(page);
    unreadable.extend(
        postings
            .unreadable
            .into_iter()
            .map(|message| format!("{address}: {message}")),
    );
    let has_several = postings.found.len() > 1;
    let jobs = postings.found.iter().filter_map(|posting| {
        let job = schema_org::raw_job(posting);
        if job.title.is_empty() {
            unreadable.push(format!("{address}: JobPosting without a title"));
            return None;
        }
        let id = if has_several {
            format!("{address}#{}", own_id(&job))
        } else {
            address.to_owned()
        };
        let url = if job.url.starts_with("http") {
            job.url
        } else {
            address.to_owned()
        };
        Some(RawJob {
            external_id: id,
            url,
            ..job
        })
    });
    jobs.collect()
}

fn own_id(job: &RawJob) -> &str {
    if job.external_id.is_empty() {
        &job.title
    } else {
        &job.external_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> (Vec<(String, String)>, Vec<String>) {
        let mut unreadable = Vec::new();
        let page = format!("<script type=\"application/ld+json\">{json}</script>");
        let jobs = jobs(page.as_bytes(), "https://a.example/1", &mut unreadable);
        (
            jobs.into_iter()
                .map(|job| (job.external_id, job.title))
                .collect(),
            unreadable,
        )
    }

    #[test]
    fn the_id_of_the_only_job_of_a_page_is_its_url() {
        let (jobs, unreadable) =
            read(r#"{"@type": "JobPosting", "title": "Cook", "identifier": "Acme"}"#);
        assert_eq!(
            jobs,
            [("https://a.example/1".to_owned(), "Cook".to_owned())]
        );
        assert!(unreadable.is_empty());
    }

    #[test]
    fn several_jobs_of_a_page_have_different_ids() {
        let (jobs, _) = read(
            r#"[{"@type": "JobPosting", "title": "A", "identifier": 7}, {"@type": "JobPosting", "title": "B"}]"#,
        );
        let ids: Vec<_> = jobs.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["https://a.example/1#7", "https://a.example/1#B"]);
    }

    #[test]
    fn an_unreadable_posting_is_reported_with_the_url() {
        let (jobs, unreadable) = read(r#"{"@type": "JobPosting", "title": }"#);
        assert!(
            jobs.is_empty() && unreadable[0].starts_with("https://a.example/1: invalid JSON-LD: "),
            "{unreadable:?}"
        );
        assert_eq!(
            read(r#"{"@type": "JobPosting"}"#).1,
            ["https://a.example/1: JobPosting without a title"]
        );
    }
}
