//! The matcher: evaluates all profiles for one job at a time.

use std::collections::HashMap;
use std::error::Error;

use regex::Regex;

use super::automaton::{Automaton, Pattern};
use super::fold::Folded;
use super::profile::Profile;
use super::result::{ExplainedPart, Explanation, Hit, MatchResult, NeededChange, PartKind, Reason};
use super::snippet::snippet;
use super::term::Rule;
use super::text::MatchedJob;
use crate::query::{Condition, ExplainedNode, Field, FieldSet, Leaf, LeafKind, NodeKind, Truth};

/// All profiles, prepared for matching.
pub struct QueryMatcher {
    profiles: Vec<CompiledProfile>,
    searches: Vec<Search>,
    automaton: Automaton,
    /// The numbers of the searches that share each pattern of the automaton, such as those of `go`,
    /// `=Go`, `go*` and `title:go`.
    searches_by_pattern: Vec<Vec<usize>>,
    regexes: Vec<RegexSearch>,
    /// The fields that any search needs. The others are not read.
    fields: FieldSet,
    candidates: Candidates,
}

/// The error for terms that do not fit into one automaton.
#[derive(Debug, thiserror::Error)]
#[error("could not prepare {terms} terms for matching; use fewer or shorter ones")]
pub struct MatcherError {
    terms: usize,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

/// A rule and the fields in which it is searched.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Search {
    rule: Rule,
    fields: FieldSet,
}

/// A regular expression and the fields in which it is searched.
struct RegexSearch {
    regex: Regex,
    fields: FieldSet,
}

/// A profile, with the number of the search of each of its leaves.
struct CompiledProfile {
    profile: Profile,
    leaves: Vec<CompiledLeaf>,
}

/// A leaf of a query.
#[derive(Debug, Clone)]
enum CompiledLeaf {
    /// The number of a search.
    Term(usize),
    /// The number of a regular expression.
    Regex(usize),
    Condition(Condition),
}

/// The first hit of each search.
struct Findings<'a> {
    job: &'a MatchedJob<'a>,
    by_search: Hits<'a>,
    by_regex: Vec<Option<Finding<'a>>>,
}

#[derive(Clone)]
struct Finding<'a> {
    field: Field,
    text: &'a str,
    start: usize,
    end: usize,
}

impl QueryMatcher {
    /// Prepares the profiles. Searches and patterns that several of them share are stored once.
    pub fn new(profiles: Vec<Profile>) -> Result<Self, MatcherError> {
        let mut searches = Searches::default();
        let profiles: Vec<CompiledProfile> = profiles
            .into_iter()
            .map(|profile| CompiledProfile::new(profile, &mut searches))
            .collect();
        let Searches { list, regexes, .. } = searches;
        let of_terms = list.iter().map(|search| search.fields);
        let of_regexes = regexes.iter().map(|search| search.fields);
        let fields = of_terms.chain(of_regexes);

        let (patterns, searches_by_pattern) = shared_patterns(&list);
        let automaton = Automaton::new(&patterns).map_err(|cause| MatcherError {
            terms: list.len(),
            cause,
        })?;

        Ok(Self {
            fields: fields.fold(FieldSet::of(&[]), FieldSet::union),
            candidates: Candidates::of(&profiles, list.len()),
            profiles,
            automaton,
            searches_by_pattern,
            searches: list,
            regexes,
        })
    }

    /// Returns the profiles that the job matches, in their order, each with its reasons. A job that
    /// matches none allocates no results.
    pub fn evaluate(&self, job: &MatchedJob<'_>) -> Vec<MatchResult> {
        let findings = self.find(job);
        let candidates = self.candidates.with_hits(findings.by_search.numbers());
        let profiles = candidates.into_iter().map(|number| &self.profiles[number]);
        profiles
            .filter(|profile| profile.matches(&findings))
            .map(|profile| profile.result(&findings))
            .collect()
    }

    /// Returns the result of every profile as a tree, in their order.
    pub fn explain(&self, job: &MatchedJob<'_>) -> Vec<Explanation> {
        let findings = self.find(job);
        self.profiles
            .iter()
            .map(|profile| profile.explain(&findings))
            .collect()
    }

    /// Returns the values of the leaves of every profile, in their order. The sources of the profiles
    /// do not matter.
    pub fn leaf_truths(&self, job: &MatchedJob<'_>) -> Vec<Vec<Truth>> {
        let findings = self.find(job);
        let truths = |profile: &CompiledProfile| {
            let leaves = profile.leaves.iter();
            leaves.map(|leaf| findings.truth(leaf)).collect()
        };
        self.profiles.iter().map(truths).collect()
    }

