//! The postings in a page, with what may become their ids ([`crate::identity`] explains the rule).

use job_scanner_sdk::{RawJob, html, joined, json_ld, schema_org};

use crate::headings::Headings;
use crate::identity::{Posting, can_identify};
use crate::state::hash;

/// Returns the postings in the page at the URL `address`. Adds a message to `unreadable` for each
/// posting without a title and for each script that cannot be parsed.
pub(crate) fn postings(page: &[u8], address: &str, unreadable: &mut Vec<String>) -> Vec<Posting> {
    let found = json_ld::job_postings(page);
    let messages = found.unreadable.into_iter();
    unreadable.extend(messages.map(|message| format!("{address}: {message}")));

    if found.found.is_empty() {
        return Vec::new();
    }
    let headings = Headings::of(page);
    let mut postings = Vec::with_capacity(found.found.len());
    for posting in &found.found {
        let own_id = posting["@id"].as_str().unwrap_or_default();
        match self::posting(schema_org::raw_job(posting), own_id, address, &headings) {
            Some(posting) => postings.push(posting),
            None => unreadable.push(format!("{address}: JobPosting without a title")),
        }
    }
    postings
}

/// Returns a posting, unless it has no title. `own_id` is its `@id`.
fn posting(job: RawJob, own_id: &str, page: &str, headings: &Headings) -> Option<Posting> {
    if !html::has_text(&job.title) {
        return None;
    }

    let own_address = [job.url.as_str(), own_id]
        .into_iter()
        .find(|address| is_address(address))
        .map(|own| if is_same_page(own, page) { page } else { own }.to_owned());
    let url = if job.url.starts_with("http") {
        job.url.clone()
    } else {
        page.to_owned()
    };

    Some(Posting {
        candidates: candidates(&job, own_address.as_deref(), page, headings),
        own_address,
        page: page.to_owned(),
        job: RawJob {
            external_id: String::new(),
            url,
            ..job
        },
    })
}

fn candidates(
    job: &RawJob,
    own_address: Option<&str>,
    page: &str,
    headings: &Headings,
) -> Vec<String> {
    let mut candidates = Vec::with_capacity(5);
    let identifier = job.external_id.as_str();
    if can_identify(identifier, job) {
        candidates.push(identifier.to_owned());
    }
    candidates.extend(own_address.map(str::to_owned));
    if own_address != Some(page) && headings.contain(&job.title) {
        candidates.push(page.to_owned());
    }

    let in_page = format!("{page}#{}", job.title);
    let places = joined(job.locations.iter().map(|place| &place.name));
    let in_places = places.map(|places| format!("{in_page}, {places}"));
    candidates.push(in_page);
    candidates.extend(in_places);
    candidates.into_iter().map(bounded).collect()
}

