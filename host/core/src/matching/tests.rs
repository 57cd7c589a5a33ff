//! Tables of the hits of terms, and of the results of profiles.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{
    JobSource, MatchResult, MatchTimes, MatchedFields, MatchedJob, Profile, QueryMatcher, Term,
    reference,
};
use crate::job::{Location, Workplace};
use crate::key::SourceKey;
use crate::query::{Field, ListedTerm, Query, Truth};

fn terms(written: &[&str]) -> Vec<ListedTerm> {
    written
        .iter()
        .map(|written| written.parse().unwrap())
        .collect()
}

fn profile(name: &str, required: &[&str], groups: &[&[&str]], exclude: &[&str]) -> Profile {
    let groups: Vec<_> = groups.iter().map(|group| terms(group)).collect();
    let query = Query::of_lists(&terms(required), &groups, &terms(exclude));
    Profile::new(name, query.unwrap())
}

fn matcher(profiles: impl IntoIterator<Item = Profile>) -> QueryMatcher {
    QueryMatcher::new(profiles.into_iter().collect()).unwrap()
}

static SOURCE: LazyLock<SourceKey> = LazyLock::new(|| "feed/news".parse().unwrap());

const FIELDS: MatchedFields<'static> = MatchedFields {
    url: "https://a.example/7",
    ..MatchedFields::UNKNOWN
};

fn job(fields: MatchedFields<'_>) -> MatchedJob<'_> {
    let times = MatchTimes {
        first_seen_at: "2026-11-20T00:00:00Z".parse().unwrap(),
        now: "2026-11-23T00:00:00Z".parse().unwrap(),
    };
    let source = JobSource {
        key: &SOURCE,
        name: "News",
    };
    fields.of(source, times)
}

fn description(text: &str) -> MatchedJob<'_> {
    job(MatchedFields {
        description: Some(text),
        ..FIELDS
    })
}

fn title(text: &str) -> MatchedJob<'_> {
    job(MatchedFields {
        title: text,
        ..FIELDS
    })
}

/// Returns true if the term hits in a description with this text.
pub(super) fn hits(written: &str, text: &str) -> bool {
    !matcher([profile("p", &[written], &[], &[])])
        .evaluate(&description(text))
        .is_empty()
}

fn names(results: &[MatchResult]) -> Vec<&str> {
    results
        .iter()
        .map(|result| result.profile.as_str())
        .collect()
}

/// A term, texts that it hits, and texts that it misses.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

fn check(cases: &[Case]) {
    for (written, hit, missed) in cases {
        for text in *hit {
            assert!(hits(written, text), "`{written}` must hit {text:?}");
        }
        for text in *missed {
            assert!(!hits(written, text), "`{written}` must miss {text:?}");
        }
    }
}

#[test]
fn a_term_hits_whole_tokens_in_any_case() {
    check(&[
        (
            "go",
            &[
                "Go",
                "GO!",
                "(go)",
                "go, rust",
                "we use Go.",
                "go_dev",
                "Go\u{2122}",
            ],
            &["golang", "algorithm", "ago", "go2"],
        ),
        (
            "java",
            &["Java", "Java/Kotlin", "Java, Kotlin"],
            &["JavaScript", "java2", "Java8"],
        ),
        (
            "engineer",
            &["Engineer", "ENGINEER:", "Data-Engineer"],
            &["engineers", "engineering", "bioengineer"],
        ),
        (
            "R",
            &["R, SQL", "R&B2", "in R."],
            &["Rust", "HR", "R2", "R&D"],
        ),
        ("2", &["2 days", "2-3 days"], &["20 days", "2nd"]),
        (
            "R&D",
            &["our R&D team", "P&R&D"],
            &["R & D", "R and D", "PR&D"],
        ),
        // Only a term of one letter is a part of such an abbreviation.
        ("C++", &["C&C++"], &[]),
        ("C#", &["C&C#"], &[]),
        ("m/w/d", &["(m/w/d)", "M W D"], &["m/w/div"]),
        ("rust", &["#rust", "+rust", "@rust", "rust?"], &[]),
    ]);
}

