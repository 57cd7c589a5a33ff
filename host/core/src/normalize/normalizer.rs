//! The normalization stage: takes raw jobs, returns jobs and what changed about them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;

use super::bounded::truncate_for_storage;
use super::facts::facts;
use super::hash::Content;
use super::known::{KnownJob, KnownJobs};
use super::text::{cut, in_lines, nfc, one_line};
use super::url::{UrlError, canonical_url};
use super::warnings::{Problem, Tally, Warnings};
use super::{dates, html_to_text, language, location, salary, workplace};
use crate::escape::PrintableStart;
use crate::job::{BoardTime, ContentHash, Job};
use crate::key::{ExternalId, KeyError};
use crate::raw::{Description, RawJob};

pub(super) const MAX_TITLE_BYTES: usize = 1024;
pub(super) const MAX_FIELD_BYTES: usize = 1024;
const MAX_DESCRIPTION_BYTES: usize = 1024 * 1024;
pub(super) const MAX_EXTRAS: usize = 64;
/// The limit of a name and its value together.
pub(super) const MAX_EXTRA_BYTES: usize = 1024;
/// The limit of the token that fetches the details.
const MAX_TOKEN_BYTES: usize = 4 * 1024;
/// The number of characters of a rejected external id that are shown.
const MAX_SHOWN_ID_CHARS: usize = 64;

/// Normalizes the raw jobs of one source.
#[derive(Debug, Clone, Copy)]
pub struct JobNormalizer<'a> {
    known: &'a KnownJobs,
}

/// The result of a batch of raw jobs. `results`, `rejected` and `duplicates` together are as many
/// as the raw jobs.
#[derive(Debug, Default)]
pub struct Normalized {
    /// One result per job, in the order of the raw jobs.
    pub results: Vec<NormalizationResult>,
    /// The raw jobs that cannot be stored.
    pub rejected: Vec<Rejection>,
    /// The number of raw jobs with the external id of an earlier one. The first wins.
    pub duplicates: usize,
    /// The values that were dropped or cut: one line per kind, counted, ready to print.
    pub warnings: Vec<String>,
}

/// A job and what is new about it.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalizationResult {
    pub job: Job,
    /// The comparison with the stored job.
    pub change: Change,
    /// The raw job, after [`truncate_for_storage`], if its text has yet to be fetched. The details
    /// are merged into it.
    pub deferred: Option<Box<RawJob>>,
    /// True if the job was last read with another read config, so that the program itself may have
    /// caused the change.
    pub reprocessed: bool,
}

/// The difference between a job and the stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The job was never seen.
    New,
    /// The version differs.
    Updated,
    /// The version is the same, but the URL, department, language, a date or an extra differs.
    Relisted,
    /// Everything is the same.
    Unchanged,
}

/// A raw job that cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The beginning of its id, ready to print; `None` if it has no id.
    pub external_id: Option<String>,
    pub reason: RejectReason,
}

/// The reason why a raw job cannot be stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    /// The external id is empty or too long.
    #[error(transparent)]
    ExternalId(#[from] KeyError),
    /// Nothing is left of the title.
    #[error("the title is empty")]
    EmptyTitle,
    /// The URL of the page is missing or not usable.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The token of the details is too long.
    #[error("the token of its details has {0} bytes; at most {MAX_TOKEN_BYTES} are allowed")]
    Token(usize),
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.external_id {
            Some(id) => write!(f, "rejected job `{id}`: {}", self.reason),
            None => write!(f, "rejected a job without an id: {}", self.reason),
        }
    }
}

impl Change {
    /// Compares a job with the stored one; `None` if it was never seen.
    pub fn between(known: Option<&KnownJob>, job: &Job) -> Self {
        match known {
            None => Self::New,
            Some(known) if known.content_hash != job.content_hash => Self::Updated,
            Some(known) if known.listing_hash != Some(job.listing_hash()) => Self::Relisted,
            Some(_) => Self::Unchanged,
        }
    }
}

impl NormalizationResult {
    /// Returns true if the store has to write the job.
    pub fn should_upsert(&self) -> bool {
        self.change != Change::Unchanged
    }

    /// Returns true if the job may match other profiles than before.
    pub fn should_re_match(&self) -> bool {
        matches!(self.change, Change::New | Change::Updated)
    }
}

