//! The reading of levels in a title.
//!
//! Only words that name a level count: `Senior`, `Staff Engineer`, `Head of`, `Praktikant`. Most
//! titles with `Manager` name what is managed, not people (`Account Manager`, `Product Manager`),
//! so they have no level; `Engineering Manager`, `Manager, Finance` and `Senior Manager` have. A
//! numeral (`Engineer II`) and `Associate` mean a different level at each company. `Head of` is the
//! level of a director, and a vice president is an executive.
//!
//! A title that names alternatives has several levels (`Senior/Staff Engineer`). One of which only
//! some are marked has none, because the other level is unknown (`Engineer / Senior Engineer`,
//! `(Senior) Consultant`).
//!
//! Not here: working students and apprentices, which are kinds of employment.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::marks::{
    ASSISTANTS, DEPUTIES, MARKS, Mark, NOT_EXECUTIVE, PREPOSITIONS, PROGRAM_ROLES, PROJECTS, ROLES,
    SCHOOLS, SCRIPTS, STAFF_ROLES, Where,
};
use crate::normalize::facts::title::{Part, Title, TitleGap};
use crate::words;

words! {
    /// The level of a position, from the lowest to the highest.
    #[derive(PartialOrd, Ord)]
    pub enum Level: "a level" {
        Intern = "intern",
        /// Also graduates and beginners.
        Junior = "junior",
        Mid = "mid",
        Senior = "senior",
        Staff = "staff",
        Principal = "principal",
        /// The lead of a team or a subject.
        Lead = "lead",
        /// A manager of people, a department or a branch.
        Manager = "manager",
        /// Also `Head of`.
        Director = "director",
        /// Vice presidents, chief officers, managing directors.
        Executive = "executive",
    }
}

/// The phrases of all marks, by their first word.
static PHRASES: LazyLock<HashMap<&str, Vec<MarkPhrase>>> = LazyLock::new(|| {
    let mut by_word: HashMap<&str, Vec<MarkPhrase>> = HashMap::new();
    for mark in MARKS {
        for phrase in mark.phrases.split('|') {
            let words: Vec<&str> = phrase.split(' ').collect();
            let phrases = by_word.entry(words[0]).or_default();
            phrases.push(MarkPhrase { words, mark });
        }
    }
    by_word
});

/// One phrase of a mark.
struct MarkPhrase {
    words: Vec<&'static str>,
    mark: &'static Mark,
}

/// Returns the levels that a title names, from the lowest; empty if it names none or is unclear.
pub fn level(title: &str) -> Vec<Level> {
    Title::read(title).map_or_else(Vec::new, |title| levels_of(&title))
}

