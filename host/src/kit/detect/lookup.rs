//! The lookup of the source for an address.

use serde_json::{Map, Value};
use url::Url;

use super::pattern::Address;
use super::rules::{RULES, RuleMatch};

/// A source as in `config.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// The `type` of the source.
    pub adapter: &'static str,
    /// The board's name for the source.
    pub identifier: String,
    /// The options of the source. May be empty.
    pub options: Map<String, Value>,
}

/// Returns the source that reads the board at an address: a careers page, a posting or an API.
/// `None` if no pattern matches.
pub fn detect(address: &Url) -> Option<Detected> {
    let address = Address::of(address)?;

    let board_match = RULES.by_board.iter().find_map(|rule| rule.read(&address));
    let found = board_match
        .filter(RuleMatch::is_plain)
        .or_else(|| RULES.any_host.iter().find_map(|rule| rule.read(&address)))?;

    Some(Detected {
        adapter: found.adapter(),
        identifier: found.identifier(),
        options: found.options(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Addresses, each with the source that reads the board. These sources have no options.
    const PLAIN_SOURCES: &[(&str, &str)] = &[
        (
            "https://boards.greenhouse.io/acme/jobs/4000",
            "greenhouse acme",
        ),
        ("https://job-boards.greenhouse.io/acme", "greenhouse acme"),
        (
            "https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true",
            "greenhouse acme",
        ),
        (
            "https://boards.greenhouse.io/embed/job_board?for=acme&b=1",
            "greenhouse acme",
        ),
        ("https://jobs.lever.co/acme/0f2c", "lever acme"),
        ("https://jobs.ashbyhq.com/Acme/1/application", "ashby Acme"),
        ("https://apply.workable.com/acme/j/AB12/", "workable acme"),
        ("https://acme.workable.com/", "workable acme"),
        (
            "https://jobs.smartrecruiters.com/Acme/744-cook",
            "smartrecruiters Acme",
        ),
        ("https://acme.recruitee.com/o/cook", "recruitee acme"),
        (
            "https://acme.jobs.personio.com/job/1?language=en",
            "personio acme",
        ),
        (
            "https://acme.wd5.myworkdayjobs.com/en-US/Careers/job/Bonn/Cook_R1",
            "workday acme.wd5/Careers",
        ),
        (
            "https://acme.wd5.myworkdayjobs.com/Careers",
            "workday acme.wd5/Careers",
        ),
        (
            "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Careers/jobs",
            "workday acme.wd5/Careers",
        ),
        ("https://acme.teamtailor.com/jobs/1-cook", "teamtailor acme"),
        ("https://acme.bamboohr.com/careers/39", "bamboohr acme"),
        ("https://acme.breezy.hr/p/1-cook", "breezy acme"),
        ("https://acme.pinpointhq.com/en/postings/1", "pinpoint acme"),
        (
            "https://apply.workable.com/api/v1/widget/accounts/acme?details=true",
            "workable acme",
        ),
        (
            "https://apply.workable.com/api/v3/accounts/acme/jobs",
            "workable acme",
        ),
        ("https://jobs.lever.co/hi/0f2c", "lever hi"),
        ("https://jobs.ashbyhq.com/io/1", "ashby io"),
        (
            "https://jobs.ashbyhq.com/Acme%20%26%20Sons/1",
            "ashby Acme & Sons",
        ),
        (
            "https://jobs.smartrecruiters.com/Gr%C3%B6%C3%9Fe/1",
            "smartrecruiters Größe",
        ),
        (
            "https://acme.wd5.myworkdayjobs.com/de/Careers",
            "workday acme.wd5/Careers",
        ),
        (
            "https://acme.wd5.myworkdayjobs.com/US/job/Bonn/Cook_R1",
            "workday acme.wd5/US",
        ),
        ("https://acme.na.teamtailor.com/jobs", "teamtailor acme.na"),
        (
            "https://ats.rippling.com/en-GB/acme/jobs/1",
            "rippling acme",
        ),
        ("https://ats.rippling.com/hi/jobs/1", "rippling hi"),
        ("https://remoteok.com", "remoteok all"),
        ("https://remoteok.com/remote-rust-jobs", "remoteok rust"),
        ("https://himalayas.app", "himalayas all"),
        (
            "https://weworkremotely.com/remote-jobs.rss",
            "weworkremotely all",
        ),
        ("https://jobs.gem.com/acme/1", "gem acme"),
        ("https://remoteok.com/remote-jobs/1", "remoteok all"),
        (
            "https://remotive.com/remote-jobs/software-dev",
            "remotive software-dev",
        ),
        ("https://www.arbeitnow.com/", "arbeitnow all"),
        (
            "https://weworkremotely.com/categories/remote-programming-jobs.rss",
            "weworkremotely programming",
        ),
        ("https://himalayas.app/jobs", "himalayas all"),
        (
            "https://news.ycombinator.com/item?id=1",
            "hackernews who-is-hiring",
        ),
        (
            "https://jobs.acme.example/feed",
            "feed https://jobs.acme.example/feed",
        ),
        (
            "https://jobs.acme.example/jobs.rss",
            "feed https://jobs.acme.example/jobs.rss",
        ),
        (
            "https://jobs.acme.example/sitemap.xml",
            "jsonld https://jobs.acme.example/sitemap.xml",
        ),
    ];

    fn detected(address: &str) -> Option<(String, String)> {
        let found = detect(&address.parse().unwrap())?;
        let options = if found.options.is_empty() {
            String::new()
        } else {
            Value::Object(found.options).to_string()
        };
        Some((format!("{} {}", found.adapter, found.identifier), options))
    }

    #[test]
    fn addresses_of_boards_and_postings_are_detected() {
        for &(address, expected) in PLAIN_SOURCES {
            assert_eq!(
                detected(address),
                Some((expected.to_owned(), String::new())),
                "{address}"
            );
        }
        let european = Some(("lever acme".to_owned(), r#"{"region":"eu"}"#.to_owned()));
        assert_eq!(detected("https://jobs.eu.lever.co/acme/1"), european);
        let of_many = Some((
            "workday acme.wd5/Careers".to_owned(),
            r#"{"domain":"myworkdaysite.com"}"#.to_owned(),
        ));
        for path in [
            "recruiting/acme/Careers/job/Bonn/Cook_R1",
            "en-US/recruiting/acme/Careers",
            "wday/cxs/acme/Careers/jobs",
        ] {
            assert_eq!(
                detected(&format!("https://wd5.myworkdaysite.com/{path}")),
                of_many,
                "{path}"
            );
        }
    }

    #[test]
    fn addresses_of_unknown_pages_are_not_detected() {
        for address in [
            "https://acme.example/careers",
            "https://jobs.lever.co/",
            "https://www.bamboohr.com/",
            "https://help.breezy.hr/x",
            "https://acme.wd5.myworkdayjobs.com/",
            "https://jobs.lever.co/a%20b",
            "https://jobs.lever.co/a%2Fb",
            "https://acme.wd5.myworkdayjobs.com/%00",
            "https://wd5.myworkdaysite.com/recruiting/acme",
            "https://apply.workable.com/j/AB12",
            "https://apply.workable.com/api/v3/accounts",
            "https://jobs.workable.com/view/1",
            "https://jobs.gem.com/privacy",
            "https://jobs.ashbyhq.com/login",
            "https://ats.rippling.com/en-GB",
            "https://acme.wd5.myworkdayjobs.com/en-US",
            "https://api.na.teamtailor.com/v1/jobs",
            "https://acme.na.recruitee.com/",
            "mailto:jobs@acme.example",
        ] {
            assert_eq!(detected(address), None, "{address}");
        }
    }
}
