//! We Work Remotely: the newest remote jobs of many companies.
//!
//! One feed has the newest hundred jobs, of all categories or of one, so a listing is a window: a
//! job that is no longer in it may still be open. [`api`] defines the request, [`map`] turns the
//! feed into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board, xml,
};

struct WeWorkRemotely;

export_adapter!(WeWorkRemotely);

impl Adapter for WeWorkRemotely {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let listing = api::listing(&options, &request.identifier);

        fetch_whole_board(listing, |response| {
            let text = response.xml_text()?;
            let document = xml::parse(&text, &["rss"])?;
            map::page(&document)
        })
    }
}