/// Returns the same for a title that has been read.
pub(in crate::normalize::facts) fn levels_of(title: &Title<'_>) -> Vec<Level> {
    let mut levels = marked(title).unwrap_or_default();
    levels.extend(in_other_scripts(title.text));

    // An employer of juniors and seniors also takes those between them.
    if levels.contains(&Level::Junior) && levels.contains(&Level::Senior) {
        levels.push(Level::Mid);
    }
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// Returns the levels of all parts; `None` if they are unclear.
fn marked(title: &Title<'_>) -> Option<Vec<Level>> {
    let mut pairs = title.words().zip(title.words().skip(1));
    let is_one_word = title.words().nth(1).is_none();
    if pairs.any(is_any_level) || (is_one_word && title.words().all(is_vague_alone)) {
        return None;
    }

    let traps = Traps::of(title);
    let readings: Vec<PartReading> = title
        .parts
        .iter()
        .enumerate()
        .map(|(at, part)| PartReading::of(part, at == 0, &traps))
        .collect();

    let is_optional =
        |(part, reading): (&Part, &PartReading)| part.is_inserted && reading.is_only_levels();
    if title.parts.iter().zip(&readings).any(is_optional)
        || has_unmarked_alternative(title, &readings)
    {
        return None;
    }
    Some(merged(title, readings))
}

/// Combines the levels of the parts. Words around a conjunction belong together, unless both name a
/// position: `Strategy and Operations Lead`, but `Senior and Staff Engineers`.
fn merged(title: &Title<'_>, readings: Vec<PartReading>) -> Vec<Level> {
    let mut levels = Vec::new();
    let mut group = Vec::new();
    let mut names_position = true;
    for (part, reading) in title.parts.iter().zip(readings) {
        if part.after != TitleGap::And || names_position {
            levels.extend(highest(std::mem::take(&mut group)));
        }
        names_position = reading.is_only_levels() || reading.ends_with_role;
        group.extend(reading.levels);
    }
    levels.extend(highest(group));
    levels
}

fn is_any_level((one, other): (&str, &str)) -> bool {
    matches!(one, "all" | "any" | "various" | "multiple" | "different")
        && matches!(other, "level" | "levels" | "seniorities")
}

/// Returns true for words that are a title of another kind without a role: the principal of a
/// school, the staff of a shop.
fn is_vague_alone(word: &str) -> bool {
    matches!(word, "staff" | "principal" | "lead")
}

/// Returns true for `Engineer / Senior Engineer`.
fn has_unmarked_alternative(title: &Title<'_>, readings: &[PartReading]) -> bool {
    let [first, second, ..] = readings else {
        return false;
    };
    title.parts[1].after == TitleGap::Or
        && first.levels.is_empty()
        && first.ends_with_role
        && !second.levels.is_empty()
        && second.ends_with_role
}

/// Words of the whole title that make some marks mean another person than the one who is sought.
struct Traps {
    /// `Assistant to the CEO`
    assistant: bool,
    /// `CTO Office`, `Field CTO`
    not_executive: bool,
    /// The principal of a school.
    school: bool,
}

impl Traps {
    fn of(title: &Title<'_>) -> Self {
        let has = |list: &[&str]| title.words().any(|word| list.contains(&word));
        Self {
            assistant: has(ASSISTANTS),
            not_executive: has(NOT_EXECUTIVE),
            school: has(SCHOOLS),
        }
    }

    fn apply(&self, level: Level) -> bool {
        match level {
            Level::Executive => self.assistant || self.not_executive,
            Level::Director | Level::Manager => self.assistant,
            Level::Principal => self.school,
            _ => false,
        }
    }
}

/// The statement of one part.
struct PartReading {
    levels: Vec<Level>,
    /// The number of words that belong to no mark.
    other_words: usize,
    ends_with_role: bool,
}

impl PartReading {
    fn of(part: &Part, is_first: bool, traps: &Traps) -> Self {
        let words: Vec<&str> = part.words.iter().map(String::as_str).collect();
        let ends_with_role = words.last().is_some_and(|word| ROLES.contains(word));
        let reader = PartReader {
            words: &words,
            is_first,
            after: part.after,
            ends_with_role,
        };

        let (mut levels, other_words) = reader.read();
        if is_chief_officer(&words) {
            levels.push(Level::Executive);
        }
        levels.retain(|level| !traps.apply(*level));
        Self {
            levels: highest(levels),
            other_words,
            ends_with_role,
        }
    }

    fn is_only_levels(&self) -> bool {
        self.other_words == 0 && !self.levels.is_empty()
    }
}

/// Returns true for `Chief Product Officer`.
fn is_chief_officer(words: &[&str]) -> bool {
    words.first() == Some(&"chief") && words.contains(&"officer")
}

/// Returns the level that the words of one part make together: a senior manager is a manager, and
/// an intern of a director an intern.
fn highest(levels: Vec<Level>) -> Vec<Level> {
    if levels.contains(&Level::Intern) {
        return vec![Level::Intern];
    }
    let ladder = [
        Level::Executive,
        Level::Director,
        Level::Manager,
        Level::Principal,
        Level::Staff,
        Level::Lead,
    ];
    match ladder.into_iter().find(|level| levels.contains(level)) {
        Some(highest) => vec![highest],
        None => levels,
    }
}

struct PartReader<'a> {
    words: &'a [&'a str],
    /// True for the first part of the title, which names the position.
    is_first: bool,
    after: TitleGap,
    ends_with_role: bool,
}

