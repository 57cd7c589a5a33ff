//! The whole posting as a job.

use serde_json::Value;

use super::description::description;
use super::pay::salary;
use super::places::locations;
use super::values::{has_type, name, text, values, words};
use crate::formats::html;
use crate::values::time::{date_or_time, from_epoch, from_rfc2822};
use crate::{RawJob, Workplace, extras};

/// Turns a posting into a job. External id and URL are empty if it has none.
pub fn raw_job(posting: &Value) -> RawJob {
    let is_remote = is_remote(posting);

    RawJob {
        apply_url: apply_url(&posting["potentialAction"]),
        company: name(&posting["hiringOrganization"]),
        locations: locations(posting, is_remote),
        workplace: is_remote.then_some(Workplace::Remote),
        employment_type: words(&posting["employmentType"]),
        salary: salary(posting),
        description: description(posting),
        posted_at: date(&posting["datePosted"]),
        updated_at: date(&posting["dateModified"]),
        expires_at: date(&posting["validThrough"]),
        extra: extras([("category", name(&posting["occupationalCategory"]))]),
        ..RawJob::new(
            identifier(&posting["identifier"]).unwrap_or_default(),
            name(&posting["title"])
                .or_else(|| name(&posting["name"]))
                .map(|title| html::unescape(&title))
                .unwrap_or_default(),
            values(&posting["url"]).find_map(text).unwrap_or_default(),
        )
    }
}

/// Returns the first identifier that has a value.
fn identifier(value: &Value) -> Option<String> {
    values(value).find_map(|it| text(it).or_else(|| text(&it["value"])))
}

/// Returns the URL of the `ApplyAction`, if there is one.
fn apply_url(actions: &Value) -> Option<String> {
    let is_to_apply = |action: &&Value| has_type(action, "ApplyAction");
    let mut targets = values(actions)
        .filter(is_to_apply)
        .flat_map(|action| values(&action["target"]));

    targets.find_map(|target| {
        let address = text(target)
            .or_else(|| text(&target["urlTemplate"]))
            .or_else(|| text(&target["url"]))?;
        // A template with placeholders is not a URL.
        (address.starts_with("http") && !address.contains('{')).then_some(address)
    })
}

/// Returns true if the work is remote, the only workplace that schema.org has a value for.
fn is_remote(posting: &Value) -> bool {
    values(&posting["jobLocationType"])
        .filter_map(words)
        .any(|kind| kind.eq_ignore_ascii_case("TELECOMMUTE"))
}

/// Converts a date. Sites also write the format of mail, seconds or milliseconds since 1970, and
/// `31.12.2026`, whose order only one convention has.
fn date(value: &Value) -> Option<String> {
    let value = values(value).next()?;
    if let Some(number) = value.as_i64() {
        return from_epoch(number);
    }

    let text = from_rfc2822(&text(value)?);
    Some(from_dotted(&text).unwrap_or_else(|| date_or_time(text)))
}

