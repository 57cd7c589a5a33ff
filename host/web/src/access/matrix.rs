//! The table of access: which proof opens which route.
//!
//! The tests go through the list of all routes. A route that is not in [`ROUTES`] fails, so each
//! new route is thought about twice: where it is added, and here.

use job_scanner_config::WebAuth;
use job_scanner_core::secret::Secret;
use job_scanner_store::{KeyScope, NewSession};

use crate::access::api_key::IssuedKey;
use crate::access::login::password::hash_password;
use crate::access::secret;
use crate::router::routes;
use crate::routes::Access;
use crate::test_support::TestPage;

/// All routes with their access. A path in angle brackets is the beginning of several.
const ROUTES: &[(&str, &str, Access)] = &[
    ("GET", "/healthz", Access::Public),
    ("GET", "/login", Access::Public),
    ("POST", "/login", Access::Public),
    ("POST", "/logout", Access::Public),
    ("GET", "/readyz", Access::Public),
    // Pages.
    ("GET", "/", Access::Read),
    ("GET", "/deliveries", Access::Read),
    ("POST", "/deliveries/drop", Access::Write),
    ("POST", "/deliveries/retry", Access::Write),
    ("GET", "/events", Access::Read),
    ("GET", "/job", Access::Read),
    ("GET", "/matches", Access::Read),
    ("GET", "/profiles", Access::Read),
    ("GET", "/sources", Access::Read),
    ("GET", "/sources/add", Access::Read),
    ("POST", "/sources/add", Access::Write),
    ("POST", "/sources/pause", Access::Write),
    ("POST", "/sources/resume", Access::Write),
    ("POST", "/sources/scan", Access::Write),
    ("POST", "/sources/stop", Access::Write),
    ("GET", "/status", Access::Read),
    // Decisions.
    ("POST", "/company/hide", Access::Write),
    ("POST", "/company/show", Access::Write),
    ("POST", "/job/mark", Access::Write),
    ("POST", "/job/note", Access::Write),
    ("POST", "/job/undo", Access::Write),
    // API.
    ("GET", "/api/v1/alerts", Access::Read),
    ("GET", "/api/v1/deliveries", Access::Read),
    ("GET", "/api/v1/hidden-companies", Access::Read),
    ("GET", "/api/v1/jobs", Access::Read),
    ("GET", "/api/v1/jobs.csv", Access::Read),
    ("GET", "/api/v1/jobs/{type}/{identifier}/{id}", Access::Read),
    (
        "GET",
        "/api/v1/jobs/{type}/{identifier}/{id}/explanation",
        Access::Read,
    ),
    ("GET", "/api/v1/matches", Access::Read),
    ("GET", "/api/v1/openapi.json", Access::Read),
    ("GET", "/api/v1/profiles", Access::Read),
    ("GET", "/api/v1/runs", Access::Read),
    ("GET", "/api/v1/sources", Access::Read),
    ("GET", "/api/v1/sources/{type}/{identifier}", Access::Read),
    ("GET", "/api/v1/status", Access::Read),
    (
        "DELETE",
        "/api/v1/hidden-companies/{company}",
        Access::Write,
    ),
    (
        "DELETE",
        "/api/v1/jobs/{type}/{identifier}/{id}/decision",
        Access::Write,
    ),
    ("POST", "/api/v1/scans", Access::Write),
    ("PUT", "/api/v1/decisions", Access::Write),
    ("PUT", "/api/v1/hidden-companies/{company}", Access::Write),
    (
        "PUT",
        "/api/v1/jobs/{type}/{identifier}/{id}/decision",
        Access::Write,
    ),
    // Feeds and metrics.
    ("GET", "/feeds/{file}", Access::Feed),
    ("GET", "/metrics", Access::Read),
];

/// The access of the files that pages load, whose names contain hashes.
const ASSETS: (&str, Access) = ("/assets/", Access::Public);

/// The proofs, and whether each opens a route of each kind of access: public, read, write, feed.
const PROOFS: &[(&str, [bool; 4])] = &[
    ("none", [true, false, false, false]),
    ("wrong key", [true, false, false, false]),
    ("wrong session", [true, false, false, false]),
    ("revoked key", [true, false, false, false]),
    ("ended session", [true, false, false, false]),
    ("session", [true, true, true, true]),
    ("read key", [true, true, false, true]),
    ("write key", [true, true, true, true]),
    // The feed of the path is the one of the key.
    ("feed key", [true, false, false, true]),
    ("key of another feed", [true, false, false, false]),
];

/// A page with a password, and the headers of each proof.
struct Proofs {
    page: TestPage,
    headers: Vec<(&'static str, (&'static str, String))>,
}

