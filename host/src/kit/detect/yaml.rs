//! Sources in YAML, as in `config.yaml`.

use job_scanner_config::yaml_text;
use serde_json::{Map, Value};

use super::lookup::Detected;

/// Returns the key `sources` with all sources. Empty if there are none.
pub fn source_block<'a>(sources: impl Iterator<Item = &'a Detected>) -> String {
    let lines: String = sources.map(source_line).collect();
    if lines.is_empty() {
        lines
    } else {
        format!("sources:\n{lines}")
    }
}

/// Returns the entry of a source under the key `sources`.
pub fn source_line(found: &Detected) -> String {
    let options = if found.options.is_empty() {
        String::new()
    } else {
        format!(", options: {}", mapping(&found.options))
    };

    let (name, identifier) = (yaml_text(&found.name), yaml_text(&found.identifier));
    format!(
        "  - {{name: {name}, type: {}, identifier: {identifier}{options}}}\n",
        found.adapter
    )
}

fn mapping(options: &Map<String, Value>) -> String {
    let pairs: Vec<_> = options
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    format!("{{{}}}", pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::lookup::detect;
    use super::super::pasted::parse_address;
    use super::*;

    fn found(text: &str) -> Detected {
        detect(&parse_address(text).unwrap()).unwrap()
    }

    #[test]
    fn a_detected_source_is_printed_as_a_line_of_yaml() {
        for (address, line) in [
            (
                "https://jobs.eu.lever.co/acme/1",
                r#"{name: Acme, type: lever, identifier: acme, options: {region: "eu"}}"#,
            ),
            (
                "jobs.lever.co/acme-corp",
                "{name: Acme Corp, type: lever, identifier: acme-corp}",
            ),
            (
                "https://jobs.lever.co/yes",
                r#"{name: "Yes", type: lever, identifier: "yes"}"#,
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
                "https://größe.example/feed",
                r#"{name: "größe.example", type: feed, identifier: "https://xn--gre-6ka8i.example/feed"}"#,
            ),
            (
                "https://acme.wd5.myworkdayjobs.com/Careers",
                "{name: Acme, type: workday, identifier: acme.wd5/Careers}",
            ),
            (
                "https://acme-ai.na.teamtailor.com/",
                "{name: Acme AI, type: teamtailor, identifier: acme-ai.na}",
            ),
            (
                "https://remoteok.com",
                "{name: Remote OK, type: remoteok, identifier: all}",
            ),
            (
                "https://remoteok.com/remote-rust-jobs",
                r#"{name: "Remote OK: Rust", type: remoteok, identifier: rust}"#,
            ),
            (
                "https://news.ycombinator.com/item?id=7",
                r#"{name: "Hacker News: Who is hiring?", type: hackernews, identifier: who-is-hiring}"#,
            ),
        ] {
            assert_eq!(source_line(&found(address)), format!("  - {line}\n"));
        }
    }

    #[test]
    fn several_sources_are_a_block_and_none_are_empty() {
        let sources = ["jobs.lever.co/acme", "himalayas.app/jobs"].map(found);
        assert_eq!(
            source_block(sources.iter()),
            "sources:\n  - {name: Acme, type: lever, identifier: acme}\n  - {name: Himalayas, type: himalayas, identifier: all}\n"
        );
        assert_eq!(source_block([].iter()), "");
    }
}
