//! Conversion of Workable's posts to raw jobs.

use job_scanner_sdk::{Description, Location, Page, RawJob, Text, Workplace, extras, merge_places};

use crate::api::{Listing, Place, Post};

/// Returns the whole board as one page. A job that is listed once for each of its places becomes
/// one job with all places.
pub fn page(listing: Listing<'_>) -> Page {
    let jobs = listing
        .posts
        .read
        .into_iter()
        .map(|post| raw_job(post, &listing.company));
    Page::whole_board(merge_places(jobs)).with_unreadable(listing.posts.unreadable)
}

/// Returns the raw job. The board provides neither pay nor update time.
fn raw_job(post: Post<'_>, company: &Text<'_>) -> RawJob {
    let extra = [
        ("code", post.code),
        ("experience", post.experience),
        ("function", post.function),
        ("industry", post.industry),
        ("education", post.education),
    ];
    RawJob {
        apply_url: post.application_url.into_option(),
        company: company.clone().into_option(),
        department: post.department.into_option(),
        locations: locations(post.locations, &post.city, &post.state, &post.country),
        // `false` can also mean hybrid.
        workplace: post
            .telecommuting
            .filter(|&remote| remote)
            .map(|_| Workplace::Remote),
        employment_type: post.employment_type.into_option(),
        description: post.description.into_option().map(Description::Html),
        posted_at: post
            .published_on
            .into_option()
            .or_else(|| post.created_at.into_option()),
        extra: extras(extra.map(|(name, text)| (name, text.into_option()))),
        ..RawJob::new(post.shortcode, post.title, post.url)
    }
}

/// Returns the places that may be shown, or the post's own place in older records without a list of
/// places.
fn locations(
    places: Option<Vec<Place<'_>>>,
    city: &Text,
    state: &Text,
    country: &Text,
) -> Vec<Location> {
    match places {
        Some(places) => {
            let shown = places.iter().filter(|place| place.hidden != Some(true));
            shown
                .filter_map(|it| {
                    location(&it.city, &it.region, &it.country, Some(&it.country_code))
                })
                .collect()
        }
        None => location(city, state, country, None).into_iter().collect(),
    }
}

fn location(city: &Text, region: &Text, country: &Text, code: Option<&Text>) -> Option<Location> {
    let [city, region, country] = [city, region, country].map(|part| part.clone().into_option());
    let place = Location::from_parts(city, region, country)?;
    // Older records have a name, but no code.
    Some(Location {
        country: code
            .and_then(|code| code.clone().into_option())
            .or(place.country),
        ..place
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn read(body: &str) -> Page {
        page(api::read(body.as_bytes()).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            apply_url: Some("https://apply.workable.com/j/0A1B2C3D4E/apply".to_owned()),
            company: Some("Acme".to_owned()),
            department: Some("Platform".to_owned()),
            locations: vec![
                Location {
                    name: "Lyon, Auvergne-Rh\u{f4}ne-Alpes, France".to_owned(),
                    city: Some("Lyon".to_owned()),
                    region: Some("Auvergne-Rh\u{f4}ne-Alpes".to_owned()),
                    country: Some("FR".to_owned()),
                },
                Location {
                    name: "Spain".to_owned(),
                    city: None,
                    region: None,
                    country: Some("ES".to_owned()),
                },
            ],
            workplace: Some(Workplace::Remote),
            employment_type: Some("Full-time".to_owned()),
            description: Some(Description::Html("<p>Keep it running.</p>".to_owned())),
            posted_at: Some("2026-08-05".to_owned()),
            extra: vec![
                ("code".to_owned(), "P-7".to_owned()),
                ("experience".to_owned(), "Mid-Senior level".to_owned()),
                ("function".to_owned(), "Engineering".to_owned()),
            ],
            ..RawJob::new(
                "0A1B2C3D4E",
                "Platform Engineer",
                "https://apply.workable.com/j/0A1B2C3D4E",
            )
        };
        let page = read(include_str!("../cassettes/board/jobs.json"));
        assert_eq!(page.jobs[0], expected);
        assert_eq!(page.jobs.len(), 3, "one job for its two places");
    }

    #[test]
    fn a_hidden_place_is_left_out_and_false_is_not_a_workplace() {
        let page = read(include_str!("../cassettes/board/jobs.json"));
        assert_eq!(
            (page.jobs[1].locations.as_slice(), page.jobs[1].workplace),
            (&[][..], None)
        );
    }

    #[test]
    fn a_post_without_a_list_of_places_has_its_own() {
        let page = read(include_str!("../cassettes/board/jobs.json"));
        assert_eq!(
            page.jobs[2].locations[0].name,
            "Halifax, England, United Kingdom"
        );
    }

    #[test]
    fn a_malformed_post_does_not_hide_the_others() {
        let page = read(
            r#"{"jobs": [{"shortcode": "A", "title": "Cook", "url": "https://a.example"}, {"title": 7}]}"#,
        );
        assert_eq!(
            (page.jobs.len(), page.total, page.warnings.len()),
            (1, Some(2), 1)
        );
    }
}