impl<'a> JobNormalizer<'a> {
    /// Creates a normalizer that compares with the stored jobs of this source.
    pub fn new(known: &'a KnownJobs) -> Self {
        Self { known }
    }

    /// Normalizes all raw jobs of a scan. An invalid job is rejected without an effect on the
    /// others.
    pub fn normalize_all(&self, raw: Vec<RawJob>) -> Normalized {
        let mut normalized = Normalized {
            results: Vec::with_capacity(raw.len()),
            ..Normalized::default()
        };
        let mut seen = HashMap::with_capacity(raw.len());
        let mut tally = Tally::default();

        for raw in raw {
            let external_id = raw.external_id.clone();
            match self.normalize(&external_id, raw, &mut seen, &mut tally) {
                Ok(Some(result)) => normalized.results.push(result),
                Ok(None) => normalized.duplicates += 1,
                Err(reason) => {
                    let rejection = Rejection::new(&external_id, reason);
                    normalized.rejected.push(rejection);
                }
            }
        }

        normalized.warnings = tally.into_lines();
        normalized
    }

    /// Normalizes one raw job; `None` if it has the external id of an earlier one.
    fn normalize(
        self,
        external_id: &str,
        raw: RawJob,
        seen: &mut HashMap<ExternalId, ContentHash>,
        tally: &mut Tally,
    ) -> Result<Option<NormalizationResult>, RejectReason> {
        let entry = match seen.entry(ExternalId::new(external_id)?) {
            Entry::Vacant(entry) => entry,
            Entry::Occupied(first) => {
                if differs(first.key(), *first.get(), raw) {
                    tally.of(external_id).note(Problem::DuplicateId);
                }
                return Ok(None);
            }
        };

        // A rejected job leaves its id free for a later job.
        let deferred = raw
            .deferred()
            .map(|_| Box::new(truncate_for_storage(raw.clone())));
        let job = job(entry.key().clone(), raw, &mut tally.of(external_id))?;
        entry.insert(job.content_hash);

        Ok(Some(self.compare(job, deferred)))
    }

    fn compare(self, job: Job, deferred: Option<Box<RawJob>>) -> NormalizationResult {
        let known = self.known.get(&job.external_id);
        let change = Change::between(known, &job);

        NormalizationResult {
            job,
            change,
            deferred,
            reprocessed: known.is_some_and(|known| known.reprocessed),
        }
    }
}

impl Rejection {
    fn new(external_id: &str, reason: RejectReason) -> Self {
        let shown = PrintableStart {
            text: external_id,
            limit: MAX_SHOWN_ID_CHARS,
        };

        Self {
            external_id: (!external_id.is_empty()).then(|| shown.to_string()),
            reason,
        }
    }
}

/// Returns true if a job differs from the first one with its external id. Its warnings are
/// discarded, since the job is dropped.
fn differs(external_id: &ExternalId, first: ContentHash, raw: RawJob) -> bool {
    let mut discarded = Tally::default();
    let warnings = &mut discarded.of(external_id.as_str());

    job(external_id.clone(), raw, warnings).is_ok_and(|job| job.content_hash != first)
}

/// Normalizes one job.
fn job(
    external_id: ExternalId,
    raw: RawJob,
    warnings: &mut Warnings<'_>,
) -> Result<Job, RejectReason> {
    let url = canonical_url(&raw.url)?;
    if let Some(token) = raw.deferred().filter(|token| token.len() > MAX_TOKEN_BYTES) {
        return Err(RejectReason::Token(token.len()));
    }

    let title = title(&raw.title, warnings).ok_or(RejectReason::EmptyTitle)?;

    let company = field(raw.company.as_deref(), warnings);
    let employment_type = field(raw.employment_type.as_deref(), warnings);
    let locations = location::locations(raw.locations, warnings);

    let workplace = raw
        .workplace
        .or_else(|| workplace::workplace(&title, &locations));
    let salary = raw
        .salary
        .as_ref()
        .and_then(|salary| salary::salary(salary, warnings));
    let description = raw
        .description
        .and_then(|text| description(&text, warnings));

    let content = Content {
        title: &title,
        company: company.as_deref(),
        locations: &locations,
        workplace,
        employment_type: employment_type.as_deref(),
        salary: salary.as_ref(),
        description: description.as_deref(),
    };
    let content_hash = content.hash();
    let language = tag(raw.language.as_deref(), warnings);
    let facts = facts(&content, language.as_deref());

    Ok(Job {
        external_id,
        content_hash,
        title,
        company,
        department: field(raw.department.as_deref(), warnings),
        locations,
        workplace,
        employment_type,
        salary,
        description,
        language,
        apply_url: apply_url(raw.apply_url.as_deref(), &url, warnings),
        url,
        posted_at: time(raw.posted_at.as_deref(), warnings),
        updated_at: time(raw.updated_at.as_deref(), warnings),
        expires_at: time(raw.expires_at.as_deref(), warnings),
        extra: extra(raw.extra, warnings),
        facts,
    })
}

