//! The hashes of a job: its version, the fields that may change without a new version, and the
//! listed job whose details are fetched.
//!
//! [`HashEncoder`] ensures that two different jobs never have the same encoding.

use super::NORMALIZATION_VERSION;
use super::counters::without_counters;
use super::known::{Fingerprint, ListingHash};
use crate::hash::HashEncoder;
use crate::job::{ContentHash, Job, Location, PayPeriod, Salary, Workplace};
use crate::raw::{RawJob, RawLocation};

/// Separates these hashes from all others, and from those of another encoding.
const CONTEXT: &str = "job-scanner content hash, encoding 1";

/// Separates the hashes of listings from all others, and from those of another encoding.
const LISTING_CONTEXT: &str = "job-scanner listing hash, encoding 2";

/// Separates the hashes of listed jobs from all others, and from those of another encoding.
const FINGERPRINT_CONTEXT: &str = "job-scanner fingerprint of a listed job, encoding 1";

/// The fields of a version. Every other field may change without a new version.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    pub title: &'a str,
    pub company: Option<&'a str>,
    /// The places in any order.
    pub locations: &'a [Location],
    pub workplace: Option<Workplace>,
    pub employment_type: Option<&'a str>,
    pub salary: Option<&'a Salary>,
    pub description: Option<&'a str>,
}

impl Content<'_> {
    /// Returns the hash that names the version.
    pub(crate) fn hash(&self) -> ContentHash {
        let mut encoder = HashEncoder::new(CONTEXT);

        encoder.text(self.title);
        encoder.optional(self.company, HashEncoder::text);
        locations(&mut encoder, self.locations);
        encoder.optional(self.workplace.map(Workplace::as_str), HashEncoder::text);
        encoder.optional(self.employment_type, HashEncoder::text);
        encoder.optional(self.salary, encode_salary);
        // Otherwise each scan of a board that counts its visitors would find a new version.
        let description = self.description.map(without_counters);
        encoder.optional(description.as_deref(), HashEncoder::text);

        ContentHash::from_bytes(encoder.finish())
    }
}

impl Job {
    /// Returns the fields of this version.
    pub fn content(&self) -> Content<'_> {
        Content {
            title: &self.title,
            company: self.company.as_deref(),
            locations: &self.locations,
            workplace: self.workplace,
            employment_type: self.employment_type.as_deref(),
            salary: self.salary.as_ref(),
            description: self.description.as_deref(),
        }
    }

    /// Returns true if a stored version of this job has another workplace and is otherwise the
    /// same.
    pub fn differs_in_workplace_from(&self, stored: ContentHash) -> bool {
        let workplaces = Workplace::ALL.iter().copied().map(Some).chain([None]);

        workplaces
            .filter(|workplace| *workplace != self.workplace)
            .any(|workplace| {
                let content = Content {
                    workplace,
                    ..self.content()
                };
                content.hash() == stored
            })
    }

    /// Returns the hash of all fields that a board may change without a new version of the job, and
    /// of the version of the rules. So a job is stored again after a change of the rules, with its
    /// new facts.
    pub fn listing_hash(&self) -> ListingHash {
        let mut encoder = HashEncoder::new(LISTING_CONTEXT);

        encoder.version(NORMALIZATION_VERSION);
        encoder.text(&self.url);
        for text in [&self.apply_url, &self.department, &self.language] {
            encoder.optional(text.as_deref(), HashEncoder::text);
        }
        for at in [self.posted_at, self.updated_at, self.expires_at] {
            let printed = at.map(|at| at.to_string());
            encoder.optional(printed, HashEncoder::text);
        }
        pairs(&mut encoder, &self.extra);

        ListingHash::from_bytes(encoder.finish())
    }
}

impl RawJob {
    /// Returns a hash that changes if the details of a listed job may have changed. It covers the
    /// board's revision if there is one, and otherwise all listed fields except dates and extra.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut encoder = HashEncoder::new(FINGERPRINT_CONTEXT);

        encoder.optional(self.revision.as_deref(), HashEncoder::text);
        if self.revision.is_none() {
            listed(&mut encoder, self);
        }

        Fingerprint::from_bytes(encoder.finish())
    }

    /// Returns a hash that changes if any listed field changed.
    pub fn whole_fingerprint(&self) -> Fingerprint {
        let mut encoder = HashEncoder::new(FINGERPRINT_CONTEXT);

        encoder.optional(self.revision.as_deref(), HashEncoder::text);
        listed(&mut encoder, self);
        for at in [&self.posted_at, &self.updated_at, &self.expires_at] {
            encoder.optional(at.as_deref(), HashEncoder::text);
        }
        pairs(&mut encoder, &self.extra);

        Fingerprint::from_bytes(encoder.finish())
    }
}

