//! The three values of a leaf and of a query.

use serde::Serialize;

/// The value of a part of a query for one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    True,
    False,
    /// The board does not state the value that a condition needs.
    Unknown,
}

impl Truth {
    /// Returns the value of `AND` over these values. Unknown ones are left out; if there are no
    /// others, the result is unknown.
    pub fn all(values: impl IntoIterator<Item = Self>) -> Self {
        Self::decided_by(Self::False, values)
    }

    /// Returns the value of `OR` over these values. Unknown ones are left out; if there are no
    /// others, the result is unknown.
    pub fn any(values: impl IntoIterator<Item = Self>) -> Self {
        Self::decided_by(Self::True, values)
    }

    /// Returns true if one of the values of a job satisfies a condition, false if all are known and
    /// none does, and otherwise unknown.
    pub(super) fn of_values(values: impl IntoIterator<Item = Self>) -> Self {
        let (mut has_value, mut all_known) = (false, true);
        for value in values {
            if value == Self::True {
                return value;
            }
            has_value = true;
            all_known &= value == Self::False;
        }
        if has_value && all_known {
            Self::False
        } else {
            Self::Unknown
        }
    }

    fn decided_by(decisive: Self, values: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Unknown;
        for value in values {
            if value == decisive {
                return decisive;
            }
            if value != Self::Unknown {
                result = value;
            }
        }
        result
    }
}

/// `NOT` of unknown is unknown.
impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    #[test]
    fn unknown_values_are_left_out() {
        let cases = [
            (vec![True, Unknown], True, True),
            (vec![False, Unknown], False, False),
            (vec![True, False], False, True),
            (vec![Unknown, Unknown], Unknown, Unknown),
            (vec![], Unknown, Unknown),
        ];
        for (values, all, any) in cases {
            assert_eq!(Truth::all(values.clone()), all, "{values:?}");
            assert_eq!(Truth::any(values.clone()), any, "{values:?}");
        }
        assert_eq!(!Unknown, Unknown);
        assert_eq!((!True, !False), (False, True));
    }

    #[test]
    fn one_value_of_several_is_enough_and_an_unknown_one_leaves_it_open() {
        assert_eq!(Truth::of_values([Unknown, False, True]), True);
        assert_eq!(Truth::of_values([False, False]), False);
        assert_eq!(Truth::of_values([False, Unknown]), Unknown);
        assert_eq!(Truth::of_values([]), Unknown);
    }
}