    /// Returns the profiles, in their order.
    pub(super) fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().map(|compiled| &compiled.profile)
    }

    fn find<'a>(&self, job: &'a MatchedJob<'a>) -> Findings<'a> {
        let mut findings = Findings {
            job,
            by_search: Hits::of(self.searches.len()),
            by_regex: vec![None; self.regexes.len()],
        };
        let mut folded = Folded::default();
        let needed = |(field, _): &(Field, &str)| self.fields.contains(*field);
        for (field, text) in job.texts().filter(needed) {
            folded.fold(text);
            self.find_terms(field, text, &folded, &mut findings.by_search);
            self.find_regexes(field, text, &mut findings.by_regex);
        }
        findings
    }

    fn find_terms<'a>(
        &self,
        field: Field,
        text: &'a str,
        folded: &Folded,
        by_search: &mut Hits<'a>,
    ) {
        self.automaton.find(folded.text(), |candidate| {
            for &number in &self.searches_by_pattern[candidate.pattern] {
                let Search { rule, fields } = &self.searches[number];
                let is_needed = !by_search.contains(number) && fields.contains(field);
                if !is_needed || (candidate.token_continues && !rule.is_prefix()) {
                    continue;
                }

                // The rule slices the text at both positions, which must be char boundaries.
                let start = folded.original(candidate.start);
                let end = folded.original(candidate.end);
                let whole_characters = text.is_char_boundary(start) && text.is_char_boundary(end);
                if whole_characters && rule.accepts(text, start, end) {
                    let finding = Finding {
                        field,
                        text,
                        start,
                        end,
                    };
                    by_search.insert(number, finding);
                }
            }
        });
    }

    fn find_regexes<'a>(&self, field: Field, text: &'a str, found: &mut [Option<Finding<'a>>]) {
        for (search, found) in self.regexes.iter().zip(found) {
            if found.is_none()
                && search.fields.contains(field)
                && let Some(hit) = search.regex.find(text)
            {
                *found = Some(Finding {
                    field,
                    text,
                    start: hit.start(),
                    end: hit.end(),
                });
            }
        }
    }
}

/// The hits of a few among many searches. A job has few hits, so thousands of misses cost one bit
/// each.
struct Hits<'a> {
    bits: Vec<u64>,
    found: Vec<(usize, Finding<'a>)>,
}

impl<'a> Hits<'a> {
    /// Creates an empty set for this many searches.
    fn of(searches: usize) -> Self {
        Self {
            bits: vec![0; searches.div_ceil(64)],
            found: Vec::new(),
        }
    }

    fn contains(&self, number: usize) -> bool {
        self.bits[number / 64] & (1 << (number % 64)) != 0
    }

    fn insert(&mut self, number: usize, finding: Finding<'a>) {
        self.bits[number / 64] |= 1 << (number % 64);
        self.found.push((number, finding));
    }

    fn get(&self, number: usize) -> Option<&Finding<'a>> {
        let found = self.found.iter().find(|(found, _)| *found == number);
        found.map(|(_, finding)| finding)
    }

    fn numbers(&self) -> impl Iterator<Item = usize> {
        self.found.iter().map(|(number, _)| *number)
    }
}

/// The profiles that a job can match, by its hits. A query matches only with a positive hit, so the
/// other profiles need no evaluation.
struct Candidates {
    /// The profiles with a positive leaf of each search.
    by_search: Vec<Vec<usize>>,
    /// The profiles with a positive regular expression or condition, which is not a search.
    always: Vec<usize>,
}

impl Candidates {
    fn of(profiles: &[CompiledProfile], searches: usize) -> Self {
        let mut candidates = Self {
            by_search: vec![Vec::new(); searches],
            always: Vec::new(),
        };
        for (number, CompiledProfile { profile, leaves }) in profiles.iter().enumerate() {
            let leaves = profile.query.leaves().iter().zip(leaves);
            for (_, compiled) in leaves.filter(|(leaf, _)| leaf.is_positive) {
                let profiles = match compiled {
                    CompiledLeaf::Term(search) => &mut candidates.by_search[*search],
                    CompiledLeaf::Regex(_) | CompiledLeaf::Condition(_) => &mut candidates.always,
                };
                profiles.push(number);
            }
        }
        candidates
    }

    /// Returns the numbers of the profiles, ascending, for a job with these hits.
    fn with_hits(&self, hits: impl Iterator<Item = usize>) -> Vec<usize> {
        let by_hit = hits.flat_map(|search| &self.by_search[search]);
        let mut profiles: Vec<usize> = by_hit.chain(&self.always).copied().collect();
        profiles.sort_unstable();
        profiles.dedup();
        profiles
    }
}

/// Returns the distinct patterns of the searches, and the searches that share each of them.
fn shared_patterns(searches: &[Search]) -> (Vec<Pattern<'_>>, Vec<Vec<usize>>) {
    let mut patterns: Vec<Pattern<'_>> = Vec::new();
    let mut searches_by_pattern: Vec<Vec<usize>> = Vec::new();
    let mut numbers = HashMap::new();

    for (index, Search { rule, .. }) in searches.iter().enumerate() {
        let key = (rule.pattern.as_str(), rule.is_suffix());
        let number = *numbers.entry(key).or_insert_with(|| {
            patterns.push(Pattern {
                text: key.0,
                open_start: key.1,
                open_end: false,
            });
            searches_by_pattern.push(Vec::new());
            patterns.len() - 1
        });

        patterns[number].open_end |= rule.is_prefix();
        searches_by_pattern[number].push(index);
    }
    (patterns, searches_by_pattern)
}