#[test]
fn plus_hash_and_dot_belong_to_a_token_when_the_term_has_them() {
    check(&[
        (
            "C++",
            &[
                "C++", "c++.", "C++, C#", "(C++)", "C/C++", "Go+C++", "C++17",
            ],
            &["C", "C+", "C+++", "C++Builder"],
        ),
        ("C++*", &["C++17", "C++", "C++Builder"], &["C+", "AC++"]),
        (
            "C#",
            &["C#", "C#.", "C# / .NET", "#C#", "C#8"],
            &["C", "C##", "C#Corner"],
        ),
        (
            ".NET",
            &[".NET", "(.net)", ".NET.", "C#/.NET", "use .NET Core"],
            &["NET", "ASP.NET", "www.acme.net", ".NETs"],
        ),
        (
            "Node.js",
            &["Node.js", "Node.js.", "node.js, React", "...Node.js"],
            &["Node js", "nodejs", "Node.jsx", "a.node.js", "node.js.org"],
        ),
        ("e.g.", &["e.g. Go", "e.g.+"], &["e.g", "e.g.x"]),
        ("net", &["ASP.NET", ".NET"], &["netto"]),
        ("#metoo", &["#MeToo", "and #metoo."], &["metoo", "C#metoo"]),
    ]);
}

#[test]
fn a_name_that_ends_in_plus_or_hash_is_not_found_by_its_letter() {
    check(&[
        (
            "C",
            &["C", "C/C++", "C, C++", "C.", "Objective-C"],
            &["C++", "C#", "C++17", "C#8", "c++/c#"],
        ),
        ("HTML", &["HTML+CSS", "HTML + CSS"], &["HTML++"]),
        ("Java 17", &["Java 17+", "Java 17+, Spring"], &["Java 171"]),
        ("Disney", &["Disney"], &["Disney+"]),
    ]);
}

#[test]
fn words_of_a_phrase_may_be_joined_by_one_space_hyphen_or_slash() {
    let texts: &[&str] = &[
        "full stack",
        "full-stack",
        "Full/Stack",
        "FULL\n\n\t stack",
        "full\u{a0}stack",
        "full\u{2011}stack",
        "full–stack",
        "ｆｕｌｌ－ｓｔａｃｋ",
        "a full-stack, b",
    ];
    let others: &[&str] = &[
        "fullstack",
        "full, stack",
        "full - stack",
        "full--stack",
        "full stacks",
        "carefull stack",
        "full. Stack",
    ];

    check(&[
        ("full stack", texts, others),
        ("full-stack", texts, others),
        (
            "Full/ Stack",
            &["full- stack", "full/-stack"],
            &["full stack"],
        ),
        ("CI / CD", &["CI / CD", "ci - cd"], &["CI/CD"]),
        (
            "C++ developer",
            &["C++ Developer", "C++-Developer"],
            &["C developer", "C++ developers"],
        ),
        (
            "site reliability engineer*",
            &["Site-Reliability Engineering"],
            &["site reliability"],
        ),
    ]);
}

#[test]
fn a_star_makes_a_prefix() {
    check(&[
        (
            "engineer*",
            &["engineer", "Engineering", "engineers.", "engineer+"],
            &["bioengineering", "engine"],
        ),
        ("c*", &["C++", "C", "css"], &["abc"]),
        ("파이썬*", &["파이썬을 사용"], &["자바"]),
    ]);
    check(&[("파이썬", &["파이썬 개발자"], &["파이썬을"])]);
}

#[test]
fn an_equals_sign_requires_exact_case() {
    check(&[
        ("=Go", &["Go", "in Go."], &["go", "GO", "Golang"]),
        ("=IT", &["IT, EU"], &["it"]),
        ("=Engineer*", &["Engineering"], &["engineering"]),
        (
            "=Full-Stack",
            &["Full Stack", "Full/Stack"],
            &["Full stack"],
        ),
        ("=Resume", &["Résumé"], &["résumé"]),
        ("=Straße", &["Straße"], &["Strasse", "STRASSE"]),
        ("= Go", &["Go"], &["go"]),
    ]);
}

#[test]
fn accents_fold_unless_the_term_has_one() {
    check(&[
        (
            "resume",
            &["résumé", "Re\u{301}sume\u{301}", "RESUMÉ", "resume"],
            &["résumés"],
        ),
        (
            "résumé",
            &["résumé", "RÉSUMÉ", "re\u{301}sume\u{301}"],
            &["resume", "resumé"],
        ),
        ("re\u{301}sume\u{301}", &["résumé"], &["resume"]),
        ("Munchen", &["München", "MÜNCHEN"], &["Muenchen"]),
        ("München", &["münchen"], &["Munchen"]),
        ("Lodz", &["Łódź"], &[]),
        ("Łódź", &["łódź"], &["Lodz", "Łodz"]),
        ("kobenhavn", &["København"], &[]),
        ("sao paulo", &["São Paulo", "São-Paulo"], &[]),
    ]);
}

