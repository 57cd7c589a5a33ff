//! The lookup of the source for an address.

use serde_json::{Map, Value};
use url::Url;

use super::pattern::Address;
use super::rules::RULES;

/// A source as in `config.yaml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// The `type` of the source.
    pub adapter: &'static str,
    /// The board's name for the source.
    pub identifier: String,
    /// A name for people, such as `Acme Corp`.
    pub name: String,
    /// The options of the source. May be empty.
    pub options: Map<String, Value>,
}

impl Detected {
    /// Returns true if the other source reads the same board.
    pub fn is_same_source(&self, other: &Self) -> bool {
        (self.adapter, &self.identifier, &self.options)
            == (other.adapter, &other.identifier, &other.options)
    }
}

/// The reason why no source is known for an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognized {
    /// The host belongs to no adapter.
    #[error("no adapter knows the site `{host}`")]
    UnknownSite { host: String },
    /// The host belongs to boards, but the rest of the address does not name one.
    #[error("it does not name a board. An address that `{adapter}` reads is like {shape}")]
    NoCompany {
        adapter: &'static str,
        shape: String,
    },
    /// The adapter knows addresses of this kind, and why they name no board.
    #[error("{reason}")]
    NoBoard { reason: String },
}

/// Returns the source that reads the board at an address: a careers page, a posting, an application
/// form or an API.
pub fn detect(address: &Url) -> Result<Detected, Unrecognized> {
    match Address::of(address) {
        Some(address) => RULES.read(&address),
        None => Err(Unrecognized::UnknownSite {
            host: address.scheme().to_owned(),
        }),
    }
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
        let found = detect(&address.parse().unwrap()).ok()?;
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
    fn an_address_without_a_board_is_not_recognized() {
        for address in [
            "https://acme.example/careers",
            "https://jobs.lever.co/",
            "https://jobs.lever.co/0f2c3b6e-1111-4222-8333-444455556666",
            "https://hire.lever.co/acme",
            "https://www.bamboohr.com/",
            "https://help.breezy.hr/x",
            "https://assets-cdn.breezy.hr/x",
            "https://acme.wd5.myworkdayjobs.com/",
            "https://jobs.lever.co/en",
            "https://jobs.lever.co/en/acme",
            "https://jobs.lever.co/a%20b",
            "https://jobs.lever.co/a%2Fb",
            "https://acme.wd5.myworkdayjobs.com/%00",
            "https://acme.wdx.myworkdayjobs.com/Careers",
            "https://acme.wd5.myworkdayjobs.com/.../job/1",
            "https://apply.workable.com/api/v3/accounts",
            "https://apply.workable.com/API/v4/x",
            "https://jobs.gem.com/privacy",
            "https://jobs.ashbyhq.com/login",
            "https://jobs.ashbyhq.com/api/non-user-graphql",
            "https://ats.rippling.com/en-GB",
            "https://ats.us1.rippling.com/fr-FR/jobs",
            "https://ats.rippling.com/_next/data/x/en-US/acme/jobs.json",
            "https://jobs.smartrecruiters.com/oneclick-ui",
            "https://jobs.smartrecruiters.com/new-ui/Acme/744-cook",
            "https://jobs.smartrecruiters.com/Acme/cook",
            "https://api.smartrecruiters.com/v1/companies",
            "https://api.na.teamtailor.com/v1/jobs",
            "https://na.teamtailor.com/jobs",
            "https://acme.na.recruitee.com/",
            "https://boards.greenhouse.io/v1/boards/acme",
            "https://acme.greenhouse.io/plans/1",
            "https://jobs.smartrecruiters.com/sitemap.xml",
            "https://blog.recruitee.com/feed",
            "https://evil.example/jobs.lever.co/acme",
            "https://jobs.lever.co.evil.example/acme",
            "mailto:jobs@acme.example",
        ] {
            assert_eq!(detected(address), None, "{address}");
        }
    }

    #[test]
    fn the_reason_for_an_address_without_a_board_says_what_is_missing() {
        for (address, expected) in [
            (
                "https://jobs.lever.co/",
                "it does not name a board. An address that `lever` reads is like jobs.lever.co/{company}",
            ),
            (
                "https://jobs.smartrecruiters.com/my-applications",
                "it does not name a board. An address that `smartrecruiters` reads is like jobs.smartrecruiters.com/{company}",
            ),
            (
                "https://www.acme.example/careers",
                "no adapter knows the site `acme.example`",
            ),
        ] {
            let reason = detect(&address.parse().unwrap()).unwrap_err();
            assert_eq!(reason.to_string(), expected, "{address}");
        }
    }
}
