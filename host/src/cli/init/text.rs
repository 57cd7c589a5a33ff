//! The text of the new configuration: pure, and always one that the program can read.

use job_scanner_config::yaml_text;

use crate::cli::init::answers::{Answers, sources_text};

const HEADER: &str = "\
# The boards that job-scanner watches, and the jobs you want to hear about. Written by `job-scanner init`; change it as
# you like. `job-scanner check` finds mistakes, and `job-scanner scan --dry-run` shows what matches.
#
# The mail server and the recipients are set in environment variables, or in the file `.env`: SMTP_HOST, SMTP_USER,
# SMTP_PASS and ALERT_TO_EMAIL=you@example.com. Without them, messages are written to files.

# How often a source is scanned, from 5m to 24h.
# scan_interval: 15m

# The boards to scan. `job-scanner adapter detect URL` prints the line for another board.
";

const CRITERIA: &str = "
# The jobs you look for: one term of each line of `keyword_groups`. A term is one word or phrase and matches whole
# words in any case: `engineer` finds \"Software Engineer\", not \"engineering\"; `engineer*` finds both. `title:` looks
# in the title alone, `location:` in the places, and a term without a field everywhere (docs/matching.md).
search_criteria:
  keyword_groups:
";

const EXAMPLE_OF_PLACES: &str =
    "    # - [\"location:berlin\", remote]    # and in one of these places\n";

const FOOTER: &str =
    "  # exclude_terms: [intern, manager]    # none of these, in the title and the short fields

# Further searches, each with a query: AND, OR, NOT, pay, workplace, country and dates.
# profiles:
#   - name: well-paid
#     query: title:(engineer* OR developer*) AND NOT intern AND salary >= 70000 EUR/year
";

/// Returns the configuration for these answers.
pub(super) fn config_text(answers: &Answers) -> String {
    let roles = group(answers.roles.terms(), "one of these, in the title");
    let places = match answers.places.terms() {
        [] => EXAMPLE_OF_PLACES.to_owned(),
        terms => group(terms, "and one of these"),
    };
    let sources = sources_text(answers.sources.all());
    format!("{HEADER}{sources}{CRITERIA}{roles}{places}{FOOTER}")
}

/// Returns one line of `keyword_groups`.
fn group(terms: &[String], comment: &str) -> String {
    let terms: Vec<String> = terms.iter().map(|term| yaml_text(term)).collect();
    format!("    - [{}]    # {comment}\n", terms.join(", "))
}

#[cfg(test)]
mod tests {
    use job_scanner_config::Config;

    use super::*;
    use crate::cli::init::answers::{FoundSources, Places, Roles};

    fn answers(what: &str, places: &str, companies: &[&str]) -> Answers {
        let mut sources = FoundSources::default();
        let companies: Vec<String> = companies.iter().map(ToString::to_string).collect();
        assert_eq!(sources.add_all(&companies), [""; 0]);
        Answers {
            roles: Roles::read(what).unwrap(),
            places: Places::read(places).unwrap(),
            sources,
        }
    }

    fn read(text: &str) -> Config {
        job_scanner_config::parse("config.yaml".as_ref(), text)
            .unwrap_or_else(|errors| panic!("{errors}\n{text}"))
    }

    fn query(what: &str, places: &str) -> String {
        let text = config_text(&answers(what, places, &["jobs.lever.co/initech"]));
        read(&text).profiles[0].query.to_string()
    }

    #[test]
    fn roles_are_searched_in_titles_and_places_are_a_group() {
        for (what, places, expected) in [
            ("cook", "", "(title:cook)"),
            (
                "pastry chef, baker*",
                "oslo; Remote",
                "(title:\"pastry chef\" OR title:baker*) AND (location:oslo OR Remote)",
            ),
            (
                "cook or baker",
                "oslo|rome",
                "(title:cook OR title:baker) AND (location:oslo OR location:rome)",
            ),
            ("cook, cook,, ", " , ", "(title:cook)"),
            (
                "description:sourdough, =Go",
                "any:oslo",
                "(description:sourdough OR title:=Go) AND (any:oslo)",
            ),
        ] {
            assert_eq!(query(what, places), expected, "{what} {places}");
        }
    }

