//! A check of the manifest at compile time, so that a mistake fails the build instead of the first
//! scan.
//!
//! Not here: host patterns and the options' schema, which the host validates
//! (`job-scanner adapter inspect FILE`).

/// The largest manifest that the host accepts, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// The longest name of an adapter that the host accepts, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// The deepest nesting. The host's JSON parser has a limit too.
const MAX_DEPTH: usize = 100;

/// Checks that `json` is a JSON object with a valid `name` and a `version`.
///
/// [`export_adapter!`](crate::export_adapter) calls it at compile time, so that an invalid manifest
/// fails the build.
///
/// ```
/// const _: () = job_scanner_sdk::check_manifest(r#"{"name": "example", "version": "1.0.0", "hosts": []}"#);
/// ```
///
/// ```compile_fail
/// const _: () = job_scanner_sdk::check_manifest(r#"{"name": "An Example", "version": "1.0.0"}"#);
/// ```
///
/// ```compile_fail
/// const _: () = job_scanner_sdk::check_manifest(r#"{"name": "example", "version": "1.0.0", "hosts": [}"#);
/// ```
///
/// # Panics
///
/// If the host would reject the manifest for one of these reasons.
pub const fn check_manifest(json: &str) {
    let json = json.as_bytes();
    assert!(
        json.len() <= MAX_BYTES,
        "the manifest is larger than the host accepts"
    );

    let (mut has_name, mut has_version) = (false, false);
    let mut at = expect(json, skip_space(json, 0), b'{');
    loop {
        let key = at;
        at = skip_space(json, string(json, key));
        let value = expect(json, at, b':');

        if is_string(json, key, b"name") {
            assert!(!has_name, "the manifest has more than one `name`");
            check_name(json, value);
            has_name = true;
        } else if is_string(json, key, b"version") {
            assert!(
                json[value] == b'"',
                "the manifest's `version` is not a string"
            );
            has_version = true;
        }

        at = skip_space(json, skip_value(json, value, 1));
        if at < json.len() && json[at] == b'}' {
            break;
        }
        at = expect(json, at, b',');
    }

    assert!(
        skip_space(json, at + 1) == json.len(),
        "the manifest continues after its closing brace"
    );
    assert!(has_name, "the manifest has no `name`");
    assert!(has_version, "the manifest has no `version`");
}

/// Checks a name: `[a-z0-9][a-z0-9-]*`, like the `type` of a source.
const fn check_name(json: &[u8], at: usize) {
    let end = string(json, at) - 1;
    let start = at + 1;
    assert!(
        start < end && end - start <= MAX_NAME_BYTES && json[start] != b'-',
        "the manifest's `name` is empty, too long, or starts with a hyphen"
    );

    let mut next = start;
    while next < end {
        let plain = matches!(json[next], b'a'..=b'z' | b'0'..=b'9' | b'-');
        assert!(
            plain,
            "the manifest's `name` may only contain lower-case letters, digits and hyphens"
        );
        next += 1;
    }
}

/// Returns the position after a value.
const fn skip_value(json: &[u8], at: usize, depth: usize) -> usize {
    assert!(depth < MAX_DEPTH, "the manifest is nested too deeply");
    assert!(at < json.len(), "the manifest is truncated");
    match json[at] {
        b'"' => string(json, at),
        b'{' => skip_items(json, at, b'}', depth),
        b'[' => skip_items(json, at, b']', depth),
        b't' => word(json, at, b"true"),
        b'f' => word(json, at, b"false"),
        b'n' => word(json, at, b"null"),
        _ => number(json, at),
    }
}

/// Returns the position after a list, or after an object if `end` is a brace.
const fn skip_items(json: &[u8], at: usize, end: u8, depth: usize) -> usize {
    let mut at = skip_space(json, at + 1);
    if at < json.len() && json[at] == end {
        return at + 1;
    }

    loop {
        if end == b'}' {
            at = skip_space(json, string(json, at));
            at = expect(json, at, b':');
        }

        at = skip_space(json, skip_value(json, at, depth + 1));
        assert!(at < json.len(), "the manifest is truncated");
        if json[at] == end {
            return at + 1;
        }
        at = skip_space(json, expect_comma(json, at));
    }
}

