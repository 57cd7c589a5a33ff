//! Checks of the real project's English: `cargo test -p job-scanner-structure --test prose`.
//!
//! The words and the bounds are in `src/prose/vocabulary.rs`.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::LazyLock;

use job_scanner_structure::prose::{self, Prose, checks, names};

/// Read once for all tests.
static PROSE: LazyLock<Prose> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    prose::read(&root).unwrap()
});

#[test]
fn comments_and_documents_name_the_actor() {
    assert_none(&checks::unnamed_actors(&PROSE));
}

#[test]
fn doc_comments_do_not_begin_with_question_words() {
    assert_none(&checks::questions(&PROSE));
}

#[test]
fn doc_comments_do_not_begin_with_what_is() {
    assert_none(&checks::what_is(&PROSE));
}

#[test]
fn messages_name_the_actor() {
    assert_none(&checks::unnamed_actors_in_messages(&PROSE));
}

#[test]
fn messages_say_is_not_a_rather_than_is_no() {
    assert_none(&checks::is_no_in_messages(&PROSE));
}

#[test]
fn names_in_code_are_plain_words() {
    assert_none(&names::odd(&PROSE));
}

/// One test for each odd word, so that one can be listed without the others.
macro_rules! odd_words {
    ($($test:ident: $phrase:literal,)*) => {
        $(
            #[test]
            fn $test() {
                assert_none(&checks::odd_words(&PROSE, $phrase));
            }
        )*

        #[test]
        fn every_odd_word_has_a_test() {
            let tested = [$($phrase),*];
            let listed: Vec<&str> = prose::vocabulary::ODD.iter().map(|it| it.phrase).collect();
            assert_eq!(tested.as_slice(), listed);
        }
    };
}

odd_words! {
    next_to_or_besides: "beside",
    again: "anew",
    separately_or_except: "apart",
    this_many: "so many",
    is_reported: "aloud",
    permanently: "for good",
    after: "behind",
}

#[track_caller]
fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n\n{}\n", found.join("\n\n"));
}