fn title(raw: &str, warnings: &mut Warnings<'_>) -> Option<String> {
    let mut title = one_line(raw);
    if cut(&mut title, MAX_TITLE_BYTES) {
        warnings.note(Problem::TitleCut);
    }
    Some(title).filter(|title| !title.is_empty())
}

/// Normalizes a short field to one line; `None` if nothing is left.
fn field(raw: Option<&str>, warnings: &mut Warnings<'_>) -> Option<String> {
    let mut line = one_line(raw?);
    if cut(&mut line, MAX_FIELD_BYTES) {
        warnings.note(Problem::FieldCut);
    }
    Some(line).filter(|line| !line.is_empty())
}

/// Returns the description as plain text; `None` if nothing is left, or if the text has yet to be
/// fetched.
fn description(raw: &Description, warnings: &mut Warnings<'_>) -> Option<String> {
    let mut text = match raw {
        Description::Html(html) => nfc(html_to_text(html)),
        Description::Text(text) => in_lines(text),
        Description::Deferred(_) => return None,
    };

    if cut(&mut text, MAX_DESCRIPTION_BYTES) {
        warnings.note(Problem::DescriptionCut);
    }
    Some(text).filter(|text| !text.is_empty())
}

fn tag(raw: Option<&str>, warnings: &mut Warnings<'_>) -> Option<String> {
    let raw = raw.filter(|raw| !raw.trim().is_empty())?;

    let tag = language::language_tag(raw);
    if tag.is_none() {
        warnings.note(Problem::Language);
    }
    tag
}

/// Returns the page to apply on; `None` if it is missing, invalid, or the public page itself.
fn apply_url(raw: Option<&str>, page: &str, warnings: &mut Warnings<'_>) -> Option<String> {
    let raw = raw.filter(|raw| !raw.trim().is_empty())?;

    let url = canonical_url(raw);
    if url.is_err() {
        warnings.note(Problem::ApplyUrl);
    }
    url.ok().filter(|url| url != page)
}

fn time(raw: Option<&str>, warnings: &mut Warnings<'_>) -> Option<BoardTime> {
    dates::board_time(raw?).unwrap_or_else(|dates::UnreadableDate| {
        warnings.note(Problem::Date);
        None
    })
}

