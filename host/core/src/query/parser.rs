//! The parser: a text, or the three lists of `search_criteria`, to a query.
//!
//! ```text
//! query     = and *( "OR" and )
//! and       = unary *( [ "AND" ] unary )
//! unary     = *( "NOT" | "-" ) primary
//! primary   = "(" query ")" | field ":" ( "(" query ")" | leaf ) | condition | leaf
//! leaf      = word | phrase in quotes | "/" regular expression "/"
//! condition = ( "workplace" | "country" | "type" | "lang" | "has" ) ":" word *( "|" word )
//!           | ( "salary" | "posted" | "first_seen" ) comparison value
//! ```

use std::ops::Range;

use regex::RegexBuilder;

use super::condition::pay::Pay;
use super::condition::{Attribute, Condition, age, words_of};
use super::error::{QueryError, quoted};
use super::field::FieldSet;
use super::lexer::{ComparisonSign, Lexeme, LexemeKind, tokens};
use super::query::{Leaf, LeafKind, Node, Query};
use crate::job::Workplace;
use crate::matching::{Term, TermError};
use crate::words::closest_match;

/// The longest query, in bytes. A list of a thousand companies has a third of that.
pub const MAX_QUERY_BYTES: usize = 64 * 1024;
/// The deepest nesting. Every level is a call of the parser and of the evaluation.
const MAX_DEPTH: usize = 64;
/// The memory that one compiled regular expression may take, in bytes.
const MAX_REGEX_BYTES: usize = 256 * 1024;

/// The names of conditions with a comparison.
const COMPARED: [&str; 3] = ["salary", "posted", "first_seen"];
/// The names of conditions with a colon.
const NAMED: [&str; 5] = ["workplace", "country", "type", "lang", "has"];

impl Query {
    /// Parses a query.
    ///
    /// # Errors
    ///
    /// Fails at the first character that does not fit, and says what to write.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::parse_with(text, DefaultFields::PROFILE)
    }

    /// Parses a query for a search among stored jobs. Its terms search everything that is shown.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse).
    pub fn parse_search(text: &str) -> Result<Self, QueryError> {
        Self::parse_with(text, DefaultFields::SEARCH)
    }

    fn parse_with(text: &str, defaults: DefaultFields) -> Result<Self, QueryError> {
        if text.len() > MAX_QUERY_BYTES {
            let message = format!(
                "the query has {} bytes; at most {MAX_QUERY_BYTES} are allowed",
                text.len()
            );
            return Err(QueryError::new(text, 0, message));
        }
        let mut parser = Parser {
            text,
            tokens: tokens(text)?,
            at: 0,
            defaults,
            leaves: Vec::new(),
        };
        let root = parser.query(Scope::default())?;
        if let Some(token) = parser.peek() {
            let message = match token.kind {
                LexemeKind::Close => "this `)` has no `(`",
                _ => "expected `AND` or `OR` here",
            };
            return Err(parser.error_at(token.span.start, message));
        }
        Ok(Self {
            written: text.to_owned(),
            root,
            leaves: parser.leaves,
        })
    }

    /// Makes a query of the three lists of `search_criteria`: all required terms, one of each group,
    /// none of the excluded ones. `None` if there is no term.
    pub fn of_lists(
        required: &[ListedTerm],
        groups: &[Vec<ListedTerm>],
        excluded: &[ListedTerm],
    ) -> Option<Self> {
        let mut leaves = Vec::new();
        let mut leaf = |term: &ListedTerm, is_positive| {
            leaves.push(term.leaf(is_positive));
            Node::Leaf(leaves.len() - 1)
        };
        let mut parts: Vec<Node> = required.iter().map(|term| leaf(term, true)).collect();
        for group in groups.iter().filter(|group| !group.is_empty()) {
            parts.push(Node::Or(
                group.iter().map(|term| leaf(term, true)).collect(),
            ));
        }
        parts.extend(
            excluded
                .iter()
                .map(|term| Node::Not(Box::new(leaf(term, false)))),
        );
        if parts.is_empty() {
            return None;
        }

        let groups = groups.iter().map(|group| joined_by(" OR ", group));
        let groups = groups.filter(|group| !group.is_empty());
        let written: Vec<String> = required
            .iter()
            .map(ListedTerm::as_query)
            .chain(groups.map(|group| format!("({group})")))
            .chain(
                excluded
                    .iter()
                    .map(|term| format!("NOT {}", term.as_query())),
            )
            .collect();
        let written = written.join(" AND ");
        Some(Self {
            written,
            root: Node::And(parts),
            leaves,
        })
    }
}