fn pairs(encoder: &mut HashEncoder, pairs: &[(String, String)]) {
    encoder.count(pairs.len());
    for (name, value) in pairs {
        encoder.text(name);
        encoder.text(value);
    }
}

/// Encodes a listed job without its revision, dates and extra.
fn listed(encoder: &mut HashEncoder, job: &RawJob) {
    encoder.text(&job.title);
    encoder.text(&job.url);
    let words = [
        &job.apply_url,
        &job.company,
        &job.department,
        &job.employment_type,
        &job.language,
    ];
    for text in words {
        encoder.optional(text.as_deref(), HashEncoder::text);
    }

    encoder.count(job.locations.len());
    for RawLocation {
        name,
        city,
        region,
        country,
    } in &job.locations
    {
        encoder.text(name);
        for part in [city, region, country] {
            encoder.optional(part.as_deref(), HashEncoder::text);
        }
    }

    encoder.optional(job.workplace.map(Workplace::as_str), HashEncoder::text);
    encoder.optional(job.salary.as_ref(), encode_salary);
    encoder.optional(job.deferred(), HashEncoder::text);
}

fn locations(encoder: &mut HashEncoder, locations: &[Location]) {
    // Boards change the order of places from one day to the next.
    let mut sorted: Vec<&Location> = locations.iter().collect();
    sorted.sort();

    encoder.count(sorted.len());
    for location in sorted {
        encoder.text(&location.name);
        encoder.optional(location.city.as_deref(), HashEncoder::text);
        encoder.optional(location.region.as_deref(), HashEncoder::text);
        encoder.optional(location.country.as_deref(), HashEncoder::text);
    }
}

