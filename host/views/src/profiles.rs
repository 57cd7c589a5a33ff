//! The profiles of the configuration: `/api/v1/profiles`.

use job_scanner_core::matching::Profile;
use serde::Serialize;

/// A profile.
#[derive(Debug, Serialize)]
pub struct ProfileView {
    profile: String,
    query: String,
    /// The patterns of its sources; empty for all.
    sources: Vec<String>,
}

impl From<&Profile> for ProfileView {
    fn from(profile: &Profile) -> Self {
        let sources = profile.sources.iter();
        Self {
            profile: profile.name.clone(),
            query: profile.query.to_string(),
            sources: sources.map(|it| it.as_str().to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::matching::SourcePattern;
    use job_scanner_core::query::Query;

    use super::*;
    use crate::json::json;

    #[test]
    fn a_profile_has_the_documented_keys() {
        let query = Query::parse("engineer* AND NOT intern").unwrap();
        let profile = Profile {
            sources: vec![SourcePattern::new("greenhouse/*")],
            ..Profile::new("default", query)
        };
        insta::assert_snapshot!(
            "api_profiles",
            json(&[ProfileView::from(&profile)]).unwrap()
        );
    }
}