/// A term of the lists of `search_criteria`, such as `full stack` or `title:engineer*`. A phrase
/// needs no quotes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedTerm {
    pub term: Term,
    /// The fields before the colon; `None` for the default fields.
    pub fields: Option<FieldSet>,
    written: String,
}

impl ListedTerm {
    /// Returns the term as it is written in a query: in quotes, unless it is read as one word there.
    fn as_query(&self) -> String {
        let field = match (self.fields, self.written.split_once(':')) {
            (Some(_), Some((name, _))) => format!("{name}:"),
            _ => String::new(),
        };
        let term = self.term.to_string();
        if is_one_word(&term) {
            return format!("{field}{term}");
        }

        let (exact, phrase) = match term.strip_prefix('=') {
            Some(phrase) => ("=", phrase.trim_start()),
            None => ("", term.as_str()),
        };
        let (phrase, prefix) = match phrase.strip_suffix('*') {
            Some(phrase) => (phrase, "*"),
            None => (phrase, ""),
        };
        format!("{field}{exact}\"{phrase}\"{prefix}")
    }

    fn leaf(&self, is_positive: bool) -> Leaf {
        let fields = self
            .fields
            .unwrap_or_else(|| DefaultFields::PROFILE.of(is_positive));
        Leaf {
            kind: LeafKind::Term {
                term: self.term.clone(),
                fields,
            },
            written: self.written.clone(),
            is_positive,
            span: 0..0,
        }
    }
}

/// Parses a term with an optional field. A colon after another word than the name of a field is part
/// of the term.
impl std::str::FromStr for ListedTerm {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let text = text.trim();
        let scoped = text
            .split_once(':')
            .and_then(|(name, term)| Some((FieldSet::named(name)?, term)));
        let (fields, term) = match scoped {
            Some((fields, term)) => (Some(fields), term),
            None => (None, text),
        };
        let term = term.trim();
        let quoted = term
            .strip_prefix('"')
            .and_then(|term| term.strip_suffix('"'));
        Ok(Self {
            term: quoted.unwrap_or(term).parse()?,
            fields,
            written: text.to_owned(),
        })
    }
}

/// Prints the term as it was written.
impl std::fmt::Display for ListedTerm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.written)
    }
}

/// The fields that a term without a field searches.
#[derive(Debug, Clone, Copy)]
struct DefaultFields {
    positive: FieldSet,
    negative: FieldSet,
}

impl DefaultFields {
    const PROFILE: Self = Self {
        positive: FieldSet::POSITIVE,
        negative: FieldSet::NEGATIVE,
    };

    /// In a search, both kinds of terms search the same fields: it is not read again tomorrow, and
    /// what it leaves out is not a missed message.
    const SEARCH: Self = Self {
        positive: FieldSet::SHOWN,
        negative: FieldSet::SHOWN,
    };

    fn of(self, is_positive: bool) -> FieldSet {
        if is_positive {
            self.positive
        } else {
            self.negative
        }
    }
}

/// The surroundings of a part of a query.
#[derive(Debug, Clone, Copy, Default)]
struct Scope<'q> {
    /// True below an odd number of `NOT`s.
    is_negated: bool,
    /// The fields before the term or a parenthesis around it.
    fields: Option<FieldSet>,
    /// The name of these fields if they are before a parenthesis.
    group_field: Option<&'q str>,
    depth: usize,
}

impl Scope<'_> {
    fn negated(self) -> Self {
        Self {
            is_negated: !self.is_negated,
            depth: self.depth + 1,
            ..self
        }
    }
}

struct Parser<'q> {
    text: &'q str,
    tokens: Vec<Lexeme<'q>>,
    at: usize,
    defaults: DefaultFields,
    leaves: Vec<Leaf>,
}

impl<'q> Parser<'q> {
    fn query(&mut self, scope: Scope<'q>) -> Result<Node, QueryError> {
        let mut parts = vec![self.and(scope)?];
        while self.take_if(LexemeKind::Or) {
            parts.push(self.and(scope)?);
        }
        Ok(joined(parts, Node::Or))
    }

