//! The hash that names a version of a job, and the one of what may change without a new version.
//!
//! The encoding is unambiguous: every text is preceded by its length, every list by its count, every optional value by
//! whether it is there. So no two different jobs are written the same way.

use blake3::Hasher;

use super::known::ListingHash;
use crate::job::{ContentHash, Job, Location, PayPeriod, Salary, Workplace};

/// Keeps these hashes apart from all others, and from those of another encoding.
const CONTEXT: &str = "job-scanner content hash, encoding 1";

/// Keeps the hashes of listings apart from all others, and from those of another encoding.
const LISTING_CONTEXT: &str = "job-scanner listing hash, encoding 1";

/// What a version consists of. Whatever is not in here may change without making a new one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Content<'a> {
    pub(super) title: &'a str,
    pub(super) company: Option<&'a str>,
    /// In any order.
    pub(super) locations: &'a [Location],
    pub(super) workplace: Option<Workplace>,
    pub(super) employment_type: Option<&'a str>,
    pub(super) salary: Option<&'a Salary>,
    pub(super) description: Option<&'a str>,
}

impl Content<'_> {
    pub(super) fn hash(&self) -> ContentHash {
        let mut encoder = Encoder(Hasher::new_derive_key(CONTEXT));
        encoder.text(self.title);
        encoder.optional(self.company, Encoder::text);
        encoder.locations(self.locations);
        encoder.optional(self.workplace.map(Workplace::as_str), Encoder::text);
        encoder.optional(self.employment_type, Encoder::text);
        encoder.optional(self.salary, Encoder::salary);
        encoder.optional(self.description, Encoder::text);
        ContentHash::from_bytes(*encoder.0.finalize().as_bytes())
    }
}

impl Job {
    /// The hash of all that a board may change about a job without making a new version of it.
    pub fn listing_hash(&self) -> ListingHash {
        let mut encoder = Encoder(Hasher::new_derive_key(LISTING_CONTEXT));
        encoder.text(&self.url);
        for text in [&self.apply_url, &self.department, &self.language] {
            encoder.optional(text.as_deref(), Encoder::text);
        }
        for at in [self.posted_at, self.updated_at, self.expires_at] {
            encoder.optional(at.map(|at| at.to_string()).as_deref(), Encoder::text);
        }
        encoder.count(self.extra.len());
        for (name, value) in &self.extra {
            encoder.text(name);
            encoder.text(value);
        }
        ListingHash::from_bytes(*encoder.0.finalize().as_bytes())
    }
}

struct Encoder(Hasher);

impl Encoder {
    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_le_bytes());
    }

    fn number(&mut self, number: f64) {
        self.0.update(&number.to_bits().to_le_bytes());
    }

    fn optional<T>(&mut self, value: Option<T>, encode: impl FnOnce(&mut Self, T)) {
        self.0.update(&[u8::from(value.is_some())]);
        if let Some(value) = value {
            encode(self, value);
        }
    }

    fn locations(&mut self, locations: &[Location]) {
        let mut sorted: Vec<&Location> = locations.iter().collect();
        sorted.sort();
        self.count(sorted.len());
        for location in sorted {
            self.text(&location.name);
            self.optional(location.city.as_deref(), Self::text);
            self.optional(location.region.as_deref(), Self::text);
            self.optional(location.country.as_deref(), Self::text);
        }
    }

    fn salary(&mut self, salary: &Salary) {
        self.optional(salary.min, Self::number);
        self.optional(salary.max, Self::number);
        self.optional(salary.currency.as_deref(), Self::text);
        self.optional(salary.period.map(period_word), Self::text);
        self.optional(salary.text.as_deref(), Self::text);
    }
}

fn period_word(period: PayPeriod) -> &'static str {
    match period {
        PayPeriod::Hour => "hour",
        PayPeriod::Day => "day",
        PayPeriod::Week => "week",
        PayPeriod::Month => "month",
        PayPeriod::Year => "year",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> Location {
        Location { name: name.to_owned(), city: None, region: None, country: None }
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

    /// Whoever sees this fail has changed what every stored hash stands for: raise `NORMALIZATION_VERSION` with it, or
    /// every job of every user counts as updated.
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
            locations: &[Location { country: Some("AT".to_owned()), ..place("Wien") }, place("Berlin")],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Full-time"),
            salary: Some(&salary),
            description: Some("We build.\n\n- things"),
            ..BARE
        };
        assert_eq!(BARE.hash().to_string(), "d6496f2c279c7db42b4e5ffc386e21100b7baae40295127f283d6a4158708da7");
        assert_eq!(full.hash().to_string(), "ad71279ec4b466a74143dda3257d8524a49dbbb387a9e62ecbbe99f46514a1bc");
    }

    #[test]
    fn the_order_of_places_makes_no_new_version() {
        let (here, there) = ([place("a"), place("b")], [place("b"), place("a")]);
        assert_eq!(Content { locations: &here, ..BARE }.hash(), Content { locations: &there, ..BARE }.hash());
    }

    #[test]
    fn no_text_can_pass_for_another_field() {
        let pay = |salary: Salary| salary;
        let (low, high) =
            (pay(Salary { min: Some(1.0), ..Salary::default() }), pay(Salary { max: Some(1.0), ..Salary::default() }));
        let contents = [
            BARE,
            Content { title: "EngineerAcme", ..BARE },
            Content { company: Some(""), ..BARE },
            Content { company: Some("Acme"), ..BARE },
            Content { employment_type: Some("Acme"), ..BARE },
            Content { description: Some("Acme"), ..BARE },
            Content { description: Some(""), ..BARE },
            Content { workplace: Some(Workplace::Remote), ..BARE },
            Content { employment_type: Some("remote"), ..BARE },
            Content { locations: &[place("Acme")], ..BARE },
            Content { locations: &[place("Ac"), place("me")], ..BARE },
            Content { locations: &[Location { city: Some("x".to_owned()), ..place("Acme") }], ..BARE },
            Content { locations: &[Location { region: Some("x".to_owned()), ..place("Acme") }], ..BARE },
            Content { salary: Some(&low), ..BARE },
            Content { salary: Some(&high), ..BARE },
        ];
        let hashes: std::collections::HashSet<_> = contents.iter().map(Content::hash).collect();
        assert_eq!(hashes.len(), contents.len());
    }
}