impl PartReader<'_> {
    /// Returns the levels of all marks, and the number of words that belong to none.
    fn read(&self) -> (Vec<Level>, usize) {
        let mut levels = Vec::new();
        let mut other_words = 0;
        let mut at = 0;
        while let Some(word) = self.words.get(at) {
            // The words after it name whom the position serves, unless it is a range of levels.
            let is_range = matches!(*word, "to" | "bis") && other_words == 0;
            if !is_range && PREPOSITIONS.contains(word) {
                return (levels, other_words + self.words.len() - at);
            }

            let mark = self.mark_at(at, other_words);
            if let Some((mark, _)) = mark {
                levels.push(mark.level);
            } else if !is_range {
                other_words += 1;
            }
            at += mark.map_or(1, |(_, length)| length);
        }
        (levels, other_words)
    }

    /// Returns the mark at a word, and the number of its words. `other_words` is the number of
    /// words before it that belong to no mark.
    fn mark_at(&self, at: usize, other_words: usize) -> Option<(&'static Mark, usize)> {
        let phrases = PHRASES.get(self.words[at])?.iter();
        let found = phrases.filter_map(|MarkPhrase { words, mark }| {
            let applies = self.words[at..].starts_with(words)
                && self.applies(mark, at, words.len(), other_words);
            applies.then_some((*mark, words.len()))
        });
        found.max_by_key(|(_, length)| *length)
    }

    fn applies(&self, mark: &Mark, at: usize, length: usize, other_words: usize) -> bool {
        let end = at + length;
        let next = self.words.get(end).copied();
        if self.is_trapped(mark, at, end) {
            return false;
        }

        let begins = other_words == 0;
        let is_alone = begins && next.is_none();
        match mark.place {
            Where::Anywhere => true,
            Where::Entry => next.is_none() || !self.ends_with_program_role(),
            Where::Alone => is_alone && !matches!(self.after, TitleGap::And | TitleGap::Close),
            Where::Begins => begins && (self.names_position() || mark.level >= Level::Manager),
            Where::BeforeSenior => matches!(next, Some("senior" | "sr" | "to")),
            Where::Ends => next.is_none() && at > 0,
            Where::OfRole => {
                let is_before_role = next.is_some_and(|next| STAFF_ROLES.contains(&next));
                is_alone || is_before_role || (begins && self.names_position())
            }
            Where::BeforeRole => is_alone || (begins && self.ends_with_role),
        }
    }

    /// Returns true if the words around a mark give it another meaning.
    fn is_trapped(&self, mark: &Mark, at: usize, end: usize) -> bool {
        let is_in = |list: &str, word: &str| list.split('|').any(|trap| trap == word);
        let (before, after) = (&self.words[..at], &self.words[end..]);
        let leads = mark.level >= Level::Manager;

        let reach = if leads {
            after.len()
        } else {
            1.min(after.len())
        };
        let is_before_trap = after[..reach]
            .iter()
            .any(|word| is_in(mark.not_before, word));
        let is_after_trap = before
            .last()
            .is_some_and(|word| is_in(mark.not_after, word));
        let is_deputy = leads && before.iter().any(|word| DEPUTIES.contains(word));
        is_before_trap || is_after_trap || is_deputy
    }

    /// Returns true for a part that names the position, and not, for example, a team.
    fn names_position(&self) -> bool {
        self.is_first || self.ends_with_role
    }

    /// Returns true for `Internship Coordinator` and `New Grad Recruiter`, who are not beginners.
    fn ends_with_program_role(&self) -> bool {
        let last = self.words.last().copied().unwrap_or_default();
        let is_program = |word: &&str| PROJECTS.contains(word);
        PROGRAM_ROLES.contains(&last)
            || (matches!(last, "manager" | "lead" | "director" | "specialist")
                && self.words.iter().any(is_program))
    }
}

/// Returns the level that a title in a script without spaces names.
fn in_other_scripts(title: &str) -> Option<Level> {
    if title.is_ascii() {
        return None;
    }
    let found = SCRIPTS.iter().find(|(word, _)| title.contains(word));
    found.map(|(_, level)| *level)
}
