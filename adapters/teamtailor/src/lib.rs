//! Teamtailor: companies whose jobs are at `COMPANY.teamtailor.com/jobs`.
//!
//! A site has two feeds, of which neither says everything: [`rss`], in parts of a hundred, and [`json_feed`]. [`job`] is
//! what they share. [`api`] says which request brings them.

pub mod api;
pub mod job;
pub mod json_feed;
pub mod rss;

use std::collections::HashSet;

use job_scanner_sdk::{Adapter, FetchRequest, Outcome, Page, RawJob, SourceError, export_adapter, xml};

use api::{Feed, Site};

struct Teamtailor;

export_adapter!(Teamtailor);

impl Adapter for Teamtailor {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let site = Site::of(request)?;
        match site.feed {
            Feed::Json => fetch_json(&site),
            Feed::Rss => fetch_rss(&site, request.state.as_deref()),
        }
    }
}

fn fetch_json(site: &Site) -> Result<Outcome, SourceError> {
    let response = site.json().send()?.ok()?;
    if response.unchanged {
        return Ok(Outcome::NotModified);
    }
    Ok(Outcome::Page(json_feed::page(&response.json()?)?))
}

/// What the state says of a board whose parts do not tell together whether one of them changed.
const SEVERAL: &str = "several parts";

/// Reads part after part until one brings nothing new: nothing says how many there are, and a site that does not know
/// parts answers with the same jobs again.
fn fetch_rss(site: &Site, state: Option<&str>) -> Result<Outcome, SourceError> {
    let first = site.rss(0);
    let response = if state == Some(SEVERAL) { first } else { first.conditional() }.send()?.ok()?;
    if response.unchanged {
        return Ok(Outcome::NotModified);
    }
    let mut page = Page::whole_board(Vec::new());
    let mut unreadable = Vec::new();
    let mut known = HashSet::new();
    let mut response = response;
    loop {
        let text = response.xml_text()?;
        let part = rss::part(&xml::parse(&text, &["rss"])?)?;
        let listed = part.jobs.len() + part.unreadable.len();
        let new: Vec<RawJob> = part.jobs.into_iter().filter(|job| known.insert(job.external_id.clone())).collect();
        let is_last = new.is_empty() || listed < api::PART;
        page.jobs.extend(new);
        unreadable.extend(part.unreadable);
        if is_last {
            return Ok(Outcome::Page(page.with_unreadable(unreadable)));
        }
        page.state = Some(SEVERAL.to_owned());
        response = site.rss(known.len()).send()?.ok()?;
    }
}
