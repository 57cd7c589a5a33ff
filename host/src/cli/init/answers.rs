//! The answers of a person, checked one by one with the reader of the configuration: what it would
//! reject is rejected here, with the same words.

use job_scanner_config::{Config, yaml_text};
use job_scanner_core::escape::PrintableStart;
use job_scanner_core::query::ListedTerm;

use crate::kit::detect::{
    Detected, Unrecognized, detect, parse_address, source_line, split_addresses, without_secrets,
};

/// The maximum length of an answer in a message, in characters.
const SHOWN_CHARACTERS: usize = 300;

/// The words for a workplace. Many boards say them in the text only, so they are searched
/// everywhere.
const WORKPLACES: [&str; 6] = [
    "remote", "remotely", "hybrid", "on-site", "onsite", "office",
];

/// The jobs that a person looks for.
pub(super) struct Answers {
    pub(super) roles: Roles,
    pub(super) places: Places,
    pub(super) sources: FoundSources,
}

/// Terms for titles, of which one is enough. Never empty.
#[derive(Debug)]
pub(super) struct Roles(Vec<String>);

/// Terms for places and workplaces, of which one is enough. Empty for anywhere.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<String>);

/// The sources of the companies, in the order of their addresses.
#[derive(Debug, Default)]
pub(super) struct FoundSources(Vec<Detected>);

impl Roles {
    /// Reads words that are separated by commas.
    ///
    /// # Errors
    ///
    /// The reasons, one for each wrong word.
    pub(super) fn read(answer: &str) -> Result<Self, Vec<String>> {
        let terms = read_terms(answer, |word| scoped("title", word))?;
        if terms.is_empty() {
            return Err(vec![
                "write at least one word of a title, such as `engineer*`".to_owned(),
            ]);
        }
        Ok(Self(terms))
    }

    pub(super) fn terms(&self) -> &[String] {
        &self.0
    }
}

impl Places {
    /// Reads places that are separated by commas.
    ///
    /// # Errors
    ///
    /// The reasons, one for each wrong place.
    pub(super) fn read(answer: &str) -> Result<Self, Vec<String>> {
        let term = |word: &str| {
            let is_workplace = WORKPLACES
                .iter()
                .any(|workplace| workplace.eq_ignore_ascii_case(word));
            if is_workplace {
                word.to_owned()
            } else {
                scoped("location", word)
            }
        };
        read_terms(answer, term).map(Self)
    }

    pub(super) fn terms(&self) -> &[String] {
        &self.0
    }
}

impl FoundSources {
    /// Adds the sources for all addresses in these texts. Returns the reasons for those that name
    /// no board.
    pub(super) fn add_all(&mut self, texts: &[String]) -> Vec<String> {
        let addresses = texts.iter().flat_map(|text| addresses_in(text));
        addresses
            .filter_map(|address| self.add(address).err())
            .collect()
    }

    fn add(&mut self, address: &str) -> Result<(), String> {
        let reason = |reason: &str| format!("{} is not recognized: {reason}", shown(address));
        let url = parse_address(address).map_err(|error| reason(&error.to_string()))?;
        let source = detect(&url).map_err(|error| reason(&advice(&error)))?;
        if self.0.iter().any(|known| known.is_same_source(&source)) {
            return Ok(());
        }

        self.0.push(source);
        if let Some(problem) = problem(&sources_text(&self.0), "required_terms: [any]") {
            self.0.pop();
            return Err(format!("{} cannot be used: {problem}", shown(address)));
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn all(&self) -> &[Detected] {
        &self.0
    }
}

/// Returns the reason, with what helps to find the address of the board.
fn advice(reason: &Unrecognized) -> String {
    match reason {
        Unrecognized::UnknownSite { .. } => format!(
            "{reason}; open one of its jobs and paste the address of the application form, which often is on the site \
             of the board (README.md lists the boards)"
        ),
        _ => reason.to_string(),
    }
}

/// Returns the addresses in a line, also several without `https://`.
fn addresses_in(line: &str) -> Vec<&str> {
    // The path of an address may contain a comma. A host that is written alone does not.
    let has_scheme = line.contains("://");
    let separates = |c: char| c.is_whitespace() || (!has_scheme && matches!(c, ',' | ';'));
    let words = line.split(separates).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    if words.iter().all(|word| word.contains('.')) {
        words
    } else {
        split_addresses(line)
    }
}

/// Returns the words of an answer as terms, each of them once.
fn read_terms(answer: &str, term: impl Fn(&str) -> String) -> Result<Vec<String>, Vec<String>> {
    let (mut terms, mut reasons) = (Vec::new(), Vec::new());
    for word in words_in(answer) {
        let term = term(word);
        match term_problem(&term) {
            Some(problem) => reasons.push(format!("{}: {problem}", shown(word))),
            None if terms.contains(&term) => {}
            None => terms.push(term),
        }
    }
    if reasons.is_empty() {
        Ok(terms)
    } else {
        Err(reasons)
    }
}

/// Returns the parts of an answer between commas, semicolons, bars, line breaks and `or`.
fn words_in(answer: &str) -> impl Iterator<Item = &str> {
    let parts = answer
        .split([',', ';', '|', '\n'])
        .flat_map(|part| part.split(" or "));
    let parts = parts.flat_map(|part| part.split(" OR "));
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// Returns a word as a term of this field, unless it names a field itself.
fn scoped(field: &str, word: &str) -> String {
    let has_field = word
        .parse::<ListedTerm>()
        .is_ok_and(|term| term.fields.is_some());
    if has_field {
        word.to_owned()
    } else {
        format!("{field}:{word}")
    }
}

/// Returns what is wrong with a term, or what is probably meant otherwise.
fn term_problem(term: &str) -> Option<String> {
    if term.contains(char::is_control) {
        return Some(
            "contains a control character, such as that of an arrow key; write it again".to_owned(),
        );
    }
    if term.contains(char::REPLACEMENT_CHARACTER) {
        return Some("is not UTF-8 text; write it again in a terminal that uses UTF-8".to_owned());
    }
    let criteria = format!("required_terms: [{}]", yaml_text(term));
    problem("sources: [{type: any, identifier: any}]\n", &criteria)
}

/// Returns the first problem or warning of a configuration with these sources and criteria.
fn problem(sources: &str, criteria: &str) -> Option<String> {
    let text = format!("{sources}search_criteria: {{{criteria}}}\n");
    match job_scanner_config::parse("config.yaml".as_ref(), &text) {
        Ok(config) => first_warning(&config),
        Err(errors) => {
            let problem = errors.problems().first()?;
            Some(format!("{}; {}", problem.wrong, problem.remedy))
        }
    }
}

fn first_warning(config: &Config) -> Option<String> {
    let warnings = config
        .profiles
        .iter()
        .flat_map(|profile| profile.query.warnings());
    let mut messages = warnings.map(|warning| warning.message().to_owned());
    messages.next()
}

/// Returns the key `sources` of a configuration, with one line for each.
pub(super) fn sources_text(sources: &[Detected]) -> String {
    let lines: String = sources.iter().map(source_line).collect();
    format!("sources:\n{lines}")
}

fn shown(answer: &str) -> String {
    let start = PrintableStart {
        text: &without_secrets(answer),
        limit: SHOWN_CHARACTERS,
    };
    format!("`{start}`")
}
