//! All profiles, asked about one job at a time.

use std::collections::HashMap;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous;
use aho_corasick::{Anchored, BuildError, PatternID};

use super::criteria::Profile;
use super::fold::Folded;
use super::result::{Hit, MatchResult, TermResult, TermRole};
use super::snippet::snippet;
use super::term::{Rule, Term};
use super::text::{Field, JobText};

/// Every profile, ready to be asked.
pub struct KeywordMatcher {
    profiles: Vec<Wishes>,
    rules: Vec<Rule>,
    automaton: contiguous::NFA,
    root: StateID,
    /// Which of `rules` share each pattern of the automaton, such as those of `go`, `=Go` and `go*`.
    rules_by_pattern: Vec<Vec<usize>>,
}

/// The terms cannot be put into one automaton.
#[derive(Debug, thiserror::Error)]
#[error("could not prepare {terms} terms for matching; use fewer or shorter ones")]
pub struct MatcherError {
    terms: usize,
    #[source]
    cause: BuildError,
}

/// A profile whose terms are numbers of rules.
struct Wishes {
    profile: String,
    required: Vec<Wish>,
    groups: Vec<Vec<Wish>>,
    exclude: Vec<Wish>,
}

struct Wish {
    written: String,
    rule: usize,
}

/// Where each rule hit first.
struct Findings<'a> {
    by_rule: Vec<Option<Finding<'a>>>,
}

#[derive(Clone)]
struct Finding<'a> {
    field: Field,
    text: &'a str,
    start: usize,
    end: usize,
}

impl KeywordMatcher {
    /// Prepares the profiles. Rules and patterns that several of them share are kept once.
    pub fn new(profiles: Vec<Profile>) -> Result<Self, MatcherError> {
        let mut rules = Rules::default();
        let profiles = profiles.into_iter().map(|profile| Wishes::new(profile, &mut rules)).collect();
        let rules = rules.list;

        let mut patterns: Vec<&str> = Vec::new();
        let mut rules_by_pattern: Vec<Vec<usize>> = Vec::new();
        let mut numbers = HashMap::new();
        for (rule, Rule { pattern, .. }) in rules.iter().enumerate() {
            let number = *numbers.entry(pattern.as_str()).or_insert_with(|| {
                patterns.push(pattern);
                rules_by_pattern.push(Vec::new());
                patterns.len() - 1
            });
            rules_by_pattern[number].push(rule);
        }
        let automaton = contiguous::Builder::new().prefilter(false).build(&patterns);
        let automaton = automaton.map_err(|cause| MatcherError { terms: rules.len(), cause })?;
        let root =
            automaton.start_state(Anchored::Yes).expect("this kind of automaton can be searched from a fixed start");
        Ok(Self { profiles, rules, automaton, root, rules_by_pattern })
    }

    /// The profiles that a job fits, in their order, each with its reasons. A job that fits none costs no result.
    pub fn evaluate(&self, job: &JobText<'_>) -> Vec<MatchResult> {
        let findings = self.find(job);
        let fitting = self.profiles.iter().filter(|profile| profile.fit(&findings));
        fitting.map(|profile| profile.result(true, &findings)).collect()
    }