    fn and(&mut self, scope: Scope<'q>) -> Result<Node, QueryError> {
        let mut parts = vec![self.unary(scope)?];
        loop {
            let is_joined = self.take_if(LexemeKind::And);
            let continues = self
                .peek()
                .is_some_and(|next| !matches!(next.kind, LexemeKind::Or | LexemeKind::Close));
            if !is_joined && !continues {
                return Ok(joined(parts, Node::And));
            }
            parts.push(self.unary(scope)?);
        }
    }

    fn unary(&mut self, scope: Scope<'q>) -> Result<Node, QueryError> {
        if scope.depth > MAX_DEPTH {
            let message = format!("the query is nested more than {MAX_DEPTH} levels deep");
            return Err(self.error_here(&message));
        }
        if self.take_if(LexemeKind::Not) || self.take_if(LexemeKind::Minus) {
            return Ok(Node::Not(Box::new(self.unary(scope.negated())?)));
        }
        self.primary(scope)
    }

    fn primary(&mut self, scope: Scope<'q>) -> Result<Node, QueryError> {
        let Some(token) = self.next() else {
            return Err(self.error_here(self.expected_term()));
        };
        match token.kind {
            LexemeKind::Open => self.parenthesis(&token, scope),
            LexemeKind::Field(name) => self.field(name, &token, scope),
            LexemeKind::Word(name)
                if COMPARED.contains(&name) && self.peek_comparison().is_some() =>
            {
                self.comparison(name, &token, scope)
            }
            LexemeKind::Word(word) => self.term(word, token.span.clone(), token.span, scope),
            LexemeKind::Quoted(phrase) => {
                self.term(&phrase.as_term(), token.span.clone(), token.span, scope)
            }
            LexemeKind::Regex(pattern) => {
                self.regex(pattern, token.span.clone(), token.span, scope)
            }
            LexemeKind::Comparison(_) => {
                let message = "only `salary`, `posted` and `first_seen` can be compared; write one of them before this";
                Err(self.error_at(token.span.start, message))
            }
            LexemeKind::Close
            | LexemeKind::And
            | LexemeKind::Or
            | LexemeKind::Not
            | LexemeKind::Minus => Err(self.error_at(token.span.start, self.expected_term())),
        }
    }

