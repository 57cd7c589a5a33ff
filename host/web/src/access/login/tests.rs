//! Logins over real connections.

use axum::http::Method;
use job_scanner_core::secret::Secret;

use crate::access::login::password::hash_password;
use crate::pages;
use crate::test_support::{TestPage, TestResponse};

const PASSWORD: &str = "correct horse";

/// Returns the keys of `web` with this password, and further ones.
fn with_password(password: &str, further: &str) -> String {
    let hash = hash_password(&Secret::new(password)).unwrap();
    format!("listen: \"127.0.0.1:0\", password_hash: \"{hash}\"{further}")
}

async fn page() -> TestPage {
    TestPage::with(&with_password(PASSWORD, "")).await
}

async fn log_in(page: &TestPage, password: &str, next: &str) -> TestResponse {
    let form = format!("password={}&next={next}", password.replace(' ', "+"));
    page.post_form("/login", &form).await
}

/// Returns the name and the value of the cookie that a response sets.
fn cookie(response: &TestResponse) -> String {
    let set = response.header("set-cookie").unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// Returns true if the cookie opens the pages.
async fn is_logged_in(page: &TestPage, cookie: &str) -> bool {
    // A visitor with a session does not get the form.
    let response = page.send("GET", "/login", &[("Cookie", cookie)], "").await;
    response.status == 303
}

#[tokio::test]
async fn the_password_begins_a_session_and_leads_back() {
    let page = page().await;
    let shown = page.get("/login?next=%2Fmatches%3Fafter%3D7").await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.body.contains("value=\"/matches?after=7\""),
        "{}",
        shown.body
    );

    let response = log_in(&page, PASSWORD, "/matches?after=7").await;
    assert_eq!(response.status, 303);
    assert_eq!(response.header("location"), Some("/matches?after=7"));
    let set = response.header("set-cookie").unwrap();
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{set}");
    assert!(is_logged_in(&page, &cookie(&response)).await);

    let sessions = page.store().sessions(page.state.now()).await.unwrap();
    assert_eq!(sessions[0].address.as_deref(), Some("127.0.0.1"));
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_not_repeated() {
    let page = page().await;
    for wrong in ["marker-wrong", "", &"m".repeat(2000)] {
        let response = log_in(&page, wrong, "/").await;
        assert_eq!(response.status, 403, "{wrong}");
        assert_eq!(response.header("set-cookie"), None);
        assert!(response.body.contains("role=\"alert\""));
        assert!(!response.body.contains("marker"));
    }
    assert_eq!(page.store().sessions(page.state.now()).await.unwrap(), []);
}

#[tokio::test]
async fn text_of_the_address_is_escaped_in_the_form() {
    let page = page().await;
    let shown = page.get("/login?next=/%22%3E%3Cscript%3E").await;
    assert!(!shown.body.contains("<script>"), "{}", shown.body);
    let elsewhere = log_in(&page, PASSWORD, "//evil.example").await;
    assert_eq!(elsewhere.header("location"), Some("/"));
}

#[tokio::test]
async fn the_sixth_try_of_a_minute_is_refused_even_with_the_right_password() {
    let keys = with_password(PASSWORD, ", trusted_proxies: [127.0.0.1]");
    let page = TestPage::with(&keys).await;
    let try_from = async |client: &str, password: &str| {
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("X-Forwarded-For", client),
        ];
        let form = format!("password={password}");
        page.send("POST", "/login", &headers, &form).await
    };
    for _ in 0..5 {
        assert_eq!(try_from("192.0.2.1", "wrong+one").await.status, 403);
    }
    let refused = try_from("192.0.2.1", "correct+horse").await;
    assert_eq!(refused.status, 429);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // The client of another address, and one that claims to be another.
    assert_eq!(try_from("192.0.2.2", "correct+horse").await.status, 303);
    assert_eq!(
        try_from("192.0.2.9, 192.0.2.1", "correct+horse")
            .await
            .status,
        429
    );
}

#[tokio::test]
async fn a_login_ends_the_session_that_the_browser_had() {
    let page = page().await;
    let first = cookie(&log_in(&page, PASSWORD, "/").await);
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Cookie", first.as_str()),
    ];
    let form = "password=correct+horse";
    let second = cookie(&page.send("POST", "/login", &headers, form).await);

    assert_ne!(first, second);
    assert!(!is_logged_in(&page, &first).await);
    assert!(is_logged_in(&page, &second).await);
}

#[tokio::test]
async fn a_logout_ends_the_session_and_removes_the_cookie() {
    let page = page().await;
    let session = cookie(&log_in(&page, PASSWORD, "/").await);
    let visitor = [("Cookie", session.as_str())];
    let status = page.send("GET", "/status", &visitor, "").await;
    assert!(
        status.body.contains("action=\"/logout\""),
        "{}",
        status.body
    );

    let headers = [
        ("Cookie", session.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let response = page.send("POST", "/logout", &headers, "").await;
    assert_eq!(response.header("location"), Some("/login"));
    assert!(response.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert!(!is_logged_in(&page, &session).await);
}

#[tokio::test]
async fn a_new_password_ends_all_sessions() {
    let page = page().await;
    let session = cookie(&log_in(&page, PASSWORD, "/").await);
    assert!(is_logged_in(&page, &session).await);

    page.reload(&with_password("another horse", "")).await;
    assert!(!is_logged_in(&page, &session).await);
    assert_eq!(log_in(&page, PASSWORD, "/").await.status, 403);
    assert_eq!(log_in(&page, "another horse", "/").await.status, 303);
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host() {
    let keys = with_password(PASSWORD, ", public_url: \"https://jobs.example\"");
    let page = TestPage::with(&keys).await;
    let response = log_in(&page, PASSWORD, "/").await;
    let set = response.header("set-cookie").unwrap();
    assert!(set.starts_with("__Host-job-scanner="), "{set}");
    assert!(set.ends_with("; SameSite=Lax; Secure"), "{set}");
    assert!(is_logged_in(&page, &cookie(&response)).await);
}

#[tokio::test]
async fn every_page_of_a_session_has_the_button_that_ends_it() {
    let page = page().await;
    let cookie = cookie(&log_in(&page, PASSWORD, "/").await);
    let routes = pages::routes();
    // The stream of events has no end.
    let is_page = |path: &str| path != "/" && path != "/events";
    let pages = routes
        .list()
        .iter()
        .filter(|route| route.method == Method::GET && is_page(&route.path));

    // Without its parameters, a page may be one that says what is wrong.
    let mut paths: Vec<&str> = pages.map(|route| route.path.as_str()).collect();
    paths.push("/job?key=greenhouse/acme/unknown");
    for path in paths {
        let response = page.send("GET", path, &[("Cookie", &cookie)], "").await;
        assert!(response.body.contains("<main"), "{path}");
        assert!(response.body.contains("action=\"/logout\""), "{path}");
    }
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_end() {
    let page = TestPage::start().await;
    let response = page.get("/status").await;
    assert!(!response.body.contains("/logout"), "{}", response.body);
}
