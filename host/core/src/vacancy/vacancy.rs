//! The hashes by which postings of one vacancy are recognized.

use super::places::without_places;
use super::requisition::{bare, is_requisition, own_number};
use crate::hash::{HashEncoder, hash_type};
use crate::job::{Job, Workplace};
use crate::normalize::{Content, encode_salary, workplace_of};

/// The shortest text by which postings are recognized. A shorter one may be the same for any job of
/// a company.
pub const MIN_TEXT_CHARS: usize = 200;

/// Separates these hashes from all others, and from those of another encoding.
const CONTEXT: &str = "job-scanner vacancy, encoding 1";

/// Separates versions from all other hashes.
const VERSION_CONTEXT: &str = "job-scanner version of a cluster, encoding 1";

hash_type! {
    /// The hash of a posting's title, employment type, salary and text, and of the workplace if the
    /// places do not state it.
    VacancyHash
}

hash_type! {
    /// The hash that names a version of a vacancy: a [`ContentHash`](crate::job::ContentHash)
    /// without places and requisition numbers.
    ClusterVersion
}

/// The two forms in which the texts of postings are compared. Either may be the equal one: a text
/// that lists all offices is the same everywhere, and a text that names its own place is the same
/// without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VacancyHashes {
    /// Without requisition numbers.
    pub text: VacancyHash,
    /// Without requisition numbers and the names of the posting's places; `None` if title and text
    /// do not name them.
    pub placeless: Option<VacancyHash>,
}

impl VacancyHashes {
    /// Returns the hashes of a version of a job. The job has the requisition numbers, which are not
    /// part of a version.
    pub fn of(content: &Content<'_>, job: &Job) -> Self {
        let own = own_numbers(job);
        let title = comparable(content.title, &own);
        let text = comparable(content.description.unwrap_or_default(), &own);

        let placeless_title = without_places(&title, content.locations);
        let placeless_text = without_places(&text, content.locations);
        let names_places = placeless_title.is_some() || placeless_text.is_some();
        Self {
            text: hash(content, &title, &text),
            placeless: names_places.then(|| {
                let title = placeless_title.as_ref().unwrap_or(&title);
                hash(content, title, placeless_text.as_ref().unwrap_or(&text))
            }),
        }
    }

    /// Returns the hashes of a job.
    pub fn of_job(job: &Job) -> Self {
        Self::of(&job.content(), job)
    }

    /// Returns both hashes.
    pub fn each(&self) -> impl Iterator<Item = VacancyHash> {
        [Some(self.text), self.placeless].into_iter().flatten()
    }

    /// Returns true if the texts of two postings are the same.
    pub fn are_of_one_text(&self, other: &Self) -> bool {
        self.text == other.text || (self.placeless.is_some() && self.placeless == other.placeless)
    }

    /// Returns the version that a posting with this text begins. `company` is the one that the board
    /// names.
    pub fn version(&self, company: Option<&str>) -> ClusterVersion {
        let mut encoder = HashEncoder::new(VERSION_CONTEXT);

        encoder.optional(company, HashEncoder::text);
        encoder.text(self.placeless.unwrap_or(self.text).as_bytes());

        ClusterVersion::from_bytes(encoder.finish())
    }
}

/// Returns true if a text is long enough to recognize a vacancy by it. `None` is a text that the
/// board does not provide, or that was not fetched yet.
pub fn has_whole_text(description: Option<&str>) -> bool {
    description.is_some_and(|text| text.chars().nth(MIN_TEXT_CHARS - 1).is_some())
}

/// Returns the form in which the names of companies are compared.
pub fn company_key(name: &str) -> String {
    comparable(name, &[])
}

/// Returns the form in which titles are compared.
pub fn title_key(title: &str) -> String {
    comparable(title, &[])
}

/// Returns the numbers by which the employer or the board knows the job.
fn own_numbers(job: &Job) -> Vec<String> {
    let extras = job.extra.iter().filter(|(name, _)| names_a_number(name));
    let values = extras.map(|(_, value)| value.as_str());
    let all = values.chain([job.external_id.as_str()]);
    all.filter_map(own_number).collect()
}

