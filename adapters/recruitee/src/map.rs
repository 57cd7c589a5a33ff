//! Conversion of Recruitee's offers to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Salary, Text, Workplace, extras, html, pay_period, time,
};

use crate::api::{Offer, Pay, Place};

/// Returns the whole board as one page.
pub fn page(offers: Each<Offer<'_>>) -> Page {
    Page::whole_board(offers.read.into_iter().map(raw_job).collect())
        .with_unreadable(offers.unreadable)
}

/// Returns the raw job.
fn raw_job(offer: Offer<'_>) -> RawJob {
    let moment = |text: Text<'_>| text.into_option().map(|text| time::from_ruby(text.trim()));
    let extra = [
        ("hours", hours(&offer)),
        ("category", offer.category_code.clone().into_option()),
        ("experience", offer.experience_code.clone().into_option()),
        ("education", offer.education_code.clone().into_option()),
    ];
    RawJob {
        workplace: workplace(&offer),
        description: description(&offer),
        locations: locations(&offer),
        apply_url: offer.careers_apply_url.into_option(),
        company: offer.company_name.into_option(),
        department: offer.department.into_option(),
        employment_type: offer.employment_type_code.into_option(),
        salary: offer.salary.and_then(|pay| salary(&pay)),
        posted_at: moment(offer.published_at),
        updated_at: moment(offer.updated_at),
        expires_at: moment(offer.close_at),
        extra: extras(extra),
        ..RawJob::new(offer.id, offer.title, offer.careers_url)
    }
}

