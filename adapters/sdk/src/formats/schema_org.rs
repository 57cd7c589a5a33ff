//! The [`JobPosting`](https://schema.org/JobPosting) of schema.org, which careers pages contain for
//! search engines and some feeds for readers.
//!
//! Sites differ in how they write it: one value or a list, an object or its name, a number or a
//! string. All of these are accepted. Any other value stays unknown.

use serde_json::Value;

use super::html;
use crate::values::time::date_or_time;
use crate::values::{joined, pay_period};
use crate::{Description, Location, PayPeriod, RawJob, Salary, Workplace, extras};

/// Returns true if one of the object's types is `JobPosting`.
pub fn is_job_posting(value: &Value) -> bool {
    values(&value["@type"]).any(|name| name.as_str() == Some("JobPosting"))
}

/// Turns a posting into a job. External id and URL are empty if it has none.
pub fn raw_job(posting: &Value) -> RawJob {
    RawJob {
        apply_url: apply_url(&posting["potentialAction"]),
        company: name(&posting["hiringOrganization"]),
        locations: locations(posting),
        workplace: is_remote(posting).then_some(Workplace::Remote),
        employment_type: words(&posting["employmentType"]),
        salary: salary(&posting["baseSalary"]),
        description: text(&posting["description"]).map(description),
        posted_at: text(&posting["datePosted"]).map(date_or_time),
        expires_at: text(&posting["validThrough"]).map(date_or_time),
        extra: extras([("category", name(&posting["occupationalCategory"]))]),
        ..RawJob::new(
            identifier(&posting["identifier"]).unwrap_or_default(),
            text(&posting["title"])
                .or_else(|| text(&posting["name"]))
                .unwrap_or_default(),
            text(&posting["url"]).unwrap_or_default(),
        )
    }
}

fn identifier(value: &Value) -> Option<String> {
    text(value).or_else(|| text(&value["value"]))
}

/// Returns the URL of the `ApplyAction`, if there is one.
fn apply_url(actions: &Value) -> Option<String> {
    let is_to_apply = |action: &&Value| values(&action["@type"]).any(|kind| kind == "ApplyAction");
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
        .filter_map(Value::as_str)
        .any(|kind| kind.eq_ignore_ascii_case("TELECOMMUTE"))
}

/// Returns the places of work, or the countries and regions of applicants if there are none.
fn locations(posting: &Value) -> Vec<Location> {
    let places: Vec<_> = values(&posting["jobLocation"]).filter_map(place).collect();
    if !places.is_empty() {
        return places;
    }

    let mut regions: Vec<Location> = Vec::new();
    for region in values(&posting["applicantLocationRequirements"]).filter_map(name) {
        let region = Location::from_parts(None, None, Some(region));
        regions.extend(region.filter(|region| !regions.contains(region)));
    }

    regions
}

fn place(place: &Value) -> Option<Location> {
    let address = &place["address"];
    let part =
        |key: &str| name(&address[key]).filter(|part| !part.eq_ignore_ascii_case("UNAVAILABLE"));
    let (city, region) = (part("addressLocality"), part("addressRegion"));
    let in_parts = Location::from_parts(city, region, part("addressCountry"));

    in_parts.or_else(|| text(address).or_else(|| name(place)).map(Location::named))
}

fn salary(value: &Value) -> Option<Salary> {
    let amount = &value["value"];
    let currency = text(&value["currency"]).or_else(|| text(&amount["currency"]));
    let period = period(&amount["unitText"]).or_else(|| period(&value["unitText"]));

    let single = number(amount).or_else(|| number(&amount["value"]));
    let min = number(&amount["minValue"]).or(single);
    let max = number(&amount["maxValue"]).or(single);

    Salary::between(min, max, currency, period)
}

fn period(unit: &Value) -> Option<PayPeriod> {
    pay_period(unit.as_str()?)
}

/// Returns the description. Some sites escape their HTML once more, so it contains no tags.
fn description(text: String) -> Description {
    let is_escaped = !text.contains('<') && text.contains("&lt;");
    Description::Html(if is_escaped {
        html::unescape(&text)
    } else {
        text
    })
}

/// Returns the elements of a list, or the value itself if it is not one. Without `null`.
fn values(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter(|value| !value.is_null())
}

/// Joins the strings of a list, or returns the single one.
fn words(value: &Value) -> Option<String> {
    joined(values(value).filter_map(text))
}

/// Returns a name, or the name of an object.
fn name(value: &Value) -> Option<String> {
    text(value).or_else(|| text(&value["name"]))
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn number(value: &Value) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
        assert!(is_job_posting(&posting));
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
        assert!(
            !is_job_posting(&json!({"@type": "Organization"}))
                && !is_job_posting(&json!("JobPosting"))
        );
    }
}
