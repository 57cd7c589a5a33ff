//! Numbers as people write them: `60.000`, `60,000.00`, `60'000`, `60 000`, `12,00,000`, `17,50`.

/// The digits of the largest number that is read. Longer ones are identifiers.
const MAX_DIGITS: usize = 12;

/// A number and its place in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Number {
    pub(super) value: f64,
    pub(super) start: usize,
    pub(super) end: usize,
    /// False for anything that only looks like a number, such as a date, a version or an identifier.
    pub(super) is_plain: bool,
    /// True if a comma separates the decimals, and no other sign separates thousands.
    pub(super) has_bare_decimal_comma: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Dot,
    Comma,
    Apostrophe,
    Space,
}

/// Reads the number that begins at `start`, which is the first of its digits.
pub(super) fn number_at(text: &str, start: usize) -> Number {
    let first_end = digits_end(text, start);
    let thousands = thousands(text, start, first_end);
    let whole_end = thousands.map_or(first_end, |(_, end)| end);

    let separator = thousands.map(|(separator, _)| separator);
    let decimals = decimals(text, start, whole_end, separator);
    let end = decimals.map_or(whole_end, |(_, end)| end);

    let decimal_digits = decimals.map_or(0, |(_, end)| end - whole_end - 1);
    let identifier_end = identifier_end(text, end);
    let value = value(&text[start..end], decimal_digits);
    Number {
        value: value.unwrap_or(f64::INFINITY),
        start,
        end: identifier_end,
        is_plain: identifier_end == end && value.is_some(),
        has_bare_decimal_comma: decimals.is_some_and(|(sign, _)| sign == Separator::Comma)
            && separator.is_none(),
    }
}

/// Returns the value of the digits in a text, of which the last ones are decimals; `None` if there
/// are too many.
fn value(written: &str, decimal_digits: usize) -> Option<f64> {
    let mut whole: u64 = 0;
    let digits = written.bytes().filter(u8::is_ascii_digit);
    for (count, digit) in digits.enumerate() {
        if count == MAX_DIGITS {
            return None;
        }
        whole = whole * 10 + u64::from(digit - b'0');
    }
    #[expect(clippy::cast_precision_loss, reason = "12 digits fit into 53 bits")]
    let whole = whole as f64;
    let decimals = (0..decimal_digits).fold(1.0, |power, _| power * 10.0);
    Some(whole / decimals)
}

/// Returns the separator of the groups after the first digits, and the end of the last group; `None`
/// if the number is not grouped.
fn thousands(text: &str, start: usize, first_end: usize) -> Option<(Separator, usize)> {
    let first_len = first_end - start;
    if first_len > 3 || text.as_bytes()[start] == b'0' {
        return None;
    }
    let (separator, _) = separator_at(text, first_end)?;
    if separator == Separator::Comma
        && let Some(end) = lakh_groups(text, first_end)
    {
        return Some((separator, end));
    }

    let mut end = first_end;
    while let Some(next) = group(text, end, separator, 3) {
        end = next;
    }
    (end > first_end).then_some((separator, end))
}

/// Returns the end of Indian groups: one or more of two digits, then one of three.
fn lakh_groups(text: &str, first_end: usize) -> Option<usize> {
    let mut end = group(text, first_end, Separator::Comma, 2)?;
    while let Some(next) = group(text, end, Separator::Comma, 2) {
        end = next;
    }
    group(text, end, Separator::Comma, 3)
}

/// Returns the end of a separator and a group of exactly `len` digits at `at`.
fn group(text: &str, at: usize, separator: Separator, len: usize) -> Option<usize> {
    let (found, digits) = separator_at(text, at)?;
    let end = digits_end(text, digits);
    (found == separator && end - digits == len).then_some(end)
}

/// Returns the sign and the end of the decimals at `at`; `None` if there are none.
fn decimals(
    text: &str,
    start: usize,
    at: usize,
    thousands: Option<Separator>,
) -> Option<(Separator, usize)> {
    let (sign, digits) = separator_at(text, at)?;
    let len = digits_end(text, digits) - digits;
    let is_below_one = &text[start..at] == "0";
    let is_sign = matches!(sign, Separator::Dot | Separator::Comma) && thousands != Some(sign);
    let is_length = matches!(len, 1 | 2) || (is_below_one && (1..=4).contains(&len));
    (is_sign && is_length).then_some((sign, digits + len))
}

/// Returns the separator at `at` and the position after it, if a digit follows.
fn separator_at(text: &str, at: usize) -> Option<(Separator, usize)> {
    let sign = text[at..].chars().next()?;
    let separator = match sign {
        '.' => Separator::Dot,
        ',' => Separator::Comma,
        '\'' | '\u{2019}' => Separator::Apostrophe,
        // A space, a no-break space, a thin space and a narrow no-break space.
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' => Separator::Space,
        _ => return None,
    };
    let after = at + sign.len_utf8();
    let is_before_digit = text.as_bytes().get(after).is_some_and(u8::is_ascii_digit);
    is_before_digit.then_some((separator, after))
}

/// Returns the end of further digits with signs between them, as dates and versions have them.
fn identifier_end(text: &str, at: usize) -> usize {
    let mut end = at;
    while let Some((Separator::Dot | Separator::Comma | Separator::Apostrophe, digits)) =
        separator_at(text, end)
    {
        end = digits_end(text, digits);
    }
    end
}

fn digits_end(text: &str, start: usize) -> usize {
    let digits = text.as_bytes()[start..].iter();
    start + digits.take_while(|byte| byte.is_ascii_digit()).count()
}
