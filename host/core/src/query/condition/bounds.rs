//! Comparison of a range with a number.

use crate::query::lexer::ComparisonSign;
use crate::query::truth::Truth;

/// A range of which one bound may be unknown or open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

impl Bounds {
    /// Compares the range with a number: `>` and `>=` by its top, `<` and `<=` by its bottom. If only
    /// the other bound is known, that may still be enough.
    pub(super) fn compare(self, comparison: ComparisonSign, with: f64) -> Truth {
        let (decisive, other) = match comparison {
            ComparisonSign::More | ComparisonSign::AtLeast => (self.max, self.min),
            ComparisonSign::Less | ComparisonSign::AtMost => (self.min, self.max),
        };
        let holds = |bound: f64| comparison.holds(&bound, &with);
        match (decisive, other) {
            (Some(bound), _) => holds(bound).into(),
            (None, Some(bound)) if holds(bound) => Truth::True,
            _ => Truth::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    #[test]
    fn a_range_is_compared_by_the_bound_that_decides() {
        let compare = |comparison, min, max| Bounds { min, max }.compare(comparison, 70.0);
        let at_least = |min, max| compare(ComparisonSign::AtLeast, min, max);
        let (low, high) = (Some(60.0), Some(80.0));
        assert_eq!(at_least(low, high), True);
        assert_eq!(at_least(low, low), False);
        assert_eq!(at_least(high, None), True, "from 80");
        assert_eq!(at_least(low, None), Unknown, "from 60");
        assert_eq!(at_least(None, low), False, "up to 60");
        assert_eq!(at_least(None, None), Unknown);

        let at_most = |min, max| compare(ComparisonSign::AtMost, min, max);
        assert_eq!(at_most(low, high), True);
        assert_eq!(at_most(high, high), False);
        assert_eq!(at_most(None, low), True);
        assert_eq!(at_most(None, high), Unknown);
    }
}
