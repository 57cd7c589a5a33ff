//! Requests of other sites, of other names and through proxies, over real connections.

use crate::test_support::TestPage;

/// A route that everyone may call, and that may change something.
const CHANGE: &str = "/logout";

#[tokio::test]
async fn a_change_has_to_come_from_the_page_itself() {
    let page = TestPage::start().await;
    let own = format!("http://{}", page.host());
    for (headers, status) in [
        (&[][..], 303),
        (&[("Sec-Fetch-Site", "same-origin")], 303),
        (&[("Sec-Fetch-Site", "none")], 303),
        (&[("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Sec-Fetch-Site", "same-site")], 403),
        (&[("Origin", own.as_str())], 303),
        (&[("Origin", "https://evil.example")], 403),
        (&[("Origin", "null")], 403),
        (
            &[("Origin", own.as_str()), ("Sec-Fetch-Site", "cross-site")],
            403,
        ),
        // A key that is not ours does not lift the protection.
        (
            &[("X-API-Key", "wrong"), ("Sec-Fetch-Site", "cross-site")],
            403,
        ),
    ] {
        let response = page.send("POST", CHANGE, headers, "").await;
        assert_eq!(response.status, status, "{headers:?}");
    }
    // Reading is not a change.
    let cross = [("Sec-Fetch-Site", "cross-site")];
    assert_eq!(page.send("GET", "/healthz", &cross, "").await.status, 200);
}

#[tokio::test]
async fn a_proxy_that_changes_the_host_needs_the_public_address() {
    let keys = "listen: \"127.0.0.1:0\", auth: proxy, trusted_proxies: [127.0.0.1]";
    let origin = [("Origin", "https://jobs.example")];
    let page = TestPage::with(keys).await;
    assert_eq!(page.send("POST", CHANGE, &origin, "").await.status, 403);

    page.reload(&format!("{keys}, public_url: \"https://jobs.example\""))
        .await;
    assert_eq!(page.send("POST", CHANGE, &origin, "").await.status, 303);
}

#[tokio::test]
async fn on_loopback_only_names_of_this_machine_are_answered() {
    let page = TestPage::start().await;
    for (host, status) in [
        (page.host(), 200),
        ("localhost:8080", 200),
        ("[::1]:8080", 200),
        ("jobs.evil.example", 421),
        ("192.0.2.1", 421),
        ("", 421),
        ("a b", 421),
    ] {
        let response = page.send("GET", "/healthz", &[("Host", host)], "").await;
        assert_eq!(response.status, status, "{host}");
    }
    let two = [("Host", page.host()), ("Host", "evil.example")];
    let response = page.send("GET", "/healthz", &two, "").await;
    assert!(matches!(response.status, 400 | 421), "{}", response.status);
    let absolute = page
        .send("GET", "http://evil.example/healthz", &[], "")
        .await;
    assert_eq!(absolute.status, 421);
}

#[tokio::test]
async fn only_a_trusted_proxy_names_the_visitor() {
    let keys = |proxies: &str| {
        format!(
            "listen: \"127.0.0.1:0\", auth: proxy, user_header: X-User, trusted_proxies: [{proxies}]"
        )
    };
    let named = [("X-User", "jo")];
    for (proxies, headers, opened) in [
        ("127.0.0.1", &named[..], true),
        ("127.0.0.0/8", &named, true),
        ("192.0.2.1", &named, false),
        ("127.0.0.1", &[], false),
        ("127.0.0.1", &[("X-User", "jo"), ("X-User", "kim")], false),
        ("127.0.0.1", &[("Remote-User", "jo")], false),
    ] {
        let page = TestPage::with(&keys(proxies)).await;
        // A visitor who is known does not need to log in.
        let response = page.send("GET", "/login", headers, "").await;
        assert_eq!(response.status == 303, opened, "{proxies} {headers:?}");
    }
}

#[tokio::test]
async fn every_response_forbids_what_no_page_needs() {
    let page = TestPage::start().await;
    for (path, host) in [
        ("/healthz", page.host()),
        ("/elsewhere", page.host()),
        ("/", "evil.example"),
    ] {
        let response = page.send("GET", path, &[("Host", host)], "").await;
        let policy = response.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("referrer-policy"), Some("same-origin"));
        assert_eq!(response.header("cache-control"), Some("private, no-cache"));
    }
}
