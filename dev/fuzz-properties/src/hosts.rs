//! The input is a host as an adapter's manifest requests it, or as an operator lists it.

use job_scanner_core::net::{AllowList, AllowedHost, Denied, HostPattern};
use url::{Host, Url};

use crate::SECRET;

/// Checks that an accepted host prints in a form that parses to the same host, and that it permits
/// only that host. The error about a rejected one must not repeat a password.
pub fn check(text: &str) {
    if let Ok(pattern) = text.parse::<HostPattern>() {
        check_pattern(&pattern);
    }
    if let Ok(entry) = text.parse::<AllowedHost>() {
        check_entry(&entry);
    }
    check_secrecy(text);
}

/// Checks that a pattern covers only public names with a dot and only `https`, and that a wildcard
/// does not cover the name after `*.`.
fn check_pattern(pattern: &HostPattern) {
    let printed = pattern.to_string();
    assert_eq!(printed.parse::<HostPattern>().as_ref(), Ok(pattern));

    let list = AllowList::new(vec![pattern.clone()], Vec::new());
    let (name, is_wildcard) = printed
        .strip_prefix("*.")
        .map_or((&*printed, false), |name| (name, true));

    let below = format!("x.{name}");
    let (covered, other) = if is_wildcard {
        (&*below, name)
    } else {
        (name, &*below)
    };

    let url = url("https", covered);
    let Some(Host::Domain(host)) = url.host() else {
        panic!("{printed} does not cover a domain name")
    };
    assert!(
        host.contains('.') && !host.ends_with(".localhost"),
        "{printed} is a local name"
    );

    let permit = list.check(&url).expect("a pattern permits what it covers");
    assert!(!permit.listed && !permit.local);
    assert!(list.check(&self::url("https", other)).is_err());
    assert!(list.check(&self::url("http", covered)).is_err());
}

fn check_entry(entry: &AllowedHost) {
    let printed = entry.to_string();
    assert_eq!(printed.parse::<AllowedHost>().as_ref(), Ok(entry));

    let list = AllowList::new(Vec::new(), vec![entry.clone()]);
    let authority = printed
        .split_once("://")
        .map_or(&*printed, |(_, authority)| authority);

    match list.check(&url("https", authority)) {
        Ok(permit) => assert!(permit.listed),
        // An address such as `0.0.0.0` is denied even if it is listed.
        Err(Denied::NotUnicast { .. }) => {}
        Err(denied) => panic!("{printed} does not permit itself: {denied}"),
    }

    if printed.starts_with("https://") {
        assert!(
            list.check(&url("http", authority)).is_err(),
            "{printed} permits plain HTTP"
        );
    }
}

fn check_secrecy(text: &str) {
    let with_password = [
        format!("jo:{SECRET}@{text}"),
        format!("https://jo:{SECRET}@{text}"),
    ];

    for given in with_password {
        if let Err(error) = given.parse::<AllowedHost>() {
            assert!(
                !error.to_string().contains(SECRET) || text.contains(SECRET),
                "{error}"
            );
        }
    }
}

fn url(scheme: &str, authority: &str) -> Url {
    format!("{scheme}://{authority}/")
        .parse()
        .expect("an accepted host is valid in a URL")
}
