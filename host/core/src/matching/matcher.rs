//! The matcher: evaluates all profiles for one job at a time.

use std::collections::HashMap;
use std::error::Error;

use super::automaton::{Automaton, Pattern};
use super::criteria::Profile;
use super::fold::Folded;
use super::result::{Hit, MatchResult, TermResult, TermRole};
use super::snippet::snippet;
use super::term::{Rule, Term};
use super::text::{Field, JobText};

/// All profiles, prepared for matching.
pub struct KeywordMatcher {
    profiles: Vec<CompiledProfile>,
    rules: Vec<Rule>,
    automaton: Automaton,
    /// The indices in `rules` that share each pattern of the automaton, such as those of `go`,
    /// `=Go` and `go*`.
    rules_by_pattern: Vec<Vec<usize>>,
}

/// The error for terms that do not fit into one automaton.
#[derive(Debug, thiserror::Error)]
#[error("could not prepare {terms} terms for matching; use fewer or shorter ones")]
pub struct MatcherError {
    terms: usize,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

/// A profile whose terms are indices of rules.
struct CompiledProfile {
    profile: String,
    required: Vec<CompiledTerm>,
    groups: Vec<Vec<CompiledTerm>>,
    exclude: Vec<CompiledTerm>,
}

struct CompiledTerm {
    written: String,
    rule: usize,
}

/// The first hit of each rule. Boxed, since most rules miss, and a thousand misses should not fill
/// the processor's cache.
struct Findings<'a> {
    by_rule: Vec<Option<Box<Finding<'a>>>>,
}

#[derive(Clone)]
struct Finding<'a> {
    field: Field,
    text: &'a str,
    start: usize,
    end: usize,
}

impl KeywordMatcher {
    /// Prepares the profiles. Rules and patterns that several of them share are stored once.
    pub fn new(profiles: Vec<Profile>) -> Result<Self, MatcherError> {
        let mut rules = Rules::default();
        let profiles = profiles
            .into_iter()
            .map(|profile| CompiledProfile::new(profile, &mut rules))
            .collect();
        let rules = rules.list;

        let (patterns, rules_by_pattern) = shared_patterns(&rules);
        let automaton = Automaton::new(&patterns).map_err(|cause| MatcherError {
            terms: rules.len(),
            cause,
        })?;

        Ok(Self {
            profiles,
            rules,
            automaton,
            rules_by_pattern,
        })
    }

    /// Returns the profiles that the job matches, in their order, each with its reasons. A job that
    /// matches none allocates no results.
    pub fn evaluate(&self, job: &JobText<'_>) -> Vec<MatchResult> {
        let findings = self.find(job);

        let matching = self
            .profiles
            .iter()
            .filter(|profile| profile.matches(&findings));
        matching
            .map(|profile| profile.result(true, &findings))
            .collect()
    }

    /// Returns the result of every profile, in their order. A miss has the same details as a match.
    pub fn explain(&self, job: &JobText<'_>) -> Vec<MatchResult> {
        let findings = self.find(job);

        self.profiles
            .iter()
            .map(|profile| profile.result(profile.matches(&findings), &findings))
            .collect()
    }

    fn find<'a>(&self, job: &JobText<'a>) -> Findings<'a> {
        let mut by_rule = vec![None; self.rules.len()];
        let mut folded = Folded::default();

        for (field, text) in job.fields() {
            folded.fold(text);
            self.find_in(field, text, &folded, &mut by_rule);
        }
        Findings { by_rule }
    }

    fn find_in<'a>(
        &self,
        field: Field,
        text: &'a str,
        folded: &Folded,
        by_rule: &mut [Option<Box<Finding<'a>>>],
    ) {
        self.automaton.find(folded.text(), |candidate| {
            for &number in &self.rules_by_pattern[candidate.pattern] {
                let rule = &self.rules[number];
                if by_rule[number].is_some() || (candidate.token_continues && !rule.is_prefix()) {
                    continue;
                }

                // The rule slices the text at both positions, which must be char boundaries.
                let start = folded.original(candidate.start);
                let end = folded.original(candidate.end);
                let whole_characters = text.is_char_boundary(start) && text.is_char_boundary(end);
                if whole_characters && rule.accepts(text, start, end) {
                    by_rule[number] = Some(Box::new(Finding {
                        field,
                        text,
                        start,
                        end,
                    }));
                }
            }
        });
    }
}

/// Returns the distinct patterns of the rules, and the rules that share each of them.
fn shared_patterns(rules: &[Rule]) -> (Vec<Pattern<'_>>, Vec<Vec<usize>>) {
    let mut patterns: Vec<Pattern<'_>> = Vec::new();
    let mut rules_by_pattern: Vec<Vec<usize>> = Vec::new();
    let mut numbers = HashMap::new();

    for (index, rule) in rules.iter().enumerate() {
        let text = rule.pattern.as_str();
        let number = *numbers.entry(text).or_insert_with(|| {
            patterns.push(Pattern { text, open: false });
            rules_by_pattern.push(Vec::new());
            patterns.len() - 1
        });

        patterns[number].open |= rule.is_prefix();
        rules_by_pattern[number].push(index);
    }
    (patterns, rules_by_pattern)
}

/// The distinct rules of all terms, numbered in order of appearance.
#[derive(Default)]
struct Rules {
    list: Vec<Rule>,
    numbers: HashMap<Rule, usize>,
}

impl Rules {
    fn number(&mut self, rule: &Rule) -> usize {
        if let Some(number) = self.numbers.get(rule) {
            return *number;
        }

        let number = self.list.len();
        self.list.push(rule.clone());
        self.numbers.insert(rule.clone(), number);
        number
    }
}

impl CompiledProfile {
    fn new(profile: Profile, rules: &mut Rules) -> Self {
        let mut compile = |terms: &[Term]| -> Vec<CompiledTerm> {
            terms
                .iter()
                .map(|term| CompiledTerm {
                    written: term.to_string(),
                    rule: rules.number(term.rule()),
                })
                .collect()
        };

        let criteria = profile.criteria;
        Self {
            profile: profile.name,
            required: compile(&criteria.required_terms),
            groups: criteria
                .keyword_groups
                .iter()
                .map(|group| compile(group))
                .collect(),
            exclude: compile(&criteria.exclude_terms),
        }
    }

    fn matches(&self, findings: &Findings<'_>) -> bool {
        let hit = |term: &CompiledTerm| findings.by_rule[term.rule].is_some();
        let satisfied = |group: &Vec<CompiledTerm>| group.is_empty() || group.iter().any(hit);

        self.required.iter().all(hit)
            && !self.exclude.iter().any(hit)
            && self.groups.iter().all(satisfied)
    }

    fn result(&self, is_match: bool, findings: &Findings<'_>) -> MatchResult {
        let mut terms = Vec::new();
        let mut add = |compile: &[CompiledTerm], role: TermRole| {
            for term in compile {
                let finding = findings.by_rule[term.rule].as_deref();
                terms.push(TermResult {
                    term: term.written.clone(),
                    role,
                    hit: finding.map(Finding::hit),
                });
            }
        };

        add(&self.required, TermRole::Required);
        for (number, group) in self.groups.iter().enumerate() {
            add(group, TermRole::Group(number));
        }
        add(&self.exclude, TermRole::Exclude);

        MatchResult {
            profile: self.profile.clone(),
            fits: is_match,
            terms,
        }
    }
}

impl Finding<'_> {
    fn hit(&self) -> Hit {
        Hit {
            field: self.field,
            snippet: snippet(self.text, self.start, self.end),
        }
    }
}
