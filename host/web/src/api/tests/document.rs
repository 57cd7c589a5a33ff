//! The document: it has every route, and all examples and answers have its shapes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use axum::http::Method;
use boon::{Compiler, Schemas};
use job_scanner_store::test_support::{at, delivery, job, scan};
use job_scanner_store::{AlertKind, Store};
use serde_json::{Value, json};

use super::{JSON, OWN, get, parsed};
use crate::api::openapi::document;
use crate::router::routes;
use crate::test_support::TestPage;

#[test]
fn every_route_is_in_the_document_and_no_other() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((method.to_uppercase(), path.clone()));
            let id = operation["operationId"].as_str().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} is there twice");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }

    let all = routes();
    let of_api = all
        .list()
        .iter()
        .filter(|route| route.path.starts_with("/api/"));
    let routed: BTreeSet<(String, String)> = of_api
        .map(|route| (Method::as_str(&route.method).to_owned(), route.path.clone()))
        .collect();
    assert_eq!(described, routed);
    assert!(described.len() >= 18, "{described:?}");
}

/// The schemas of the document as a validator reads them. Each object may only have the keys that
/// it names, so that a key without a description is found.
struct Shapes {
    schemas: Schemas,
    compiler: Compiler,
}

impl Shapes {
    fn new() -> Self {
        let mut document = document();
        close(&mut document["components"]["schemas"]);
        let mut compiler = Compiler::new();
        compiler.add_resource("api.json", document).unwrap();
        Self {
            schemas: Schemas::new(),
            compiler,
        }
    }

    fn check(&mut self, reference: &str, value: &Value) {
        let place = format!("api.json{reference}");
        let schema = self.compiler.compile(&place, &mut self.schemas).unwrap();
        if let Err(error) = self.schemas.validate(value, schema) {
            panic!("{reference}: {error:#}\n{value:#}");
        }
    }
}

fn close(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(close);
            let is_closed = object.contains_key("properties") && object.contains_key("required");
            if is_closed && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// The snapshots of the documented JSON, and the schema of each.
const EXAMPLES: [(&str, &str); 13] = [
    ("alerts", "Alerts"),
    ("alerts_changes", "Alerts"),
    ("api_decision", "Marked"),
    ("api_hidden_companies", "HiddenCompanies"),
    ("api_import", "Imported"),
    ("api_profiles", "Profiles"),
    ("api_status", "Status"),
    ("deliveries", "Deliveries"),
    ("explain", "Explanation"),
    ("jobs", "Jobs"),
    ("jobs_show", "JobHistory"),
    ("sources", "Sources"),
    ("sources_new", "Sources"),
];

#[test]
fn the_documented_examples_have_the_shapes_of_the_document() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../views/src/snapshots");
    let mut texts = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let (_, name) = stem.rsplit_once("__").unwrap();
        texts.insert(name.to_owned(), text);
    }

    let mut shapes = Shapes::new();
    for (name, schema) in EXAMPLES {
        let text = texts[name].splitn(3, "---\n").nth(2).unwrap().to_owned();
        let value = serde_json::from_str(&text).unwrap();
        shapes.check(&format!("#/components/schemas/{schema}"), &value);
    }
}

/// Returns a page whose database has something of each kind.
async fn full_page() -> TestPage {
    let page = TestPage::start().await;
    fill(&page.store()).await;
    let decision = json!({"decision": "applied"}).to_string();
    let path = "/api/v1/jobs/greenhouse/acme/1/decision";
    page.send("PUT", path, &[OWN, JSON], &decision).await;
    page.send("PUT", "/api/v1/hidden-companies/Other", &[OWN], "")
        .await;
    page
}

async fn fill(store: &Store) {
    scan(store, "acme", &[job("1", 1), job("2", 2)], AlertKind::New).await;
    let alerts = store.recent_alerts(10).await.unwrap();
    let ids: Vec<_> = alerts.iter().map(|alert| alert.id).collect();
    let deliveries = [delivery("1@scanner", &ids)];
    store
        .record_deliveries(&deliveries, at("08:16:00"))
        .await
        .unwrap();
}

#[tokio::test]
async fn every_answer_has_the_shape_of_the_document() {
    let page = full_page().await;
    let document = document();
    let mut shapes = Shapes::new();
    let job = [
        ("{type}", "greenhouse"),
        ("{identifier}", "acme"),
        ("{id}", "1"),
    ];
    let mut checked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(content) = item["get"]["responses"]["200"]["content"].as_object() else {
            continue;
        };
        let Some(reference) = content
            .get("application/json")
            .and_then(|it| it["schema"]["$ref"].as_str())
        else {
            continue;
        };
        let concrete = job.iter().fold(path.clone(), |path, (name, value)| {
            path.replace(name, value)
        });
        let answer = get(&page, &concrete).await;
        assert_ne!(answer, json!([]), "{concrete}: an empty list shows nothing");
        shapes.check(reference, &answer);
        checked += 1;
    }
    assert!(checked >= 12, "{checked}");

    let missing = page.get("/api/v1/nothing").await;
    shapes.check("#/components/schemas/Problem", &parsed(&missing));
}
