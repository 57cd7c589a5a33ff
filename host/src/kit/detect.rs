//! From an address that somebody pasted to the source that reads it: by patterns, without asking
//! anybody.

use percent_encoding::percent_decode_str;
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
        Self {
            adapter,
            identifier: identifier.into(),
            options: Map::new(),
        }
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
const PATHS: [(&str, &[&str], &str); 19] = [
    ("boards-api.greenhouse.io", &["v1", "boards"], "greenhouse"),
    ("boards.greenhouse.io", &[], "greenhouse"),
    ("job-boards.greenhouse.io", &[], "greenhouse"),
    ("boards.eu.greenhouse.io", &[], "greenhouse"),
    ("job-boards.eu.greenhouse.io", &[], "greenhouse"),
    ("jobs.lever.co", &[], "lever"),
    ("api.lever.co", &["v0", "postings"], "lever"),
    ("jobs.ashbyhq.com", &[], "ashby"),
    ("api.ashbyhq.com", &["posting-api", "job-board"], "ashby"),
    (
        "apply.workable.com",
        &["api", "v1", "widget", "accounts"],
        "workable",
    ),
    ("apply.workable.com", &["api", "v3", "accounts"], "workable"),
    ("apply.workable.com", &[], "workable"),
    ("jobs.smartrecruiters.com", &[], "smartrecruiters"),
    ("careers.smartrecruiters.com", &[], "smartrecruiters"),
    (
        "api.smartrecruiters.com",
        &["v1", "companies"],
        "smartrecruiters",
    ),
    ("ats.rippling.com", &[], "rippling"),
    (
        "api.rippling.com",
        &["platform", "api", "ats", "v1", "board"],
        "rippling",
    ),
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

/// Where boards speak for themselves, and no company is called so: the first label of a host, or
/// the first of a path.
const NO_COMPANIES: [&str; 41] = [
    "about",
    "accounts",
    "api",
    "app",
    "apply",
    "assets",
    "auth",
    "blog",
    "careers-page",
    "cdn",
    "cookies",
    "developer",
    "developers",
    "docs",
    "embed",
    "favicon.ico",
    "features",
    "help",
    "info",
    "j",
    "jobs",
    "legal",
    "login",
    "logout",
    "oauth",
    "pricing",
    "privacy",
    "privacy-policy",
    "robots.txt",
    "search",
    "sign-in",
    "sign-up",
    "signin",
    "signup",
    "sitemap.xml",
    "static",
    "status",
    "support",
    "terms",
    "users",
    "www",
];

/// What stands behind a site or a company in an address, and so is none itself.
const PAGES: [&str; 5] = ["job", "jobs", "login", "details", "recruiting"];

/// What reads the board behind an address of a careers page, a posting or an API. `None` when no
/// pattern knows it.
pub fn detect(address: &Url) -> Option<Detected> {
    let host = address.host_str()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path: Vec<String> = address
        .path_segments()?
        .filter(|segment| !segment.is_empty())
        .map(decoded)
        .collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let found = greenhouse_elsewhere(address, host)
        .or_else(|| lever_in_europe(host, &path))
        .or_else(|| workday(host, &path))
        .or_else(|| workday_of_many(host, &path))
        .or_else(|| company_in_path(host, &path))
        .or_else(|| company_in_host(host))
        .or_else(|| aggregator(host, &path));
    found
        .filter(is_plain)
        .or_else(|| feed_or_sitemap(address, &path))
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// A name that is no plain one was cut out of something else than the pattern means.
fn is_plain(found: &Detected) -> bool {
    // Ashby's boards are called as their companies are.
    let further = match found.adapter {
        "ashby" => "-_. &'+",
        "workday" => "-_./",
        _ => "-_.",
    };
    let name = &found.identifier;
    !name.is_empty()
        && name.trim() == name
        && name
            .chars()
            .all(|it| it.is_alphanumeric() || further.contains(it))
}

/// A frame in a company's own page, `boards.greenhouse.io/embed/job_board?for=acme`.
fn greenhouse_elsewhere(address: &Url, host: &str) -> Option<Detected> {
    let is_frame = host.ends_with("greenhouse.io") && address.path().starts_with("/embed/");
    let (_, board) = address
        .query_pairs()
        .find(|(name, _)| is_frame && name == "for")?;
    Some(Detected::new("greenhouse", board))
}

fn lever_in_europe(host: &str, path: &[&str]) -> Option<Detected> {
    let (("jobs.eu.lever.co", [site, ..]) | ("api.eu.lever.co", ["v0", "postings", site, ..])) =
        (host, path)
    else {
        return None;
    };
    Some(Detected::new("lever", *site).with("region", "eu"))
}

/// `acme.wd5.myworkdayjobs.com/en-US/Careers/job/...`, and its API
/// `.../wday/cxs/acme/Careers/jobs`.
fn workday(host: &str, path: &[&str]) -> Option<Detected> {
    let tenant = host.strip_suffix(".myworkdayjobs.com")?;
    let (["wday", "cxs", _, site, ..] | [site, ..]) = without_locale(path) else {
        return None;
    };
    Some(Detected::new("workday", format!("{tenant}/{site}")))
}

/// `wd5.myworkdaysite.com/en-US/recruiting/acme/Careers`, which is for many tenants, and its API.
fn workday_of_many(host: &str, path: &[&str]) -> Option<Detected> {
    let centre = host.strip_suffix(".myworkdaysite.com")?;
    let (["recruiting", tenant, site, ..] | ["wday", "cxs", tenant, site, ..]) =
        without_locale(path)
    else {
        return None;
    };
    Some(
        Detected::new("workday", format!("{tenant}.{centre}/{site}"))
            .with("domain", "myworkdaysite.com"),
    )
}

/// A path without the language in front of it: `hi` is one in `hi/acme`, and a company in
/// `hi/jobs`.
fn without_locale<'p, 'a>(path: &'p [&'a str]) -> &'p [&'a str] {
    match path {
        [locale] if is_locale(locale) && locale.len() > 2 => &[],
        [locale, "recruiting", rest @ ..] if is_locale(locale) && rest.len() > 1 => &path[1..],
        [locale, next, ..] if is_locale(locale) && !PAGES.contains(next) => &path[1..],
        _ => path,
    }
}

