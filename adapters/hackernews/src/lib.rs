//! Hacker News: the monthly threads "Ask HN: Who is hiring?".
//!
//! One request finds the threads. One more per thread returns its comments. Those at the top level
//! are the jobs. Replies to them are questions, and may mention people who look for work. [`api`]
//! defines the requests and responses, [`map`] turns comments into raw jobs.

pub mod api;
pub mod map;

use job_scanner_sdk::{
    Adapter, FetchRequest, Outcome, Page, SourceError, export_adapter, send_all,
};

struct HackerNews;

export_adapter!(HackerNews);

impl Adapter for HackerNews {
    const MANIFEST: &'static str = include_str!("../manifest.json");

    fn fetch_jobs(request: &FetchRequest) -> Result<Outcome, SourceError> {
        request.check_identifier("Hacker News", "who-is-hiring")?;
        let options: api::Options = request.read_options()?;

        let response = api::threads(&options).send()?.ok()?;
        let mut threads = map::threads(&response.json()?)?;
        threads.truncate(options.months);

        let requests: Vec<_> = threads
            .iter()
            .map(|thread| api::comments(&options, thread))
            .collect();

        let mut page = Page::whole_board(Vec::new());
        for (thread, response) in threads.iter().zip(send_all(&requests)) {
            map::add(&mut page, thread, &response?.ok()?.json()?)?;
        }
        Ok(Outcome::Page(page))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn the_newest_thread_is_read_from_a_cassette() {
        let scan = testing::scan::<HackerNews>("cassettes/who-is-hiring").expect("a thread");
        assert_eq!((scan.jobs.len(), scan.requests.len()), (2, 2));
    }
}