/// Returns the description, followed by the requirements as on the company's site, and by the notes
/// of the places.
fn description(offer: &Offer<'_>) -> Option<Description> {
    let mut notes: Vec<String> = Vec::new();
    for place in offer.locations.iter().flatten() {
        let note = html::escape(place.note.trimmed());
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    let parts = [offer.description.trimmed(), offer.requirements.trimmed()];
    let parts = parts.into_iter().chain(notes.iter().map(String::as_str));
    html::sections(parts.map(|part| ("", part))).map(Description::Html)
}

/// Returns the hours per week: `32 - 40`, or `40`.
fn hours(offer: &Offer<'_>) -> Option<String> {
    let given =
        |hours: &Text<'_>| Some(hours.trimmed().to_owned()).filter(|it| !matches!(&**it, "" | "0"));
    match (given(&offer.min_hours), given(&offer.max_hours)) {
        (Some(min), Some(max)) if min != max => Some(format!("{min} - {max}")),
        (min, max) => max.or(min),
    }
}

/// Returns the workplace if exactly one of the three is true.
fn workplace(offer: &Offer<'_>) -> Option<Workplace> {
    match (
        offer.remote == Some(true),
        offer.hybrid == Some(true),
        offer.on_site == Some(true),
    ) {
        (true, false, false) => Some(Workplace::Remote),
        (false, true, false) => Some(Workplace::Hybrid),
        (false, false, true) => Some(Workplace::OnSite),
        _ => None,
    }
}

/// Returns all places. In older records it is the place of the offer itself, as text and in parts.
fn locations(offer: &Offer<'_>) -> Vec<Location> {
    let places: Vec<_> = offer
        .locations
        .iter()
        .flatten()
        .filter_map(location)
        .collect();
    if !places.is_empty() {
        return places;
    }
    let text = offer.location.trimmed();
    let place = place(
        &offer.city,
        &offer.state_name,
        &offer.country,
        &offer.country_code,
    );
    // The text may name something other than a place: "Remote job".
    let is_another_place = |place: &Location| {
        !text.is_empty() && !place.city.iter().any(|city| text.contains(city.trim()))
    };
    match place {
        Some(place) if is_another_place(&place) => vec![Location::named(text), place],
        Some(place) => vec![place],
        None => Location::from_names([text]),
    }
}

fn location(of: &Place<'_>) -> Option<Location> {
    place(&of.city, &of.state, &of.country, &of.country_code)
        .or_else(|| of.name.clone().into_option().map(Location::named))
}

fn place(
    city: &Text<'_>,
    region: &Text<'_>,
    country: &Text<'_>,
    code: &Text<'_>,
) -> Option<Location> {
    let [city, region, country, code] =
        [city, region, country, code].map(|part| part.clone().into_option());
    let place = Location::from_parts(city, region, country)?;
    Some(Location {
        country: code.or(place.country),
        ..place
    })
}

fn salary(pay: &Pay<'_>) -> Option<Salary> {
    let currency = pay.currency.clone().into_option();
    Salary::between(
        pay.min.parsed(),
        pay.max.parsed(),
        currency,
        pay_period(pay.period.trimmed()),
    )
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::PayPeriod;

    use super::*;
    use crate::api;

    fn board() -> Page {
        page(api::read(include_bytes!("../cassettes/board/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let place = |city: &str, region: &str, code: &str, name: &str| Location {
            name: name.to_owned(),
            city: Some(city.to_owned()),
            region: Some(region.to_owned()),
            country: Some(code.to_owned()),
        };
        let expected = RawJob {
            apply_url: Some("https://jobs.acme.example/o/accountant/c/new".to_owned()),
            company: Some("Acme".to_owned()),
            department: Some("Finance".to_owned()),
            locations: vec![
                place("Berlin", "Berlin", "DE", "Berlin, Germany"),
                place("Utrecht", "Utrecht", "NL", "Utrecht, Netherlands"),
            ],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some("fulltime_permanent".to_owned()),
            salary: Some(Salary {
                min: Some(60_000.0),
                max: Some(75_000.5),
                currency: Some("EUR".to_owned()),
                period: Some(PayPeriod::Year),
                text: None,
            }),
            description: Some(Description::Html(
                "<p>Count.</p>\n<ul><li>Numbers</li></ul>".to_owned(),
            )),
            posted_at: Some("2026-07-17T11:00:39Z".to_owned()),
            updated_at: Some("2026-08-05T08:57:20Z".to_owned()),
            expires_at: Some("2026-12-31T23:59:59Z".to_owned()),
            extra: vec![("hours".to_owned(), "40".to_owned())],
            ..RawJob::new(
                "2681423",
                "Accountant",
                "https://jobs.acme.example/o/accountant",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn missing_values_stay_unknown() {
        let job = &board().jobs[1];
        assert_eq!(
            (job.salary.as_ref(), job.workplace, job.description.as_ref()),
            (None, None, None)
        );
        assert_eq!(
            job.locations,
            [Location::named("Poznań, Wielkopolskie, Poland")]
        );
    }

    /// Returns the job of an offer with these fields.
    fn job(fields: &str) -> RawJob {
        let offer = format!(
            r#"{{"id": 1, "title": "Cook", "careers_url": "https://a.example/1", {fields}}}"#
        );
        raw_job(serde_json::from_str(&offer).expect("an offer"))
    }

    #[test]
    fn notes_of_places_are_part_of_the_text() {
        let place = |note: &str| format!(r#"{{"city": "Bonn", "note": {note}}}"#);
        let same = place(r#""Or at home, <2 days""#);
        let other = place(r#""Near the station""#);
        let places = format!("{same}, {same}, {other}, {}", place("null"));
        let job = job(&format!(
            r#""description": "<p>Bake.</p>", "requirements": "", "locations": [{places}]"#
        ));
        let text = "<p>Bake.</p>\nOr at home, &lt;2 days\nNear the station";
        assert_eq!(job.description, Some(Description::Html(text.to_owned())));
    }

    #[test]
    fn hours_and_codes_are_additional_fields() {
        let extra = |fields: &str| job(fields).extra;
        let named = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(
            extra(
                r#""min_hours": 32, "max_hours": "40", "category_code": "baking",
                "experience_code": "mid_level", "education_code": "vocational""#
            ),
            [
                named("hours", "32 - 40"),
                named("category", "baking"),
                named("experience", "mid_level"),
                named("education", "vocational")
            ]
        );
        assert_eq!(
            extra(r#""min_hours": 0, "max_hours": 40"#),
            [named("hours", "40")]
        );
        assert_eq!(extra(r#""min_hours": 0, "max_hours": null"#), []);
    }

    #[test]
    fn an_offer_without_a_list_of_places_has_its_own() {
        let of = |text: &str| {
            let offer = format!(
                r#"{{"id": 1, "title": "Cook", "careers_url": "https://a.example/1", "location": "{text}",
                    "city": "Poznań", "country": "Poland", "country_code": "PL"}}"#
            );
            locations(&serde_json::from_str(&offer).expect("an offer"))
        };
        let poznan = Location {
            name: "Poznań, Poland".to_owned(),
            city: Some("Poznań".to_owned()),
            region: None,
            country: Some("PL".to_owned()),
        };
        for text in ["Poznań, Wielkopolskie, Poland", ""] {
            assert_eq!(of(text), std::slice::from_ref(&poznan), "{text}");
        }
        assert_eq!(of("Remote job"), [Location::named("Remote job"), poznan]);
    }

    #[test]
    fn a_malformed_offer_does_not_hide_the_others() {
        let page = board();
        assert_eq!(
            (page.jobs.len(), page.total, page.warnings.len()),
            (2, Some(3), 1)
        );
    }
}
