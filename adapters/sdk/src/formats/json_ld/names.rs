//! The names of schema.org, as pages write them.
//!
//! `JobPosting`, `https://schema.org/JobPosting` and, with a prefix that the `@context` declares,
//! `schema:JobPosting` are the same name ([JSON-LD 1.1, section
//! 3.2](https://www.w3.org/TR/json-ld11/#iris)). A reader of fields should not have to care, so
//! [`Names::plain`] writes all of them in the first form.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

/// The names that the enclosing contexts declare: a prefix, or a term of the page's own, and the
/// IRI that it stands for.
#[derive(Debug, Clone)]
pub(super) struct Names(HashMap<String, String>);

impl Default for Names {
    /// `schema` is a prefix without a declaration too, as in the [initial context of
    /// RDFa](https://www.w3.org/2011/rdfa-context/rdfa-1.1).
    fn default() -> Self {
        let schema = ("schema".to_owned(), "https://schema.org/".to_owned());
        Self(HashMap::from([schema]))
    }
}

impl Names {
    /// Returns the names that are known inside an object: also those of its own `@context`.
    pub(super) fn inside(&self, object: &Map<String, Value>) -> Cow<'_, Self> {
        let Some(context) = object.get("@context") else {
            return Cow::Borrowed(self);
        };
        let mut names = self.clone();
        names.declare(context);
        Cow::Owned(names)
    }

    /// Adds the declarations of a context: a list, or an object of names. The URL of a context
    /// declares nothing that needs to be known.
    fn declare(&mut self, context: &Value) {
        match context {
            Value::Array(contexts) => contexts.iter().for_each(|context| self.declare(context)),
            Value::Object(terms) => {
                for (name, meaning) in terms {
                    if let Some(iri) = meaning.as_str().or_else(|| meaning["@id"].as_str()) {
                        self.0.insert(name.clone(), iri.to_owned());
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns true if one of the object's types is `name` of schema.org.
    pub(super) fn has_type(&self, object: &Map<String, Value>, name: &str) -> bool {
        match object.get("@type") {
            Some(Value::Array(types)) => types
                .iter()
                .filter_map(Value::as_str)
                .any(|kind| self.local(kind) == name),
            Some(Value::String(kind)) => self.local(kind) == name,
            _ => false,
        }
    }

    /// Returns the properties of an object that have one of these names, as the page writes them, in
    /// the order of the names.
    pub(super) fn written(&self, object: &Map<String, Value>, names: &[&str]) -> Vec<String> {
        let written = |name: &&str| {
            let is_it = |key: &&String| self.local(key) == *name;
            object.keys().find(is_it).cloned()
        };
        names.iter().filter_map(written).collect()
    }

    /// Returns a name of schema.org without what stands before it. Other names stay as they are.
    fn local(&self, name: &str) -> String {
        let name = name.trim();
        let declared = self.0.get(name).cloned();
        let compact = name.split_once(':').and_then(|(prefix, rest)| {
            let iri = self.0.get(prefix)?;
            Some(format!("{iri}{rest}"))
        });
        let iri = declared.or(compact);
        let iri = iri.as_deref().unwrap_or(name);
        without_schema_org(iri).unwrap_or(name).to_owned()
    }

    /// Rewrites an object so that all its names are plain and its values are bare: `schema:title`
    /// becomes `title`, and `{"@value": "Cook"}` becomes `"Cook"`.
    pub(super) fn plain(&self, value: Value) -> Value {
        match value {
            Value::Array(values) => values.into_iter().map(|value| self.plain(value)).collect(),
            Value::Object(object) => self.inside(&object).plain_object(object),
            other => other,
        }
    }

    fn plain_object(&self, mut object: Map<String, Value>) -> Value {
        for wrapper in ["@value", "@list", "@set"] {
            if let Some(value) = object.remove(wrapper) {
                return self.plain(value);
            }
        }

        let fields = object.into_iter().map(|(name, value)| {
            let value = match name.as_str() {
                "@type" => self.plain_types(value),
                _ => self.plain(value),
            };
            (self.local(&name), value)
        });
        Value::Object(fields.collect())
    }

    fn plain_types(&self, types: Value) -> Value {
        match types {
            Value::Array(types) => types.into_iter().map(|it| self.plain_types(it)).collect(),
            Value::String(kind) => Value::String(self.local(&kind)),
            other => other,
        }
    }
}

/// Returns the name at the end of an IRI of schema.org.
fn without_schema_org(iri: &str) -> Option<&str> {
    let rest = iri
        .strip_prefix("https://")
        .or_else(|| iri.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    rest.strip_prefix("schema.org/")
        .map(|name| name.trim_start_matches('#'))
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn is_posting(value: &Value) -> bool {
        let object = value.as_object().expect("an object");
        let names = Names::default();
        names.inside(object).has_type(object, "JobPosting")
    }

    #[test]
    fn a_type_is_known_in_every_form_of_its_name() {
        for value in [
            json!({"@type": "JobPosting"}),
            json!({"@type": ["Thing", "JobPosting"]}),
            json!({"@type": "http://schema.org/JobPosting"}),
            json!({"@type": ["https://www.schema.org/JobPosting"]}),
            json!({"@type": "schema:JobPosting"}),
            json!({"@context": {"s": "http://schema.org/"}, "@type": "s:JobPosting"}),
            json!({"@context": ["https://w3id.org/x", {"s": {"@id": "https://schema.org/"}}], "@type": ["s:JobPosting"]}),
            json!({"@context": {"Vacancy": "https://schema.org/JobPosting"}, "@type": "Vacancy"}),
        ] {
            assert!(is_posting(&value), "{value}");
        }
        for value in [
            json!({"@type": "Organization"}),
            json!({"@type": "s:JobPosting"}),
            json!({"@context": {"s": "https://other.example/"}, "@type": "s:JobPosting"}),
            json!({"@type": "https://other.example/JobPosting"}),
            json!({"@type": {"@id": "JobPosting"}}),
            json!({"name": "JobPosting"}),
        ] {
            assert!(!is_posting(&value), "{value}");
        }
    }

    #[test]
    fn all_names_of_a_posting_become_plain_and_its_values_bare() {
        let posting = json!({
            "@context": {"s": "http://schema.org/"}, "@type": "s:JobPosting",
            "s:title": {"@value": "Cook", "@language": "en"}, "https://schema.org/url": "https://a.example",
            "s:jobLocation": {"@list": [{"@type": ["s:Place"], "s:name": "Bonn"}]}, "other:x": 1,
        });
        let plain = Names::default().plain(posting);
        assert_eq!(
            (&plain["@type"], &plain["title"], &plain["url"]),
            (
                &json!("JobPosting"),
                &json!("Cook"),
                &json!("https://a.example")
            )
        );
        assert_eq!(
            plain["jobLocation"],
            json!([{"@type": ["Place"], "name": "Bonn"}])
        );
        assert_eq!(plain["other:x"], json!(1));
    }
}