/// Returns the first extras that are not empty, each name and value on one line.
fn extra(raw: Vec<(String, String)>, warnings: &mut Warnings<'_>) -> Vec<(String, String)> {
    let lines = raw
        .into_iter()
        .map(|(name, value)| (one_line(&name), one_line(&value)));
    let mut extra: Vec<_> = lines
        .filter(|(name, value)| !name.is_empty() && !value.is_empty())
        .collect();

    let mut is_cut = extra.len() > MAX_EXTRAS;
    extra.truncate(MAX_EXTRAS);

    // The name is cut first. The value gets the rest of their common limit.
    for (name, value) in &mut extra {
        is_cut |= cut(name, MAX_EXTRA_BYTES);
        is_cut |= cut(value, MAX_EXTRA_BYTES - name.len());
    }

    if is_cut {
        warnings.note(Problem::ExtraCut);
    }
    extra
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::{JobPresence, KnownJob};
    use crate::raw::{RawLocation, Salary, Workplace};

    /// Returns a valid raw job with no optional fields, which each test changes.
    fn raw(id: &str) -> RawJob {
        RawJob {
            external_id: id.to_owned(),
            title: "Engineer".to_owned(),
            url: format!("https://acme.example/jobs/{id}"),
            ..RawJob::default()
        }
    }

    fn normalize(raw: Vec<RawJob>) -> Normalized {
        JobNormalizer::new(&KnownJobs::new()).normalize_all(raw)
    }

    fn one(raw: RawJob) -> (Job, Vec<String>) {
        let mut normalized = normalize(vec![raw]);
        assert_eq!(normalized.rejected, []);
        (normalized.results.remove(0).job, normalized.warnings)
    }

    fn some(text: &str) -> Option<String> {
        Option::from(text.to_owned())
    }

    #[test]
    fn every_field_is_cleaned() {
        let (job, warnings) = one(RawJob {
            title: " Senior\u{202e} Engineer \n".to_owned(),
            url: "https://ACME.example/jobs/7?utm_source=x".to_owned(),
            apply_url: some("https://acme.example/jobs/7/apply?gh_src=1"),
            company: some(" Acme\tGmbH "),
            department: some(""),
            locations: vec![RawLocation {
                name: "Remote - US".to_owned(),
                ..RawLocation::default()
            }],
            employment_type: some("Full-time "),
            salary: Some(Salary {
                min: Some(1.0),
                max: Some(0.0),
                currency: some("usd"),
                ..Salary::default()
            }),
            description: Some(Description::Html(
                "<p>Zu&#x308;rich</p><ul><li>a</li></ul>".to_owned(),
            )),
            language: some("DE-ch"),
            posted_at: some("2026-07-30T06:59:38-04:00"),
            updated_at: some("2026-07-31"),
            extra: vec![
                ("Level ".to_owned(), "III\n".to_owned()),
                ("Empty".to_owned(), String::new()),
            ],
            ..raw("7")
        });

        assert_eq!(warnings, [""; 0]);
        assert_eq!(job.title, "Senior Engineer");
        assert_eq!(job.url, "https://acme.example/jobs/7");
        assert_eq!(
            job.apply_url.as_deref(),
            Some("https://acme.example/jobs/7/apply")
        );
        assert_eq!(job.company.as_deref(), Some("Acme GmbH"));
        assert_eq!(job.department, None);
        assert_eq!(job.workplace, Some(Workplace::Remote));
        assert_eq!(job.employment_type.as_deref(), Some("Full-time"));
        assert_eq!(
            job.salary,
            Some(Salary {
                min: Some(1.0),
                currency: some("USD"),
                ..Salary::default()
            })
        );
        assert_eq!(job.description.as_deref(), Some("Zürich\n\n- a"));
        assert_eq!(job.language.as_deref(), Some("de-CH"));
        assert_eq!(
            job.posted_at.map(|at| at.to_string()).as_deref(),
            Some("2026-07-30T10:59:38.000Z")
        );
        assert_eq!(
            job.updated_at.map(|at| at.to_string()).as_deref(),
            Some("2026-07-31")
        );
        assert_eq!(job.expires_at, None);
        assert_eq!(job.extra, [("Level".to_owned(), "III".to_owned())]);
    }

    #[test]
    fn the_boards_workplace_field_overrides_the_text() {
        let (job, _) = one(RawJob {
            title: "Engineer (Remote)".to_owned(),
            workplace: Some(Workplace::Hybrid),
            ..raw("7")
        });
        assert_eq!(job.workplace, Some(Workplace::Hybrid));
    }

    #[test]
    fn plain_text_is_not_parsed_as_html() {
        let (job, _) = one(RawJob {
            description: Some(Description::Text(" <b>&amp;\r\n\n\n- x ".to_owned())),
            ..raw("7")
        });
        assert_eq!(job.description.as_deref(), Some("<b>&amp;\n\n- x"));
    }

    #[test]
    fn a_deferred_or_blank_description_is_none() {
        for description in [
            Description::Deferred("t".to_owned()),
            Description::Html("<p> </p>".to_owned()),
        ] {
            assert_eq!(
                one(RawJob {
                    description: Some(description),
                    ..raw("7")
                })
                .0
                .description,
                None
            );
        }
    }

    #[test]
    fn a_job_with_deferred_details_is_truncated_for_storage() {
        let listed = |token: usize| RawJob {
            company: some(&"x".repeat(5_000)),
            description: Some(Description::Deferred("t".repeat(token))),
            ..raw("7")
        };
        let kept = normalize(vec![listed(4_096)])
            .results
            .remove(0)
            .deferred
            .unwrap();
        assert_eq!(
            (kept.company.unwrap().len(), kept.description.clone()),
            (1_024, listed(4_096).description)
        );
        let refused = &normalize(vec![listed(4_097)]).rejected[0].reason;
        assert_eq!(
            refused.to_string(),
            "the token of its details has 4097 bytes; at most 4096 are allowed"
        );
    }

    #[test]
    fn an_invalid_job_is_rejected_alone_with_its_reason() {
        let long_id = "x".repeat(513);
        let normalized = normalize(vec![
            raw("1"),
            raw(""),
            raw(&long_id),
            RawJob {
                title: "\u{200b} ".to_owned(),
                ..raw("2\n")
            },
            RawJob {
                url: "/jobs/3".to_owned(),
                ..raw("3")
            },
            RawJob {
                url: "https://me@acme.example/".to_owned(),
                ..raw("4")
            },
            raw("5"),
        ]);

        assert_eq!(normalized.results.len(), 2);
        let told: Vec<_> = normalized
            .rejected
            .iter()
            .map(|r| (r.external_id.clone(), r.reason.to_string()))
            .collect();
        let shown_id = format!("{}…", "x".repeat(64));
        assert_eq!(
            told,
            [
                (None, "the external id is empty".to_owned()),
                (
                    Some(shown_id),
                    "the external id has 513 bytes; at most 512 are allowed".to_owned()
                ),
                (some("2\\n"), "the title is empty".to_owned()),
                (
                    some("3"),
                    "the URL does not begin with `https://` or `http://`".to_owned()
                ),
                (
                    some("4"),
                    "the URL contains a user name or password".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn the_first_valid_job_of_an_id_wins() {
        let other = RawJob {
            title: "Another".to_owned(),
            ..raw("7")
        };
        let normalized = normalize(vec![
            RawJob {
                title: String::new(),
                ..raw("7")
            },
            raw("7"),
            RawJob {
                department: some("moved"),
                ..raw("7")
            },
            other.clone(),
            other,
        ]);
        assert_eq!(normalized.results.len(), 1);
        assert_eq!(normalized.results[0].job.title, "Engineer");
        assert_eq!((normalized.rejected.len(), normalized.duplicates), (1, 3));
        let warning = "duplicate-id: different jobs under one external id; the first was kept (2 times, first in job `7`)";
        assert_eq!(normalized.warnings, [warning]);
    }

    #[test]
    fn a_job_is_new_updated_or_unchanged() {
        let (job, _) = one(raw("7"));
        let known = KnownJob {
            content_hash: job.content_hash,
            listing_hash: Some(job.listing_hash()),
            presence: JobPresence::Open,
            reprocessed: false,
            first_seen_at: "2026-11-20T08:00:00Z".parse().unwrap(),
        };
        let known = KnownJobs::from([(job.external_id, known)]);
        let raws = vec![raw("7"), raw("8")];
        let changes = |raws| {
            let normalized = JobNormalizer::new(&known).normalize_all(raws);
            normalized
                .results
                .iter()
                .map(|r| (r.change, r.should_upsert(), r.should_re_match()))
                .collect::<Vec<_>>()
        };

        assert_eq!(
            changes(raws),
            [(Change::Unchanged, false, false), (Change::New, true, true)]
        );

        let updated = RawJob {
            title: "Senior Engineer".to_owned(),
            ..raw("7")
        };
        assert_eq!(changes(vec![updated]), [(Change::Updated, true, true)]);

        let moved = RawJob {
            url: "https://acme.example/other".to_owned(),
            ..raw("7")
        };
        assert_eq!(changes(vec![moved]), [(Change::Relisted, true, false)]);
    }

    #[test]
    fn dates_urls_department_and_extra_do_not_change_the_version() {
        let (plain, _) = one(raw("7"));
        let (moved, _) = one(RawJob {
            url: "https://acme.example/other".to_owned(),
            apply_url: some("https://acme.example/apply"),
            department: some("Tools"),
            posted_at: some("2026-01-01"),
            updated_at: some("2026-01-02"),
            expires_at: some("2026-01-03"),
            revision: some("2"),
            language: some("en"),
            extra: vec![("a".to_owned(), "b".to_owned())],
            ..raw("8")
        });
        assert_eq!(plain.content_hash, moved.content_hash);
        assert_ne!(plain.listing_hash(), moved.listing_hash());
    }

    #[test]
    fn each_field_outside_the_version_makes_a_job_relisted() {
        let variants = [
            raw("7"),
            RawJob {
                url: "https://acme.example/other".to_owned(),
                ..raw("7")
            },
            RawJob {
                apply_url: some("https://acme.example/apply"),
                ..raw("7")
            },
            RawJob {
                department: some("de"),
                ..raw("7")
            },
            RawJob {
                language: some("de"),
                ..raw("7")
            },
            RawJob {
                posted_at: some("2026-01-01"),
                ..raw("7")
            },
            RawJob {
                updated_at: some("2026-01-01"),
                ..raw("7")
            },
            RawJob {
                expires_at: some("2026-01-01"),
                ..raw("7")
            },
            RawJob {
                extra: vec![("a".to_owned(), "b".to_owned())],
                ..raw("7")
            },
            RawJob {
                extra: vec![("ab".to_owned(), String::from("c"))],
                ..raw("7")
            },
        ];
        let hashes: std::collections::HashSet<_> =
            variants.clone().map(|raw| one(raw).0.listing_hash()).into();
        assert_eq!(hashes.len(), variants.len());
    }

    #[test]
    fn each_field_of_the_content_makes_a_new_version() {
        let place = |name: &str| RawLocation {
            name: name.to_owned(),
            ..RawLocation::default()
        };
        let variants = [
            raw("7"),
            RawJob {
                title: "Baker".to_owned(),
                ..raw("7")
            },
            RawJob {
                company: some("Acme"),
                ..raw("7")
            },
            RawJob {
                locations: vec![place("Wien")],
                ..raw("7")
            },
            RawJob {
                workplace: Some(Workplace::OnSite),
                ..raw("7")
            },
            RawJob {
                employment_type: some("Acme"),
                ..raw("7")
            },
            RawJob {
                salary: Some(Salary {
                    min: Some(1.0),
                    ..Salary::default()
                }),
                ..raw("7")
            },
            RawJob {
                description: Some(Description::Text("Acme".to_owned())),
                ..raw("7")
            },
        ];
        let hashes: std::collections::HashSet<_> =
            variants.clone().map(|raw| one(raw).0.content_hash).into();
        assert_eq!(hashes.len(), variants.len());
    }

    #[test]
    fn overlong_values_are_cut_and_counted_per_kind() {
        let long = |id: &str| RawJob {
            title: "é".repeat(600),
            company: Some("c".repeat(2000)),
            description: Some(Description::Html(format!("<p>{}", "é".repeat(600_000)))),
            extra: (0..70)
                .map(|n| (format!("name {n}"), "v".repeat(2000)))
                .collect(),
            ..raw(id)
        };
        let normalized = normalize(vec![long("1"), long("2")]);

        let job = &normalized.results[0].job;
        assert_eq!(
            (job.title.len(), job.description.as_ref().map(String::len)),
            (1024, Some(1024 * 1024))
        );
        assert_eq!(job.company.as_ref().map(String::len), Some(1024));
        assert!(
            job.extra.len() == 64
                && job
                    .extra
                    .iter()
                    .all(|(name, value)| name.len() + value.len() == 1024)
        );

        let names: Vec<_> = normalized
            .warnings
            .iter()
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(
            names,
            ["title-cut", "description-cut", "field-cut", "extra-cut"]
        );
        assert!(
            normalized
                .warnings
                .iter()
                .all(|line| line.ends_with("(2 times, first in job `1`)"))
        );
    }

    #[test]
    fn unreadable_values_are_left_out_with_a_warning() {
        let (job, warnings) = one(RawJob {
            apply_url: some("mailto:jobs@acme.example"),
            language: some("English"),
            posted_at: some("last week"),
            expires_at: some(""),
            ..raw("7")
        });
        assert_eq!(
            (job.apply_url, job.language, job.posted_at, job.expires_at),
            (None, None, None, None)
        );
        let names: Vec<_> = warnings
            .iter()
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(names, ["bad-date", "bad-language", "bad-apply-url"]);
    }

    #[test]
    fn an_apply_url_that_is_the_page_itself_is_none() {
        let (job, warnings) = one(RawJob {
            apply_url: some("https://acme.example/jobs/7?utm_medium=x"),
            ..raw("7")
        });
        assert_eq!((job.apply_url, warnings.len()), (None, 0));
    }
}
