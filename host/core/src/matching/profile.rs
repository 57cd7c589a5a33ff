//! Profiles: the search of one person, and the sources that it applies to.

use super::version::MATCHING_VERSION;
use crate::hash::HashEncoder;
use crate::query::Query;

/// The search of one person, under a name that alerts and reports show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub query: Query,
    /// The sources that it applies to; empty for all.
    pub sources: Vec<SourcePattern>,
}

/// A pattern for the printed keys of sources, such as `greenhouse/*`. A `*` stands for any text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePattern(String);

impl Profile {
    /// Creates a profile that applies to all sources.
    pub fn new(name: impl Into<String>, query: Query) -> Self {
        Self {
            name: name.into(),
            query,
            sources: Vec::new(),
        }
    }

    /// Returns true if the profile applies to the source with this printed key.
    pub fn covers(&self, source: &str) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|pattern| pattern.covers(source))
    }

    /// Returns the hash of the query, the sources and the matching rules. When it differs, jobs have
    /// to be matched again.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut encoder = HashEncoder::new("job-scanner profile fingerprint, encoding 2");
        encoder.version(MATCHING_VERSION);
        encoder.text(self.query.to_string());
        encoder.count(self.sources.len());
        for pattern in &self.sources {
            encoder.text(&pattern.0);
        }
        encoder.finish()
    }
}

impl SourcePattern {
    /// Creates a pattern.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Returns the pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true if the printed key of the source has the form of the pattern.
    pub fn covers(&self, source: &str) -> bool {
        has_form(&self.0, source)
    }
}

/// Returns true if the text consists of the parts between the `*` of the pattern, in their order.
fn has_form(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else {
            return false;
        };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn profile(query: &str, sources: &[&str]) -> Profile {
        Profile {
            sources: sources.iter().copied().map(SourcePattern::new).collect(),
            ..Profile::new("a", Query::parse(query).unwrap())
        }
    }

    #[test]
    fn different_profiles_have_different_fingerprints() {
        let profiles = [
            profile("rust", &[]),
            profile("go", &[]),
            profile("rust go", &[]),
            profile("rust", &["ashby/*"]),
            profile("rust", &["ashby/*", "lever/*"]),
        ];
        let distinct: HashSet<_> = profiles.iter().map(Profile::fingerprint).collect();
        assert_eq!(distinct.len(), profiles.len());
        assert_eq!(
            profiles[0].fingerprint(),
            profile("rust", &[]).fingerprint()
        );
    }

    #[test]
    fn a_profile_covers_the_sources_of_its_patterns() {
        let source = "greenhouse/acme";
        assert!(profile("rust", &[]).covers(source));
        for (pattern, covers) in [
            ("greenhouse/*", true),
            ("*/acme", true),
            ("green*/a*e", true),
            ("greenhouse/acme", true),
            ("greenhouse", false),
            ("lever/*", false),
            ("*/acm", false),
            ("greenhouse/acme*x", false),
        ] {
            let covered = profile("rust", &["ashby/*", pattern]).covers(source);
            assert_eq!(covered, covers, "{pattern}");
        }
    }
}
