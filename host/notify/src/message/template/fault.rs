//! The error of a template, with its place.

use std::error::Error as _;
use std::path::Path;

use minijinja::Error;

use crate::message::text::one_line;

/// The maximum number of characters of the problem, and of the line that an error quotes.
const PROBLEM_CHARS: usize = 300;
const LINE_CHARS: usize = 100;

/// The reason why a template could not be rendered, such as ``templates/job.txt, line 3: undefined
/// value in `{{ job.titel }}` ``.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TemplateFault(String);

impl TemplateFault {
    /// Creates the fault of a template as a whole.
    pub(super) fn of(file: &str, problem: &str) -> Self {
        Self(format!("{file}: {problem}"))
    }

    /// Adds the message in which the fault appears.
    pub(super) fn with(self, message: &str) -> Self {
        Self(format!("{self}, in {message}"))
    }

    /// Creates the fault of an error. `source` returns the file and the text of a template by its
    /// name. The innermost error is the one in the template at fault; the others are those of the
    /// templates that include it.
    pub(super) fn at<'t>(error: &Error, source: impl Fn(&str) -> (String, &'t str)) -> Self {
        let mut at_fault = error;
        while let Some(inner) = at_fault
            .source()
            .and_then(<dyn std::error::Error>::downcast_ref)
        {
            at_fault = inner;
        }

        let problem = at_fault.detail().map_or_else(
            || at_fault.kind().to_string(),
            |detail| one_line(detail, PROBLEM_CHARS),
        );
        let (Some(name), Some(line)) = (at_fault.name(), at_fault.line()) else {
            return Self(problem);
        };

        let (file, text) = source(name);
        let quoted = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let quoted = one_line(quoted, LINE_CHARS);
        Self(format!("{file}, line {line}: {problem} in `{quoted}`"))
    }
}

/// Returns a path as faults show it.
pub(super) fn shown(path: &Path) -> String {
    one_line(&path.display().to_string(), PROBLEM_CHARS)
}