pub(crate) fn encode_salary(encoder: &mut HashEncoder, salary: &Salary) {
    encoder.optional(salary.min, HashEncoder::number);
    encoder.optional(salary.max, HashEncoder::number);
    encoder.optional(salary.currency.as_deref(), HashEncoder::text);
    encoder.optional(salary.period.map(PayPeriod::as_str), HashEncoder::text);
    encoder.optional(salary.text.as_deref(), HashEncoder::text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::Description;

    fn place(name: &str) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: None,
        }
    }

    const BARE: Content<'_> = Content {
        title: "Engineer",
        company: None,
        locations: &[],
        workplace: None,
        employment_type: None,
        salary: None,
        description: None,
    };

    /// A failure means that every stored hash changed its meaning. Increase `NORMALIZATION_VERSION`
    /// as well, or every job of every user counts as updated.
    #[test]
    fn the_encoding_never_changes_silently() {
        let salary = Salary {
            min: Some(50_000.0),
            max: None,
            currency: Some("EUR".to_owned()),
            period: Some(PayPeriod::Year),
            text: None,
        };
        let full = Content {
            company: Some("Acme"),
            locations: &[
                Location {
                    country: Some("AT".to_owned()),
                    ..place("Wien")
                },
                place("Berlin"),
            ],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Full-time"),
            salary: Some(&salary),
            description: Some("We build.\n\n- things"),
            ..BARE
        };

        assert_eq!(
            BARE.hash().to_string(),
            "d6496f2c279c7db42b4e5ffc386e21100b7baae40295127f283d6a4158708da7"
        );
        assert_eq!(
            full.hash().to_string(),
            "ad71279ec4b466a74143dda3257d8524a49dbbb387a9e62ecbbe99f46514a1bc"
        );
    }

    #[test]
    fn the_fingerprint_covers_all_listed_fields_except_dates_and_extra() {
        let listed = || RawJob {
            title: "Engineer".to_owned(),
            ..RawJob::default()
        };
        let place = RawLocation {
            name: "Wien".to_owned(),
            ..RawLocation::default()
        };
        let changed = [
            listed(),
            RawJob {
                title: "Baker".to_owned(),
                ..listed()
            },
            RawJob {
                url: "x".to_owned(),
                ..listed()
            },
            RawJob {
                apply_url: Some("x".to_owned()),
                ..listed()
            },
            RawJob {
                company: Some("x".to_owned()),
                ..listed()
            },
            RawJob {
                department: Some("x".to_owned()),
                ..listed()
            },
            RawJob {
                employment_type: Some("x".to_owned()),
                ..listed()
            },
            RawJob {
                language: Some("x".to_owned()),
                ..listed()
            },
            RawJob {
                locations: vec![place.clone()],
                ..listed()
            },
            RawJob {
                locations: vec![RawLocation {
                    city: Some("Wien".to_owned()),
                    ..place
                }],
                ..listed()
            },
            RawJob {
                workplace: Some(Workplace::Remote),
                ..listed()
            },
            RawJob {
                salary: Some(Salary::default()),
                ..listed()
            },
            RawJob {
                description: Some(Description::Deferred("x".to_owned())),
                ..listed()
            },
            RawJob {
                revision: Some("1".to_owned()),
                ..listed()
            },
        ];
        let prints: std::collections::HashSet<_> =
            changed.iter().map(RawJob::fingerprint).collect();
        assert_eq!(prints.len(), changed.len());

        let moved = [
            RawJob {
                posted_at: Some("2026-01-01".to_owned()),
                ..listed()
            },
            RawJob {
                updated_at: Some("2026-01-01".to_owned()),
                ..listed()
            },
            RawJob {
                expires_at: Some("2026-01-01".to_owned()),
                ..listed()
            },
            RawJob {
                extra: vec![("a".to_owned(), "b".to_owned())],
                ..listed()
            },
        ];

        assert!(
            moved
                .iter()
                .all(|job| job.fingerprint() == listed().fingerprint())
        );
        let whole: std::collections::HashSet<_> = moved
            .iter()
            .chain(&changed)
            .map(RawJob::whole_fingerprint)
            .collect();
        assert_eq!(whole.len(), moved.len() + changed.len());
    }

    #[test]
    fn a_revision_replaces_all_other_fields_in_the_fingerprint() {
        let at = |revision: &str, title: &str| RawJob {
            revision: Some(revision.to_owned()),
            title: title.to_owned(),
            ..RawJob::default()
        };
        assert_eq!(
            at("1", "Cook").fingerprint(),
            at("1", "Baker").fingerprint()
        );
        assert_ne!(at("1", "Cook").fingerprint(), at("2", "Cook").fingerprint());
        assert_ne!(
            at("1", "Cook").whole_fingerprint(),
            at("1", "Baker").whole_fingerprint()
        );
    }

    #[test]
    fn the_order_of_places_does_not_change_the_version() {
        let (here, there) = ([place("a"), place("b")], [place("b"), place("a")]);
        assert_eq!(
            Content {
                locations: &here,
                ..BARE
            }
            .hash(),
            Content {
                locations: &there,
                ..BARE
            }
            .hash()
        );
    }

    #[test]
    fn a_counter_in_the_description_does_not_change_the_version() {
        let hash = |pay: u32, views: u32| {
            let text = format!("We pay {pay}.\n\n{views} views. Posted {views} days ago.");
            Content {
                description: Some(&text),
                ..BARE
            }
            .hash()
        };
        assert_eq!(hash(70_000, 17), hash(70_000, 18));
        assert_ne!(hash(70_000, 17), hash(80_000, 17));
    }

    #[test]
    fn a_text_in_another_field_changes_the_hash() {
        let pay = |salary: Salary| salary;
        let (low, high) = (
            pay(Salary {
                min: Some(1.0),
                ..Salary::default()
            }),
            pay(Salary {
                max: Some(1.0),
                ..Salary::default()
            }),
        );
        let contents = [
            BARE,
            Content {
                title: "EngineerAcme",
                ..BARE
            },
            Content {
                company: Some(""),
                ..BARE
            },
            Content {
                company: Some("Acme"),
                ..BARE
            },
            Content {
                employment_type: Some("Acme"),
                ..BARE
            },
            Content {
                description: Some("Acme"),
                ..BARE
            },
            Content {
                description: Some(""),
                ..BARE
            },
            Content {
                workplace: Some(Workplace::Remote),
                ..BARE
            },
            Content {
                employment_type: Some("remote"),
                ..BARE
            },
            Content {
                locations: &[place("Acme")],
                ..BARE
            },
            Content {
                locations: &[place("Ac"), place("me")],
                ..BARE
            },
            Content {
                locations: &[Location {
                    city: Some("x".to_owned()),
                    ..place("Acme")
                }],
                ..BARE
            },
            Content {
                locations: &[Location {
                    region: Some("x".to_owned()),
                    ..place("Acme")
                }],
                ..BARE
            },
            Content {
                salary: Some(&low),
                ..BARE
            },
            Content {
                salary: Some(&high),
                ..BARE
            },
        ];
        let hashes: std::collections::HashSet<_> = contents.iter().map(Content::hash).collect();
        assert_eq!(hashes.len(), contents.len());
    }
}
