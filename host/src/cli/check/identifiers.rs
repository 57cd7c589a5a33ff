//! Identifiers of sources that are the address of a board, or a part of it, instead of the board's
//! name. They are found without a request.

use job_scanner_config::{Config, Problem, SourceConfig, is_bundled, yaml_text};
use job_scanner_core::adapter::HostTarget;
use job_scanner_pipeline::CheckedAdapters;
use job_scanner_sandbox::Adapter;
use url::Url;

use crate::kit::detect::{Detected, detect, parse_address};

/// The adapter whose identifiers have two parts: `TENANT.wdN/SITE`.
const WORKDAY: &str = "workday";

/// The hosts of Workday's sites are `TENANT.wdN` and this domain.
const WORKDAY_DOMAIN: &str = ".myworkdayjobs.com";

/// A wrong identifier: what it is, and the correction.
type Advice = (String, String);

/// Returns a problem for each enabled source with such an identifier. A source whose adapter is not
/// among `adapters` is not checked, because only its manifest tells if the identifier may be an
/// address.
pub(super) fn identifier_problems(config: &Config, adapters: &CheckedAdapters) -> Vec<Problem> {
    let problem = |source: &SourceConfig| {
        if takes_addresses(adapters.of(source)?) {
            return None;
        }

        let kind = source.key.adapter.as_str();
        let (wrong, remedy) = advice(kind, source.key.identifier.as_str())?;
        let key = format!("{}.identifier", source.path);
        Some(source.problem(source.positions.identifier, key, wrong, remedy))
    };
    let enabled = config.sources.iter().filter(|source| source.enabled);
    enabled.filter_map(problem).collect()
}

fn takes_addresses(adapter: &Adapter) -> bool {
    let hosts = &adapter.manifest().hosts;
    hosts
        .iter()
        .any(|host| host.target == HostTarget::Identifier)
}

/// Returns what is wrong with an identifier of a type. `None` if it may be the name of a board.
fn advice(kind: &str, identifier: &str) -> Option<Advice> {
    let found = address(identifier).and_then(|address| detect(&address).ok());
    // Files on any host are detected too, with their address as the identifier.
    let board = found.filter(|found| !found.identifier.contains("://"));
    match board {
        Some(board) if board.adapter == kind && board.identifier == identifier => None,
        Some(board) => Some(advice_from(kind, &board)),
        None if kind == WORKDAY => site_missing(identifier),
        None if identifier.contains("://") => Some(unknown_address()),
        None if is_bundled(kind) => loose_slash(identifier),
        None => None,
    }
}

fn advice_from(kind: &str, board: &Detected) -> Advice {
    let identifier = yaml_text(&board.identifier);
    let options: Vec<String> = board
        .options
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let options = match options.join(", ") {
        none if none.is_empty() => String::new(),
        options => format!(" and `options: {{{options}}}`"),
    };

    if board.adapter == kind {
        let wrong = "is the address of a board, not its name".to_owned();
        return (wrong, format!("write `identifier: {identifier}`{options}"));
    }
    (
        format!("is the address of a board of type `{}`", board.adapter),
        format!(
            "write `type: {}`, `identifier: {identifier}`{options}",
            board.adapter
        ),
    )
}

/// Returns the advice for a Workday identifier without a site.
fn site_missing(identifier: &str) -> Option<Advice> {
    let rest = without_scheme(identifier);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let has_site = !path.is_empty();
    if has_site && !identifier.contains("://") {
        return None;
    }

    let tenant = host.strip_suffix(WORKDAY_DOMAIN).unwrap_or(host);
    let is_tenant = tenant.split_once('.').is_some_and(|(name, centre)| {
        !name.is_empty() && centre.starts_with("wd") && !centre.contains('.')
    });
    let tenant = if is_tenant { tenant } else { "acme.wd5" };
    Some((
        "has no site".to_owned(),
        format!(
            "write the tenant and the site, as in `identifier: {tenant}/Careers` for {tenant}{WORKDAY_DOMAIN}/Careers"
        ),
    ))
}

/// Returns the advice for an address that no pattern matches.
fn unknown_address() -> Advice {
    let wrong = "is an address, not the board's name for the company";
    let remedy = "write the name that the board uses in the addresses of its jobs, such as `acme`; `job-scanner adapter detect URL` \
         finds it for most boards";
    (wrong.to_owned(), remedy.to_owned())
}

/// Returns the advice for a name with a slash around it.
fn loose_slash(identifier: &str) -> Option<Advice> {
    let name = identifier.trim_matches('/');
    let is_loose = name != identifier && !name.is_empty();
    let remedy = format!("write `identifier: {}`", yaml_text(name));
    is_loose.then(|| ("begins or ends with a slash".to_owned(), remedy))
}

/// Returns an identifier as the address that it may be, possibly without its scheme.
fn address(identifier: &str) -> Option<Url> {
    let is_address = identifier.contains("://") || identifier.contains('.');
    is_address.then(|| parse_address(identifier).ok()).flatten()
}

fn without_scheme(identifier: &str) -> &str {
    identifier
        .split_once("://")
        .map_or(identifier, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(kind: &str, identifier: &str) -> Option<String> {
        advice(kind, identifier).map(|(_, remedy)| remedy)
    }

    #[test]
    fn an_address_is_corrected_to_the_name_of_the_board() {
        for (kind, identifier, correction) in [
            (
                "greenhouse",
                "https://boards.greenhouse.io/initech/jobs/1",
                "write `identifier: initech`",
            ),
            (
                "lever",
                "jobs.lever.co/initech",
                "write `identifier: initech`",
            ),
            (
                "lever",
                "http://jobs.eu.lever.co/initech",
                r#"write `identifier: initech` and `options: {region: "eu"}`"#,
            ),
            (
                "ashby",
                "https://jobs.lever.co/initech",
                "write `type: lever`, `identifier: initech`",
            ),
            (
                "workday",
                "https://initech.wd3.myworkdayjobs.com/en-US/Jobs",
                "write `identifier: initech.wd3/Jobs`",
            ),
            (
                "recruitee",
                "initech.recruitee.com",
                "write `identifier: initech`",
            ),
            ("gem", "initech/", "write `identifier: initech`"),
        ] {
            assert_eq!(
                remedy(kind, identifier).as_deref(),
                Some(correction),
                "{kind} {identifier}"
            );
        }
        let unknown = advice("greenhouse", "https://careers.initech.example/").unwrap();
        assert!(unknown.1.contains("adapter detect"), "{unknown:?}");
    }

    #[test]
    fn a_workday_identifier_needs_a_site() {
        for identifier in ["initech.wd3", "https://initech.wd3.myworkdayjobs.com/"] {
            let remedy = remedy("workday", identifier).unwrap();
            assert!(
                remedy.contains("`identifier: initech.wd3/Careers`"),
                "{remedy}"
            );
        }
        assert!(remedy("workday", "initech").unwrap().contains("acme.wd5/"));
    }

    #[test]
    fn the_name_of_a_board_is_accepted() {
        for (kind, identifier) in [
            ("greenhouse", "initech"),
            ("workday", "initech.wd3/Jobs"),
            ("teamtailor", "initech.na"),
            ("ashby", "Initech & Sons"),
            ("lever", "initech.io"),
            ("himalayas", "all"),
            ("mine", "a/b"),
        ] {
            assert_eq!(advice(kind, identifier), None, "{kind} {identifier}");
        }
    }
}