/// Returns the position after a string.
const fn string(json: &[u8], at: usize) -> usize {
    assert!(
        at < json.len() && json[at] == b'"',
        "the manifest is not valid JSON: expected a string"
    );

    let mut at = at + 1;
    while at < json.len() && json[at] != b'"' {
        assert!(
            json[at] >= b' ',
            "the manifest is not valid JSON: a string contains a control character"
        );
        at += if json[at] == b'\\' { 2 } else { 1 };
    }

    assert!(
        at < json.len(),
        "the manifest is not valid JSON: a string does not end"
    );
    at + 1
}

const fn number(json: &[u8], at: usize) -> usize {
    let mut end = at;
    while end < json.len() && matches!(json[end], b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') {
        end += 1;
    }
    assert!(end > at, "the manifest is not valid JSON: expected a value");
    end
}

const fn word(json: &[u8], at: usize, word: &[u8]) -> usize {
    let mut index = 0;
    while index < word.len() {
        let same = at + index < json.len() && json[at + index] == word[index];
        assert!(
            same,
            "the manifest is not valid JSON: expected `true`, `false` or `null`"
        );
        index += 1;
    }
    at + word.len()
}

/// Returns true if the string at this position is `text`.
const fn is_string(json: &[u8], at: usize, text: &[u8]) -> bool {
    if string(json, at) - at != text.len() + 2 {
        return false;
    }
    let mut index = 0;
    while index < text.len() {
        if json[at + 1 + index] != text[index] {
            return false;
        }
        index += 1;
    }
    true
}

const fn expect_comma(json: &[u8], at: usize) -> usize {
    assert!(
        json[at] == b',',
        "the manifest is not valid JSON: expected a comma or a closing bracket"
    );
    at + 1
}

const fn expect(json: &[u8], at: usize, byte: u8) -> usize {
    assert!(
        at < json.len() && json[at] == byte,
        "the manifest is not valid JSON: expected a brace, a colon or a comma"
    );
    skip_space(json, at + 1)
}

const fn skip_space(json: &[u8], at: usize) -> usize {
    let mut at = at;
    while at < json.len() && matches!(json[at], b' ' | b'\n' | b'\r' | b'\t') {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn a_manifest_that_the_host_accepts_passes() {
        for json in [
            r#"{"name":"a","version":"1"}"#,
            " {\n\t\"version\" : \"1\" , \"hosts\" : [ { } , [ ] , \"\\\"]\" , -1.5e+3 , true , false , null ] , \"name\" : \"a-1\" } \n",
            include_str!("../../greenhouse/manifest.json"),
        ] {
            check_manifest(json);
        }
    }

    #[test]
    fn a_manifest_that_the_host_rejects_panics() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"name":"a"}"#,
            r#"{"version":"1"}"#,
            r#"{"name":"A","version":"1"}"#,
            r#"{"name":"-a","version":"1"}"#,
            r#"{"name":"","version":"1"}"#,
            r#"{"name":"a","version":1}"#,
            r#"{"name":"a","name":"b","version":"1"}"#,
            r#"{"name":"a","version":"1",}"#,
            r#"{"name":"a","version":"1"} x"#,
            r#"{"name":"a","version":"1","hosts":[1 2]}"#,
            r#"{"name":"a","version":"1","hosts":[1,]}"#,
            r#"{"name":"a","version":"1","hosts":[}"#,
            r#"{"name":"a","version":"1","x":{"y"}}"#,
            r#"{"name":"a","version":"1","x":nul}"#,
            r#"{"name":"a","version":"1","x":"#,
            r#"{"name":"a","version":"1","x":"y"#,
            "{\"name\":\"a\",\"version\":\"1\",\"x\":\"\n\"}",
        ] {
            assert!(catch_unwind(|| check_manifest(json)).is_err(), "{json}");
        }
        let deep = format!(
            r#"{{"name":"a","version":"1","x":{}1{}}}"#,
            "[".repeat(200),
            "]".repeat(200)
        );
        assert!(catch_unwind(move || check_manifest(&deep)).is_err());
    }
}
