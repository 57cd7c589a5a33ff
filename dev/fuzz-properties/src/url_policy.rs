//! The input is the hosts that a source may reach, and a URL: a line for each `grant PATTERN` and
//! `list ENTRY`, then the URL.

use job_scanner_core::net::{
    AddressRule, AllowList, AllowedHost, Denied, HostPattern, Permit, reach,
};
use url::{Host, Url};

use crate::SECRET;

/// Checks that a URL is permitted only if it has the host and port of a pattern or an entry, whose
/// printed forms are compared here. A denial must not name more of the URL than host and port, and
/// the entry that it suggests must permit the URL.
pub fn check(input: &str) {
    let (policy, url) = input.rsplit_once('\n').unwrap_or(("", input));
    let Ok(url) = Url::parse(url) else { return };

    let granted: Vec<HostPattern> = lines(policy, "grant ");
    let listed: Vec<AllowedHost> = lines(policy, "list ");
    let list = AllowList::new(granted.clone(), listed.clone());

    match list.check(&url) {
        Ok(permit) => check_permit(&permit, &url, &granted, &listed),
        Err(denied) => check_denial(&denied, &url, granted, listed),
    }
}

fn check_permit(permit: &Permit, url: &Url, granted: &[HostPattern], listed: &[AllowedHost]) {
    let place = Place::of(url).expect("a permitted URL has a host and a port");
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{url}"
    );
    assert_eq!(place.host, permit.host());

    if permit.listed {
        let is_listed = listed.iter().any(|entry| place.is_listed_by(entry));
        assert!(is_listed, "{url} by {listed:?}");
    } else {
        let is_granted = granted.iter().any(|pattern| place.is_covered_by(pattern));
        assert!(is_granted, "{url} by {granted:?}");
        assert_eq!(permit.addresses, AddressRule::PublicOnly);
    }

    if let Some(address) = place.address {
        assert!(
            permit.listed && permit.addresses.admits(address),
            "{url} is at {:?}",
            reach(address)
        );
    }
}

fn check_denial(
    denied: &Denied,
    url: &Url,
    granted: Vec<HostPattern>,
    mut listed: Vec<AllowedHost>,
) {
    let mut marked = url.clone();
    marked.set_query(Some(SECRET));
    marked.set_fragment(Some(SECRET));
    // A URL without a host can have no password.
    let _ = marked.set_password(Some(SECRET));

    let list = AllowList::new(granted.clone(), listed.clone());
    let still_denied = list.check(&marked).expect_err("it was denied before");
    let message = still_denied.to_string();
    assert!(
        !message.contains(SECRET) || url.as_str().contains(SECRET),
        "{message}"
    );

    let (Denied::NotListed { entry, .. }
    | Denied::Port { entry, .. }
    | Denied::PlainHttp { entry, .. }
    | Denied::Address { entry, .. }) = denied
    else {
        return;
    };

    listed.push(entry.parse().expect("the suggested entry is valid"));
    match AllowList::new(granted, listed).check(url) {
        Ok(_) | Err(Denied::NotUnicast { .. }) => {}
        Err(still) => panic!("{url} with {entry}: {still}"),
    }
}

fn lines<T: std::str::FromStr>(policy: &str, keyword: &str) -> Vec<T> {
    policy
        .lines()
        .filter_map(|line| line.strip_prefix(keyword)?.parse().ok())
        .collect()
}

/// The place that a URL leads to, in the notation in which patterns and entries are printed.
struct Place {
    scheme: String,
    host: String,
    port: u16,
    address: Option<std::net::IpAddr>,
}

impl Place {
    fn of(url: &Url) -> Option<Self> {
        let address = match url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(std::net::IpAddr::from(address).to_canonical()),
        };

        let host = match address {
            None => {
                let name = url.host_str()?;
                name.strip_suffix('.').unwrap_or(name).to_owned()
            }
            Some(address @ std::net::IpAddr::V6(_)) => format!("[{address}]"),
            Some(address) => address.to_string(),
        };

        Some(Self {
            scheme: url.scheme().to_owned(),
            host,
            port: url.port_or_known_default()?,
            address,
        })
    }

    fn is_covered_by(&self, pattern: &HostPattern) -> bool {
        let printed = pattern.to_string();
        let (host, port) = printed
            .split_once(':')
            .map_or((&*printed, "443"), |parts| parts);

        let is_covered = match host.strip_prefix('*') {
            Some(below) => self.host.len() > below.len() && self.host.ends_with(below),
            None => self.host == host,
        };

        is_covered && self.scheme == "https" && self.port.to_string() == port
    }

    fn is_listed_by(&self, entry: &AllowedHost) -> bool {
        let printed = entry.to_string();
        let (scheme, authority) = printed
            .split_once("://")
            .map_or((None, &*printed), |(s, rest)| (Some(s), rest));

        let default_port = if self.scheme == "https" { 443 } else { 80 };
        let with_port = format!("{}:{}", self.host, self.port);
        let is_host =
            authority == with_port || (authority == self.host && self.port == default_port);

        is_host && (self.scheme == "https" || scheme != Some("https"))
    }
}
