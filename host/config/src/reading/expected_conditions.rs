//! Keys for conditions on jobs that people expect, such as `min_salary` or `exclude_titles`. Such a
//! condition is a part of a profile's query: each kind of key has an example.

/// The sections in which people write them, without the positions in lists.
const SECTIONS: [&str; 4] = ["", "search_criteria", "profiles[]", "sources[]"];

/// The keys of the root that are then not missing: the correction adds a profile.
const SEARCHES: [&str; 2] = ["search_criteria", "profiles"];

/// Keys for the same kind of condition.
struct ExpectedCondition {
    /// The keys, in lower case and without separators.
    keys: &'static [&'static str],
    /// The correction.
    remedy: &'static str,
}

/// Returns a correction that ends with this query.
macro_rules! in_a_query {
    ($query:literal) => {
        concat!(
            "write it in the query of a profile, such as `profiles: [{name: mine, query: '",
            $query,
            "'}]` (docs/matching.md)"
        )
    };
}

const EXPECTED: &[ExpectedCondition] = &[
    ExpectedCondition {
        keys: &[
            "salary",
            "salaries",
            "salarymin",
            "salarymax",
            "salaryrange",
            "salaryfilter",
            "minsalary",
            "minimumsalary",
            "maxsalary",
            "pay",
            "minpay",
            "wage",
            "minwage",
            "compensation",
            "mincompensation",
            "currency",
        ],
        remedy: in_a_query!("title:engineer* AND salary >= 70k EUR"),
    },
    ExpectedCondition {
        keys: &[
            "title",
            "titles",
            "titlefilter",
            "titlefilters",
            "titlekeywords",
            "titleterms",
            "titlecontains",
            "titleinclude",
            "includetitle",
            "includetitles",
            "requiredtitles",
            "jobtitle",
            "jobtitles",
            "role",
            "roles",
            "position",
            "positions",
        ],
        remedy: in_a_query!("title:(engineer* OR developer*)"),
    },
    ExpectedCondition {
        keys: &[
            "titleexclude",
            "titleexcludes",
            "titleblacklist",
            "excludetitle",
            "excludetitles",
            "excludedtitles",
            "excludetitleterms",
            "excludeinternships",
            "nointerns",
        ],
        remedy: in_a_query!("title:engineer* AND NOT title:(intern OR manager)"),
    },
    ExpectedCondition {
        keys: &[
            "location",
            "locations",
            "locationfilter",
            "city",
            "cities",
            "place",
            "places",
            "region",
            "regions",
            "near",
            "radius",
        ],
        remedy: in_a_query!("title:engineer* AND location:berlin"),
    },
    ExpectedCondition {
        keys: &[
            "remote",
            "remoteonly",
            "isremote",
            "allowremote",
            "hybrid",
            "onsite",
            "workplace",
            "workplaces",
            "workplacetype",
            "worklocation",
            "workmode",
        ],
        remedy: in_a_query!("title:engineer* AND (workplace:remote OR location:berlin)"),
    },
    ExpectedCondition {
        keys: &["country", "countries", "countrycode", "countrycodes"],
        remedy: in_a_query!("title:engineer* AND country:DE"),
    },
    ExpectedCondition {
        keys: &[
            "excludelocation",
            "excludelocations",
            "excludedlocations",
            "excludecountries",
            "excludecities",
        ],
        remedy: in_a_query!("title:engineer* AND NOT location:(paris OR london)"),
    },
    ExpectedCondition {
        keys: &[
            "excludecompany",
            "excludecompanies",
            "excludedcompanies",
            "companyblacklist",
            "blacklistedcompanies",
        ],
        remedy: in_a_query!("title:engineer* AND NOT company:acme"),
    },
    ExpectedCondition {
        keys: &[
            "level",
            "levels",
            "seniority",
            "experience",
            "experiencelevel",
            "minexperience",
            "yearsofexperience",
        ],
        remedy: in_a_query!("title:(senior OR staff) AND title:engineer*"),
    },
    ExpectedCondition {
        keys: &[
            "employment",
            "employmenttype",
            "employmenttypes",
            "jobtype",
            "jobtypes",
            "contracttype",
            "fulltime",
            "parttime",
        ],
        remedy: in_a_query!("title:engineer* AND type:full-time"),
    },
    ExpectedCondition {
        keys: &["lang", "languages", "joblanguage"],
        remedy: in_a_query!("title:engineer* AND lang:en"),
    },
    ExpectedCondition {
        keys: &[
            "age",
            "maxage",
            "maxagedays",
            "maxdays",
            "maxdaysold",
            "daysold",
            "posted",
            "postedafter",
            "postedwithin",
            "dateposted",
            "newerthan",
        ],
        remedy: in_a_query!("title:engineer* AND posted < 7d"),
    },
];

/// Returns the correction for a key of a section; `None` if it is not such a condition. The section
/// has no positions (`sources[]`), and the key is in lower case without separators.
pub(super) fn remedy(section: &str, key: &str) -> Option<&'static str> {
    if !SECTIONS.contains(&section) {
        return None;
    }
    let expected = EXPECTED.iter();
    let mut found = expected.filter(|expected| expected.keys.contains(&key));
    found.next().map(|expected| expected.remedy)
}

/// Returns true if the operator wrote `key` where `meant` is required.
pub(super) fn is_meant(section: &str, key: &str, meant: &str) -> bool {
    section.is_empty() && SEARCHES.contains(&meant) && remedy(section, key).is_some()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use job_scanner_core::query::Query;

    use super::*;

    #[test]
    fn every_query_of_a_correction_is_a_query_without_warnings() {
        for ExpectedCondition { remedy, .. } in EXPECTED {
            let query = remedy.split('\'').nth(1).unwrap();
            let parsed = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
            assert!(parsed.warnings().is_empty(), "{query}");
        }
    }

    #[test]
    fn a_condition_is_found_where_people_write_it_and_nowhere_else() {
        for section in SECTIONS {
            let found = remedy(section, "minsalary").unwrap();
            assert!(found.contains("salary >= 70k EUR"), "{section}: {found}");
        }
        assert_eq!(remedy("email", "minsalary"), None);
        assert!(is_meant("", "remote", "search_criteria"));
        assert!(!is_meant("sources[]", "remote", "type"));
    }

    #[test]
    fn no_key_of_a_condition_is_listed_twice_or_in_a_spelling_that_is_never_found() {
        let mut seen = BTreeSet::new();
        for key in EXPECTED.iter().flat_map(|expected| expected.keys) {
            let is_plain = key.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(is_plain && seen.insert(key), "{key}");
        }
    }
}
