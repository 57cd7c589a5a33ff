//! Conversion of SmartRecruiters' postings to raw jobs.

use job_scanner_sdk::{
    Chunk, Description, Detail, Location, Page, RawJob, Salary, SourceError, Text, Url, Workplace,
    extras, html, pay_period,
};

use crate::api::{Compensation, Details, Label, Listing, Place, Posting, Sections};

/// Reads one chunk of the board of the company with that identifier.
pub fn chunk(listing: &Listing<'_>, company: &str) -> Result<Chunk, SourceError> {
    let postings = listing.content.read("content")?;
    let jobs = postings
        .read
        .into_iter()
        .map(|posting| raw_job(posting, company))
        .collect();
    Ok(Chunk {
        jobs,
        unreadable: postings.unreadable,
        total: Some(listing.total_found),
    })
}

/// Adds a warning if there are no postings, since the response for an unknown company is the same.
/// A person can tell the two apart.
pub fn warn_if_empty(mut page: Page) -> Page {
    if page.total == Some(0) {
        let message = "the board has no postings, which is also how SmartRecruiters responds for an unknown company: check the identifier";
        page.warnings.push(message.to_owned());
    }
    page
}

/// Returns the raw job, with a deferred text and without pay. The listing has only the URL of the
/// API, but a public page is also found by the posting's id.
fn raw_job(posting: Posting<'_>, identifier: &str) -> RawJob {
    let (identifier, company) = match posting.company {
        Some(company) => (
            company
                .identifier
                .into_option()
                .unwrap_or_else(|| identifier.to_owned()),
            company.name,
        ),
        None => (identifier.to_owned(), Text::default()),
    };
    let url = Url::at("https://jobs.smartrecruiters.com")
        .segment(&identifier)
        .segment(posting.id.trimmed());
    let hybrid = posting.location.as_ref();
    let hybrid = hybrid.and_then(|place| place.hybrid_description.clone().into_option());
    let extra = [
        ("requisition", posting.ref_number.into_option()),
        ("function", label(posting.function)),
        ("experience", label(posting.experience_level)),
        ("industry", label(posting.industry)),
        ("hybrid", hybrid),
    ];
    RawJob {
        company: company.into_option(),
        department: label(posting.department),
        workplace: posting.location.as_ref().and_then(workplace),
        locations: posting.location.and_then(location).into_iter().collect(),
        employment_type: label(posting.type_of_employment),
        description: Some(Description::Deferred(posting.id.trimmed().to_owned())),
        language: posting
            .language
            .and_then(|language| language.code.into_option()),
        posted_at: posting.released_date.into_option(),
        extra: extras(extra),
        ..RawJob::new(posting.id, posting.name, url)
    }
}

/// Returns the fields that a posting adds to the listing, and its title.
pub fn details(details: Details<'_>) -> RawJob {
    RawJob {
        title: details.name.into(),
        url: details.posting_url.into(),
        apply_url: details.apply_url.into_option(),
        salary: details.compensation.and_then(salary),
        description: description(&details.job_ad.sections),
        ..RawJob::blank()
    }
}

/// Returns the details of a job from those of its postings: the fields of the first, and the texts
/// of all, each of the others under its title. The title of the job is that of the listing.
pub fn joined(postings: Vec<Detail>) -> Detail {
    let mut postings_found = Vec::new();
    for posting in postings {
        match posting {
            Detail::Found(posting) => postings_found.push(posting),
            Detail::Gone => {}
            Detail::Failed(error) => return Detail::Failed(error),
        }
    }

    let text = text_of_all(&postings_found);
    let salary = postings_found
        .iter()
        .find_map(|posting| posting.salary.clone());
    match postings_found.into_iter().next() {
        Some(first) => Detail::Found(RawJob {
            title: String::new(),
            description: text,
            salary,
            ..first
        }),
        None => Detail::Gone,
    }
}

fn text_of_all(postings: &[RawJob]) -> Option<Description> {
    let parts = postings.iter().enumerate().filter_map(|(index, posting)| {
        let Some(Description::Html(html)) = &posting.description else {
            return None;
        };
        let heading = if index == 0 {
            ""
        } else {
            posting.title.as_str()
        };
        Some((heading, html.as_str()))
    });
    html::sections(parts).map(Description::Html)
}

fn label(label: Option<Label<'_>>) -> Option<String> {
    label?.label.into_option()
}