#[test]
fn letters_of_all_scripts_follow_their_own_case() {
    check(&[
        (
            "straße",
            &["Straße", "STRASSE", "STRAẞE", "strasse"],
            &["strase"],
        ),
        ("s", &["s"], &["Straße", "ß"]),
        ("stras", &[], &["straß", "Straße"]),
        (
            "istanbul",
            &["İstanbul", "ISTANBUL", "ıstanbul", "I\u{307}stanbul"],
            &[],
        ),
        ("İstanbul", &["istanbul", "İSTANBUL"], &[]),
        ("Οδυσσεύς", &["ΟΔΥΣΣΕΎΣ", "οδυσσεύς"], &["ΟΔΥΣΣΕΥΣ"]),
        (
            "разработчик",
            &["Разработчик Python", "РАЗРАБОТЧИК"],
            &["разработчики"],
        ),
        ("еще", &["ещё"], &[]),
        ("مهندس", &["مُهَنْدِس", "مهندس برمجيات"], &["مهندسة"]),
        ("विकासक", &["विकासक"], &["विकासकों"]),
        ("office", &["oﬃce"], &[]),
        ("l'oreal", &["L’Oréal", "L'ORÉAL"], &[]),
        (
            "rust",
            &["Ｒｕｓｔ", "ru\u{ad}st", "r\u{200b}ust"],
            &["Ｒｕｓｔ２"],
        ),
    ]);
}

#[test]
fn every_position_in_a_script_without_spaces_is_a_boundary() {
    check(&[
        ("開発", &["自社開発部", "開発", "Web開発"], &["開", "開 発"]),
        (
            "Python",
            &["Pythonエンジニア", "经验Python开发", "ใช้Pythonเขียน"],
            &["Pythons", "CPython"],
        ),
        ("エンジニア", &["Pythonエンジニア募集"], &[]),
        ("วิศวกร", &["รับสมัครวิศวกรซอฟต์แวร์"], &[]),
        (".NET", &["使用.NET开发"], &["使用ASP.NET"]),
        ("か", &["かき"], &["が", "か\u{3099}"]),
        ("か\u{3099}", &["がき"], &["かき"]),
    ]);
}

#[test]
fn a_term_hits_its_own_text() {
    for written in [
        "CI / CD",
        "full--stack",
        "R&D",
        "C++",
        ".NET",
        "Node.js",
        "a+b",
        "@home",
        "(senior)",
        "e.g.",
        "T.b.d.",
    ] {
        assert!(hits(written, written), "{written}");
        assert!(hits(written, &format!("x {written} y")), "{written}");
    }
}

#[test]
fn terms_that_overlap_or_share_a_beginning_all_hit() {
    let wanted = [
        "data",
        "data engineer",
        "data engineering",
        "engineering",
        "engineering manager",
        "manager*",
        "ata*",
    ];
    let profiles = wanted.map(|written| profile(written, &[written], &[], &[]));
    let results = matcher(profiles).evaluate(&description("Data Engineering Manager"));
    assert_eq!(
        names(&results),
        [
            "data",
            "data engineering",
            "engineering",
            "engineering manager",
            "manager*"
        ]
    );
}

#[test]
fn a_later_place_hits_after_one_inside_a_word_missed() {
    check(&[
        ("go", &["ergo, cargo and Go"], &[]),
        ("=Go", &["go, GO, Go"], &[]),
        ("résumé", &["resume, résumé"], &[]),
    ]);
}

#[test]
fn a_job_matches_with_all_required_terms_one_of_each_group_and_no_excluded_term() {
    let wanted = profile(
        "p",
        &["engineer", "rust"],
        &[&["remote", "hybrid"], &["berlin", "paris"]],
        &["intern", "C++"],
    );
    let matcher = matcher([wanted]);
    let cases = [
        ("Rust Engineer, remote, Berlin", true),
        ("Rust Engineer, hybrid, remote, Paris", true),
        ("Engineer, remote, Berlin", false),
        ("Rust Engineer, Berlin", false),
        ("Rust Engineer, remote", false),
        ("Rust Engineer, remote, Berlin, Intern", false),
        ("Rust Engineer, remote, Berlin, internal tools", true),
        ("Rust and C++ Engineer, remote, Berlin", false),
    ];
    for (text, expected) in cases {
        let job = title(text);
        assert_eq!(!matcher.evaluate(&job).is_empty(), expected, "{text}");
        assert_eq!(matcher.explain(&job)[0].matches, expected, "{text}");
    }
}

