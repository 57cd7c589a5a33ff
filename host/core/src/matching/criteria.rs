//! What a person wants.

use super::term::Term;
use crate::hash::HashEncoder;

/// Raised whenever the same terms hit differently than before, so that open jobs are matched again.
const MATCHING_VERSION: u32 = 1;

/// What one person wants, under a name that alerts and reports carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What the profile is called.
    pub name: String,
    /// What it wants.
    pub criteria: Criteria,
}

/// Which terms a job must and must not have. A list that is empty asks for nothing, and so does an
/// empty group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// A job must have all of these.
    pub required_terms: Vec<Term>,
    /// A job must have at least one of each group.
    pub keyword_groups: Vec<Vec<Term>>,
    /// A job must have none of these.
    pub exclude_terms: Vec<Term>,
}

impl Profile {
    /// Names what the profile wants and how we look for it: jobs have to be matched again when it
    /// differs.
    pub fn fingerprint(&self) -> [u8; 32] {
        let Criteria {
            required_terms,
            keyword_groups,
            exclude_terms,
        } = &self.criteria;

        let mut encoder = HashEncoder::new("job-scanner profile fingerprint, encoding 1");
        encoder.version(MATCHING_VERSION);

        let mut list = |terms: &[Term]| {
            encoder.count(terms.len());
            for term in terms {
                encoder.text(term.to_string());
            }
        };
        list(required_terms);
        list(exclude_terms);
        for group in keyword_groups {
            list(group);
        }

        encoder.finish()
    }
}

impl Criteria {
    /// Whether there is no term at all, so that every job fits.
    pub fn is_empty(&self) -> bool {
        self.required_terms.is_empty()
            && self.keyword_groups.iter().all(Vec::is_empty)
            && self.exclude_terms.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_every_wish_from_every_other() {
        let terms = |words: &[&str]| {
            words
                .iter()
                .map(|word| word.parse().unwrap())
                .collect::<Vec<Term>>()
        };
        let wishes = [
            Criteria::default(),
            Criteria {
                required_terms: terms(&["rust"]),
                ..Criteria::default()
            },
            Criteria {
                required_terms: terms(&["rust", "go"]),
                ..Criteria::default()
            },
            Criteria {
                exclude_terms: terms(&["rust"]),
                ..Criteria::default()
            },
            Criteria {
                keyword_groups: vec![terms(&["rust", "go"])],
                ..Criteria::default()
            },
            Criteria {
                keyword_groups: vec![terms(&["rust"]), terms(&["go"])],
                ..Criteria::default()
            },
        ];
        let fingerprint = |criteria: &Criteria| {
            Profile {
                name: "a".to_owned(),
                criteria: criteria.clone(),
            }
            .fingerprint()
        };
        let distinct: std::collections::HashSet<_> = wishes.iter().map(fingerprint).collect();
        assert_eq!(distinct.len(), wishes.len());
        assert_eq!(fingerprint(&wishes[1]), fingerprint(&wishes[1].clone()));
    }
}
