//! The input is a host as an adapter's manifest asks for it, or as an operator lists it.

use job_scanner_core::net::{AllowList, AllowedHost, Denied, HostPattern};
use url::{Host, Url};

use crate::SECRET;

/// What is accepted reads back as it prints, and permits what it says and not more. What is refused
/// is not repeated where it may hold a password.
pub fn check(text: &str) {
    if let Ok(pattern) = text.parse::<HostPattern>() {
        check_pattern(&pattern);
    }
    if let Ok(entry) = text.parse::<AllowedHost>() {
        check_entry(&entry);
    }
    check_secrecy(text);
}

/// A pattern is of public names with a dot, by `https` alone, and a wildcard is not of the name it
/// stands above.
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
        panic!("{printed} is of no name")
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
        // Such as `0.0.0.0`: listed or not, nothing is there.
        Err(Denied::NotUnicast { .. }) => {}
        Err(denied) => panic!("{printed} permits not even itself: {denied}"),
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
        .expect("what is accepted stands in a URL")
}
