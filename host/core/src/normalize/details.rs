//! Merging of the two parts of a job: its entry in the listing, and its details.

use super::text::one_line;
use super::url::canonical_url;
use crate::raw::{Description, RawJob};

/// Merges a listed job with its details. A field of the details replaces that of the listing; an
/// absent one keeps it. Details cannot make a valid job invalid: an empty title or an invalid URL
/// counts as absent.
pub fn merge_details(listed: RawJob, details: RawJob) -> RawJob {
    let title = if one_line(&details.title).is_empty() {
        listed.title
    } else {
        details.title
    };
    let url = if canonical_url(&details.url).is_err() {
        listed.url
    } else {
        details.url
    };

    // A deferred text in the details counts as absent.
    let text = details
        .description
        .filter(|text| !matches!(text, Description::Deferred(_)));

    RawJob {
        title,
        url,
        apply_url: details.apply_url.or(listed.apply_url),
        company: details.company.or(listed.company),
        department: details.department.or(listed.department),
        locations: unless_empty(details.locations, listed.locations),
        workplace: details.workplace.or(listed.workplace),
        employment_type: details.employment_type.or(listed.employment_type),
        salary: details.salary.or(listed.salary),
        description: text.or(listed.description),
        language: details.language.or(listed.language),
        posted_at: details.posted_at.or(listed.posted_at),
        updated_at: details.updated_at.or(listed.updated_at),
        expires_at: details.expires_at.or(listed.expires_at),
        extra: unless_empty(details.extra, listed.extra),

        // These identify the job and its listing, so the details do not change them.
        external_id: listed.external_id,
        revision: listed.revision,
    }
}

fn unless_empty<T>(details: Vec<T>, listed: Vec<T>) -> Vec<T> {
    if details.is_empty() { listed } else { details }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{RawLocation, Salary};

    fn listed() -> RawJob {
        RawJob {
            external_id: "7".to_owned(),
            title: "Engineer".to_owned(),
            url: "https://acme.example/7".to_owned(),
            department: Some("Tools".to_owned()),
            locations: vec![RawLocation {
                name: "2 locations".to_owned(),
                ..RawLocation::default()
            }],
            description: Some(Description::Deferred("token".to_owned())),
            revision: Some("1".to_owned()),
            ..RawJob::default()
        }
    }

    #[test]
    fn a_field_of_the_details_replaces_that_of_the_listing() {
        let berlin = RawLocation {
            name: "Berlin".to_owned(),
            ..RawLocation::default()
        };
        let details = RawJob {
            external_id: "somebody else's".to_owned(),
            url: "https://acme.example/jobs/7".to_owned(),
            locations: vec![berlin.clone()],
            description: Some(Description::Html("<p>Hi</p>".to_owned())),
            revision: Some("2".to_owned()),
            ..RawJob::default()
        };
        let whole = RawJob {
            url: details.url.clone(),
            locations: vec![berlin],
            description: details.description.clone(),
            ..listed()
        };
        assert_eq!(merge_details(listed(), details), whole);
    }

    #[test]
    fn lists_and_salaries_are_replaced_as_a_whole() {
        let pair = |name: &str| vec![(name.to_owned(), "1".to_owned())];
        let listed = RawJob {
            salary: Some(Salary {
                min: Some(50_000.0),
                currency: Some("EUR".to_owned()),
                ..Salary::default()
            }),
            extra: pair("requisition"),
            ..listed()
        };
        let details = RawJob {
            salary: Some(Salary {
                max: Some(60_000.0),
                ..Salary::default()
            }),
            extra: pair("team"),
            ..RawJob::default()
        };

        let merged = merge_details(listed.clone(), details.clone());
        assert_eq!(
            (merged.salary, merged.extra),
            (details.salary, details.extra)
        );
        let kept = merge_details(listed.clone(), RawJob::default());
        assert_eq!((kept.salary, kept.extra), (listed.salary, listed.extra));
    }

    #[test]
    fn an_optional_field_with_an_empty_text_counts_as_set() {
        let blank = RawJob {
            department: Some(String::new()),
            ..RawJob::default()
        };
        assert_eq!(
            merge_details(listed(), blank).department.as_deref(),
            Some("")
        );
    }

    #[test]
    fn empty_details_leave_the_listing_unchanged() {
        let useless = RawJob {
            title: "\u{200b} ".to_owned(),
            url: "/jobs/7".to_owned(),
            description: Some(Description::Deferred("another token".to_owned())),
            ..RawJob::default()
        };
        assert_eq!(merge_details(listed(), useless), listed());
        assert_eq!(merge_details(listed(), RawJob::default()), listed());
    }
}
