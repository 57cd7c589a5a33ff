//! Conversion of comments to raw jobs.

use job_scanner_sdk::{Description, Page, RawJob, SourceError, html};

use crate::api::{Comment, SearchResult, Thread};

/// The maximum length of a title, in characters. The first line of a comment may be a whole
/// paragraph.
const MAX_TITLE_CHARS: usize = 200;

/// Returns the ids of the threads for employers, the newest first. The same account opens two
/// others each month.
pub fn threads(found: &SearchResult<'_>) -> Result<Vec<String>, SourceError> {
    let threads = found.hits.read::<Thread<'_>>("hits")?.read.into_iter();
    let hiring =
        threads.filter(|thread| thread.title.trimmed().starts_with("Ask HN: Who is hiring?"));
    let ids: Vec<_> = hiring.map(|thread| String::from(thread.id)).collect();
    if ids.is_empty() {
        return Err(SourceError::UnexpectedResponse(
            "no thread \"Ask HN: Who is hiring?\" found".to_owned(),
        ));
    }
    Ok(ids)
}

/// Adds a thread's jobs to the page. If the thread has more comments than the search returns, the
/// page is not complete.
pub fn add(page: &mut Page, thread: &str, found: &SearchResult<'_>) -> Result<(), SourceError> {
    let comments = found.hits.read::<Comment<'_>>("hits")?;
    let returned = comments.read.len() + comments.unreadable.len();
    let mut unreadable = comments.unreadable;
    if found.nb_hits as usize > returned {
        unreadable.push(format!(
            "thread {thread} has {} comments, but the search returned only {returned}",
            found.nb_hits
        ));
    }
    let top_level = comments
        .read
        .into_iter()
        .filter(|comment| comment.parent_id.trimmed() == thread);
    page.jobs.extend(top_level.filter_map(raw_job));
    *page = std::mem::replace(page, Page::whole_board(Vec::new())).with_unreadable(unreadable);
    Ok(())
}

/// Returns the raw job, or `None` for a deleted comment. The first line has role, place and
/// workplace, in any order.
fn raw_job(comment: Comment<'_>) -> Option<RawJob> {
    let first_line = first_line(comment.text.trimmed())?;
    let url = format!(
        "https://news.ycombinator.com/item?id={}",
        comment.id.trimmed()
    );
    let job = RawJob {
        company: company(&first_line),
        posted_at: comment.created_at.into_option(),
        ..RawJob::new(comment.id, truncate(&first_line), url)
    };
    Some(RawJob {
        description: comment.text.into_option().map(Description::Html),
        ..job
    })
}

/// Returns the first line that is not blank, without tags.
fn first_line(text: &str) -> Option<String> {
    // Lines are separated by `<p>` or by the line breaks of plain text.
    let lines = text
        .split("<p>")
        .flat_map(|paragraph| paragraph.split('\n'));
    lines.map(plain).find(|line| !line.is_empty())
}

fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut in_tag = false;
    for character in line.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => text.push(character),
            _ => {}
        }
    }
    html::unescape(&text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the company's name. The thread asks for `Company | Role | Place | ...`. A line with
/// fewer parts has another form, and so does one that starts with something else that the thread
/// asks for.
fn company(line: &str) -> Option<String> {
    const OTHER: [&str; 7] = [
        "remote", "onsite", "hybrid", "hiring", "seeking", "full", "part",
    ];
    const ROLES: [&str; 8] = [
        "engineer",
        "engineers",
        "developer",
        "developers",
        "manager",
        "designer",
        "scientist",
        "architect",
    ];
    let parts: Vec<_> = line
        .trim_start_matches('#')
        .split('|')
        .map(str::trim)
        .collect();
    let name = parts[0]
        .split(['(', '<'])
        .next()
        .unwrap_or_default()
        .trim_end();
    let name = name.split("http").next().unwrap_or_default().trim();
    let first_word = name
        .split([' ', '-'])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let is_name = parts.len() >= 3 && !name.is_empty() && name.chars().count() <= 60;
    let is_role = name
        .split(' ')
        .any(|word| ROLES.contains(&word.to_lowercase().as_str()));
    (is_name && !is_role && !OTHER.contains(&first_word.as_str())).then(|| name.to_owned())
}

/// Truncates a line at the end of a word and adds an ellipsis.
fn truncate(line: &str) -> String {
    let Some((end, _)) = line.char_indices().nth(MAX_TITLE_CHARS) else {
        return line.to_owned();
    };
    let start = &line[..end];
    format!(
        "{}…",
        start.rsplit_once(' ').map_or(start, |(words, _)| words)
    )
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::json;

    use super::*;

    fn board() -> Page {
        let mut page = Page::whole_board(Vec::new());
        let found =
            json::decode(include_bytes!("../cassettes/who-is-hiring/comments.json")).expect("JSON");
        add(&mut page, "100", &found).expect("comments");
        page
    }

    #[test]
    fn only_threads_for_employers_are_selected() {
        let found =
            json::decode(include_bytes!("../cassettes/who-is-hiring/threads.json")).expect("JSON");
        assert_eq!(threads(&found).expect("threads"), ["100", "90"]);
        let found = json::decode(br#"{"nbHits": 0, "hits": []}"#).expect("JSON");
        assert!(matches!(
            threads(&found),
            Err(SourceError::UnexpectedResponse(_))
        ));
    }

    #[test]
    fn a_top_level_comment_is_a_job_and_a_reply_is_not() {
        let text = "Acme (<a href=\"https:&#x2F;&#x2F;acme.example\">https:&#x2F;&#x2F;acme.example</a>) | Cook &amp; Baker | \
                    REMOTE (EU) | Full-time<p>We bake.";
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            description: Some(Description::Html(text.to_owned())),
            posted_at: Some("2026-11-02T16:06:57Z".to_owned()),
            ..RawJob::new(
                "101",
                "Acme (https://acme.example) | Cook & Baker | REMOTE (EU) | Full-time",
                "https://news.ycombinator.com/item?id=101",
            )
        };
        let page = board();
        assert_eq!(page.jobs[0], expected);
        let ids: Vec<_> = page
            .jobs
            .iter()
            .map(|job| job.external_id.as_str())
            .collect();
        assert_eq!((ids, page.total), (vec!["101", "104"], None));
    }

    #[test]
    fn a_company_is_read_only_from_the_form_of_the_thread() {
        for (line, expected) in [
            ("Acme | Cook | Bonn", Some("Acme")),
            (
                "Acme https://acme.example | Cook | Bonn | 50k",
                Some("Acme"),
            ),
            ("# Acme | Bonn | Cook", Some("Acme")),
            ("Senior ML Engineer | Acme | Bonn", None),
            ("Acme is looking for cooks", None),
            ("Acme | Cook", None),
            ("REMOTE | Acme | Cook", None),
            ("SEEKING FREELANCER | Acme | Cook", None),
            ("Full-time | Acme | Cook", None),
            (" | Acme | Cook", None),
        ] {
            assert_eq!(company(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_title_is_the_first_line_truncated() {
        assert_eq!(
            first_line("<p>\n <i>A</i>  b &lt;c&gt;\nmore").as_deref(),
            Some("A b <c>")
        );
        assert_eq!(first_line("<p> <p>"), None);
        let long = "word ".repeat(60);
        let title = truncate(long.trim());
        assert!(
            title.ends_with("word…") && title.chars().count() <= MAX_TITLE_CHARS + 1,
            "{title}"
        );
    }

    #[test]
    fn a_thread_that_the_search_truncates_is_not_complete() {
        let mut page = Page::whole_board(Vec::new());
        let found =
            json::decode(br#"{"nbHits": 1001, "hits": [{"objectID": "1", "parent_id": 7, "comment_text": "A"}]}"#);
        add(&mut page, "7", &found.expect("JSON")).expect("comments");
        assert_eq!(
            (page.jobs.len(), page.total, page.warnings.len()),
            (1, Some(2), 1)
        );
    }
}
