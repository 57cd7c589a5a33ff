//! The JSON Schema of `config.yaml`, for editors.
//!
//! It only helps while writing. The program validates with the readers of the sections. Tests keep
//! the schema and the readers consistent.

/// JSON Schema, draft 2020-12.
pub const SCHEMA: &str = include_str!("schema.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use job_scanner_core::adapter::{Limits, OptionsSchema};
    use serde_json::Value;

    use super::*;
    use crate::{Environment, load};

    fn schema() -> Value {
        serde_json::from_str(SCHEMA).unwrap()
    }

    /// Returns the problems of a configuration, found by the validator for the schemas of adapters.
    fn problems_of(yaml: &str) -> Vec<String> {
        let schema = OptionsSchema::new(schema()).unwrap();
        let value: Value = serde_saphyr::from_str(yaml).unwrap();

        let problems = schema.check(&value);
        problems
            .into_iter()
            .map(|problem| format!("{}: {}", problem.pointer, problem.wrong))
            .collect()
    }

    #[test]
    fn the_shipped_configuration_is_valid() {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config.yaml");
        assert_eq!(problems_of(&fs::read_to_string(example).unwrap()), [""; 0]);
    }

    #[test]
    fn configurations_that_the_program_rejects_are_invalid() {
        const GOOD: &str =
            "sources: [{type: a, identifier: b}]\nsearch_criteria: {required_terms: [c]}\n";
        assert_eq!(problems_of(GOOD), [""; 0]);
        for bad in [
            "sources: []\nsearch_criteria: {}\n",
            "sources: [{type: a}]\nsearch_criteria: {}\n",
            "sources: [{type: a, identifier: b, max_jobs: -1}]\nsearch_criteria: {}\n",
            &format!("{GOOD}on_first_scan: maybe\n"),
            &format!("{GOOD}logging: {{leval: info}}\n"),
            &format!("{GOOD}advanced: {{max_concurrent_sources: 65}}\n"),
            &format!("{GOOD}adapters: {{limits: {{default: {{pages: 0}}}}}}\n"),
        ] {
            assert_eq!(problems_of(bad).len(), 1, "{bad}: {:?}", problems_of(bad));
        }
    }

    /// Finds the keys that the readers know: the problem of an unknown key lists them.
    #[test]
    fn the_schema_lists_exactly_the_keys_that_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut sections = Vec::new();
        collect_sections(&schema(), "{ZZZZ}", &mut sections);
        assert!(sections.len() >= 8, "{sections:?}");
        for (template, named) in sections {
            let file = folder.path().join("config.yaml");
            fs::write(&file, template.replace("ZZZZ", "zzzz: 1")).unwrap();
            let errors = load(Some(&file), &Environment::default()).unwrap_err();
            let unknown = errors
                .problems()
                .iter()
                .find(|problem| problem.key.ends_with("zzzz"));
            let unknown =
                unknown.unwrap_or_else(|| panic!("`{template}` is not a section: {errors}"));
            let read: BTreeSet<String> = unknown
                .remedy
                .split('`')
                .skip(1)
                .step_by(2)
                .map(ToOwned::to_owned)
                .collect();
            assert_eq!(
                named, read,
                "schema.json (left) and the readers (right) of `{template}`"
            );
        }
    }

    #[test]
    fn every_limit_is_documented_with_its_default() {
        let manual = include_str!("../../../docs/limits.md");
        let rows = manual.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: Vec<(&str, &str)> =
            rows.map(|row| row.split_once("` | `").unwrap()).collect();
        let keys: BTreeSet<String> = documented
            .iter()
            .map(|(key, _)| (*key).to_owned())
            .collect();
        let named = &schema()["properties"]["adapters"]["properties"]["limits"]["additionalProperties"]
            ["properties"];
        assert_eq!(keys, named.as_object().unwrap().keys().cloned().collect());

        let documented = documented
            .into_iter()
            .map(|(key, rest)| format!("{key}: {}", rest.split('`').next().unwrap()));
        let limits = documented.collect::<Vec<_>>().join(", ");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        let rest = "sources: [{type: a, identifier: b}]\nsearch_criteria: {required_terms: [c]}\n";
        fs::write(
            &file,
            format!("{rest}adapters: {{limits: {{default: {{{limits}}}}}}}\n"),
        )
        .unwrap();
        let config = load(Some(&file), &Environment::default()).unwrap();
        assert_eq!(
            *config
                .adapters
                .limits
                .for_adapter(&config.sources[0].key.adapter),
            Limits::default()
        );
    }

    /// Collects every mapping with fixed keys: a configuration with a placeholder among its keys, and
    /// the keys that the schema lists. A variant has its `type` in front of the placeholder.
    fn collect_sections(
        schema: &Value,
        template: &str,
        sections: &mut Vec<(String, BTreeSet<String>)>,
    ) {
        if let Some(items) = schema.get("items") {
            collect_sections(items, &template.replace("{ZZZZ}", "[{ZZZZ}]"), sections);
        }
        if let Some(any @ Value::Object(_)) = schema.get("additionalProperties") {
            collect_sections(any, &template.replace("ZZZZ", "default: {ZZZZ}"), sections);
        }
        for variant in schema
            .get("oneOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let kind = variant["properties"]["type"]["const"].as_str().unwrap();
            let template = template.replace("ZZZZ", &format!("type: {kind}, ZZZZ"));
            collect_sections(variant, &template, sections);
        }
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return;
        };
        sections.push((template.to_owned(), properties.keys().cloned().collect()));
        for (name, property) in properties {
            collect_sections(
                property,
                &template.replace("ZZZZ", &format!("{name}: {{ZZZZ}}")),
                sections,
            );
        }
    }
}