impl Proofs {
    async fn new() -> Self {
        let hash = hash_password(&Secret::new("correct horse")).unwrap();
        let keys = format!("listen: \"127.0.0.1:0\", password_hash: \"{hash}\"");
        let page = TestPage::with(&keys).await;

        let feed = |profile: &str| KeyScope::Feed {
            profile: profile.to_owned(),
        };
        let revoked = bearer(&page, "revoked", KeyScope::Write).await;
        page.store().revoke_api_key("revoked").await.unwrap();
        let ended = session(&page).await;
        page.store().end_all_sessions().await.unwrap();
        let headers = vec![
            ("none", ("Accept", "*/*".to_owned())),
            (
                "wrong key",
                ("Authorization", "Bearer js_w_wrong".to_owned()),
            ),
            (
                "wrong session",
                ("Cookie", "job-scanner=1.wrong".to_owned()),
            ),
            ("revoked key", revoked),
            ("ended session", ended),
            ("session", session(&page).await),
            ("read key", bearer(&page, "read", KeyScope::Read).await),
            ("write key", bearer(&page, "write", KeyScope::Write).await),
            ("feed key", bearer(&page, "feed", feed("default")).await),
            (
                "key of another feed",
                bearer(&page, "other", feed("rust")).await,
            ),
        ];
        Self { page, headers }
    }

    /// Returns true if the proof opens the route.
    async fn open(&self, proof: &str, method: &str, path: &str) -> bool {
        let (_, (name, value)) = self
            .headers
            .iter()
            .find(|(name, _)| *name == proof)
            .unwrap();
        let headers = [(*name, value.as_str()), ("Sec-Fetch-Site", "same-origin")];
        let response = self.page.send(method, path, &headers, "").await;
        !matches!(response.status, 401 | 403)
    }
}

async fn bearer(page: &TestPage, name: &str, scope: KeyScope) -> (&'static str, String) {
    let issued = IssuedKey::new(name.to_owned(), scope).unwrap();
    let store = page.store();
    let created = store.create_api_key(&issued.row, page.state.now());
    assert!(created.await.unwrap().is_some());
    ("Authorization", format!("Bearer {}", issued.key.expose()))
}

async fn session(page: &TestPage) -> (&'static str, String) {
    let WebAuth::Password(hash) = page.state.settings().auth else {
        panic!("the page has a password");
    };
    let session = NewSession {
        secret_sha256: secret::sha256("secret"),
        password_sha256: secret::sha256(hash.expose()),
        client: None,
        address: None,
    };
    let store = page.store();
    let begun = store.begin_session(&session, page.state.now());
    (
        "Cookie",
        format!("job-scanner={}.secret", begun.await.unwrap()),
    )
}

/// Returns the index of an access in the rows of [`PROOFS`].
fn column(access: Access) -> usize {
    match access {
        Access::Public => 0,
        Access::Read => 1,
        Access::Write => 2,
        Access::Feed => 3,
    }
}

/// Returns a path with a value for each parameter.
fn filled(path: &str) -> String {
    let segment = |segment: &str| match segment {
        "{file}" => "default.atom".to_owned(),
        _ if segment.starts_with('{') => "1".to_owned(),
        _ => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_is_in_the_table_with_its_access() {
    let routes = routes();
    let mut listed: Vec<_> = routes
        .list()
        .iter()
        .map(|route| (route.method.as_str(), route.path.as_str(), route.access))
        .collect();
    for (_, _, access) in listed.extract_if(.., |(_, path, _)| path.starts_with(ASSETS.0)) {
        assert_eq!(access, ASSETS.1);
    }
    let mut expected = ROUTES.to_vec();
    let by_path = |(method, path, _): &(&'static str, &'static str, Access)| (*path, *method);
    expected.sort_by_key(by_path);
    listed.sort_by_key(|(method, path, _)| (path.to_owned(), method.to_owned()));
    assert_eq!(listed, expected, "the routes (left) and the table (right)");
}

#[tokio::test]
async fn each_proof_opens_exactly_its_routes() {
    let proofs = Proofs::new().await;
    let routes = routes();
    for (proof, opens) in PROOFS {
        for route in routes.list() {
            let (method, path) = (route.method.as_str(), filled(&route.path));
            // A try with a wrong password is refused too, and has tests of its own.
            if (method, path.as_str()) == ("POST", "/login") {
                continue;
            }
            let opened = proofs.open(proof, method, &path).await;
            assert_eq!(
                opened,
                opens[column(route.access)],
                "{proof}: {method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn without_authentication_a_request_is_only_refused_for_its_key() {
    let page = TestPage::start().await;
    let routes = routes();
    for route in routes.list() {
        let (method, path) = (route.method.as_str(), filled(&route.path));
        let none = page.send(method, &path, &[], "").await;
        assert!(!matches!(none.status, 401 | 403), "{method} {path}");

        let wrong = [("X-API-Key", "js_w_wrong")];
        let refused = page.send(method, &path, &wrong, "").await.status == 401;
        assert_eq!(refused, route.access != Access::Public, "{method} {path}");
    }
}