/// Converts `31.12.2026`, with or without a time after it.
fn from_dotted(text: &str) -> Option<String> {
    let date = text.split_whitespace().next()?;
    let mut parts = date.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = |part: &str, length: usize| {
        part.len() <= length && !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit())
    };

    let is_date = is_number(day, 2) && is_number(month, 2) && is_number(year, 4) && year.len() == 4;
    (is_date && parts.next().is_none()).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Description, Location, PayPeriod, Salary};

    #[test]
    fn every_field_is_read() {
        let posting = json!({
            "@type": ["Thing", "JobPosting"], "title": " Engineer ", "url": "https://a.example/1",
            "identifier": {"@type": "PropertyValue", "name": "Acme", "value": 17},
            "hiringOrganization": {"name": "Acme AG", "sameAs": "https://a.example"},
            "jobLocation": {"@type": "Place", "address": {"addressLocality": "Zürich", "addressRegion": "UNAVAILABLE",
                "addressCountry": {"name": "Switzerland"}}},
            "jobLocationType": "TELECOMMUTE", "employmentType": ["FULL_TIME", "CONTRACTOR"],
            "baseSalary": {"currency": "CHF", "value": {"minValue": "120000", "maxValue": 140_000, "unitText": "YEAR"}},
            "description": "&lt;p&gt;R&amp;amp;D&lt;/p&gt;",
            "potentialAction": {"@type": "ApplyAction", "target": {"urlTemplate": "https://a.example/1/apply"}},
            "datePosted": "2026-07-10", "validThrough": "2026-08-10T08:30:00", "occupationalCategory": {"name": "Data"},
        });
        let expected = RawJob {
            apply_url: Some("https://a.example/1/apply".to_owned()),
            company: Some("Acme AG".to_owned()),
            locations: vec![Location {
                name: "Zürich, Switzerland".to_owned(),
                city: Some("Zürich".to_owned()),
                region: None,
                country: Some("CH".to_owned()),
            }],
            workplace: Some(Workplace::Remote),
            employment_type: Some("FULL_TIME, CONTRACTOR".to_owned()),
            salary: Salary::between(
                Some(120e3),
                Some(140e3),
                Some("CHF".to_owned()),
                Some(PayPeriod::Year),
            ),
            description: Some(Description::Html("<p>R&amp;D</p>".to_owned())),
            posted_at: Some("2026-07-10".to_owned()),
            expires_at: Some("2026-08-10".to_owned()),
            extra: vec![("category".to_owned(), "Data".to_owned())],
            ..RawJob::new("17", "Engineer", "https://a.example/1")
        };
        assert_eq!(raw_job(&posting), expected);
    }

    #[test]
    fn alternative_forms_are_accepted() {
        let posting = json!({
            "@type": "JobPosting", "name": "Cook", "identifier": "R-1", "hiringOrganization": "Acme",
            "jobLocation": [{"address": "Bonn"}, {"name": "Köln"}, {}],
            "baseSalary": {"currency": "EUR", "value": 20.5, "unitText": "HOUR"},
            "datePosted": "2026-07-10T08:30:00+02:00",
        });
        let job = raw_job(&posting);
        assert_eq!(
            (
                job.external_id.as_str(),
                job.title.as_str(),
                job.company.as_deref()
            ),
            ("R-1", "Cook", Some("Acme"))
        );
        assert_eq!(
            job.locations,
            [Location::named("Bonn"), Location::named("Köln")]
        );
        assert_eq!(
            job.salary,
            Salary::between(
                Some(20.5),
                Some(20.5),
                Some("EUR".to_owned()),
                Some(PayPeriod::Hour)
            )
        );
        assert_eq!(job.posted_at.as_deref(), Some("2026-07-10T08:30:00+02:00"));
    }

    #[test]
    fn missing_values_stay_unknown() {
        let job = raw_job(
            &json!({"title": "Cook", "jobLocation": null, "baseSalary": {"value": {"minValue": 0}},
            "applicantLocationRequirements": [{"name": "Germany"}, "EU", {"name": "Germany"}],
            "potentialAction": [{"@type": "ViewAction", "target": "https://a.example"}, {"@type": "ApplyAction",
                "target": "https://a.example/{id}"}]}),
        );
        let germany = Location {
            country: Some("DE".to_owned()),
            ..Location::named("Germany")
        };
        let locations = vec![germany, Location::named("EU")];
        assert_eq!(
            job,
            RawJob {
                locations,
                ..RawJob::new("", "Cook", "")
            }
        );
    }

    #[test]
    fn the_first_value_of_a_list_and_the_words_of_an_address_are_read() {
        let job = raw_job(&json!({
            "title": ["Q&amp;A Lead", "Lead"], "url": ["https://a.example/1", "https://a.example/2"],
            "identifier": [{"name": "Acme"}, {"value": "R-1"}, "R-2"],
            "jobLocationType": ["https://schema.org/TELECOMMUTE"],
            "employmentType": ["https://schema.org/FULL_TIME", {"name": "Permanent"}, "INTERN"],
        }));
        let expected = RawJob {
            workplace: Some(Workplace::Remote),
            employment_type: Some("FULL_TIME, Permanent, INTERN".to_owned()),
            ..RawJob::new("R-1", "Q&A Lead", "https://a.example/1")
        };
        assert_eq!(job, expected);
    }

    #[test]
    fn dates_are_converted_from_the_forms_that_sites_write() {
        for (written, expected) in [
            (json!("2026-07-10"), Some("2026-07-10")),
            (json!("2026-07-10 08:30"), Some("2026-07-10")),
            (
                json!("Fri, 10 Jul 2026 08:30:00 +0200"),
                Some("2026-07-10T08:30:00+02:00"),
            ),
            (json!("1.7.2026"), Some("2026-07-01")),
            (json!("31.12.2026 23:59"), Some("2026-12-31")),
            (json!(1_783_672_200), Some("2026-07-10T08:30:00.000Z")),
            (
                json!([1_783_672_200_000_i64]),
                Some("2026-07-10T08:30:00.000Z"),
            ),
            // The host reports what it cannot parse.
            (json!("31.12.26"), Some("31.12.26")),
            (json!("soon"), Some("soon")),
            (json!(""), None),
            (json!(null), None),
        ] {
            let job = raw_job(&json!({"datePosted": written, "validThrough": written}));
            assert_eq!(job.posted_at.as_deref(), expected, "{written}");
            assert_eq!(job.expires_at.as_deref(), expected, "{written}");
        }
    }
}
