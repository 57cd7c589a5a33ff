//! An adapter that uses every part of contract 0.1 once. A component built from it is kept in
//! `host/tests/golden`, and has to run on every later host.
//!
//! The source's identifier is the URL of its board. The first page requests it conditionally and
//! has a job with every field. The second page requests it twice at once and has a job with as few
//! fields as possible.

use job_scanner_sdk::{
    Adapter, Coverage, Description, FetchRequest, Level, Location, Outcome, Page, PayPeriod,
    RawJob, Request, Response, Salary, SourceError, Workplace, export_adapter, log, send_all,
};

struct Golden;

export_adapter!(Golden);

impl Adapter for Golden {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = Request::get(&request.identifier);
        if request.cursor.is_some() {
            let answers = send_all(&[board.clone(), board])
                .into_iter()
                .collect::<Result<Vec<_>, _>>()?;
            return Ok(Outcome::Page(second_page(answers.len())));
        }
        log(Level::Info, "asking for the board");
        let response = board.conditional().send()?.ok()?;
        if response.unchanged && request.state.as_deref() == Some("seen") {
            return Ok(Outcome::NotModified);
        }
        Ok(Outcome::Page(first_page(&response, request)))
    }
}

fn first_page(response: &Response, request: &FetchRequest) -> Page {
    let job = RawJob {
        apply_url: Some("https://board.example/jobs/1/apply".to_owned()),
        company: Some("Golden Company".to_owned()),
        department: Some("Engineering".to_owned()),
        locations: vec![Location {
            name: "Berlin, Germany".to_owned(),
            city: Some("Berlin".to_owned()),
            region: Some("BE".to_owned()),
            country: Some("DE".to_owned()),
        }],
        workplace: Some(Workplace::Hybrid),
        employment_type: Some("Full-time".to_owned()),
        salary: Some(Salary {
            min: Some(70_000.0),
            max: Some(90_000.0),
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            text: None,
        }),
        description: Some(Description::Html("<p>All that gold.</p>".to_owned())),
        language: Some("en".to_owned()),
        posted_at: Some("2026-11-20".to_owned()),
        updated_at: Some("2026-11-21T10:00:00Z".to_owned()),
        expires_at: Some("2999-01-01".to_owned()),
        revision: Some("r1".to_owned()),
        extra: vec![("now".to_owned(), request.now.clone())],
        ..RawJob::new(
            "1",
            format!("Engineer, status {}", response.status),
            "https://board.example/jobs/1",
        )
    };
    Page {
        next: Some("2".to_owned()),
        total: Some(2),
        ..Page::whole_board(vec![job])
    }
}

fn second_page(answers: usize) -> Page {
    let job = RawJob::new(
        "2",
        format!("Engineer, {answers} answers"),
        "https://board.example/jobs/2",
    );
    Page {
        state: Some("seen".to_owned()),
        coverage: Coverage::Complete,
        warnings: vec!["a golden warning".to_owned()],
        ..Page::whole_board(vec![job])
    }
}
