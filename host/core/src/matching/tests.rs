//! Tables of the hits of terms, and of the results of profiles.

use proptest::prelude::*;

use super::{
    Criteria, Field, JobText, KeywordMatcher, MatchResult, Profile, Term, TermRole, reference,
};

fn term(written: &str) -> Term {
    written.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn terms(written: &[&str]) -> Vec<Term> {
    written.iter().map(|written| term(written)).collect()
}

fn profile(name: &str, required: &[&str], groups: &[&[&str]], exclude: &[&str]) -> Profile {
    let keyword_groups = groups.iter().map(|group| terms(group)).collect();
    let criteria = Criteria {
        required_terms: terms(required),
        keyword_groups,
        exclude_terms: terms(exclude),
    };
    Profile {
        name: name.to_owned(),
        criteria,
    }
}

fn matcher(profiles: impl IntoIterator<Item = Profile>) -> KeywordMatcher {
    KeywordMatcher::new(profiles.into_iter().collect()).unwrap()
}

fn description(text: &str) -> JobText<'_> {
    JobText {
        description: Some(text),
        ..JobText::default()
    }
}

fn hits(written: &str, text: &str) -> bool {
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
        ("R", &["R, SQL", "R&D", "in R."], &["Rust", "HR", "R2"]),
        ("2", &["2 days", "2-3 days"], &["20 days", "2nd"]),
        ("R&D", &["our R&D team"], &["R & D", "R and D", "PR&D"]),
        ("m/w/d", &["(m/w/d)", "M W D"], &["m/w/div"]),
        ("rust", &["#rust", "+rust", "@rust", "rust?"], &[]),
    ]);
}

#[test]
fn plus_hash_and_dot_belong_to_a_token_when_the_term_has_them() {
    check(&[
        (
            "C++",
            &["C++", "c++.", "C++, C#", "(C++)", "C/C++", "Go+C++"],
            &["C", "C+", "C+++", "C++17", "C++Builder"],
        ),
        ("C++*", &["C++17", "C++", "C++Builder"], &["C+", "AC++"]),
        (
            "C#",
            &["C#", "C#.", "C# / .NET", "#C#"],
            &["C", "C##", "C#8"],
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
    for (text, fits) in cases {
        assert_eq!(
            !matcher.evaluate(&description(text)).is_empty(),
            fits,
            "{text}"
        );
        assert_eq!(matcher.explain(&description(text))[0].fits, fits, "{text}");
    }
}

#[test]
fn criteria_are_empty_without_any_term() {
    assert!(Criteria::default().is_empty());
    assert!(
        Criteria {
            keyword_groups: vec![Vec::new()],
            ..Criteria::default()
        }
        .is_empty()
    );
    for some in [
        profile("", &["a"], &[], &[]),
        profile("", &[], &[&["a"]], &[]),
        profile("", &[], &[], &["a"]),
    ] {
        assert!(!some.criteria.is_empty());
    }
}

#[test]
fn an_empty_group_and_an_empty_profile_require_nothing() {
    let results = matcher([
        profile("all", &[], &[], &[]),
        profile("rust", &["rust"], &[&[]], &[]),
    ])
    .evaluate(&description("Rust"));
    assert_eq!(names(&results), ["all", "rust"]);
    assert!(matcher([]).evaluate(&description("Rust")).is_empty());
}

#[test]
fn every_field_is_searched_and_the_title_comes_first() {
    let job = JobText {
        title: "Rust Engineer",
        company: Some("Acme"),
        department: Some("Platform"),
        locations: vec!["Berlin", "New York"],
        description: Some("Rust at Acme, on the Platform team in New York, York Berlin"),
        other: vec!["Team Kitchen", "Rust"],
    };
    let wanted = [
        "rust",
        "acme",
        "platform",
        "new york",
        "team",
        "berlin new",
        "york berlin",
        "kitchen",
    ];
    let results = matcher([profile("p", &[], &[&wanted], &[])]).evaluate(&job);
    let fields: Vec<_> = results[0]
        .terms
        .iter()
        .map(|term| term.hit.as_ref().map(|hit| hit.field))
        .collect();
    let expected = [
        Some(Field::Title),
        Some(Field::Company),
        Some(Field::Department),
        Some(Field::Location),
        Some(Field::Description),
        None,
        Some(Field::Description),
        Some(Field::Other),
    ];

    assert_eq!(fields, expected);
}

#[test]
fn a_result_has_each_term_and_its_first_hit() {
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

    assert_eq!((result.profile.as_str(), result.fits), ("mine", true));
    let found: Vec<_> = result
        .terms
        .iter()
        .map(|term| {
            (
                term.term.as_str(),
                term.role,
                term.hit.as_ref().map(|hit| hit.snippet.as_str()),
            )
        })
        .collect();
    let snippet = Some("Straße 1: we want résumés, rust and hybrid");
    let expected = [
        ("Rust", TermRole::Required, snippet),
        ("remote", TermRole::Group(0), None),
        ("hybrid", TermRole::Group(0), snippet),
        ("intern", TermRole::Exclude, None),
    ];

    assert_eq!(found, expected);
}

#[test]
fn a_miss_is_explained_like_a_match() {
    let matcher = matcher([
        profile("a", &["rust"], &[], &["intern"]),
        profile("b", &["go"], &[], &[]),
    ]);
    let job = description("Rust intern");
    assert!(matcher.evaluate(&job).is_empty());
    let explained = matcher.explain(&job);
    assert_eq!(names(&explained), ["a", "b"]);
    assert!(explained.iter().all(|result| !result.fits));
    assert!(explained[0].terms.iter().all(|term| term.hit.is_some()));
    assert!(explained[1].terms[0].hit.is_none());
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
        terms in prop::collection::vec("=?[abBéß+#. \\-/1漢\u{301}\u{ad}]{1,4}\\*?", 1..6),
        text in "[abBéßs+#. \n\\-/1,漢\u{301}\u{ad}]{0,16}",
    ) {
        let terms: Vec<Term> = terms.iter().filter_map(|written| written.parse().ok()).collect();
        let profiles = terms.iter().map(|term| Profile {
            name: term.to_string(),
            criteria: Criteria { required_terms: vec![term.clone()], ..Criteria::default() },
        });
        for result in matcher(profiles).explain(&description(&text)) {
            prop_assert_eq!(result.fits, reference::hits(&result.profile, &text), "{:?} in {:?}", result.profile, text);
        }
    }

    #[test]
    fn matching_any_text_does_not_panic(
        text in "\\PC{0,200}|[\\x00-\\x7f]{0,200}|[aiß\u{130}\u{131}\u{307}\u{1e9e}ﬃŉ漢🦀\u{fe0f}\u{200d} -]{0,60}",
        written in "\\PC{1,6}|[aiß\u{130}\u{131}\u{307}ﬃ漢🦀 -]{1,4}",
    ) {
        let mut wanted = vec![term("a"), term("i*"), term("ss"), term("f"), term("漢")];
        wanted.extend(written.parse::<Term>());
        let criteria = Criteria { keyword_groups: vec![wanted], ..Criteria::default() };
        matcher([Profile { name: String::new(), criteria }]).explain(&description(&text));
    }
}
