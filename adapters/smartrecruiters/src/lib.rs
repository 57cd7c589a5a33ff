//! SmartRecruiters: companies with jobs at `jobs.smartrecruiters.com/COMPANY`.
//!
//! The listing is returned in chunks of a hundred postings without texts. Each text takes one
//! request, which the host asks for when it needs the text. [`api`] defines the requests and
//! responses, [`map`] turns responses into raw jobs, [`openings`] merges those of one opening, and
//! [`memory`] keeps their ids.

pub mod api;
pub mod map;
pub mod memory;
pub mod openings;

use job_scanner_sdk::{
    Adapter, Chunk, Detail, DetailedAdapter, FetchRequest, OffsetPages, Outcome, Page, Paging,
    Request, Response, SourceError, Wanted, export_detailed_adapter, fetch_each,
    fetch_offset_pages, send_all,
};

use api::Board;
use memory::Memory;
use openings::Groups;

/// The maximum number of postings whose job a scan requests. Later scans request the rest.
const MAX_COMPARED: usize = 100;

/// The number of concurrent requests for details. The host allows 256.
const BATCH_SIZE: usize = 200;

struct SmartRecruiters;

export_detailed_adapter!(SmartRecruiters);

impl Adapter for SmartRecruiters {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = Board::from_request(request)?;
        let memory = Memory::read(request.state.as_deref());
        let listing = FetchRequest {
            state: memory.chunks(),
            ..request.clone()
        };

        let outcome = fetch_offset_pages(&listing, &board)?;
        Ok(outcome.map_page(|page| with_openings(map::warn_if_empty(page), memory, &board)))
    }
}

/// Merges the postings of each opening. They may be in different chunks.
///
/// After a failure, which is the page's cursor, no further request is sent: the board may have
/// asked for a pause.
fn with_openings(page: Page, mut memory: Memory, board: &Board) -> Page {
    let postings = page.jobs.len();
    let groups = Groups::of(page.jobs);
    let failure = match page.next {
        None => learn_jobs(&groups.unknown(&memory), &mut memory, board),
        Some(_) => None,
    };

    let jobs = groups.merge(&mut memory);
    let merged = u32::try_from(postings - jobs.len()).unwrap_or(u32::MAX);
    Page {
        jobs,
        next: page.next.or(failure.map(|error| error.to_cursor())),
        state: memory.state(page.state),
        total: page.total.map(|total| total.saturating_sub(merged)),
        ..page
    }
}

/// Requests the jobs of postings. Returns an error that concerns all requests, such as a rate
/// limit. After any other failure, a posting's job stays unknown.
fn learn_jobs(postings: &[String], memory: &mut Memory, board: &Board) -> Option<SourceError> {
    let postings = &postings[..postings.len().min(MAX_COMPARED)];
    let requests: Vec<Request> = postings.iter().map(|id| board.posting(id)).collect();
    let mut failure = None;

    for (posting, response) in postings.iter().zip(send_all(&requests)) {
        match response.and_then(Response::ok) {
            Ok(response) => {
                if let Ok(job) = response.json::<api::Job<'_>>() {
                    memory.learn(posting, job.job_id.trimmed());
                }
            }
            Err(error) if error.concerns_all_requests() => failure = Some(error),
            Err(_) => {}
        }
    }
    failure
}

impl OffsetPages for Board {
    fn paging(&self) -> Paging {
        api::PAGING
    }

    fn request(&self, skip: usize) -> Request {
        self.listing(skip)
    }

    fn read(&self, response: &Response) -> Result<Chunk, SourceError> {
        map::chunk(&response.json()?, &self.company)
    }
}

impl DetailedAdapter for SmartRecruiters {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let board = Board::from_request(request)?;
        let postings: Vec<Wanted> = wanted
            .iter()
            .flat_map(|job| {
                postings_of(job).map(|id| Wanted {
                    external_id: job.external_id.clone(),
                    token: id.to_owned(),
                })
            })
            .collect();
        let read = |_: &Wanted, response: Response| Ok(map::details(response.json()?));
        let mut details = postings
            .chunks(BATCH_SIZE)
            .flat_map(|batch| fetch_each(batch, |posting| board.posting(&posting.token), read))
            .map(|(_, detail)| detail);

        let jobs = wanted.iter().map(|job| {
            let parts = details.by_ref().take(postings_of(job).count());
            (job.external_id.clone(), map::joined(parts.collect()))
        });
        Ok(jobs.collect())
    }
}

