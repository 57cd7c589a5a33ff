//! An honest adapter for a board that returns the text of each job only in a separate request, for
//! the tests of details.
//!
//! The board is a Greenhouse board, listed without texts.

use job_scanner_sdk::{
    Adapter, Description, Detail, DetailedAdapter, FetchRequest, Location, Outcome, Page, RawJob,
    Request, SourceError, Url, Wanted, export_detailed_adapter, fetch_each, html,
};

struct Deferred;

export_detailed_adapter!(Deferred);

#[derive(serde::Deserialize)]
struct Options {
    base_url: String,
    #[serde(default)]
    revisions: bool,
    trap_on: Option<u64>,
    crime: Option<String>,
}

#[derive(serde::Deserialize)]
struct Board {
    jobs: Vec<Post>,
}

#[derive(serde::Deserialize)]
struct Post {
    id: u64,
    title: String,
    absolute_url: String,
    updated_at: String,
    location: Place,
}

#[derive(serde::Deserialize)]
struct Place {
    name: String,
}

#[derive(serde::Deserialize)]
struct FullPost {
    content: String,
    departments: Vec<Place>,
}

impl Adapter for Deferred {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: Options = request.read_options()?;
        let response = Request::get(jobs(&options, request))
            .conditional()
            .send()?
            .ok()?;
        if response.unchanged {
            return Ok(Outcome::NotModified);
        }
        let board: Board = response.json()?;
        let jobs = board
            .jobs
            .into_iter()
            .map(|post| listed(&options, post))
            .collect();
        Ok(Outcome::Page(Page::whole_board(jobs)))
    }
}

impl DetailedAdapter for Deferred {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let options: Options = request.read_options()?;
        let trap = options.trap_on.map(|id| id.to_string());
        assert!(
            !wanted.iter().any(|job| Some(&job.token) == trap.as_ref()),
            "trapped on purpose"
        );
        if let Some(crime) = &options.crime {
            return commit(crime, wanted);
        }
        let post = |job: &Wanted| Request::get(jobs(&options, request).segment(&job.token));
        Ok(fetch_each(wanted, post, |_, response| {
            Ok(details(response.json()?))
        }))
    }
}

/// Misbehaves as the option `crime` says, instead of fetching details.
fn commit(crime: &str, wanted: &[Wanted]) -> Result<Vec<(String, Detail)>, SourceError> {
    let found = |text: &str| {
        let job = RawJob {
            description: Some(Description::Text(text.to_owned())),
            ..RawJob::blank()
        };
        Detail::Found(job)
    };
    match crime {
        "loop" => loop {
            std::hint::black_box(wanted);
        },
        "memory" => Ok(vec![(String::new(), found(&"x".repeat(1 << 30)))]),
        "flood" => Ok(wanted
            .iter()
            .map(|job| (job.external_id.clone(), found(&"x".repeat(1 << 20))))
            .collect()),
        "strangers" => {
            let strange = |n: u32| {
                (
                    format!("stranger {n}"),
                    found("An engineer whom nobody asked for."),
                )
            };
            Ok((0..100)
                .map(strange)
                .chain(
                    wanted
                        .iter()
                        .map(|job| (job.external_id.clone(), Detail::Gone)),
                )
                .collect())
        }
        unknown => Err(SourceError::InvalidOptions(format!(
            "no crime is called `{unknown}`"
        ))),
    }
}

fn jobs(options: &Options, request: &FetchRequest) -> Url {
    Url::at(&options.base_url)
        .path("v1/boards")
        .segment(&request.identifier)
        .path("jobs")
}

fn listed(options: &Options, post: Post) -> RawJob {
    let id = post.id.to_string();
    RawJob {
        description: Some(Description::Deferred(id.clone())),
        locations: vec![Location::named(post.location.name)],
        revision: options.revisions.then(|| post.updated_at.clone()),
        updated_at: Some(post.updated_at),
        ..RawJob::new(id, post.title, post.absolute_url)
    }
}

fn details(post: FullPost) -> RawJob {
    RawJob {
        description: Some(Description::Html(html::unescape(&post.content))),
        department: post
            .departments
            .into_iter()
            .next()
            .map(|department| department.name),
        ..RawJob::blank()
    }
}