    fn expected_term(&self) -> &'static str {
        if self.tokens.is_empty() {
            "the query is empty; write what you look for, such as `title:engineer*`"
        } else {
            "expected a term here, such as `rust` or `\"data science\"`"
        }
    }

    fn parenthesis(&mut self, open: &Lexeme<'q>, scope: Scope<'q>) -> Result<Node, QueryError> {
        let inside = Scope {
            depth: scope.depth + 1,
            ..scope
        };
        let node = self.query(inside)?;
        if self.take_if(LexemeKind::Close) {
            Ok(node)
        } else {
            Err(self.error_at(open.span.start, "this `(` is never closed; write a `)`"))
        }
    }

    /// Reads what follows `name:`.
    fn field(
        &mut self,
        name: &'q str,
        token: &Lexeme<'q>,
        scope: Scope<'q>,
    ) -> Result<Node, QueryError> {
        if NAMED.contains(&name) {
            return self.named_condition(name, token, scope);
        }
        let Some(fields) = FieldSet::named(name) else {
            return Err(self.error_at(token.span.start, &unknown_field(name)));
        };
        let scope = Scope {
            fields: Some(fields),
            group_field: None,
            ..scope
        };
        let Some(next) = self.next() else {
            return Err(self.error_here(self.expected_term()));
        };
        let span = token.span.start..next.span.end;
        match next.kind {
            LexemeKind::Open => {
                let group_field = Some(name);
                let scope = Scope {
                    group_field,
                    ..scope
                };
                self.parenthesis(&next, scope)
            }
            LexemeKind::Word(word) => self.term(word, next.span, span, scope),
            LexemeKind::Quoted(phrase) => self.term(&phrase.as_term(), next.span, span, scope),
            LexemeKind::Regex(pattern) => self.regex(pattern, next.span, span, scope),
            _ => {
                let message = format!("expected a term directly after `{name}:`");
                Err(self.error_at(next.span.start, &message))
            }
        }
    }

    /// Adds a term. `own` are the bytes of the term itself, `span` those with its field.
    fn term(
        &mut self,
        written: &str,
        own: Range<usize>,
        span: Range<usize>,
        scope: Scope<'q>,
    ) -> Result<Node, QueryError> {
        let term = written
            .parse()
            .map_err(|error: TermError| self.error_at(own.start, &error.to_string()))?;
        let fields = self.fields(scope);
        Ok(self.leaf(LeafKind::Term { term, fields }, span, scope))
    }

    fn regex(
        &mut self,
        pattern: &str,
        own: Range<usize>,
        span: Range<usize>,
        scope: Scope<'q>,
    ) -> Result<Node, QueryError> {
        let regex = RegexBuilder::new(&pattern.replace("\\/", "/"))
            .case_insensitive(true)
            .size_limit(MAX_REGEX_BYTES)
            .build()
            .map_err(|error| self.error_at(own.start, &regex_problem(&error)))?;
        if regex.is_match("") {
            let message =
                "this regular expression matches the empty text, so it would match every job";
            return Err(self.error_at(own.start, message));
        }
        let fields = self.fields(scope);
        Ok(self.leaf(LeafKind::Regex { regex, fields }, span, scope))
    }

    fn fields(&self, scope: Scope<'q>) -> FieldSet {
        scope
            .fields
            .unwrap_or_else(|| self.defaults.of(!scope.is_negated))
    }

    fn leaf(&mut self, kind: LeafKind, span: Range<usize>, scope: Scope<'q>) -> Node {
        // A condition has no field, also inside a parenthesis with one.
        let field = match kind {
            LeafKind::Condition(_) => None,
            LeafKind::Term { .. } | LeafKind::Regex { .. } => scope.group_field,
        };
        let text = &self.text[span.clone()];
        self.leaves.push(Leaf {
            kind,
            written: field.map_or_else(|| text.to_owned(), |field| format!("{field}:{text}")),
            is_positive: !scope.is_negated,
            span,
        });
        Node::Leaf(self.leaves.len() - 1)
    }

    /// Reads the values after `country:` and its like.
    fn named_condition(
        &mut self,
        name: &str,
        token: &Lexeme<'q>,
        scope: Scope<'q>,
    ) -> Result<Node, QueryError> {
        let (text, span) = match self.next() {
            Some(Lexeme {
                kind: LexemeKind::Word(text),
                span,
            }) => (text, span),
            Some(Lexeme {
                kind: LexemeKind::Quoted(phrase),
                span,
            }) => (phrase.text, span),
            _ => {
                let message = format!("expected a value directly after `{name}:`");
                return Err(self.error_at(token.span.end, &message));
            }
        };
        let values: Vec<&str> = text.split('|').map(str::trim).collect();
        let condition = named_condition(name, &values)
            .map_err(|message| self.error_at(span.start, &message))?;
        let span = token.span.start..span.end;
        Ok(self.leaf(LeafKind::Condition(condition), span, scope))
    }

    /// Reads the comparison and the value after `salary` and its like.
    fn comparison(
        &mut self,
        name: &str,
        token: &Lexeme<'q>,
        scope: Scope<'q>,
    ) -> Result<Node, QueryError> {
        let comparison = self.peek_comparison().unwrap_or(ComparisonSign::AtLeast);
        self.at += 1;
        let expected = match name {
            "salary" => "expected an amount such as `70000 EUR/year` or `70k EUR`",
            _ => "expected an age such as `12h`, `7d` or `2w`",
        };
        let Some(Lexeme {
            kind: LexemeKind::Word(value),
            span,
        }) = self.next()
        else {
            self.at = self.at.min(self.tokens.len());
            return Err(self.error_here(expected));
        };
        let invalid = |parser: &Self| parser.error_at(span.start, expected);
        let (condition, end) = match name {
            "salary" => {
                let amount = Pay::amount(value).ok_or_else(|| invalid(self))?;
                let (pay, end) = self.pay(amount, span.end)?;
                (Condition::Salary(comparison, pay), end)
            }
            "posted" => {
                let age = age::parse(value).ok_or_else(|| invalid(self))?;
                (Condition::Posted(comparison, age), span.end)
            }
            _ => {
                let age = age::parse(value).ok_or_else(|| invalid(self))?;
                (Condition::FirstSeen(comparison, age), span.end)
            }
        };
        let span = token.span.start..end;
        Ok(self.leaf(LeafKind::Condition(condition), span, scope))
    }

    /// Reads the currency and the period after an amount. Returns the pay and its end.
    fn pay(&mut self, amount: f64, end: usize) -> Result<(Pay, usize), QueryError> {
        let currency = match self.peek() {
            Some(Lexeme {
                kind: LexemeKind::Word(word),
                span,
            }) => Pay::currency_and_period(word).map(|found| (found, span.end)),
            _ => None,
        };
        let Some(((currency, period), end)) = currency else {
            let message = "expected a currency after the amount, such as `EUR` or `EUR/month`";
            return Err(self.error_at(end, message));
        };
        self.at += 1;
        let pay = Pay {
            amount,
            currency,
            period,
        };
        Ok((pay, end))
    }

    fn peek(&self) -> Option<&Lexeme<'q>> {
        self.tokens.get(self.at)
    }

    fn peek_comparison(&self) -> Option<ComparisonSign> {
        match self.peek()?.kind {
            LexemeKind::Comparison(comparison) => Some(comparison),
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Lexeme<'q>> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn take_if(&mut self, kind: LexemeKind<'_>) -> bool {
        let is_next = self.peek().is_some_and(|token| token.kind == kind);
        self.at += usize::from(is_next);
        is_next
    }

    /// Returns an error at the next token, or at the end of the query.
    fn error_here(&self, message: &str) -> QueryError {
        let at = self
            .peek()
            .map_or(self.text.trim_end().len(), |token| token.span.start);
        self.error_at(at, message)
    }

    fn error_at(&self, at: usize, message: &str) -> QueryError {
        QueryError::new(self.text, at, message)
    }
}

