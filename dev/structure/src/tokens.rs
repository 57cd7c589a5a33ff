//! The paths and words in the arguments of macros and attributes, which are tokens without a parsed
//! syntax.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::modules::Path;

/// Finds the paths in tokens, each with its line.
pub(crate) fn paths_in(tokens: TokenStream) -> Vec<(Path, usize)> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    let mut rest = tokens.as_slice();
    loop {
        match rest {
            [] => return found,
            // A field or a method is not a path.
            [TokenTree::Punct(dot), TokenTree::Ident(_), after @ ..] if dot.as_char() == '.' => {
                rest = after;
            }
            [TokenTree::Ident(first), after @ ..] => {
                let mut path = vec![first.to_string()];
                rest = after;
                while let Some((name, after)) = next_segment(rest) {
                    path.push(name.to_string());
                    rest = after;
                }
                found.push((path, first.span().start().line));
            }
            [TokenTree::Group(group), after @ ..] => {
                found.extend(paths_in(group.stream()));
                rest = after;
            }
            [_, after @ ..] => rest = after,
        }
    }
}

/// Splits `::name` off the beginning of `tokens`.
fn next_segment(tokens: &[TokenTree]) -> Option<(&Ident, &[TokenTree])> {
    match tokens {
        [
            TokenTree::Punct(first),
            TokenTree::Punct(second),
            TokenTree::Ident(name),
            after @ ..,
        ] if first.as_char() == ':' && second.as_char() == ':' => Some((name, after)),
        _ => None,
    }
}

/// Lists the identifiers in tokens, including keywords.
pub(crate) fn words_in(tokens: TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(word) => words.push(word.to_string()),
            TokenTree::Group(group) => words.extend(words_in(group.stream())),
            TokenTree::Literal(_) | TokenTree::Punct(_) => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(tokens: &str) -> Vec<(String, usize)> {
        paths_in(tokens.parse().unwrap())
            .into_iter()
            .map(|(path, line)| (path.join("::"), line))
            .collect()
    }

    #[test]
    fn paths_are_found_at_any_depth_with_their_lines() {
        let found = paths("a::b(1,\n{ crate::c::d::<T>() })\n+ e");

        let expected = [("a::b", 1), ("crate::c::d", 2), ("T", 2), ("e", 3)];
        assert_eq!(found, expected.map(|(path, line)| (path.to_owned(), line)));
    }

    #[test]
    fn fields_and_methods_are_not_paths() {
        assert_eq!(paths("a.b.c(1)"), [("a".to_owned(), 1)]);
    }

    #[test]
    fn words_are_found_at_any_depth() {
        let words = words_in("JobId: \"job\", [Run(Id)]".parse().unwrap());

        assert_eq!(words, ["JobId", "Run", "Id"]);
    }
}
