//! From an address that somebody pasted to the source that reads it: by patterns, without asking anybody.

use serde_json::{Map, Value};
use url::Url;

/// A source, as `config.yaml` wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    /// Its `type`.
    pub adapter: &'static str,
    /// What the board calls it.
    pub identifier: String,
    /// Its options, if it needs any.
    pub options: Map<String, Value>,
}

impl Detected {
    fn new(adapter: &'static str, identifier: impl Into<String>) -> Self {
        Self { adapter, identifier: identifier.into(), options: Map::new() }
    }

    fn with(mut self, option: &str, value: impl Into<Value>) -> Self {
        self.options.insert(option.to_owned(), value.into());
        self
    }
}

/// Boards on which every company has a site of its own, such as `acme.recruitee.com`.
const SITES: [(&str, &str); 8] = [
    (".recruitee.com", "recruitee"),
    (".jobs.personio.de", "personio"),
    (".jobs.personio.com", "personio"),
    (".teamtailor.com", "teamtailor"),
    (".bamboohr.com", "bamboohr"),
    (".breezy.hr", "breezy"),
    (".pinpointhq.com", "pinpoint"),
    (".workable.com", "workable"),
];

/// Boards that name the company in the path: host, what stands before the company, type.
const PATHS: [(&str, &[&str], &str); 17] = [
    ("boards-api.greenhouse.io", &["v1", "boards"], "greenhouse"),
    ("boards.greenhouse.io", &[], "greenhouse"),
    ("job-boards.greenhouse.io", &[], "greenhouse"),
    ("boards.eu.greenhouse.io", &[], "greenhouse"),
    ("job-boards.eu.greenhouse.io", &[], "greenhouse"),
    ("jobs.lever.co", &[], "lever"),
    ("api.lever.co", &["v0", "postings"], "lever"),
    ("jobs.ashbyhq.com", &[], "ashby"),
    ("api.ashbyhq.com", &["posting-api", "job-board"], "ashby"),
    ("apply.workable.com", &[], "workable"),
    ("jobs.smartrecruiters.com", &[], "smartrecruiters"),
    ("careers.smartrecruiters.com", &[], "smartrecruiters"),
    ("api.smartrecruiters.com", &["v1", "companies"], "smartrecruiters"),
    ("ats.rippling.com", &[], "rippling"),
    ("api.rippling.com", &["platform", "api", "ats", "v1", "board"], "rippling"),
    ("jobs.gem.com", &[], "gem"),
    ("api.gem.com", &["job_board", "v0"], "gem"),
];

/// Sites that list jobs of many companies.
const AGGREGATORS: [(&str, &str); 6] = [
    ("remoteok.com", "remoteok"),
    ("remotive.com", "remotive"),
    ("arbeitnow.com", "arbeitnow"),
    ("himalayas.app", "himalayas"),
    ("weworkremotely.com", "weworkremotely"),
    ("news.ycombinator.com", "hackernews"),
];

/// What reads the board behind an address of a careers page, a posting or an API. `None` when no pattern knows it.
pub fn detect(address: &Url) -> Option<Detected> {
    let host = address.host_str()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path: Vec<&str> = address.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    let found = greenhouse_elsewhere(address, host)
        .or_else(|| lever_in_europe(host, &path))
        .or_else(|| workday(host, &path))
        .or_else(|| company_in_path(host, &path))
        .or_else(|| company_in_host(host))
        .or_else(|| aggregator(host, &path));
    // A name that is no plain one was cut out of something else than the pattern means.
    found.filter(|found| is_plain(&found.identifier)).or_else(|| feed_or_sitemap(address, &path))
}

fn is_plain(identifier: &str) -> bool {
    !identifier.is_empty() && identifier.chars().all(|it| it.is_alphanumeric() || "-_./".contains(it))
}

/// A frame in a company's own page, `boards.greenhouse.io/embed/job_board?for=acme`.
fn greenhouse_elsewhere(address: &Url, host: &str) -> Option<Detected> {
    let is_frame = host.ends_with("greenhouse.io") && address.path().starts_with("/embed/");
    let (_, board) = address.query_pairs().find(|(name, _)| is_frame && name == "for")?;
    Some(Detected::new("greenhouse", board))
}

fn lever_in_europe(host: &str, path: &[&str]) -> Option<Detected> {
    let (("jobs.eu.lever.co", [site, ..]) | ("api.eu.lever.co", ["v0", "postings", site, ..])) = (host, path) else {
        return None;
    };
    Some(Detected::new("lever", *site).with("region", "eu"))
}

/// `acme.wd5.myworkdayjobs.com/en-US/Careers/job/...`, and its API `.../wday/cxs/acme/Careers/jobs`.
fn workday(host: &str, path: &[&str]) -> Option<Detected> {
    let tenant = host.strip_suffix(".myworkdayjobs.com")?;
    let site = match path {
        ["wday", "cxs", _, site, ..] => site,
        [locale, site, ..] if is_locale(locale) => site,
        [site, ..] => site,
        [] => return None,
    };
    Some(Detected::new("workday", format!("{tenant}/{site}")))
}

/// `en`, `en-US`, `de_DE`.
fn is_locale(segment: &str) -> bool {
    let (language, region) = segment.split_once(['-', '_']).unwrap_or((segment, "XX"));
    let is_word = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word(language) && is_word(region)
}

