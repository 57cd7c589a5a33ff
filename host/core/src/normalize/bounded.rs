//! Raw jobs that are stored until their details are fetched, truncated to the sizes of normalized
//! jobs.

use super::location::{MAX_LOCATIONS, MAX_PART_BYTES};
use super::normalizer::{MAX_EXTRA_BYTES, MAX_EXTRAS, MAX_FIELD_BYTES, MAX_TITLE_BYTES};
use super::text::{cut, one_line};
use super::url::MAX_URL_BYTES;
use crate::raw::{Description, RawJob};

/// The longest date, in bytes. Boards write shorter ones.
const MAX_DATE_BYTES: usize = 64;

/// Removes the parts of a raw job that normalization would drop anyway. Everything within the
/// limits is kept unchanged, including white space.
///
/// A text that comes with the job is removed: this is for jobs whose text is fetched separately.
/// The token is kept whole.
pub fn truncate_for_storage(mut raw: RawJob) -> RawJob {
    raw.description = raw
        .description
        .filter(|text| matches!(text, Description::Deferred(_)));

    drop_overlong(&mut raw);
    shorten_fields(&mut raw);
    shorten_lists(&mut raw);
    raw
}

/// Removes values that would have another meaning if they were cut.
fn drop_overlong(raw: &mut RawJob) {
    if raw.url.len() > MAX_URL_BYTES {
        raw.url = String::new();
    }
    drop_if_longer(&mut raw.apply_url, MAX_URL_BYTES);

    for date in [&mut raw.posted_at, &mut raw.updated_at, &mut raw.expires_at] {
        drop_if_longer(date, MAX_DATE_BYTES);
    }

    // A cut revision could hide a change. Without a revision, the listed fields are compared.
    drop_if_longer(&mut raw.revision, MAX_FIELD_BYTES);
}

fn shorten_fields(raw: &mut RawJob) {
    short(&mut raw.external_id, MAX_FIELD_BYTES);
    short(&mut raw.title, MAX_TITLE_BYTES);

    for field in [
        &mut raw.company,
        &mut raw.department,
        &mut raw.employment_type,
        &mut raw.language,
    ] {
        short_if_any(field, MAX_FIELD_BYTES);
    }

    if let Some(salary) = &mut raw.salary {
        short_if_any(&mut salary.currency, MAX_FIELD_BYTES);
        short_if_any(&mut salary.text, MAX_FIELD_BYTES);
    }
}

fn shorten_lists(raw: &mut RawJob) {
    raw.locations.truncate(MAX_LOCATIONS);
    for place in &mut raw.locations {
        short(&mut place.name, MAX_PART_BYTES);
        for part in [&mut place.city, &mut place.region, &mut place.country] {
            short_if_any(part, MAX_PART_BYTES);
        }
    }

    raw.extra.truncate(MAX_EXTRAS);
    for (name, value) in &mut raw.extra {
        short(name, MAX_EXTRA_BYTES);
        short(value, MAX_EXTRA_BYTES);
    }
}

fn drop_if_longer(text: &mut Option<String>, limit: usize) {
    *text = text.take().filter(|text| text.len() <= limit);
}

fn short(text: &mut String, limit: usize) {
    if text.len() > limit {
        *text = one_line(text);
        cut(text, limit);
    }
}

fn short_if_any(text: &mut Option<String>, limit: usize) {
    if let Some(text) = text {
        short(text, limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::{RawLocation, Salary};

    fn filled_with(text: &str) -> RawJob {
        let some = || Some(text.to_owned());
        let place = RawLocation {
            name: text.to_owned(),
            city: some(),
            region: some(),
            country: some(),
        };
        RawJob {
            external_id: text.to_owned(),
            title: text.to_owned(),
            url: text.to_owned(),
            apply_url: some(),
            company: some(),
            department: some(),
            locations: vec![place; 1_000],
            workplace: None,
            employment_type: some(),
            salary: Some(Salary {
                currency: some(),
                text: some(),
                ..Salary::default()
            }),
            description: Some(Description::Html(text.to_owned())),
            language: some(),
            posted_at: some(),
            updated_at: some(),
            expires_at: some(),
            revision: some(),
            extra: vec![(text.to_owned(), text.to_owned()); 1_000],
        }
    }

    fn bytes(job: &RawJob) -> usize {
        serde_json::to_string(job).unwrap().len()
    }

    #[test]
    fn no_field_is_larger_than_that_of_a_normalized_job() {
        let huge = truncate_for_storage(filled_with(&"x".repeat(10_000)));
        let places = MAX_LOCATIONS * (4 * MAX_PART_BYTES + 64);
        let extra = MAX_EXTRAS * (2 * MAX_EXTRA_BYTES + 8);
        assert!(
            bytes(&huge) < places + extra + 8 * MAX_FIELD_BYTES + 1_000,
            "{} bytes",
            bytes(&huge)
        );
        assert_eq!(
            (huge.revision, huge.posted_at),
            (None, None),
            "half of it would be another one"
        );
    }

    #[test]
    fn a_job_within_the_limits_is_unchanged() {
        let job = RawJob {
            description: Some(Description::Deferred("t".repeat(3_000))),
            locations: vec![RawLocation {
                name: " Berlin\t".to_owned(),
                ..RawLocation::default()
            }],
            extra: vec![("a".to_owned(), " b ".to_owned())],
            ..filled_with(" Engineer \n")
        };
        assert_eq!(truncate_for_storage(job.clone()), job);
    }

    #[test]
    fn surplus_white_space_does_not_displace_words() {
        let title = format!("{}Engineer", " ".repeat(5_000));
        assert_eq!(truncate_for_storage(filled_with(&title)).title, "Engineer");
    }
}