/// Returns true if a query reads this text as one word, and not as an operator or a field.
fn is_one_word(text: &str) -> bool {
    let tokens = tokens(text).unwrap_or_default();
    matches!(
        tokens.as_slice(),
        [Lexeme {
            kind: LexemeKind::Word(_),
            ..
        }]
    )
}

fn joined_by(operator: &str, terms: &[ListedTerm]) -> String {
    let written: Vec<String> = terms.iter().map(ListedTerm::as_query).collect();
    written.join(operator)
}

fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}

/// Reads the values of a condition with a colon. The error says what is allowed.
fn named_condition(name: &str, values: &[&str]) -> Result<Condition, String> {
    if values.iter().any(|value| value.is_empty()) {
        return Err(format!("expected a value after each `|` of `{name}:`"));
    }
    match name {
        "workplace" => each(values, workplace).map(Condition::Workplace),
        "country" => each(values, country).map(Condition::Country),
        "type" => {
            each(values, |value| Ok(words_of(value).to_lowercase())).map(Condition::EmploymentType)
        }
        "lang" => each(values, language).map(Condition::Language),
        _ => match values {
            [value] => attribute(value).map(Condition::Has),
            _ => Err(
                "write one `has:` for each value, such as `has:salary AND has:country`".to_owned(),
            ),
        },
    }
}

fn each<T>(values: &[&str], read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.iter().map(|value| read(value)).collect()
}

fn workplace(value: &str) -> Result<Workplace, String> {
    let value = value.to_lowercase();
    let value = if value == "onsite" { "on-site" } else { &value };
    value.parse().map_err(|_| {
        let value = quoted(value);
        format!("`{value}` is not a workplace; write `remote`, `hybrid` or `on-site`")
    })
}

fn country(value: &str) -> Result<String, String> {
    if value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(value.to_ascii_uppercase())
    } else {
        Err(format!(
            "`{}` is not a country code; write two letters, such as `DE`",
            quoted(value)
        ))
    }
}

