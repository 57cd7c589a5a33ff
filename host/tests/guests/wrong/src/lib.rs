//! An adapter that breaks one rule at a time, for the tests of the conformance kit.
//!
//! The identifier is the rule's name in the kit. With any other identifier the adapter follows all
//! rules.

use std::cell::Cell;

use job_scanner_sdk::{
    Adapter, Description, FetchRequest, Outcome, Page, RawJob, Request, Response, SourceError,
    Text, Url, export_adapter,
};

struct Wrong;

export_adapter!(Wrong);

thread_local! {
    /// The number of the next page, for the rule `resumes`, which the adapter breaks by ignoring
    /// the cursor.
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

#[derive(serde::Deserialize)]
struct Options {
    team: String,
    base_url: Option<String>,
}

#[derive(serde::Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    jobs: Vec<Job<'a>>,
    next: Option<u32>,
}

#[derive(serde::Deserialize)]
struct Job<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    title: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
}

impl Adapter for Wrong {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let rule = request.identifier.as_str();
        let options: Options = request.read_options()?;
        if rule == "changed" && request.state.is_some() {
            return Ok(Outcome::NotModified);
        }
        let number = page_number(rule, request);
        let own = own_board(rule, number);
        let url = Url::at(options.base_url.as_deref().unwrap_or(own))
            .path("jobs")
            .segment(&options.team)
            .segment(&number.to_string());
        let response = Request::get(url).conditional().send();
        if rule == "unchanged" && response.as_ref().is_ok_and(|response| response.unchanged) {
            return Ok(Outcome::Page(Page::whole_board(Vec::new())));
        }
        if response.as_ref().is_ok_and(|response| response.unchanged)
            && number == 1
            && request.cursor.is_none()
        {
            return Ok(Outcome::NotModified);
        }
        match response
            .and_then(|response| accept(rule, response))
            .and_then(|response| page(rule, number, &response))
        {
            Err(error) => failed(rule, error),
            page => page.map(Outcome::Page),
        }
    }
}

/// The board of a source without `base_url`. With the identifier `own-host`, or `own-next-host` from
/// the second page on, the manifest does not list it.
fn own_board(rule: &str, number: u32) -> &'static str {
    match (rule, number) {
        ("own-host", _) | ("own-next-host", 2..) => "https://unlisted.example",
        _ => "https://board.example",
    }
}

fn page_number(rule: &str, request: &FetchRequest) -> u32 {
    if rule == "resumes" {
        return NEXT.replace(NEXT.get() + 1);
    }
    request
        .cursor
        .as_ref()
        .and_then(|cursor| cursor.parse().ok())
        .unwrap_or(1)
}

/// Misreads one status, for the rules about statuses.
fn accept(rule: &str, response: Response) -> Result<Response, SourceError> {
    let upstream = |status: u16| Err(SourceError::Upstream((status, "as it came".to_owned())));
    match (rule, response.status) {
        ("404", 404) | ("401", 401) | ("403", 403) => upstream(response.status),
        ("429", 429) if response.header("retry-after").is_none() => upstream(429),
        ("retry-after", 429) => Err(SourceError::RateLimited(None)),
        ("500", 500) => Ok(Response {
            status: 200,
            body: br#"{"jobs": []}"#.to_vec(),
            ..response
        }),
        _ => response.ok(),
    }
}

fn page(rule: &str, number: u32, response: &Response) -> Result<Page, SourceError> {
    if rule == "empty-body" && response.body.is_empty() {
        return Ok(Page::whole_board(Vec::new()));
    }
    let large = response.body.len() > 5 << 20;
    assert!(!(rule == "large-board" && large), "what a large board");
    if rule == "budgets" {
        std::hint::black_box(vec![1_u8; 150 << 20]);
    }
    let answer: Answer = match response.json() {
        Err(_) if (rule, response.body.first()) == ("half-body", Some(&b'{')) => {
            return Ok(Page::whole_board(Vec::new()));
        }
        Err(_) if (rule, response.body.first()) == ("page", Some(&b'<')) => {
            return Ok(Page::whole_board(Vec::new()));
        }
        answer => answer?,
    };
    assert!(
        !(rule == "empty-board" && answer.jobs.is_empty()),
        "what an empty board"
    );
    let mut jobs: Vec<RawJob> = answer
        .jobs
        .into_iter()
        .map(|job| raw_job(rule, job))
        .collect();
    if rule == "ids" {
        jobs.extend(jobs.clone());
    }
    if rule == "scan" {
        // The cassette has no response to this request.
        let _ = Request::get("https://board.example/pixel.gif").send();
    }
    if rule == "hosts" {
        let _ = Request::get("https://unlisted.example/pixel.gif").send();
    }
    let state = Some(format!("page {number}"));
    Ok(Page {
        next: answer.next.map(|next| next.to_string()),
        state,
        ..Page::whole_board(jobs)
    })
}

fn raw_job(rule: &str, job: Job<'_>) -> RawJob {
    let url = String::from(job.url);
    let url = if rule == "jobs" {
        url.replace("https://board.example", "")
    } else {
        url
    };
    let posted_at = match rule {
        "dates" => Some("30.07.2026".to_owned()),
        "years" => Some("1970-01-21T07:22:01Z".to_owned()),
        _ => None,
    };
    // This adapter does not export `details`.
    let description = (rule == "deferred").then(|| Description::Deferred("text".to_owned()));
    RawJob {
        description,
        posted_at,
        ..RawJob::new(job.id, job.title, url)
    }
}

fn failed(rule: &str, error: SourceError) -> Result<Outcome, SourceError> {
    match error {
        SourceError::Network(_) if rule == "timeout" => {
            Ok(Outcome::Page(Page::whole_board(Vec::new())))
        }
        error => Err(error),
    }
}