fn location(place: Place<'_>) -> Option<Location> {
    let (city, region, country) = (
        place.city.into_option(),
        place.region.into_option(),
        place.country.into_option(),
    );
    let in_parts = Location::from_parts(city, region, country);
    let full: Vec<_> = place
        .full_location
        .trimmed()
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    match in_parts {
        _ if full.is_empty() => in_parts,
        Some(place) => Some(Location {
            name: full.join(", "),
            ..place
        }),
        None => Some(Location::named(full.join(", "))),
    }
}

/// Returns the workplace. Employers fill in both fields, so `false` in both means on-site.
fn workplace(place: &Place<'_>) -> Option<Workplace> {
    match (place.remote, place.hybrid) {
        (_, Some(true)) => Some(Workplace::Hybrid),
        (Some(true), _) => Some(Workplace::Remote),
        (Some(false), Some(false)) => Some(Workplace::OnSite),
        _ => None,
    }
}

fn salary(pay: Compensation<'_>) -> Option<Salary> {
    Salary::between(
        pay.min,
        pay.max,
        pay.currency.into_option(),
        pay_period(pay.period.trimmed()),
    )
}

fn description(sections: &Sections<'_>) -> Option<Description> {
    let parts = [
        &sections.company_description,
        &sections.job_description,
        &sections.qualifications,
        &sections.additional_information,
    ];
    html::sections(parts.map(|part| (part.title.trimmed(), part.text.trimmed())))
        .map(Description::Html)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{PayPeriod, json};

    use super::*;

    fn board() -> Chunk {
        chunk(
            &json::decode(include_bytes!("../cassettes/board/postings.json")).expect("JSON"),
            "acme",
        )
        .expect("a chunk")
    }

    #[test]
    fn every_field_of_the_listing_is_read() {
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            department: Some("Research".to_owned()),
            locations: vec![Location {
                name: "Bengaluru, KA, India".to_owned(),
                city: Some("Bengaluru".to_owned()),
                region: Some("KA".to_owned()),
                country: Some("IN".to_owned()),
            }],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Full-time".to_owned()),
            description: Some(Description::Deferred("744000000000001".to_owned())),
            language: Some("en".to_owned()),
            posted_at: Some("2026-06-03T11:08:12.368Z".to_owned()),
            extra: [
                ("requisition", "REF1"),
                ("function", "Science"),
                ("experience", "Director"),
                ("industry", "Chips"),
            ]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .to_vec(),
            ..RawJob::new(
                "744000000000001",
                "Director",
                "https://jobs.smartrecruiters.com/Acme/744000000000001",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn missing_values_stay_unknown() {
        let Chunk {
            jobs,
            unreadable,
            total,
        } = board();
        assert_eq!((jobs.len(), unreadable.len(), total), (3, 1, Some(4)));
        assert_eq!(
            (jobs[1].department.as_deref(), jobs[1].workplace),
            (None, Some(Workplace::Hybrid))
        );
        assert_eq!(jobs[1].locations[0].name, "Paris, France");
        assert_eq!(
            jobs[1].extra,
            [("hybrid".to_owned(), "Two days".to_owned())]
        );
        assert_eq!((&jobs[2].locations, jobs[2].workplace), (&vec![], None));
        assert_eq!(
            jobs[2].url,
            "https://jobs.smartrecruiters.com/acme/744000000000003"
        );
    }

    #[test]
    fn details_add_text_pages_and_pay() {
        let response = include_bytes!("../cassettes/board/posting.json");
        let added = details(json::decode(response).expect("JSON"));
        assert_eq!(
            added.url,
            "https://jobs.smartrecruiters.com/Acme/744000000000001-director"
        );
        assert!(
            added
                .apply_url
                .is_some_and(|url| url.ends_with("?oga=true"))
        );
        let salary = added.salary.expect("a salary");
        assert_eq!(
            (salary.min, salary.max, salary.period),
            (Some(34.0), Some(47.5), Some(PayPeriod::Hour))
        );
        let text =
            "<h3>Who we are</h3><p>Acme &amp; Sons</p>\n<h3>Tasks</h3><ul><li>Direct</li></ul>";
        assert_eq!(added.description, Some(Description::Html(text.to_owned())));
    }

    #[test]
    fn a_place_without_a_name_is_named_after_its_parts() {
        let of = |json: &str| location(serde_json::from_str(json).expect("a place"));
        let france = Location {
            country: Some("FR".to_owned()),
            ..Location::named("fr")
        };
        assert_eq!(of(r#"{"country": "fr"}"#), Some(france));
        let tours = of(r#"{"city": "Tours", "country": "fr", "fullLocation": "Tours, , France"}"#)
            .expect("a place");
        assert_eq!(
            (tours.name.as_str(), tours.country.as_deref()),
            ("Tours, France", Some("FR"))
        );
        assert_eq!(of("{}"), None);
    }
}