/// Returns true for the name of an extra such as `Requisition` or `Job ID`.
fn names_a_number(name: &str) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word == "id" || word.starts_with("req") || word.starts_with("ref"))
}

/// Returns the text in lower case (ASCII) and without requisition numbers. Every text of a first
/// scan goes through this, so it visits only the words that have a digit.
fn comparable(text: &str, own: &[String]) -> String {
    let lower = text.to_ascii_lowercase();
    // Without an early exit, the compiler checks many bytes at once.
    let has_digit = lower
        .bytes()
        .fold(false, |found, byte| found | byte.is_ascii_digit());
    if !has_digit {
        return lower;
    }

    let mut kept = String::new();
    let (mut kept_to, mut at) = (0, 0);
    while let Some(digit) = lower[at..].bytes().position(|byte| byte.is_ascii_digit()) {
        let (start, end) = word_around(&lower, at + digit);
        at = end;
        if is_requisition(bare(&lower[start..end]), &lower[..start], own) {
            kept.push_str(&lower[kept_to..start]);
            kept_to = end;
        }
    }

    if kept_to == 0 {
        return lower;
    }
    kept.push_str(&lower[kept_to..]);
    kept
}

/// Returns the bounds of the word at a byte of a text.
fn word_around(text: &str, at: usize) -> (usize, usize) {
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let bytes = text.as_bytes();
    let start = bytes[..at].iter().rposition(is_space);
    let end = bytes[at..].iter().position(is_space);
    (
        start.map_or(0, |space| space + 1),
        end.map_or(bytes.len(), |length| at + length),
    )
}

fn hash(content: &Content<'_>, title: &str, text: &str) -> VacancyHash {
    let mut encoder = HashEncoder::new(CONTEXT);

    encoder.text(title);
    encoder.optional(stated_workplace(content), HashEncoder::text);
    encoder.optional(content.employment_type, HashEncoder::text);
    encoder.optional(content.salary, encode_salary);
    encoder.text(text);

    VacancyHash::from_bytes(encoder.finish())
}

