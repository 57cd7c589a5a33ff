//! The fields of a job that terms search, and sets of them.

use crate::words;

words! {
    /// A searched part of a job.
    pub enum Field: "a part of a job" {
        Title = "title",
        Company = "company",
        Department = "department",
        Location = "location",
        Workplace = "workplace",
        /// The employment type, split into words.
        EmploymentType = "employment-type",
        Description = "description",
        Url = "url",
        /// The key and the configured name of the source.
        Source = "source",
        /// Everything else that is shown. Only a search among stored jobs finds it.
        Other = "other",
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FieldSet(u16);

impl FieldSet {
    /// The fields that a positive leaf searches.
    pub const POSITIVE: Self = Self::of(&[
        Field::Title,
        Field::Company,
        Field::Department,
        Field::Location,
        Field::Workplace,
        Field::EmploymentType,
        Field::Description,
    ]);

    /// The fields that a negative leaf searches.
    pub const NEGATIVE: Self = Self::of(&[
        Field::Title,
        Field::Department,
        Field::Workplace,
        Field::EmploymentType,
    ]);

    /// The fields that a search among stored jobs finds: everything that is shown.
    pub const SHOWN: Self = Self::POSITIVE.union(Self::of(&[Field::Other]));

    /// Returns the set of these fields.
    pub const fn of(fields: &[Field]) -> Self {
        let (mut bits, mut index) = (0, 0);
        while index < fields.len() {
            bits |= 1 << fields[index] as u16;
            index += 1;
        }
        Self(bits)
    }

    /// Returns true if the field is in the set.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << field as u16) != 0
    }

    /// Returns the fields of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns true if all fields of `other` are in this set.
    pub const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the fields that the name before a colon stands for; `None` for an unknown name.
    pub fn named(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, fields)| *fields)
    }

    /// Returns the names that may stand before the colon of a term.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

/// The fields that a term without a field searches.
#[derive(Debug, Clone, Copy)]
pub(super) struct DefaultFields {
    positive: FieldSet,
    negative: FieldSet,
}

impl DefaultFields {
    pub(super) const PROFILE: Self = Self {
        positive: FieldSet::POSITIVE,
        negative: FieldSet::NEGATIVE,
    };

    /// In a search, both kinds of terms search the same fields: it is not read again tomorrow, and
    /// what it leaves out is not a missed message.
    pub(super) const SEARCH: Self = Self {
        positive: FieldSet::SHOWN,
        negative: FieldSet::SHOWN,
    };

    pub(super) fn of(self, is_positive: bool) -> FieldSet {
        if is_positive {
            self.positive
        } else {
            self.negative
        }
    }
}

/// The names before a colon. `workplace:` and `type:` begin a condition instead.
const NAMES: [(&str, FieldSet); 8] = [
    ("title", FieldSet::of(&[Field::Title])),
    ("company", FieldSet::of(&[Field::Company])),
    ("department", FieldSet::of(&[Field::Department])),
    ("location", FieldSet::of(&[Field::Location])),
    ("description", FieldSet::of(&[Field::Description])),
    ("url", FieldSet::of(&[Field::Url])),
    ("source", FieldSet::of(&[Field::Source])),
    ("any", FieldSet::POSITIVE),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_contains_its_fields_only() {
        let title = FieldSet::named("title").unwrap();
        assert!(title.contains(Field::Title) && !title.contains(Field::Description));
        assert!(FieldSet::POSITIVE.includes(FieldSet::NEGATIVE));
        assert!(!FieldSet::NEGATIVE.includes(FieldSet::POSITIVE));
        assert_eq!(FieldSet::named("titel"), None);
    }

    #[test]
    fn a_negative_leaf_does_not_search_the_description() {
        assert!(!FieldSet::NEGATIVE.contains(Field::Description));
        assert!(!FieldSet::NEGATIVE.contains(Field::Company));
        assert!(!FieldSet::POSITIVE.contains(Field::Url));
    }
}