    #[test]
    fn untrusted_answers_read_back_as_they_were_written() {
        for term in [
            "c#",
            "# cook",
            "- cook",
            "it's: a \"trap\" \\ {here} [there] *x & !y",
            "köchin 厨师 🦀",
            "co\u{200d}ok\u{202e}",
            "yes",
            "404",
            "a: b",
            "%cook @home `now`",
        ] {
            let Ok(roles) = Roles::read(term) else {
                assert!(term.starts_with('-') || term.contains('*'), "{term}");
                continue;
            };
            let mut given = answers("cook", term, &["jobs.lever.co/initech"]);
            given.roles = roles;
            let config = read(&config_text(&given));
            let leaves = config.profiles[0].query.leaves();
            assert_eq!(leaves[0].written, format!("title:{term}"));
            assert_eq!(leaves[1].written, format!("location:{term}"));
        }
    }

    #[test]
    fn an_answer_that_is_not_a_term_has_a_reason() {
        for (answer, reason) in [
            ("", "write at least one word"),
            (" ,; ", "write at least one word"),
            ("cook\u{1b}[D", "contains a control character"),
            ("k\u{fffd}chin", "is not UTF-8 text"),
            ("🦀", "has neither a letter nor a digit"),
            ("-intern", "begins or ends with a hyphen"),
            (
                "cook AND baker",
                "write a profile with `query: title:(cook AND baker)`",
            ),
            (&"x".repeat(300), "at most 256 are allowed"),
        ] {
            let reasons = Roles::read(answer).unwrap_err();
            assert!(reasons[0].contains(reason), "{answer}: {reasons:?}");
        }
        assert_eq!(Roles::read("+, cook, 🦀").unwrap_err().len(), 2);
    }

    #[test]
    fn sources_are_found_in_pasted_texts_once_each() {
        let pasted = [
            "jobs.lever.co/initech, https://boards.greenhouse.io/globex/jobs/7",
            "jobs.lever.co/initech/1 jobs.ashbyhq.com/Hooli",
            "https://jobs.lever.co/initech",
        ];
        let config = read(&config_text(&answers("cook", "", &pasted)));
        let keys: Vec<String> = config
            .sources
            .iter()
            .map(|source| source.key.to_string())
            .collect();
        assert_eq!(keys, ["lever/initech", "greenhouse/globex", "ashby/Hooli"]);
    }

    #[test]
    fn an_address_that_names_no_board_has_a_reason_and_adds_nothing() {
        for (address, reason) in [
            (
                "initech",
                "`initech` is not recognized: it is not the address",
            ),
            (
                "https://initech.example/jobs",
                "no adapter knows the site `initech.example`; open one of its jobs",
            ),
            ("https://jobs.lever.co/", "it does not name a board"),
            (
                "https://me:hush@jobs.lever.co/initech",
                "`…@jobs.lever.co/initech` is not recognized",
            ),
            ("jobs.lever.co/a\u{1b}[31m", "is not recognized"),
        ] {
            let mut sources = FoundSources::default();
            let reasons = sources.add_all(&[address.to_owned()]);
            assert!(
                sources.is_empty() && reasons[0].contains(reason),
                "{address}: {reasons:?}"
            );
        }

        let mut sources = FoundSources::default();
        let twice = ["jobs.lever.co/initech", "jobs.eu.lever.co/initech"].map(str::to_owned);
        let reasons = sources.add_all(&twice);
        assert!(
            reasons[0].contains("repeats source `lever/initech`"),
            "{reasons:?}"
        );
        assert_eq!(sources.all().len(), 1);
    }
}