/// `en`, `en-US`, `de_DE`.
fn is_locale(segment: &str) -> bool {
    let (language, region) = segment.split_once(['-', '_']).unwrap_or((segment, "XX"));
    let is_word =
        |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word(language) && is_word(region)
}

fn company_in_path(host: &str, path: &[&str]) -> Option<Detected> {
    let (_, before, adapter) = PATHS
        .iter()
        .find(|(known, before, _)| *known == host && path.starts_with(before))?;
    let rest = &path[before.len()..];
    let rest = if *adapter == "rippling" {
        without_locale(rest)
    } else {
        rest
    };
    let company = rest
        .first()
        .filter(|company| !NO_COMPANIES.contains(company))?;
    Some(Detected::new(adapter, *company))
}

fn company_in_host(host: &str) -> Option<Detected> {
    let (company, adapter) = SITES
        .iter()
        .find_map(|(domain, adapter)| Some((host.strip_suffix(domain)?, *adapter)))?;
    // Teamtailor has a domain for each part of the world.
    let (name, region) = company.split_once('.').unwrap_or((company, "eu"));
    let is_region = region.len() == 2 && (name == company || adapter == "teamtailor");
    (is_region && !NO_COMPANIES.contains(&name)).then(|| Detected::new(adapter, company))
}

fn aggregator(host: &str, path: &[&str]) -> Option<Detected> {
    let (_, adapter) = AGGREGATORS.iter().find(|(known, _)| *known == host)?;
    let identifier = match (*adapter, path) {
        ("hackernews", _) => "who-is-hiring",
        ("remoteok", [page]) => page
            .strip_prefix("remote-")
            .and_then(|page| page.strip_suffix("-jobs"))
            .unwrap_or("all"),
        ("remotive", ["remote-jobs", category]) => category,
        ("weworkremotely", ["categories", category]) => {
            let category = category.strip_prefix("remote-").unwrap_or(category);
            category
                .trim_end_matches(".rss")
                .strip_suffix("-jobs")
                .unwrap_or(category)
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
    let is_feed = ends(&[".xml", ".rss", ".atom"])
        || ["rss", "atom", "feed", "feed.json"].contains(&last.as_str());
    is_feed.then(|| Detected::new("feed", address.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn addresses_of_boards_and_postings_name_their_source() {
        for (address, expected) in [
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
        ] {
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
    fn other_addresses_name_none() {
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
