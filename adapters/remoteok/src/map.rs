//! Conversion of Remote OK's jobs to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Coverage, Description, Location, Page, RawJob, Salary, Workplace, extras, html, joined,
};

use crate::api::Job;

/// Returns the newest jobs as one page.
pub fn page(jobs: Each<Job<'_>>) -> Page {
    let newest = jobs.read.into_iter().map(raw_job).collect();
    Page {
        coverage: Coverage::Window,
        warnings: jobs.unreadable,
        ..Page::whole_board(newest)
    }
}

/// Returns the raw job. The board has only remote jobs and provides no update time.
fn raw_job(job: Job<'_>) -> RawJob {
    RawJob {
        apply_url: job.apply_url.into_option(),
        company: job.company.into_option().map(plain),
        locations: place(job.location.into())
            .map(Location::named)
            .into_iter()
            .collect(),
        workplace: Some(Workplace::Remote),
        // The board provides neither currency nor period.
        salary: Salary::between(job.salary_min, job.salary_max, None, None),
        description: job
            .description
            .into_option()
            .map(|html| Description::Html(employers_text(&repaired(html)))),
        posted_at: job.date.into_option(),
        extra: extras([("tags", joined(job.tags.iter().flatten()))]),
        ..RawJob::new(job.id, plain(job.position.into()), job.url)
    }
}

/// Returns the place. The board joins its parts with commas, even if some are empty: `Austin, , `.
fn place(text: String) -> Option<String> {
    joined(repaired(text).split(','))
}

/// Returns a field that is plain text. The board escapes some of them: `Aisles &amp; Abroad`.
fn plain(text: String) -> String {
    html::unescape(&repaired(text))
}

/// Returns the employer's HTML, without what the board adds: written `\n` before tags, and a
/// sentence with a tag that encodes the address of the reader. It would change all jobs whenever
/// that address changes.
fn employers_text(html: &str) -> String {
    const BEGIN: &str = "Please mention the word **";
    const END: &str = "see they're human.";

    let mut html = html.replace("\\n<", "\n<");
    let sentence = html.rfind(BEGIN).and_then(|start| {
        let length = html[start..].find(END)? + END.len();
        Some(start..start + length)
    });
    if let Some(sentence) = sentence {
        html.replace_range(sentence, "");
    }
    html
}

/// Repairs the encoding. In most texts of Remote OK, every byte of UTF-8 has become a character:
/// `KrakÃ³w`. A run of characters whose bytes are not valid UTF-8 is left unchanged.
fn repaired(text: String) -> String {
    let is_byte = |character: char| ('\u{80}'..='\u{ff}').contains(&character);
    if !text.contains(is_byte) {
        return text;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_byte) {
        let (before, from_start) = rest.split_at(start);
        let (run, after) = from_start.split_at(
            from_start
                .find(|it| !is_byte(it))
                .unwrap_or(from_start.len()),
        );
        let bytes: Vec<u8> = run
            .chars()
            .filter_map(|character| u8::try_from(character).ok())
            .collect();
        repaired.push_str(before);
        repaired.push_str(std::str::from_utf8(&bytes).unwrap_or(run));
        rest = after;
    }
    repaired + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    fn newest() -> Page {
        page(api::read(include_bytes!("../cassettes/newest/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            apply_url: Some(
                "https://remoteOK.com/remote-jobs/remote-engineer-acme-1131612".to_owned(),
            ),
            company: Some("Acme ".to_owned()),
            locations: vec![Location::named("Kraków")],
            workplace: Some(Workplace::Remote),
            salary: Salary::between(Some(60_000.0), None, None, None),
            description: Some(Description::Html("<p>Build.—Now.</p>".to_owned())),
            posted_at: Some("2026-05-16T08:00:12+00:00".to_owned()),
            extra: vec![("tags".to_owned(), "rust, security".to_owned())],
            ..RawJob::new(
                "1131612",
                "Engineer",
                "https://remoteOK.com/remote-jobs/remote-engineer-acme-1131612",
            )
        };
        assert_eq!(newest().jobs[0], expected);
    }

    #[test]
    fn escaped_signs_in_a_title_are_unescaped() {
        assert_eq!(
            plain("Pots &amp; Pans &#039;24".to_owned()),
            "Pots & Pans '24"
        );
        assert_eq!(plain("Q&A, CafÃ©".to_owned()), "Q&A, Café");
    }

    #[test]
    fn the_sentence_with_the_readers_tag_is_not_the_employers() {
        let text = |tag: &str| {
            let sentence = format!(
                "Please mention the word **CALM** and tag {tag} when applying to show you read the job post \
                 completely (#{tag}). Companies can search these words to find applicants that see they're human."
            );
            employers_text(&format!("<p>Cook.</p>\\n<br/>{sentence}"))
        };
        assert_eq!(text("RMTI3"), "<p>Cook.</p>\n<br/>");
        assert_eq!(text("RMTI4"), text("RMTI3"));
        for own in ["Please mention the word **CALM**.", "C:\\new"] {
            assert_eq!(employers_text(own), own);
        }
    }

    #[test]
    fn empty_parts_of_a_place_leave_no_commas() {
        for (text, expected) in [
            ("Remote, ", Some("Remote")),
            ("Austin, TX,, ", Some("Austin, TX")),
            (", ,KrakÃ³w", Some("Kraków")),
            ("Bonn, , Germany", Some("Bonn, Germany")),
            ("Toronto, ON", Some("Toronto, ON")),
            (" , ", None),
            ("", None),
        ] {
            assert_eq!(place(text.to_owned()).as_deref(), expected, "{text}");
        }
        let body =
            br#"[{"id": 1, "position": "Cook", "url": "https://a.example", "location": "Bonn, "}]"#;
        let page = page(api::read(body).expect("a listing"));
        assert_eq!(page.jobs[0].locations, [Location::named("Bonn")]);
    }

    #[test]
    fn the_terms_of_use_are_not_a_job_and_the_listing_is_a_window() {
        let page = newest();
        assert_eq!((page.jobs.len(), page.coverage), (2, Coverage::Window));
    }

    #[test]
    fn a_text_whose_bytes_became_characters_is_repaired() {
        for (text, expected) in [
            ("KrakÃ³w", "Kraków"),
            (
                "the teamâ\u{80}\u{94}Rust, â\u{82}¬5kÂ\u{a0}â\u{80}\u{a2} ð\u{9f}\u{9a}\u{80}",
                "the team—Rust, €5k\u{a0}• 🚀",
            ),
            (
                "Kraków, Größe, naïve — ¿qué?",
                "Kraków, Größe, naïve — ¿qué?",
            ),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(repaired(text.to_owned()), expected);
        }
    }

    #[test]
    fn zero_is_not_a_salary() {
        assert_eq!(newest().jobs[1].salary, None);
    }
}
