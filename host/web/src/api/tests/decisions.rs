//! What a person decides, one by one and as CSV, and scans on request.

use serde_json::{Value, json};

use super::{CSV, JSON, OWN, all, detail, get, page_with_jobs, parsed};

#[tokio::test]
async fn a_decision_is_put_again_without_effect_and_taken_back() {
    let page = page_with_jobs(1).await;
    let path = "/api/v1/jobs/greenhouse/acme/1/decision";
    let body = json!({"decision": "applied", "note": " by mail "}).to_string();
    let first = parsed(&page.send("PUT", path, &[OWN, JSON], &body).await);
    assert_eq!(first["decision"]["note"], "by mail");
    assert_eq!(
        (&first["before"], &first["jobs"]),
        (&Value::Null, &json!(1))
    );

    let again = parsed(&page.send("PUT", path, &[OWN, JSON], &body).await);
    assert_eq!(again["before"], first["decision"]);
    let job = get(&page, "/api/v1/jobs/greenhouse/acme/1").await;
    assert_eq!(
        job["decisions"].as_array().unwrap().len(),
        1,
        "no second change"
    );
    assert_eq!(job["decisions"][0]["user"], "api");

    for before in [&first["decision"], &Value::Null] {
        let deleted = parsed(&page.send("DELETE", path, &[OWN], "").await);
        assert_eq!(
            (&deleted["decision"], &deleted["before"]),
            (&Value::Null, before)
        );
    }
}

#[tokio::test]
async fn a_company_is_hidden_and_shown_again() {
    let page = page_with_jobs(1).await;
    let path = "/api/v1/hidden-companies/A%26B%20%2F%20Co";
    let body = json!({"until": "2027-01-31"}).to_string();
    for _ in 0..2 {
        let hidden = page.send("PUT", path, &[OWN, JSON], &body).await;
        assert_eq!(parsed(&hidden)["company"], "A&B / Co");
    }
    let listed = get(&page, "/api/v1/hidden-companies").await;
    assert_eq!(all(&listed, "until"), ["2027-01-31"]);
    for _ in 0..2 {
        assert_eq!(page.send("DELETE", path, &[OWN], "").await.status, 204);
    }
    assert_eq!(get(&page, "/api/v1/hidden-companies").await, json!([]));

    let permanently = page.send("PUT", path, &[OWN], "").await;
    assert_eq!(parsed(&permanently)["until"], Value::Null);
    let past = json!({"until": "2026-11-23"}).to_string();
    let refused = page.send("PUT", path, &[OWN, JSON], &past).await;
    assert!(detail(&refused, 422).contains("write a day after today, 2026-11-23"));
}

#[tokio::test]
async fn decisions_go_out_and_come_back_as_csv() {
    let page = page_with_jobs(3).await;
    let import = "key;decision;note\ngreenhouse/acme/1;applied;=1+1\ngreenhouse/acme/2;;\n\
                  greenhouse/acme/9;offer;\n";
    let imported = page
        .send("PUT", "/api/v1/decisions", &[OWN, CSV], import)
        .await;
    assert_eq!(
        parsed(&imported),
        json!({"recorded": 1, "unchanged": 0, "unknown": ["greenhouse/acme/9"]})
    );

    let export = page.get("/api/v1/jobs.csv").await;
    assert!(
        export
            .header("content-type")
            .unwrap()
            .starts_with("text/csv")
    );
    assert_eq!(export.body.lines().count(), 4);
    assert!(
        export.body.contains(",applied,\"'=1+1\","),
        "{}",
        export.body
    );
    let again = page
        .send("PUT", "/api/v1/decisions", &[OWN, CSV], &export.body)
        .await;
    assert_eq!(
        parsed(&again),
        json!({"recorded": 0, "unchanged": 1, "unknown": []})
    );

    let wrong = "key,decision\ngreenhouse/acme/2,applied\ngreenhouse/acme/3,maybe\n";
    let refused = page
        .send("PUT", "/api/v1/decisions", &[OWN, CSV], wrong)
        .await;
    let detail = detail(&refused, 422);
    assert!(
        detail.starts_with("line 3: `decision` is `maybe`; write interested, "),
        "{detail}"
    );
    let applied = get(&page, "/api/v1/jobs?decision=applied").await;
    assert_eq!(
        all(&applied, "external_id"),
        ["1"],
        "nothing of the file is recorded"
    );
}

#[tokio::test]
async fn a_note_that_the_import_does_not_have_stays() {
    let page = page_with_jobs(1).await;
    let path = "/api/v1/jobs/greenhouse/acme/1/decision";
    let body = json!({"decision": "applied", "note": "two\nlines"}).to_string();
    page.send("PUT", path, &[OWN, JSON], &body).await;

    let export = page.get("/api/v1/jobs.csv").await;
    let again = page
        .send("PUT", "/api/v1/decisions", &[OWN, CSV], &export.body)
        .await;
    assert_eq!(parsed(&again)["unchanged"], 1, "{}", export.body);
    let without = "key,decision\ngreenhouse/acme/1,offer\n";
    page.send("PUT", "/api/v1/decisions", &[OWN, CSV], without)
        .await;
    let job = get(&page, "/api/v1/jobs/greenhouse/acme/1").await;
    assert_eq!(job["job"]["decision"]["note"], "two\nlines");
}

#[tokio::test]
async fn a_scan_is_requested_for_all_or_for_known_sources() {
    let page = page_with_jobs(1).await;
    let request = |body: Value| {
        let body = body.to_string();
        let page = &page;
        async move {
            page.send("POST", "/api/v1/scans", &[OWN, JSON], &body)
                .await
        }
    };
    let one = request(json!({"sources": ["greenhouse/acme"]})).await;
    assert_eq!(one.status, 202, "{}", one.body);
    let requested = page.state.actions().take().unwrap().only().unwrap();
    assert_eq!(requested[0].to_string(), "greenhouse/acme");

    assert_eq!(
        page.send("POST", "/api/v1/scans", &[OWN], "").await.status,
        202
    );
    assert_eq!(page.state.actions().take().unwrap().only(), None);

    let unknown = request(json!({"sources": ["greenhouse/other"]})).await;
    assert!(detail(&unknown, 422).starts_with("source `greenhouse/other` does not exist;"));
    assert!(detail(&request(json!({"sources": []})).await, 422).contains("leave it out"));
    assert_eq!(page.state.actions().take(), None);
}