/// The distinct searches of all leaves, numbered in order of appearance.
#[derive(Default)]
struct Searches {
    list: Vec<Search>,
    numbers: HashMap<Search, usize>,
    regexes: Vec<RegexSearch>,
}

impl Searches {
    fn compile(&mut self, leaf: &Leaf) -> CompiledLeaf {
        match &leaf.kind {
            LeafKind::Term { term, fields } => CompiledLeaf::Term(self.number(Search {
                rule: term.rule().clone(),
                fields: *fields,
            })),
            LeafKind::Regex { regex, fields } => {
                self.regexes.push(RegexSearch {
                    regex: regex.clone(),
                    fields: *fields,
                });
                CompiledLeaf::Regex(self.regexes.len() - 1)
            }
            LeafKind::Condition(condition) => CompiledLeaf::Condition(condition.clone()),
        }
    }

    fn number(&mut self, search: Search) -> usize {
        let next = self.list.len();
        let list = &mut self.list;
        *self.numbers.entry(search).or_insert_with_key(|search| {
            list.push(search.clone());
            next
        })
    }
}

impl CompiledProfile {
    fn new(profile: Profile, searches: &mut Searches) -> Self {
        let leaves = profile.query.leaves();
        let leaves = leaves.iter().map(|leaf| searches.compile(leaf)).collect();
        Self { profile, leaves }
    }

    fn matches(&self, findings: &Findings<'_>) -> bool {
        self.profile.covers(&findings.job.source_key)
            && self
                .profile
                .query
                .matches(|number| findings.truth(&self.leaves[number]))
    }

    fn result(&self, findings: &Findings<'_>) -> MatchResult {
        let leaves = self.profile.query.leaves().iter().zip(&self.leaves);
        let is_reason =
            |leaf: &Leaf, compiled| leaf.is_positive && findings.truth(compiled) == Truth::True;
        MatchResult {
            profile: self.profile.name.clone(),
            reasons: leaves
                .filter(|(leaf, compiled)| is_reason(leaf, compiled))
                .map(|(leaf, compiled)| Reason {
                    term: leaf.written.clone(),
                    hit: findings.hit(compiled),
                    value: findings.value(compiled),
                })
                .collect(),
        }
    }

    fn explain(&self, findings: &Findings<'_>) -> Explanation {
        let query = &self.profile.query;
        let truth = |number: usize| findings.truth(&self.leaves[number]);
        let needed = |(number, needed): (usize, bool)| NeededChange {
            term: query.leaves()[number].written.clone(),
            needed,
        };
        Explanation {
            profile: self.profile.name.clone(),
            matches: self.matches(findings),
            covers_source: self.profile.covers(&findings.job.source_key),
            tree: self.part(&query.explain(truth), findings),
            smallest_change: query
                .smallest_change(truth)
                .into_iter()
                .map(needed)
                .collect(),
        }
    }

    fn part(&self, node: &ExplainedNode, findings: &Findings<'_>) -> ExplainedPart {
        let leaf = match node.kind {
            NodeKind::Leaf(number) => Some((number, &self.leaves[number])),
            NodeKind::And | NodeKind::Or | NodeKind::Not => None,
        };
        ExplainedPart {
            kind: match (node.kind, leaf) {
                (NodeKind::And, _) => PartKind::And,
                (NodeKind::Or, _) => PartKind::Or,
                (NodeKind::Not, _) => PartKind::Not,
                (_, Some((_, CompiledLeaf::Condition(_)))) => PartKind::Condition,
                (NodeKind::Leaf(_), _) => PartKind::Term,
            },
            truth: node.truth,
            written: leaf.map(|(number, _)| self.profile.query.leaves()[number].written.clone()),
            hit: leaf.and_then(|(_, compiled)| findings.hit(compiled)),
            value: leaf.and_then(|(_, compiled)| findings.value(compiled)),
            parts: node
                .parts
                .iter()
                .map(|part| self.part(part, findings))
                .collect(),
        }
    }
}

impl<'a> Findings<'a> {
    fn truth(&self, leaf: &CompiledLeaf) -> Truth {
        match leaf {
            CompiledLeaf::Condition(condition) => condition.truth(&self.job.values),
            CompiledLeaf::Term(number) => self.by_search.contains(*number).into(),
            CompiledLeaf::Regex(number) => self.by_regex[*number].is_some().into(),
        }
    }

    fn hit(&self, leaf: &CompiledLeaf) -> Option<Hit> {
        self.finding(leaf).map(Finding::hit)
    }

    fn finding(&self, leaf: &CompiledLeaf) -> Option<&Finding<'a>> {
        match leaf {
            CompiledLeaf::Term(number) => self.by_search.get(*number),
            CompiledLeaf::Regex(number) => self.by_regex[*number].as_ref(),
            CompiledLeaf::Condition(_) => None,
        }
    }

    fn value(&self, leaf: &CompiledLeaf) -> Option<String> {
        match leaf {
            CompiledLeaf::Condition(condition) => condition.value(&self.job.values),
            CompiledLeaf::Term(_) | CompiledLeaf::Regex(_) => None,
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
