//! The RSS feed of a site, with Teamtailor's own elements for places and departments.

use job_scanner_sdk::xml::{child_text, children, read_children, text_of};
use job_scanner_sdk::{
    Chunk, Description, Location, RawJob, SourceError, Workplace, country, extras, rss, time,
};
use roxmltree::{Document, Node};

use crate::job;

/// Reads one chunk of the feed.
pub fn chunk(document: &Document<'_>) -> Result<Chunk, SourceError> {
    let channel = rss::channel(document)?;
    let company = child_text(channel, "title");
    let items = read_children(channel, "item", ["title", "link"], |item| {
        let title = child_text(item, "title")?;
        let url = child_text(item, "link")?;
        Some(raw_job(item, title, url, company.clone()))
    });

    Ok(Chunk {
        jobs: items.read,
        unreadable: items.unreadable,
        total: None,
    })
}

/// Returns the raw job. The feed has neither pay nor update time.
fn raw_job(item: Node<'_, '_>, title: String, url: String, company: Option<String>) -> RawJob {
    let id = job::id(&url)
        .map(str::to_owned)
        .or_else(|| child_text(item, "guid"))
        .unwrap_or_else(|| url.clone());
    let places = children(item, "locations").flat_map(|places| children(places, "location"));
    RawJob {
        company,
        department: own_text(item, "department"),
        locations: places.filter_map(location).collect(),
        workplace: child_text(item, "remoteStatus").and_then(|status| workplace(&status)),
        description: child_text(item, "description").map(Description::Html),
        posted_at: child_text(item, "pubDate").map(|date| time::from_rfc2822(&date)),
        extra: extras([("role", own_text(item, "role"))]),
        ..RawJob::new(id, title, url)
    }
}

/// Returns the text of one of Teamtailor's own elements.
fn own_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    children(node, name).find_map(text_of)
}

/// Returns a place. The company's name for it says more than the city.
fn location(place: Node<'_, '_>) -> Option<Location> {
    let (name, city) = (own_text(place, "name"), own_text(place, "city"));
    let country = own_text(place, "country")
        .and_then(|name| country::code(&name))
        .map(str::to_owned);
    let name = name.or_else(|| city.clone())?;
    Some(Location {
        name,
        city,
        region: None,
        country,
    })
}

/// Returns the workplace. `temporary` means remote for a limited time, which says nothing about the
/// job.
fn workplace(status: &str) -> Option<Workplace> {
    match status {
        "none" => Some(Workplace::OnSite),
        "hybrid" => Some(Workplace::Hybrid),
        "fully" => Some(Workplace::Remote),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::xml;

    use super::*;

    fn board() -> Chunk {
        chunk(&xml::parse(include_str!("../cassettes/board/jobs.rss.xml"), &["rss"]).expect("XML"))
            .expect("a feed")
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            company: Some("Acme & Söner".to_owned()),
            department: Some("Finance".to_owned()),
            locations: vec![
                Location {
                    name: "Head office".to_owned(),
                    city: Some("Helsinki".to_owned()),
                    region: None,
                    country: Some("FI".to_owned()),
                },
                Location {
                    country: Some("SE".to_owned()),
                    city: Some("Malmö".to_owned()),
                    ..Location::named("Malmö")
                },
            ],
            workplace: Some(Workplace::Hybrid),
            description: Some(Description::Html("<p>Count.</p>".to_owned())),
            posted_at: Some("2026-09-04T14:50:13+03:00".to_owned()),
            extra: vec![("role".to_owned(), "Analyst".to_owned())],
            ..RawJob::new(
                "8323453",
                "Business Analyst",
                "https://acme.teamtailor.com/jobs/8323453-business-analyst",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn missing_values_stay_unknown_and_a_malformed_item_is_reported() {
        let Chunk {
            jobs, unreadable, ..
        } = board();
        assert_eq!((jobs.len(), unreadable.len()), (2, 1));
        assert_eq!(
            (jobs[1].external_id.as_str(), jobs[1].workplace),
            ("a-guid", None)
        );
    }
}
