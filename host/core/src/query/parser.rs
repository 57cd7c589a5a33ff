//! The parser: a text to a query.
//!
//! ```text
//! query     = and *( "OR" and )
//! and       = unary *( [ "AND" ] unary )
//! unary     = *( "NOT" | "-" ) primary
//! primary   = "(" query ")" | field ":" ( "(" query ")" | leaf ) | condition | leaf
//! leaf      = word | phrase in quotes | "/" regular expression "/"
//! condition = name ":" value *( "|" value )
//!           | ( "salary" | "years" | "posted" | "first_seen" ) comparison value
//! name      = "workplace" | "country" | "region" | "near" | "open-to" | "type" | "lang" | "level"
//!           | "has"
//! ```

use std::ops::Range;

use regex::RegexBuilder;

use super::condition::pay::Pay;
use super::condition::{Condition, age, named};
use super::error::{QueryError, quoted, quoted_list};
use super::field::{DefaultFields, FieldSet};
use super::lexer::{ComparisonSign, Lexeme, LexemeKind, tokens};
use super::query::{Leaf, LeafKind, Node, Query, count_regexes};
use crate::matching::TermError;
use crate::words::closest_match;

/// The longest query, in bytes. A list of a thousand companies has a third of that.
pub const MAX_QUERY_BYTES: usize = 64 * 1024;
/// The deepest nesting. Every level is a call of the parser and of the evaluation.
const MAX_DEPTH: usize = 64;
/// The memory that one compiled regular expression may take, in bytes.
const MAX_REGEX_BYTES: usize = 256 * 1024;
/// The largest number of regular expressions in a query, and in all profiles together: compiled,
/// they take at most 16 MB. Each also reads every text once more, while all terms together read it
/// once.
pub const MAX_REGEXES: usize = 64;

/// The names of conditions with a comparison.
const COMPARED: [&str; 4] = ["salary", "years", "posted", "first_seen"];

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
                let message = "only `salary`, `years`, `posted` and `first_seen` can be compared; write one of them before this";
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
        if named::NAMES.contains(&name) {
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
        if count_regexes(&self.leaves) == MAX_REGEXES {
            let message = format!(
                "the query has more than {MAX_REGEXES} regular expressions; join several with `|`, such as \
                 `/rustacean|gopher/`, or write terms, such as `engineer*`"
            );
            return Err(self.error_at(own.start, &message));
        }
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
        let condition = named::condition(name, &values)
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
            "years" => "expected a whole number of years, such as `3`",
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
            "years" => {
                let years = value.parse().map_err(|_| invalid(self))?;
                (Condition::Years(comparison, years), span.end)
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

fn joined(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}

fn unknown_field(name: &str) -> String {
    let with_colon = || FieldSet::names().chain(named::NAMES);
    let remedy = match closest_match(name, with_colon().chain(COMPARED)) {
        Some("salary") => {
            "write `salary` with a comparison, such as `salary >= 70000 EUR`".to_owned()
        }
        Some("years") => "write `years` with a comparison, such as `years <= 3`".to_owned(),
        Some(close) if COMPARED.contains(&close) => {
            format!("write `{close}` with a comparison, such as `{close} < 7d`")
        }
        Some(close) => format!("did you mean `{close}:`?"),
        None => format!("the fields are {}", quoted_list(with_colon())),
    };
    let name = quoted(name);
    format!("`{name}:` is not a field; {remedy} (write a text with a colon in quotes)")
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
    fn a_query_has_at_most_64_regular_expressions() {
        let most = "title:/rust.an/ OR ".repeat(MAX_REGEXES - 1) + "/gopher/ OR go";
        assert_eq!(Query::parse(&most).unwrap().regexes(), MAX_REGEXES);

        let error = Query::parse(&format!("{most} OR /one.more/")).unwrap_err();
        assert_eq!(error.column(), most.len() + " OR ".len() + 1);
        assert!(
            error
                .message()
                .contains("more than 64 regular expressions; join several"),
            "{error}"
        );
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
