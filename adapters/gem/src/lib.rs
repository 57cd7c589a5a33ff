//! Gem: companies with jobs at `jobs.gem.com/BOARD`.
//!
//! One request returns the whole board. [`api`] defines the request and the response, [`map`] turns
//! the response into raw jobs. An unchanged board costs one small request, and the adapter needs no
//! state.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, SourceError, export_adapter, fetch_whole_board,
};

struct Gem;

export_adapter!(Gem);

impl Adapter for Gem {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let options: api::Options = request.read_options()?;
        let listing = api::listing(&options, &request.identifier);

        fetch_whole_board(listing, |response| {
            let posts = api::read(&response.body)?;
            Ok(map::page(posts))
        })
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_board_is_read_from_a_cassette() {
        let scan = testing::scan::<Gem>("cassettes/board").expect("a board");
        assert_eq!(
            scan.requests,
            ["https://api.gem.com/job_board/v0/acme/job_posts/"]
        );
        assert!(!scan.jobs.is_empty());
        assert!(matches!(
            testing::scan::<Gem>("cassettes/no-such-board"),
            Err(SourceError::NotFound(_))
        ));
    }
}