/// Returns the field of the first hit of each term.
fn fields_of_hits(terms: &[&str], job: &MatchedJob<'_>) -> Vec<Option<Field>> {
    let matcher = matcher(terms.iter().map(|term| profile(term, &[term], &[], &[])));
    let explained = matcher.explain(job);
    let hits = explained
        .into_iter()
        .map(|one| one.tree.parts[0].hit.clone());
    hits.map(|hit| hit.map(|hit| hit.field)).collect()
}

fn place(name: &str) -> Location {
    Location {
        name: name.to_owned(),
        city: None,
        region: None,
        country: None,
    }
}

#[test]
fn every_field_is_searched_and_the_title_comes_first() {
    let places = [place("Berlin"), place("New York")];
    let job = job(MatchedFields {
        title: "Rust Engineer",
        company: Some("Acme"),
        department: Some("Platform"),
        locations: &places,
        workplace: Some(Workplace::Remote),
        employment_type: Some("FullTime"),
        description: Some("Rust at Acme, on the Platform team in New York, York Berlin"),
        ..FIELDS
    });
    let wanted = [
        "rust",
        "acme",
        "platform",
        "new york",
        "remote",
        "full time",
        "team",
        "berlin new",
        "york berlin",
        "news",
    ];
    let expected = [
        Some(Field::Title),
        Some(Field::Company),
        Some(Field::Department),
        Some(Field::Location),
        Some(Field::Workplace),
        Some(Field::EmploymentType),
        Some(Field::Description),
        None,
        Some(Field::Description),
        None,
    ];
    assert_eq!(fields_of_hits(&wanted, &job), expected);
}

#[test]
fn a_field_before_a_term_limits_it() {
    let job = job(MatchedFields {
        title: "Rust Engineer",
        description: Some("Our manager likes Rust"),
        ..FIELDS
    });
    let wanted = [
        "title:rust",
        "description:rust",
        "title:manager",
        "source:news",
        "url:a.example",
    ];
    let expected = [
        Some(Field::Title),
        Some(Field::Description),
        None,
        Some(Field::Source),
        Some(Field::Url),
    ];
    assert_eq!(fields_of_hits(&wanted, &job), expected);
}

#[test]
fn the_name_of_the_source_replaces_a_missing_company() {
    let company = |company| job(MatchedFields { company, ..FIELDS });
    assert_eq!(
        fields_of_hits(&["news"], &company(None)),
        [Some(Field::Company)]
    );
    assert_eq!(fields_of_hits(&["news"], &company(Some("Acme"))), [None]);
}

#[test]
fn an_excluded_term_searches_the_short_fields_only() {
    let matcher = matcher([
        profile("default", &["rust"], &[], &["manager"]),
        profile("everywhere", &["rust"], &[], &["any:manager"]),
    ]);
    let of_text = description("Rust. You report to a manager.");
    assert_eq!(names(&matcher.evaluate(&of_text)), ["default"]);
    let of_type = job(MatchedFields {
        title: "Rust",
        employment_type: Some("Manager"),
        ..FIELDS
    });
    assert!(matcher.evaluate(&of_type).is_empty());
}

#[test]
fn a_star_at_the_beginning_makes_a_suffix() {
    check(&[
        (
            "*administrator",
            &[
                "Systemadministrator (m/w/d)",
                "Administrator",
                "Netzwerk-Administrator",
            ],
            &["Administratorin", "Administrationsleiter"],
        ),
        ("*tester*", &["Softwaretesterin", "testers"], &["Test"]),
        ("=*Script", &["TypeScript Script"], &["typescript"]),
        ("*straße", &["Hauptstraße", "HAUPTSTRASSE"], &["Straßen"]),
    ]);
}

#[test]
fn a_result_has_the_reasons_of_a_match() {
    let matcher = matcher([profile(
        "mine",
        &["Rust"],
        &[&["remote", "hybrid"]],
        &["intern"],
    )]);
    let results = matcher.evaluate(&description("Straße 1:\nwe want résumés,  rust and hybrid"));
    let [result] = results.as_slice() else {
        panic!("{results:?}")
    };

    let found: Vec<_> = result
        .reasons
        .iter()
        .map(|reason| {
            let snippet = reason.hit.as_ref().map(|hit| hit.snippet.as_str());
            (reason.term.as_str(), snippet)
        })
        .collect();
    let snippet = Some("Straße 1: we want résumés, rust and hybrid");
    assert_eq!(found, [("Rust", snippet), ("hybrid", snippet)]);
}

