//! `job-scanner adapter detect`: finds the source for a pasted address.

use job_scanner_core::escape::Printable;
use job_scanner_views::adapters::DetectedSourceView;
use serde_json::{Map, Value};
use url::Url;

use crate::cli::exit_code::{FAILURE, SUCCESS};
use crate::cli::output::{Format, print, print_json};
use crate::kit::detect::{Detected, detect};
use crate::terminal::write_stderr_line;

/// The arguments of `adapter detect`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Address of a careers page, a posting, a feed or a sitemap
    #[arg(value_name = "URL", value_parser = address)]
    address: Url,

    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Prints the source, ready to be pasted under `sources:`. It makes no requests, so it does not
/// check whether the board exists.
pub(super) fn run(options: &Options) -> anyhow::Result<u8> {
    let Some(found) = detect(&options.address) else {
        let address = Printable(options.address.as_str());
        write_stderr_line(format_args!(
            "`{address}` is not an address of a known board. The page source may show who hosts the jobs: look for one of \
             the names in README.md. A site with a sitemap can be read with `type: jsonld`, a site with a feed with \
             `type: feed`. The identifier is then the address of that file."
        ));
        return Ok(FAILURE);
    };

    match options.format {
        Format::Json => print_json(&view(&found))?,
        Format::Table => print(&render_yaml(&found))?,
    }
    Ok(SUCCESS)
}

/// Parses an address as users paste it, possibly without `https://`.
fn address(text: &str) -> Result<Url, url::ParseError> {
    match text.parse() {
        Err(url::ParseError::RelativeUrlWithoutBase) => format!("https://{text}").parse(),
        read => read,
    }
}

fn view(found: &Detected) -> DetectedSourceView<'_> {
    DetectedSourceView {
        identifier: &found.identifier,
        options: &found.options,
        r#type: found.adapter,
    }
}

fn render_yaml(found: &Detected) -> String {
    let name = company_of(&found.identifier);
    let options = if found.options.is_empty() {
        String::new()
    } else {
        format!(", options: {}", yaml_mapping(&found.options))
    };

    let (name, identifier) = (yaml_scalar(name), yaml_scalar(&found.identifier));
    format!(
        "  - {{name: {name}, type: {}, identifier: {identifier}{options}}}\n",
        found.adapter
    )
}

/// Returns the company if the identifier contains it, or the host of a URL.
fn company_of(identifier: &str) -> &str {
    match identifier.split_once("://") {
        Some((_, rest)) => rest.split('/').next().unwrap_or(rest),
        None => identifier.split(['/', '.']).next().unwrap_or(identifier),
    }
}

fn yaml_mapping(options: &Map<String, Value>) -> String {
    let pairs: Vec<_> = options
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

/// Returns a text unquoted if YAML reads it as text, or else in quotes. YAML accepts the quoted
/// strings of JSON.
fn yaml_scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    if is_plain && !is_word {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> String {
        render_yaml(&detect(&address(text).unwrap()).unwrap())
    }

    #[test]
    fn a_detected_source_is_printed_as_a_line_of_yaml() {
        for (address, line) in [
            (
                "https://jobs.eu.lever.co/acme/1",
                r#"{name: acme, type: lever, identifier: acme, options: {region: "eu"}}"#,
            ),
            (
                "jobs.lever.co/acme",
                "{name: acme, type: lever, identifier: acme}",
            ),
            (
                "https://jobs.lever.co/yes",
                r#"{name: "yes", type: lever, identifier: "yes"}"#,
            ),
            (
                "https://jobs.lever.co/1984",
                r#"{name: "1984", type: lever, identifier: "1984"}"#,
            ),
            (
                "https://a.example/feed",
                r#"{name: a.example, type: feed, identifier: "https://a.example/feed"}"#,
            ),
            (
                "https://acme.wd5.myworkdayjobs.com/Careers",
                "{name: acme, type: workday, identifier: acme.wd5/Careers}",
            ),
        ] {
            assert_eq!(yaml(address), format!("  - {line}\n"));
        }
    }
}
