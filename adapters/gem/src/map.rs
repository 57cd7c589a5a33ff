//! Conversion of Gem's posts to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Text, Workplace, extras, joined, place_text,
};

use crate::api::{Office, Post};

/// Returns the whole board as one page.
pub fn page(posts: Each<Post<'_>>) -> Page {
    Page::whole_board(posts.read.into_iter().map(raw_job).collect())
        .with_unreadable(posts.unreadable)
}

/// Returns the raw job. The board provides neither the company's name nor the pay.
fn raw_job(post: Post<'_>) -> RawJob {
    let html = post.content.into_option().map(Description::Html);
    let location = post.location.as_ref();
    let location = location.map_or("", |location| location.name.trimmed());
    RawJob {
        department: joined(
            post.departments
                .iter()
                .flatten()
                .map(|department| &department.name),
        ),
        locations: locations(location, post.offices.unwrap_or_default()),
        workplace: workplace(post.location_type.trimmed())
            .or_else(|| place_text::workplace(location)),
        employment_type: post.employment_type.into_option(),
        description: html.or_else(|| post.content_plain.into_option().map(Description::Text)),
        posted_at: post.first_published_at.into_option(),
        updated_at: post.updated_at.into_option(),
        extra: extras([("requisition", post.requisition_id.into_option())]),
        ..RawJob::new(post.id, post.title, post.absolute_url)
    }
}

/// Returns the places that a post's own text names, or else those of its offices. Without any, the
/// words of the text stay, such as `Remote`.
fn locations(location: &str, offices: Vec<Office<'_>>) -> Vec<Location> {
    let own = Location::from_names(place_text::places(location));
    if !place_text::names_no_place(location) {
        return own;
    }

    let mut places = Location::from_names(offices.into_iter().filter_map(office_place));
    // No other field has the words of `Hybrid or Remote`, and people search for them.
    if places.is_empty() || place_text::leaves_workplace_open(location) {
        places.extend(own);
    }
    places
}

/// Returns the place of an office: its location, or else its name.
fn office_place(office: Office<'_>) -> Option<String> {
    let location = office.location.map(|location| location.name);
    let texts = location.into_iter().chain([office.name]);
    let mut texts = texts.filter_map(Text::into_option);
    texts.find(|text| !place_text::names_no_place(text))
}

fn workplace(word: &str) -> Option<Workplace> {
    match word {
        "in_office" => Some(Workplace::OnSite),
        "hybrid" => Some(Workplace::Hybrid),
        "remote" => Some(Workplace::Remote),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::SourceError;

    use super::*;
    use crate::api;

    fn read(body: &str) -> Page {
        page(api::read(body.as_bytes()).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            department: Some("Platform, Data".to_owned()),
            locations: vec![Location::named("Berlin, Germany")],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some("full_time".to_owned()),
            description: Some(Description::Html(
                "<h2>Who we are</h2><p>R&amp;D: caf\u{e9}</p>".to_owned(),
            )),
            posted_at: Some("2026-05-19T20:38:11.000Z".to_owned()),
            updated_at: Some("2026-10-01T07:00:00.077Z".to_owned()),
            extra: vec![("requisition".to_owned(), "R-107".to_owned())],
            ..RawJob::new(
                "4000000002",
                " Backend Engineer, R&D ",
                "https://jobs.gem.com/acme/4000000002",
            )
        };
        assert_eq!(
            read(include_str!("../fixtures/board.json")).jobs[0],
            expected
        );
    }

    #[test]
    fn a_post_without_a_place_has_those_of_its_offices() {
        let post = &read(include_str!("../fixtures/board.json")).jobs[1];
        assert_eq!(
            post.locations,
            [Location::named("Paris, France"), Location::named("London")]
        );
        assert_eq!(
            post.description,
            Some(Description::Text("Cook & bake".to_owned()))
        );
    }

    /// Returns the places, joined by `; `, and the workplace of a post with two offices.
    fn post(place: &str, location_type: &str) -> (String, Option<Workplace>) {
        let body = format!(
            r#"[{{"id": "1", "title": "Cook", "absolute_url": "https://a.example/1",
                "location": {{"name": "{place}"}}, "location_type": "{location_type}",
                "offices": [{{"name": "HQ", "location": {{"name": "Wien, Austria"}}}},
                            {{"name": "Lisboa", "location": {{"name": "N/A"}}}}, {{"name": "Remote"}}]}}]"#
        );
        let job = read(&body).jobs.remove(0);
        let names: Vec<String> = job.locations.into_iter().map(|it| it.name).collect();
        (names.join("; "), job.workplace)
    }

    #[test]
    fn a_location_that_names_only_the_workplace_is_replaced_by_the_offices() {
        let offices = "Wien, Austria; Lisboa";
        for (place, location_type, workplace) in [
            ("Hybrid", "", Some(Workplace::Hybrid)),
            ("Remote", "hybrid", Some(Workplace::Hybrid)),
            ("N/A", "in_office", Some(Workplace::OnSite)),
            ("", "", None),
        ] {
            let expected = (offices.to_owned(), workplace);
            assert_eq!(post(place, location_type), expected, "{place}");
        }
        let both = format!("{offices}; Hybrid or Remote");
        assert_eq!(post("Hybrid or Remote", ""), (both, None));
        assert_eq!(
            post("Remote - Japan", "remote"),
            ("Remote - Japan".to_owned(), Some(Workplace::Remote))
        );
    }

    #[test]
    fn a_location_with_several_places_becomes_several_locations() {
        for place in ["Bonn or Köln", "Bonn/Köln", "Bonn; Köln", "Bonn | Köln"] {
            assert_eq!(post(place, "").0, "Bonn; Köln", "{place}");
        }
    }

    #[test]
    fn missing_values_stay_unknown() {
        let expected =
            |id: &str| RawJob::new(id, "Cook", format!("https://jobs.gem.com/acme/{id}"));
        let page = read(include_str!("../fixtures/sparse.json"));
        assert_eq!(
            page,
            Page::whole_board(vec![expected("a-1"), expected("a-2")])
        );
    }

    #[test]
    fn a_malformed_post_is_a_warning_and_counts_as_open() {
        let Page {
            jobs,
            total,
            warnings,
            ..
        } = read(include_str!("../fixtures/odd-post.json"));
        assert_eq!((jobs.len(), total, warnings.len()), (1, Some(3), 2));
        assert!(
            warnings[0].starts_with("posts[1].title: invalid type: boolean"),
            "{}",
            warnings[0]
        );
        assert!(
            warnings[1].starts_with("posts[2]: missing field `absolute_url`"),
            "{}",
            warnings[1]
        );
    }

    #[test]
    fn a_workplace_other_than_the_three_values_is_unknown() {
        for (word, expected) in [
            ("in_office", Some(Workplace::OnSite)),
            ("hybrid", Some(Workplace::Hybrid)),
            ("remote", Some(Workplace::Remote)),
            ("", None),
        ] {
            assert_eq!(workplace(word), expected, "{word}");
        }
    }

    #[test]
    fn an_empty_board_is_valid_and_any_other_body_is_an_error() {
        assert_eq!(read("[]"), Page::whole_board(vec![]));
        for body in [
            "",
            "{}",
            "null",
            r#"{"jobs": []}"#,
            "<!doctype html>",
            r#"[{"title": "Cook"}]"#,
        ] {
            let error = api::read(body.as_bytes()).expect_err(body);
            assert!(
                matches!(error, SourceError::UnexpectedResponse(_)),
                "{body}: {error:?}"
            );
        }
    }
}