fn company_in_path(host: &str, path: &[&str]) -> Option<Detected> {
    let (_, before, adapter) = PATHS.iter().find(|(known, before, _)| *known == host && path.starts_with(before))?;
    let rest = &path[before.len()..];
    let rest = if rest.first().is_some_and(|segment| rest.len() > 1 && is_locale(segment)) { &rest[1..] } else { rest };
    Some(Detected::new(adapter, *rest.first()?))
}

fn company_in_host(host: &str) -> Option<Detected> {
    let (company, adapter) = SITES.iter().find_map(|(domain, adapter)| Some((host.strip_suffix(domain)?, *adapter)))?;
    let is_company =
        !company.contains('.') && !["app", "api", "www", "help", "support", "careers-page"].contains(&company);
    is_company.then(|| Detected::new(adapter, company))
}

fn aggregator(host: &str, path: &[&str]) -> Option<Detected> {
    let (_, adapter) = AGGREGATORS.iter().find(|(known, _)| *known == host)?;
    let identifier = match (*adapter, path) {
        ("hackernews", _) => "who-is-hiring",
        ("remotive", ["remote-jobs", category]) => category,
        ("weworkremotely", ["categories", category]) => {
            let category = category.strip_prefix("remote-").unwrap_or(category);
            category.trim_end_matches(".rss").strip_suffix("-jobs").unwrap_or(category)
        }
        _ => "all",
    };
    Some(Detected::new(adapter, identifier))
}

fn feed_or_sitemap(address: &Url, path: &[&str]) -> Option<Detected> {
    let last = path.last()?.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| last.ends_with(ending));
    if last.contains("sitemap") && ends(&[".xml", ".xml.gz"]) {
        return Some(Detected::new("jsonld", address.as_str()));
    }
    let is_feed = ends(&[".xml", ".rss", ".atom"]) || ["rss", "atom", "feed", "feed.json"].contains(&last.as_str());
    is_feed.then(|| Detected::new("feed", address.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(address: &str) -> Option<(String, String)> {
        let found = detect(&address.parse().unwrap())?;
        let options = if found.options.is_empty() { String::new() } else { Value::Object(found.options).to_string() };
        Some((format!("{} {}", found.adapter, found.identifier), options))
    }

    #[test]
    fn addresses_of_boards_and_postings_name_their_source() {
        for (address, expected) in [
            ("https://boards.greenhouse.io/acme/jobs/4000", "greenhouse acme"),
            ("https://job-boards.greenhouse.io/acme", "greenhouse acme"),
            ("https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true", "greenhouse acme"),
            ("https://boards.greenhouse.io/embed/job_board?for=acme&b=1", "greenhouse acme"),
            ("https://jobs.lever.co/acme/0f2c", "lever acme"),
            ("https://jobs.ashbyhq.com/Acme/1/application", "ashby Acme"),
            ("https://apply.workable.com/acme/j/AB12/", "workable acme"),
            ("https://acme.workable.com/", "workable acme"),
            ("https://jobs.smartrecruiters.com/Acme/744-cook", "smartrecruiters Acme"),
            ("https://acme.recruitee.com/o/cook", "recruitee acme"),
            ("https://acme.jobs.personio.com/job/1?language=en", "personio acme"),
            ("https://acme.wd5.myworkdayjobs.com/en-US/Careers/job/Bonn/Cook_R1", "workday acme.wd5/Careers"),
            ("https://acme.wd5.myworkdayjobs.com/Careers", "workday acme.wd5/Careers"),
            ("https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Careers/jobs", "workday acme.wd5/Careers"),
            ("https://acme.teamtailor.com/jobs/1-cook", "teamtailor acme"),
            ("https://acme.bamboohr.com/careers/39", "bamboohr acme"),
            ("https://acme.breezy.hr/p/1-cook", "breezy acme"),
            ("https://acme.pinpointhq.com/en/postings/1", "pinpoint acme"),
            ("https://ats.rippling.com/en-GB/acme/jobs/1", "rippling acme"),
            ("https://jobs.gem.com/acme/1", "gem acme"),
            ("https://remoteok.com/remote-jobs/1", "remoteok all"),
            ("https://remotive.com/remote-jobs/software-dev", "remotive software-dev"),
            ("https://www.arbeitnow.com/", "arbeitnow all"),
            ("https://weworkremotely.com/categories/remote-programming-jobs.rss", "weworkremotely programming"),
            ("https://himalayas.app/jobs", "himalayas all"),
            ("https://news.ycombinator.com/item?id=1", "hackernews who-is-hiring"),
            ("https://jobs.acme.example/feed", "feed https://jobs.acme.example/feed"),
            ("https://jobs.acme.example/jobs.rss", "feed https://jobs.acme.example/jobs.rss"),
            ("https://jobs.acme.example/sitemap.xml", "jsonld https://jobs.acme.example/sitemap.xml"),
        ] {
            assert_eq!(detected(address), Some((expected.to_owned(), String::new())), "{address}");
        }
        let european = Some(("lever acme".to_owned(), r#"{"region":"eu"}"#.to_owned()));
        assert_eq!(detected("https://jobs.eu.lever.co/acme/1"), european);
    }

    #[test]
    fn other_addresses_name_none() {
        for address in [
            "https://acme.example/careers",
            "https://jobs.lever.co/",
            "https://www.bamboohr.com/",
            "https://help.breezy.hr/x",
            "https://acme.wd5.myworkdayjobs.com/",
            "https://jobs.lever.co/a%20b",
            "mailto:jobs@acme.example",
        ] {
            assert_eq!(detected(address), None, "{address}");
        }
    }
}
