//! Breezy HR: companies with jobs at `COMPANY.breezy.hr`.
//!
//! One request returns the listing. Most boards omit the texts there. Each text then takes one
//! request for the position's page, which the host asks for when it needs the text. [`api`] defines
//! the requests and responses, [`map`] turns responses into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, Detail, DetailedAdapter, FetchRequest, Outcome, SourceError, Wanted,
    export_detailed_adapter, fetch_each_accepted, fetch_whole_board_accepted,
};

use api::Board;

struct Breezy;

export_detailed_adapter!(Breezy);

impl Adapter for Breezy {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        let board = Board::from_request(request)?;

        fetch_whole_board_accepted(board.listing(), api::accept, |response| {
            let positions = api::read(&response.body)?;
            Ok(map::page(positions))
        })
    }
}

impl DetailedAdapter for Breezy {
    fn fetch_details(
        request: &FetchRequest,
        wanted: &[Wanted],
    ) -> Result<Vec<(String, Detail)>, SourceError> {
        let board = Board::from_request(request)?;
        let page = |job: &Wanted| board.page(&job.token);
        Ok(fetch_each_accepted(
            wanted,
            page,
            api::accept,
            |_, response| map::details(&response),
        ))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{Description, testing};

    use super::*;

    #[test]
    fn a_board_and_its_deferred_texts_are_read_from_a_cassette() {
        let scan = testing::scan::<Breezy>("cassettes/board").expect("a board");
        let tokens: Vec<_> = scan
            .jobs
            .iter()
            .map(|job| job.description.clone())
            .collect();
        let deferred = |token: &str| Some(Description::Deferred(token.to_owned()));
        assert_eq!(
            tokens[1..],
            [
                deferred("a1b2c3d4e5f6-backend-engineer"),
                deferred("0f0f0f0f0f0f-designer")
            ]
        );

        let wanted = [
            ("a1b2c3d4e5f6", "a1b2c3d4e5f6-backend-engineer"),
            ("0f0f0f0f0f0f", "0f0f0f0f0f0f-designer"),
        ];
        let details = testing::details::<Breezy>("cassettes/board", &wanted).expect("details");
        let [(_, Detail::Found(job)), (_, missing)] = &details[..] else {
            panic!("{details:?}")
        };
        assert_eq!(
            job.description,
            Some(Description::Html("<p>Build.</p>".to_owned()))
        );
        assert_eq!(missing, &Detail::Gone);
    }

    #[test]
    fn a_page_without_a_posting_fails_and_is_not_gone() {
        let wanted = [
            ("111111111111", "1-without-a-posting"),
            ("222222222222", "2-too-fast"),
        ];
        let details = testing::details::<Breezy>("cassettes/odd-pages", &wanted).expect("details");
        let [
            (_, Detail::Failed(no_posting)),
            (_, Detail::Failed(too_fast)),
        ] = &details[..]
        else {
            panic!("{details:?}")
        };
        assert!(
            matches!(no_posting, SourceError::UnexpectedResponse(_)),
            "{no_posting:?}"
        );
        assert_eq!(too_fast, &SourceError::RateLimited(None));
    }
}