/// Returns the workplace; `None` if it follows from the places, which differ between the postings of
/// one vacancy.
fn stated_workplace(content: &Content<'_>) -> Option<&'static str> {
    let follows =
        |stated: &Workplace| workplace_of(content.title, content.locations) == Some(*stated);
    let stated = content.workplace.filter(|stated| !follows(stated));
    stated.map(Workplace::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{ContentHash, Facts, Location, Salary};
    use crate::key::ExternalId;

    /// A text without places and numbers, of more than [`MIN_TEXT_CHARS`] characters.
    const TEXT: &str = "You will look after the machines that bake our bread, plan their maintenance with the \
        bakers of the night shift, and train new colleagues. You have repaired machines for some years, you like to \
        explain what you do, and you are not afraid of flour.";

    fn posting(title: &str, place: &str, text: &str) -> Job {
        Job {
            external_id: ExternalId::new("bake-4711").unwrap(),
            title: title.to_owned(),
            company: Some("Brotfabrik".to_owned()),
            department: None,
            locations: vec![Location {
                name: place.to_owned(),
                city: None,
                region: None,
                country: None,
            }],
            workplace: None,
            employment_type: None,
            salary: None,
            description: Some(text.to_owned()),
            language: None,
            url: "https://brot.example/jobs/1".to_owned(),
            apply_url: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            extra: Vec::new(),
            content_hash: ContentHash::from_bytes([0; 32]),
            facts: Facts::UNKNOWN,
        }
    }

    fn are_one(a: &Job, b: &Job) -> bool {
        VacancyHashes::of_job(a).are_of_one_text(&VacancyHashes::of_job(b))
    }

    #[test]
    fn places_and_requisition_numbers_do_not_tell_postings_apart() {
        let text = |more: &str| format!("{TEXT} {more}");
        for (a, b) in [
            (
                posting("Mechanic", "Ulm", TEXT),
                posting("Mechanic", "Köln", TEXT),
            ),
            (
                posting("Mechanic (Ulm)", "Ulm", &text("You work in Ulm.")),
                posting("mechanic (Köln)", "Köln", &text("You work in köln.")),
            ),
            // Both texts name both places.
            (
                posting("Mechanic", "Ulm", &text("Our bakeries: Ulm, Köln.")),
                posting("Mechanic", "Köln", &text("Our bakeries: Ulm, Köln.")),
            ),
            (
                posting("Mechanic R-10001", "Ulm", &text("Kennziffer: 77/12")),
                posting("Mechanic R-10002", "Ulm", &text("Kennziffer: 78/12")),
            ),
        ] {
            assert!(are_one(&a, &b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn every_other_difference_tells_postings_apart() {
        let one = posting("Mechanic", "Ulm", TEXT);
        let others = [
            posting("Senior Mechanic", "Ulm", TEXT),
            posting("Mechanic", "Ulm", &TEXT.replace("some years", "5 years")),
            posting("Mechanic", "Ulm", &format!("{TEXT} You work in Köln.")),
            Job {
                employment_type: Some("Part-time".to_owned()),
                ..one.clone()
            },
            Job {
                workplace: Some(Workplace::Remote),
                ..one.clone()
            },
            Job {
                salary: Some(Salary {
                    min: Some(1.0),
                    ..Salary::default()
                }),
                ..one.clone()
            },
        ];
        for other in others {
            assert!(!are_one(&one, &other), "{other:?}");
        }
    }

    #[test]
    fn a_workplace_that_a_place_states_is_part_of_the_place() {
        let office = posting("Mechanic", "Ulm", TEXT);
        let remote = Job {
            workplace: Some(Workplace::Remote),
            ..posting("Mechanic", "Remote - Germany", TEXT)
        };
        assert!(are_one(&office, &remote));
    }

    #[test]
    fn the_own_numbers_of_a_posting_are_left_out() {
        let text = |number: &str| format!("{TEXT} Write {number} in your letter.");
        let one = posting("Mechanic", "Ulm", &text("bake-4711"));
        let other = Job {
            external_id: ExternalId::new("99").unwrap(),
            extra: vec![("Requisition".to_owned(), "OVEN-12".to_owned())],
            ..posting("Mechanic", "Ulm", &text("OVEN-12"))
        };
        assert!(are_one(&one, &other));
        assert!(!are_one(
            &one,
            &posting("Mechanic", "Ulm", &text("OVEN-12"))
        ));
    }

    #[test]
    fn a_version_covers_the_company_and_not_the_place() {
        let hashes = |place| VacancyHashes::of_job(&posting("Mechanic", place, TEXT));
        let version = hashes("Ulm").version(Some("Brotfabrik"));
        assert_eq!(version, hashes("Köln").version(Some("Brotfabrik")));
        assert_ne!(version, hashes("Ulm").version(Some("Mühle")));
        assert_ne!(version, hashes("Ulm").version(None));
    }

    #[test]
    fn a_short_text_is_not_a_whole_one() {
        assert!(has_whole_text(Some(&"ä".repeat(MIN_TEXT_CHARS))));
        assert!(!has_whole_text(Some(&"ä".repeat(MIN_TEXT_CHARS - 1))));
        assert!(!has_whole_text(None));
    }

    /// A failure means that stored hashes are of another encoding, so that a posting is not
    /// recognized any more. Raise the encoding in both contexts, too.
    #[test]
    fn the_encoding_never_changes_silently() {
        let hashes = VacancyHashes::of_job(&posting("Mechanic", "Ulm", TEXT));
        assert_eq!(
            hashes.text.to_string(),
            "8141811c81f1ded879f85a51cb277c87b093adcb8b1b1c859bbd51ddf85b3482"
        );
        assert_eq!(
            hashes.version(None).to_string(),
            "742ae95c6d23169bfe6eaf8a22ea674c9c6bec873d01773a789565509fbee707"
        );
    }
}