/// Returns the ids of the postings of a job, whose token [`openings`] makes.
fn postings_of(job: &Wanted) -> impl Iterator<Item = &str> {
    job.token.split(' ')
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use job_scanner_sdk::{Description, RawJob, testing};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_board_and_its_texts_are_read_from_a_cassette() {
        let scan = testing::scan::<SmartRecruiters>("cassettes/board").expect("a board");
        assert_eq!(
            (scan.jobs.len(), scan.total, scan.state.as_deref()),
            (3, Some(4), None)
        );
        let wanted = [("1", "744000000000001"), ("2", "744000000000002")];
        let details =
            testing::details::<SmartRecruiters>("cassettes/board", &wanted).expect("details");
        assert!(
            matches!(&details[0], (id, Detail::Found(job)) if id == "1" && job.salary.is_some())
        );
        assert_eq!(details[1], ("2".to_owned(), Detail::Gone));
    }

    #[test]
    fn an_empty_board_is_a_warning_since_the_company_may_be_unknown() {
        let scan =
            testing::scan::<SmartRecruiters>("cassettes/no-such-board").expect("an empty board");
        assert_eq!((scan.jobs.len(), scan.warnings.len()), (0, 1));
    }

    #[test]
    fn an_opening_in_two_languages_is_one_job_with_both_texts() {
        let scan = testing::scan::<SmartRecruiters>("cassettes/two-languages").expect("a board");
        let jobs: Vec<_> = scan
            .jobs
            .iter()
            .map(|job| (job.external_id.as_str(), job.title.as_str()))
            .collect();
        let expected = [
            ("744000000000021", "Teamleider bakkerij"),
            ("744000000000022", "Chef boulanger"),
            // The details of these two name different jobs.
            ("744000000000024", "Night baker"),
            ("744000000000025", "Nachtbakker"),
        ];
        assert_eq!((&jobs[..], scan.total), (&expected[..], Some(4)));

        let Some(Description::Deferred(token)) = &scan.jobs[0].description else {
            panic!("{:?}", scan.jobs[0].description)
        };
        let wanted = [
            ("744000000000021", token.as_str()),
            ("744000000000022", "744000000000022"),
        ];
        let details = testing::details::<SmartRecruiters>("cassettes/two-languages", &wanted)
            .expect("details");
        let [(_, Detail::Found(both)), (id, Detail::Found(_))] = &details[..] else {
            panic!("{details:?}")
        };
        let text = "<p>Leid onze bakkers.</p>\n<h3>Bakery Manager</h3><p>Lead our bakers.</p>";
        assert_eq!(both.description, Some(Description::Html(text.to_owned())));
        assert!(both.url.ends_with("21-teamleider-bakkerij"), "{}", both.url);
        assert_eq!((both.title.as_str(), id.as_str()), ("", "744000000000022"));
    }

    /// Writes a cassette with these bodies, each with its path below the company, and returns its
    /// folder.
    fn cassette(name: &str, bodies: &[(String, serde_json::Value)]) -> PathBuf {
        let exchanges: Vec<_> = bodies
            .iter()
            .map(|(path, body)| {
                let url =
                    format!("https://api.smartrecruiters.com/v1/companies/acme/postings{path}");
                json!({"request": {"url": url}, "response": {"status": 200, "json": body}})
            })
            .collect();
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let cassette = json!({"source": {"identifier": "acme"}, "exchanges": exchanges});
        std::fs::write(folder.join("cassette.json"), cassette.to_string()).expect("a file");
        folder
    }

    #[test]
    fn postings_of_one_opening_may_be_in_different_chunks() {
        let posting = |id: usize, number: usize, language: &str| json!({"id": id, "name": "Cook", "refNumber": number, "language": {"code": language}});
        let first: Vec<_> = (1..=100).map(|id| posting(id, id, "de")).collect();
        let folder = cassette(
            "chunks",
            &[
                (
                    "?limit=100&offset=0".to_owned(),
                    json!({"totalFound": 101, "content": first}),
                ),
                (
                    "?limit=100&offset=100".to_owned(),
                    json!({"totalFound": 101, "content": [posting(101, 40, "fr")]}),
                ),
                ("/40".to_owned(), json!({"jobId": "job-40"})),
                ("/101".to_owned(), json!({"jobId": "job-40"})),
            ],
        );

        let scan = testing::scan::<SmartRecruiters>(&folder).expect("a board");
        std::fs::remove_dir_all(folder).expect("a folder");
        assert_eq!((scan.jobs.len(), scan.total), (100, Some(100)));
        assert_eq!(
            scan.jobs[39].description,
            Some(Description::Deferred("40 101".to_owned()))
        );
        assert_eq!(scan.state.as_deref(), Some("2\n40 job-40 101 40"));
    }

    #[test]
    fn after_a_failure_no_further_request_is_sent() {
        let posting = |id: &str, language: &str| RawJob {
            language: Some(language.to_owned()),
            extra: vec![("requisition".to_owned(), "REF1".to_owned())],
            ..RawJob::new(id, "Cook", "https://a.example")
        };
        let failed = Page {
            next: Some(SourceError::RateLimited(Some(60)).to_cursor()),
            ..Page::whole_board(vec![posting("1", "de"), posting("2", "fr")])
        };
        let board = Board::from_request(&testing::request("acme", "{}")).expect("a board");

        // There is no server in this test, so a request would panic.
        let page = with_openings(failed.clone(), Memory::default(), &board);
        assert_eq!((page.jobs.len(), page.next), (1, failed.next));
    }

    #[test]
    fn a_text_that_failed_fails_that_of_the_whole_job() {
        let found = |title: &str| {
            Detail::Found(RawJob {
                title: title.to_owned(),
                description: Some(Description::Html(format!("<p>{title}</p>"))),
                ..RawJob::blank()
            })
        };
        let failed = || Detail::Failed(SourceError::RateLimited(None));
        assert_eq!(map::joined(vec![found("A"), failed()]), failed());
        assert_eq!(map::joined(vec![Detail::Gone, Detail::Gone]), Detail::Gone);
        let Detail::Found(job) = map::joined(vec![Detail::Gone, found("B")]) else {
            panic!("not found")
        };
        assert_eq!(
            job.description,
            Some(Description::Html("<p>B</p>".to_owned()))
        );
    }
}
