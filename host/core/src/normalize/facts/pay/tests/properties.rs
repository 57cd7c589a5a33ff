//! Properties that hold for every text.

use proptest::prelude::*;

use super::super::{MAX_RANGES, stated_pay};

/// Parts of texts about pay, and signs that confuse a reader of numbers.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,7}",
        "[0-9]{1,3}[.,' \u{202f}\u{2019}][0-9]{2,3}",
        "(?s).",
        prop::sample::select(vec![
            "$",
            "€",
            "US$",
            "kr",
            "zł",
            "k",
            "K€",
            " EUR",
            "CHF ",
            " LPA",
            "L",
            "Tsd.",
            "salary ",
            "Gehalt: ",
            "per hour",
            "/yr",
            "/",
            " - ",
            "–",
            " to ",
            " bis ",
            "+",
            "(",
            ")",
            "|",
            "\n",
            "- ",
            ". ",
            "bonus ",
            "OTE ",
            "located in NYC, the ",
            "-based",
            "İ",
            "ẞ",
            "ﬀ",
            "e\u{301}",
            "401(k)",
            "%",
            "million",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #[test]
    fn every_stated_range_is_plausible(parts in prop::collection::vec(part(), 0..40)) {
        let text = parts.concat();
        let found = stated_pay(&text);
        prop_assert!(found.len() <= MAX_RANGES);
        for pay in &found {
            prop_assert!(pay.min.is_some() || pay.max.is_some());
            for bound in [pay.min, pay.max].into_iter().flatten() {
                prop_assert!(bound.is_finite() && bound > 0.0);
            }
            if let (Some(min), Some(max)) = (pay.min, pay.max) {
                prop_assert!(min <= max);
            }
            if let Some(currency) = &pay.currency {
                prop_assert!(currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase()));
            }
            if let Some(place) = &pay.place {
                prop_assert!(text.contains(place.as_str()));
            }
        }
        prop_assert_eq!(found, stated_pay(&text));
    }

    #[test]
    fn any_text_is_read(text in "(?s).{0,200}") {
        prop_assert!(stated_pay(&text).len() <= MAX_RANGES);
    }
}

#[test]
fn a_long_text_takes_linear_time() {
    for part in [
        "9",
        "$",
        "$1 ",
        "1,",
        "1 000 ",
        "(1",
        "1k-",
        "salary $5 ",
        "€50,000 - ",
        "1\u{202f}",
    ] {
        let text = part.repeat((1 << 20) / part.len());
        assert!(stated_pay(&text).len() <= MAX_RANGES);
    }
}
