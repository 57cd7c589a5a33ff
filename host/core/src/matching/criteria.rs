//! Profiles and their search criteria.

use super::term::Term;
use crate::hash::HashEncoder;

/// The version of the matching rules. Increase it whenever the same terms hit differently than
/// before, so that open jobs are matched again.
const MATCHING_VERSION: u32 = 1;

/// The search of one person, under a name that alerts and reports show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub criteria: Criteria,
}

/// The terms that a job must and must not have. An empty list or group requires nothing.
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
    /// Returns the hash of the criteria and the matching rules. When it differs, jobs have to be
    /// matched again.
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
    /// Returns true if there are no terms, so that every job matches.
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
    fn different_criteria_have_different_fingerprints() {
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
