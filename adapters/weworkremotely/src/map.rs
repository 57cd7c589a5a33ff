//! Conversion of the items of a feed to raw jobs.

use job_scanner_sdk::xml::{child_text, read_children};
use job_scanner_sdk::{
    Coverage, Description, Location, Page, RawJob, SourceError, Workplace, extras, rss, time,
};
use roxmltree::{Document, Node};

/// Returns the feed as one page.
pub fn page(document: &Document<'_>) -> Result<Page, SourceError> {
    let channel = rss::channel(document)?;
    let items = read_children(channel, "item", ["title", "link"], |item| {
        let title = child_text(item, "title")?;
        let link = child_text(item, "link")?;
        Some(raw_job(item, &title, link))
    });

    Ok(Page {
        coverage: Coverage::Window,
        warnings: items.unreadable,
        ..Page::whole_board(items.read)
    })
}

/// Returns the raw job. All jobs of the board are remote. A title has the form `COMPANY: TITLE`.
fn raw_job(item: Node<'_, '_>, title: &str, url: String) -> RawJob {
    let field = |name| child_text(item, name);
    let moment = |name| field(name).map(|date| time::from_rfc2822(&date));
    let (company, title) = match title.split_once(':') {
        Some((company, title)) if !title.trim().is_empty() => {
            (Some(company.trim().to_owned()), title.trim())
        }
        _ => (None, title),
    };
    RawJob {
        company: company.filter(|name| !name.is_empty()),
        locations: field("region")
            .or_else(|| field("country"))
            .map(Location::named)
            .into_iter()
            .collect(),
        workplace: Some(Workplace::Remote),
        employment_type: field("type"),
        description: field("description").map(Description::Html),
        posted_at: moment("pubDate"),
        expires_at: moment("expires_at"),
        extra: extras([("category", field("category")), ("skills", field("skills"))]),
        ..RawJob::new(field("guid").unwrap_or_else(|| url.clone()), title, url)
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::xml;

    use super::*;

    fn board() -> Page {
        page(&xml::parse(include_str!("../cassettes/all/remote-jobs.xml"), &["rss"]).expect("XML"))
            .expect("a feed")
    }

    #[test]
    fn every_field_is_read() {
        let url = "https://weworkremotely.com/remote-jobs/acme-cook";
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            locations: vec![Location::named("Anywhere in the World")],
            workplace: Some(Workplace::Remote),
            employment_type: Some("Contract".to_owned()),
            description: Some(Description::Html("<p>Cook &amp; bake.</p>".to_owned())),
            posted_at: Some("2026-11-20T15:04:05+00:00".to_owned()),
            expires_at: Some("2026-12-20T15:04:05+00:00".to_owned()),
            extra: vec![
                ("category".to_owned(), "All Other Remote".to_owned()),
                ("skills".to_owned(), "Baking, Cooking".to_owned()),
            ],
            ..RawJob::new(url, "Cook: part two", url)
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn a_title_without_a_company_is_kept_and_a_malformed_item_is_reported() {
        let Page {
            jobs,
            coverage,
            warnings,
            total,
            ..
        } = board();
        assert_eq!(
            (jobs[1].title.as_str(), jobs[1].company.as_deref()),
            ("Baker wanted", None)
        );
        assert_eq!(
            (jobs.len(), warnings.len(), total, coverage),
            (2, 1, None, Coverage::Window)
        );
    }
}
