//! The conditions under which code is built.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, Token};

/// Returns true for a `#[cfg(…)]` that holds only in builds of tests, such as `cfg(test)` or
/// `cfg(any(test, feature = "test-support"))`.
pub(crate) fn is_for_tests(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    list.path.is_ident("cfg")
        && list
            .parse_args::<Meta>()
            .is_ok_and(|condition| holds_in_tests_only(&condition))
}

fn holds_in_tests_only(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => {
            let parts = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
            let mut parts = parts.into_iter().flatten();
            if list.path.is_ident("any") {
                return parts.all(|part| holds_in_tests_only(&part));
            }
            list.path.is_ident("all") && parts.any(|part| holds_in_tests_only(&part))
        }
        Meta::NameValue(pair) => {
            pair.path.is_ident("feature") && text_of(&pair.value).starts_with("test")
        }
    }
}

/// Returns the text of a string literal, or an empty text for any other expression.
fn text_of(value: &Expr) -> String {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => text.value(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_test_only(condition: &str) -> bool {
        let item = syn::parse_str::<syn::ItemStruct>(&format!("#[cfg({condition})] struct S;"));
        item.unwrap().attrs.iter().any(is_for_tests)
    }

    #[test]
    fn a_condition_that_holds_only_in_tests_is_for_tests() {
        assert!(is_test_only("test"));
        assert!(is_test_only("all(test, unix)"));
        assert!(is_test_only("feature = \"test-support\""));
        assert!(is_test_only("any(test, feature = \"test-support\")"));
    }

    #[test]
    fn a_condition_that_may_hold_in_the_program_is_not_for_tests() {
        assert!(!is_test_only("unix"));
        assert!(!is_test_only("not(test)"));
        assert!(!is_test_only("any(test, unix)"));
        assert!(!is_test_only("all(unix, feature = \"config\")"));
    }
}