#[test]
fn a_condition_is_a_reason_with_its_value() {
    let query = Query::parse("workplace:remote AND NOT has:salary AND posted < 7d").unwrap();
    let results = matcher([Profile::new("p", query)]).evaluate(&job(MatchedFields {
        workplace: Some(Workplace::Remote),
        ..FIELDS
    }));
    let reasons: Vec<_> = results[0]
        .reasons
        .iter()
        .map(|reason| (reason.term.as_str(), reason.value.as_deref()))
        .collect();
    assert_eq!(reasons, [("workplace:remote", Some("remote"))]);
}

#[test]
fn a_regular_expression_hits_in_any_case_in_its_fields() {
    let query = Query::parse(r"title:/rust(ace|)an?\b/").unwrap();
    let matcher = matcher([Profile::new("p", query)]);
    let hit = matcher.evaluate(&title("Senior RUSTACEAN"))[0].reasons[0]
        .hit
        .clone();
    assert_eq!(hit.map(|hit| hit.field), Some(Field::Title));
    assert!(matcher.evaluate(&description("rustacean")).is_empty());
}

#[test]
fn a_miss_is_explained_with_the_smallest_change() {
    let matcher = matcher([
        profile("a", &["rust"], &[], &["intern"]),
        profile("b", &["go"], &[&["x", "rust"]], &[]),
    ]);
    let job = title("Rust intern");
    assert!(matcher.evaluate(&job).is_empty());

    let changes: Vec<Vec<(String, bool)>> = matcher
        .explain(&job)
        .into_iter()
        .map(|one| {
            one.smallest_change
                .into_iter()
                .map(|it| (it.term, it.needed))
                .collect()
        })
        .collect();
    let expected = [
        vec![("intern".to_owned(), false)],
        vec![("go".to_owned(), true)],
    ];
    assert_eq!(changes, expected);
    assert_eq!(matcher.explain(&job)[0].tree.truth, Truth::False);
}

#[test]
fn a_profile_for_other_sources_does_not_match() {
    let of = |pattern: &str| Profile {
        sources: vec![super::SourcePattern::new(pattern)],
        ..profile(pattern, &["rust"], &[], &[])
    };
    let matcher = matcher([of("lever/*"), of("feed/*")]);
    assert_eq!(names(&matcher.evaluate(&title("Rust"))), ["feed/*"]);
    assert!(!matcher.explain(&title("Rust"))[0].covers_source);
}

#[test]
fn twenty_thousand_terms_hit_like_a_few() {
    let words: Vec<String> = (0..20_000)
        .map(|number| format!("skill{number:05} tool"))
        .collect();
    let profiles = words.iter().map(|word| profile(word, &[word], &[], &[]));
    let results = matcher(profiles).evaluate(&description(
        "Skill00007-Tool, skill19999 tools and skill12345 tool",
    ));
    assert_eq!(names(&results), ["skill00007 tool", "skill12345 tool"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_matcher_agrees_with_the_reference_implementation(
        terms in prop::collection::vec("=?\\*?[abBéß+#&. \\-/1漢\u{301}\u{ad}]{1,4}\\*?", 1..6),
        text in "[abBéßs+#&. \n\\-/1,漢\u{301}\u{ad}]{0,16}",
    ) {
        let terms: Vec<Term> = terms.iter().filter_map(|written| written.parse().ok()).collect();
        let profiles = terms.iter().map(|term| profile(&term.to_string(), &[&term.to_string()], &[], &[]));
        for result in matcher(profiles).explain(&description(&text)) {
            let expected = reference::hits(&result.profile, &text);
            prop_assert_eq!(result.matches, expected, "{:?} in {:?}", result.profile, text);
        }
    }

    #[test]
    fn matching_any_text_does_not_panic(
        text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}|[aiß\u{130}\u{131}\u{307}\u{1e9e}ﬃŉ漢🦀\u{fe0f}\u{200d} -]{0,60}",
        written in "\\PC{1,6}|[aiß\u{130}\u{131}\u{307}ﬃ漢🦀 -]{1,4}",
    ) {
        let mut wanted = vec!["a", "i*", "*ss", "f", "漢"];
        wanted.extend(written.parse::<ListedTerm>().is_ok().then_some(written.as_str()));
        matcher([profile("p", &[], &[&wanted], &[])]).explain(&description(&text));
    }
}