/// Shortens an id that the host would reject. A hash keeps it different from others.
fn bounded(id: String) -> String {
    const MAX_BYTES: usize = 512;
    const KEPT_BYTES: usize = 500;

    if id.len() <= MAX_BYTES {
        return id;
    }
    let end = (0..=KEPT_BYTES).rev().find(|&end| id.is_char_boundary(end));
    format!("{}~{:08x}", &id[..end.unwrap_or_default()], hash(&id))
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Returns true if both are addresses of one page: scheme, `www.`, a final `/` and, in the second
/// one, a fragment do not matter.
fn is_same_page(own: &str, page: &str) -> bool {
    let bare = |address: &str| {
        let address = address.split_once("://").map_or(address, |(_, rest)| rest);
        let address = address.strip_prefix("www.").unwrap_or(address);
        address.trim_end_matches('/').to_owned()
    };
    bare(own) == bare(page.split('#').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Registry;

    const PAGE: &str = "https://a.example/jobs/1";

    fn read_at(page: &str, html: &str) -> (Vec<RawJob>, Vec<String>) {
        let mut unreadable = Vec::new();
        let postings = postings(html.as_bytes(), page, &mut unreadable);
        (Registry::default().identify(postings), unreadable)
    }

    fn read(json: &str) -> (Vec<RawJob>, Vec<String>) {
        let script = format!("<script type=\"application/ld+json\">{json}</script>");
        read_at(PAGE, &format!("<title>Cook (f/m/d) | Acme</title>{script}"))
    }

    fn ids(json: &str) -> Vec<String> {
        let jobs = read(json).0;
        jobs.into_iter().map(|job| job.external_id).collect()
    }

    #[test]
    fn an_id_is_the_best_of_what_a_posting_says() {
        for (json, expected) in [
            (
                r#"{"@type": "JobPosting", "title": "Cook", "identifier": {"name": "Acme", "value": "R-1"}, "url": "https://a.example/cook"}"#,
                "R-1",
            ),
            (
                r#"{"@type": "JobPosting", "title": "Cook", "identifier": "Acme", "url": "https://a.example/cook"}"#,
                "https://a.example/cook",
            ),
            (
                r#"{"@type": "JobPosting", "title": "Chef", "@id": "https://a.example/#chef", "url": "/cook"}"#,
                "https://a.example/#chef",
            ),
            (
                r#"{"@type": "JobPosting", "title": "Chef", "url": "http://www.a.example/jobs/1/"}"#,
                PAGE,
            ),
            (r#"{"@type": "JobPosting", "title": "Cook (f/m/d)"}"#, PAGE),
            (
                r#"{"@type": "JobPosting", "title": "Chef", "jobLocation": "Bonn"}"#,
                "https://a.example/jobs/1#Chef",
            ),
        ] {
            assert_eq!(ids(json), [expected], "{json}");
        }
    }

    #[test]
    fn an_id_does_not_depend_on_the_number_of_postings_or_their_order() {
        let postings = [
            r#"{"@type": "JobPosting", "title": "Cook"}"#,
            r#"{"@type": "JobPosting", "title": "Chef", "identifier": 7}"#,
            r#"{"@type": "JobPosting", "title": "Writer", "jobLocation": "Ulm"}"#,
        ];
        let [cook, chef, writer] = postings;
        let expected = [PAGE, "7", "https://a.example/jobs/1#Writer"];
        for (posting, id) in postings.iter().zip(expected) {
            assert_eq!(ids(posting), [id]);
        }
        assert_eq!(ids(&format!("[{cook}, {chef}, {writer}]")), expected);
        let mut reversed = ids(&format!("[{writer}, {chef}, {cook}]"));
        reversed.reverse();
        assert_eq!(reversed, expected);
        assert_eq!(ids(&format!("[{cook}, {cook}]")), [PAGE], "repeated");
    }

    #[test]
    fn a_long_id_is_shortened_and_stays_different() {
        let title = |end: &str| format!("{}{end}", "ö".repeat(600));
        let posting =
            |end: &str| format!(r#"{{"@type": "JobPosting", "title": "{}"}}"#, title(end));
        let both = ids(&format!("[{}, {}]", posting("1"), posting("2")));
        assert!(both.iter().all(|id| id.len() <= 512), "{both:?}");
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn the_url_of_a_job_is_its_own_or_that_of_the_page() {
        let urls = |json| -> Vec<String> { read(json).0.into_iter().map(|job| job.url).collect() };
        assert_eq!(
            urls(r#"{"@type": "JobPosting", "title": "Cook", "url": "http://a.example/cook#x"}"#),
            ["http://a.example/cook#x"]
        );
        for json in [
            r#"{"@type": "JobPosting", "title": "Cook", "@id": "https://a.example/#1"}"#,
            r#"{"@type": "JobPosting", "title": "Cook", "url": "/cook"}"#,
        ] {
            assert_eq!(urls(json), [PAGE]);
        }
    }

    #[test]
    fn an_unreadable_posting_is_reported_with_the_url() {
        let (jobs, unreadable) = read(r#"{"@type": "JobPosting", "title": }"#);
        assert!(
            jobs.is_empty()
                && unreadable[0].starts_with("https://a.example/jobs/1: invalid JSON-LD: "),
            "{unreadable:?}"
        );
        assert_eq!(
            read(r#"{"@type": "JobPosting", "title": " "}"#).1,
            ["https://a.example/jobs/1: JobPosting without a title"]
        );
    }
}
