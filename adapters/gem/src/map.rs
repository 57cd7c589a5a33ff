//! Conversion of Gem's posts to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{Description, Location, Page, RawJob, Workplace, extras, joined};

use crate::api::{Named, Office, Post};

/// Returns the whole board as one page.
pub fn page(posts: Each<Post<'_>>) -> Page {
    Page::whole_board(posts.read.into_iter().map(raw_job).collect())
        .with_unreadable(posts.unreadable)
}

/// Returns the raw job. The board provides neither the company's name nor the pay.
fn raw_job(post: Post<'_>) -> RawJob {
    let html = post.content.into_option().map(Description::Html);
    RawJob {
        department: joined(
            post.departments
                .iter()
                .flatten()
                .map(|department| &department.name),
        ),
        locations: locations(post.location, post.offices.unwrap_or_default()),
        workplace: workplace(post.location_type.trimmed()),
        employment_type: post.employment_type.into_option(),
        description: html.or_else(|| post.content_plain.into_option().map(Description::Text)),
        posted_at: post.first_published_at.into_option(),
        updated_at: post.updated_at.into_option(),
        extra: extras([("requisition", post.requisition_id.into_option())]),
        ..RawJob::new(post.id, post.title, post.absolute_url)
    }
}

/// Returns the place of the post, or those of its offices if it has none.
fn locations(location: Option<Named<'_>>, offices: Vec<Office<'_>>) -> Vec<Location> {
    if let Some(own) = location.and_then(|location| location.name.into_option()) {
        return vec![Location::named(own)];
    }
    let place = |office: Office<'_>| {
        let location = office
            .location
            .and_then(|location| location.name.into_option());
        location.or(office.name.into_option())
    };
    Location::from_names(offices.into_iter().filter_map(place))
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
