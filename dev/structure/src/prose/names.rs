//! The check of names in code.

use super::checks::{self, Place};
use super::read::Prose;
use super::vocabulary::IN_NAMES;

/// Finds functions, tests, types, constants and modules whose names have a word of [`IN_NAMES`].
pub fn odd(prose: &Prose) -> Vec<String> {
    let mut places = Vec::new();
    for (file, named) in &prose.names {
        let words = words_of(&named.name);
        for marker in IN_NAMES {
            if words.iter().any(|word| word == marker.phrase) {
                places.push(Place {
                    file: file.clone(),
                    line: named.line,
                    words: named.name.clone(),
                    instead: marker.instead,
                });
            }
        }
    }
    checks::report(
        &format!("{} names, and there may be none", places.len()),
        &places,
    )
}

/// Splits a name such as `read_all`, `ReadAll` or `READ_ALL` into words in lower case.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for sign in name.chars() {
        if sign == '_' || (sign.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = sign.is_lowercase();
        if let Some(word) = words.last_mut()
            && sign != '_'
        {
            word.extend(sign.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code;

    fn found(code: &str) -> Vec<String> {
        let names = code::names(code).unwrap().into_iter();
        let prose = Prose {
            texts: Vec::new(),
            names: names.map(|named| ("a.rs".to_owned(), named)).collect(),
        };
        odd(&prose)
    }

    #[test]
    fn names_of_items_with_an_odd_word_are_found() {
        let code = "struct ReadAnew;\nconst BESIDE: u8 = 1;\nmod tests {\n#[test]\n
            fn a_job_alerts_nobody() {} }";

        let found = found(code);

        assert!(found[1].contains("a.rs:1: \"ReadAnew\""), "{}", found[1]);
        assert!(found[1].contains("a.rs:2: \"BESIDE\""), "{}", found[1]);
        assert!(
            found[1].contains("a.rs:6: \"a_job_alerts_nobody\""),
            "{}",
            found[1]
        );
    }

    #[test]
    fn names_that_only_contain_the_letters_are_allowed() {
        assert!(found("fn besides() {} fn manewer() { let anew = 1; }").is_empty());
    }
}