fn language(value: &str) -> Result<String, String> {
    let is_tag = (2..=3).contains(&value.split('-').next().unwrap_or_default().len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if is_tag {
        Ok(value.to_ascii_lowercase())
    } else {
        Err(format!(
            "`{}` is not a language tag; write two letters, such as `de`",
            quoted(value)
        ))
    }
}

fn attribute(value: &str) -> Result<Attribute, String> {
    value.parse().map_err(|_| {
        let all = Attribute::ALL.iter().map(|known| known.as_str());
        format!(
            "`{}` cannot be asked for; write one of {}",
            quoted(value),
            quoted_list(all)
        )
    })
}

fn unknown_field(name: &str) -> String {
    let with_colon = || FieldSet::names().chain(NAMED);
    let remedy = match closest_match(name, with_colon().chain(COMPARED)) {
        Some("salary") => {
            "write `salary` with a comparison, such as `salary >= 70000 EUR`".to_owned()
        }
        Some(close) if COMPARED.contains(&close) => {
            format!("write `{close}` with a comparison, such as `{close} < 7d`")
        }
        Some(close) => format!("did you mean `{close}:`?"),
        None => format!("the fields are {}", quoted_list(with_colon())),
    };
    let name = quoted(name);
    format!("`{name}:` is not a field; {remedy} (write a text with a colon in quotes)")
}

fn quoted_list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn regex_problem(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => {
            "this regular expression is too large; write fewer repetitions".to_owned()
        }
        // The message of the library draws the pattern over several lines; its last line says why.
        other => {
            let text = other.to_string();
            let why = text.lines().last().unwrap_or_default();
            format!(
                "this is not a regular expression: {}",
                why.trim_start_matches("error: ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(terms: &[&str]) -> Vec<ListedTerm> {
        terms.iter().map(|term| term.parse().unwrap()).collect()
    }

    #[test]
    fn lists_are_written_as_the_query_that_they_are() {
        let groups = [listed(&["rust", "title:full stack"]), listed(&["go"])];
        let query = Query::of_lists(
            &listed(&["title:engineer*", "=Data Science"]),
            &groups,
            &listed(&["back end*", "C++"]),
        );
        let written = query.unwrap().to_string();
        assert_eq!(
            written,
            "title:engineer* AND =\"Data Science\" AND (rust OR title:\"full stack\") AND (go) AND NOT \"back end\"* \
             AND NOT C++"
        );
        assert!(Query::of_lists(&[], &[], &[]).is_none());
    }

    #[test]
    fn written_lists_parse_to_the_same_terms_and_fields() {
        let words = ["rust", "title:full stack", "=Data Science", "back end*"];
        let like_operators = ["AND", "or", "scope:rust", "title:NOT", "lang:de"];
        let like_signs = ["m/w/d", "(senior)", "a\u{a0}b", "company: acme"];
        let required = listed(&[&words[..], &like_operators, &like_signs].concat());
        let query = Query::of_lists(&required, &[], &listed(&["C++", "any:c d"])).unwrap();

        let leaves = |query: &Query| -> Vec<_> {
            let leaves = query.leaves().iter();
            leaves
                .map(|leaf| match &leaf.kind {
                    LeafKind::Term { term, fields } => (term.to_string(), *fields),
                    other => panic!("{other:?}"),
                })
                .collect()
        };
        let parsed = Query::parse(&query.to_string()).unwrap();
        assert_eq!(leaves(&parsed), leaves(&query), "{query}");
    }

    #[test]
    fn a_colon_after_another_word_belongs_to_a_listed_term() {
        let term: ListedTerm = "scope:rust".parse().unwrap();
        assert_eq!(
            (term.fields, term.term.to_string()),
            (None, "scope:rust".to_owned())
        );
        let term: ListedTerm = "title: \"full stack\"".parse().unwrap();
        assert_eq!(term.term.to_string(), "full stack");
        assert_eq!(term.fields, FieldSet::named("title"));
    }

    #[test]
    fn a_leaf_is_written_with_the_field_before_its_parenthesis() {
        let query = Query::parse("title:(rust OR any:go OR lang:en) python").unwrap();
        let leaves = query.leaves().iter();
        let written: Vec<&str> = leaves.map(|leaf| leaf.written.as_str()).collect();
        assert_eq!(written, ["title:rust", "any:go", "lang:en", "python"]);
    }

    #[test]
    fn a_query_is_nested_up_to_a_depth_and_has_a_size() {
        let nested = |depth: usize| format!("{}rust{}", "(".repeat(depth), ")".repeat(depth));
        assert!(Query::parse(&nested(MAX_DEPTH)).is_ok());
        for deep in [nested(MAX_DEPTH + 1), "NOT ".repeat(MAX_DEPTH + 2) + "rust"] {
            let error = Query::parse(&deep).unwrap_err();
            assert!(error.message().contains("nested more than"), "{error}");
        }
        let long = "a ".repeat(MAX_QUERY_BYTES / 2 + 1);
        assert!(Query::parse(&long).is_err());
    }

    #[test]
    fn a_message_repeats_the_beginning_of_a_long_word() {
        let long = "x".repeat(1000);
        for name in ["workplace:", "country:", "lang:", "has:", ""] {
            let error = Query::parse(&format!("{name}{long}:y")).unwrap_err();
            assert!(error.message().len() < 400, "{error}");
        }
    }
}
