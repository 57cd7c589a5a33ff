//! Constructors of raw jobs.

use std::collections::HashMap;

use crate::RawJob;

impl RawJob {
    /// Returns a job with the required fields. All others are empty.
    pub fn new(
        external_id: impl Into<String>,
        title: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            external_id: external_id.into(),
            title: title.into(),
            url: url.into(),
            apply_url: None,
            company: None,
            department: None,
            locations: Vec::new(),
            workplace: None,
            employment_type: None,
            salary: None,
            description: None,
            language: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            revision: None,
            extra: Vec::new(),
        }
    }

    /// Returns a job without any field set, for details: they set only the fields that they add to
    /// the listing.
    pub fn blank() -> Self {
        Self::new("", "", "")
    }
}

/// Returns the `extra` of a job: the named values that are present.
pub fn extras<const N: usize>(named: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    named
        .into_iter()
        .filter_map(|(name, text)| Some((name.to_owned(), text?)))
        .collect()
}

/// Merges jobs with the same id into one job with the places of all of them.
///
/// Some boards list a job once for each of its places. All other fields are those of the first.
pub fn merge_places(jobs: impl IntoIterator<Item = RawJob>) -> Vec<RawJob> {
    let mut merged: Vec<RawJob> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();

    for job in jobs {
        if let Some(&at) = known.get(&job.external_id) {
            let places = &mut merged[at].locations;
            for place in job.locations {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        } else {
            known.insert(job.external_id.clone(), merged.len());
            merged.push(job);
        }
    }

    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Location;

    #[test]
    fn a_job_listed_once_per_place_becomes_one_job_with_all_places() {
        let at = |id: &str, place: &str| RawJob {
            locations: vec![Location::named(place)],
            ..RawJob::new(id, "Cook", "https://a.example")
        };
        let merged = merge_places([
            at("1", "Bonn"),
            at("2", "Bonn"),
            at("1", "Köln"),
            at("1", "Bonn"),
        ]);
        let both = RawJob {
            locations: vec![Location::named("Bonn"), Location::named("Köln")],
            ..at("1", "")
        };
        assert_eq!(merged, [both, at("2", "Bonn")]);
    }
}