    /// What every profile says to a job, in their order: the same for a miss as for a match.
    pub fn explain(&self, job: &JobText<'_>) -> Vec<MatchResult> {
        let findings = self.find(job);
        self.profiles.iter().map(|profile| profile.result(profile.fit(&findings), &findings)).collect()
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

    fn find_in<'a>(&self, field: Field, text: &'a str, folded: &Folded, by_rule: &mut [Option<Finding<'a>>]) {
        self.walk(folded.text(), |pattern, start, end, inside_word| {
            for &number in &self.rules_by_pattern[pattern.as_usize()] {
                let rule = &self.rules[number];
                if by_rule[number].is_some() || (inside_word && !rule.is_prefix()) {
                    continue;
                }
                let (start, end) = (folded.original(start), folded.original(end));
                let whole_characters = text.is_char_boundary(start) && text.is_char_boundary(end);
                if whole_characters && rule.accepts(text, start, end) {
                    by_rule[number] = Some(Finding { field, text, start, end });
                }
            }
        });
    }

    /// Calls `found` with each pattern that begins where a token may begin: the pattern, its start and end, and whether it
    /// certainly ends within a word. The automaton is entered at such places alone and left as soon as no pattern goes
    /// on, which is after a few letters whether there are ten terms or thousands.
    fn walk(&self, folded: &[u8], mut found: impl FnMut(PatternID, usize, usize, bool)) {
        for start in token_starts(folded) {
            let mut state = self.root;
            for (end, byte) in (start + 1..).zip(&folded[start..]) {
                state = self.automaton.next_state(Anchored::Yes, state, *byte);
                if self.automaton.is_dead(state) {
                    break;
                }
                if self.automaton.is_match(state) {
                    // A state also knows the patterns that end here and began later. They have their own start.
                    let patterns = 0..self.automaton.match_len(state);
                    let mut patterns = patterns.map(|index| self.automaton.match_pattern(state, index));
                    if let Some(pattern) = patterns.find(|pattern| self.automaton.pattern_len(*pattern) == end - start)
                    {
                        found(pattern, start, end, is_inside_word(folded, end));
                    }
                }
            }
        }
    }
}

/// Every place where a term can begin. Where that takes knowing more than ASCII, every character is one.
fn token_starts(folded: &[u8]) -> impl Iterator<Item = usize> {
    let mut after_word = false;
    folded.iter().enumerate().filter_map(move |(at, &byte)| {
        let word = byte.is_ascii_alphanumeric();
        let inside_word = word && after_word;
        after_word = word;
        let inside_char = byte & 0b1100_0000 == 0b1000_0000;
        (!inside_word && !inside_char && byte != b' ').then_some(at)
    })
}

/// Whether a place has a letter or digit of ASCII on either side.
fn is_inside_word(folded: &[u8], at: usize) -> bool {
    let is_word = |at: usize| folded.get(at).is_some_and(u8::is_ascii_alphanumeric);
    is_word(at) && at.checked_sub(1).is_some_and(is_word)
}

/// The distinct rules of all terms, numbered as they come.
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

impl Wishes {
    fn new(profile: Profile, rules: &mut Rules) -> Self {
        let mut wishes = |terms: &[Term]| -> Vec<Wish> {
            terms.iter().map(|term| Wish { written: term.to_string(), rule: rules.number(term.rule()) }).collect()
        };
        let criteria = profile.criteria;
        Self {
            profile: profile.name,
            required: wishes(&criteria.required_terms),
            groups: criteria.keyword_groups.iter().map(|group| wishes(group)).collect(),
            exclude: wishes(&criteria.exclude_terms),
        }
    }

    fn fit(&self, findings: &Findings<'_>) -> bool {
        let hit = |wish: &Wish| findings.by_rule[wish.rule].is_some();
        self.required.iter().all(hit)
            && !self.exclude.iter().any(hit)
            && self.groups.iter().all(|group| group.is_empty() || group.iter().any(hit))
    }

    fn result(&self, fits: bool, findings: &Findings<'_>) -> MatchResult {
        let result = |wish: &Wish, role| TermResult {
            term: wish.written.clone(),
            role,
            hit: findings.by_rule[wish.rule].as_ref().map(Finding::hit),
        };
        let required = self.required.iter().map(|wish| result(wish, TermRole::Required));
        let groups = self.groups.iter().enumerate();
        let groups = groups.flat_map(|(number, group)| group.iter().map(move |wish| (wish, TermRole::Group(number))));
        let exclude = self.exclude.iter().map(|wish| result(wish, TermRole::Exclude));
        let terms = required.chain(groups.map(|(wish, role)| result(wish, role))).chain(exclude).collect();
        MatchResult { profile: self.profile.clone(), fits, terms }
    }
}

impl Finding<'_> {
    fn hit(&self) -> Hit {
        Hit { field: self.field, snippet: snippet(self.text, self.start, self.end) }
    }
}
