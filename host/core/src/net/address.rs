//! Classification of addresses: public, private, special, or not usable as a destination.
//!
//! [RFC 6890](https://www.rfc-editor.org/rfc/rfc6890) and its registries, IANA's
//! [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry) and
//! [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry) Special-Purpose Address
//! Registries, state for each special block whether it is globally reachable. This module follows
//! that column. It adds multicast (no request can be sent to it) and the address space that IANA
//! has not allocated: of IPv6, only `2000::/3` is global unicast. Some blocks are global by the
//! registry but contain an IPv4 address (NAT64, 6to4, Teredo). Such an address is public only if
//! the embedded address is.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The reach of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Globally reachable unicast.
    Public,
    /// Loopback, or private to a network: 10/8, 172.16/12, 192.168/16, 100.64/10, `fc00::/7`.
    Private,
    /// Any other address that accepts connections, such as link-local addresses (where clouds serve
    /// credentials), documentation, benchmarking and reserved blocks.
    Special,
    /// Not a possible destination: unspecified, multicast, broadcast.
    NotUnicast,
}

/// The addresses that a request may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressRule {
    /// Public addresses only: the operator granted the host but did not list it.
    PublicOnly,
    /// Private addresses only: plain HTTP to a host that the operator listed without `http://`.
    PrivateOnly,
    /// Any address: the operator listed exactly this host.
    Any,
}

impl AddressRule {
    /// Returns true if a request may be sent to `address`.
    pub fn admits(self, address: IpAddr) -> bool {
        match reach(address) {
            Reach::Public => self != Self::PrivateOnly,
            Reach::Private => self != Self::PublicOnly,
            Reach::Special => self == Self::Any,
            Reach::NotUnicast => false,
        }
    }
}

/// Prints the words of an error message: "… is not one of the *addresses*".
impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PublicOnly => "public addresses",
            Self::PrivateOnly => "private or loopback addresses",
            Self::Any => "addresses that accept connections",
        })
    }
}

/// Returns true if an address is globally reachable unicast. An embedded IPv4 address is taken into
/// account.
pub fn is_globally_reachable(address: IpAddr) -> bool {
    reach(address) == Reach::Public
}

/// Returns the reach of an address.
pub fn reach(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

#[expect(
    clippy::unnested_or_patterns,
    reason = "one line for each kind of block, as in the registry"
)]
fn reach_v4(address: Ipv4Addr) -> Reach {
    match address.octets() {
        [0, 0, 0, 0] | [224..=239, ..] | [255, 255, 255, 255] => Reach::NotUnicast,
        [127 | 10, ..] | [100, 64..=127, ..] | [172, 16..=31, ..] | [192, 168, ..] => Reach::Private,

        // Port Control Protocol anycast and TURN anycast: global, in a block that is not.
        [192, 0, 0, 9 | 10] => Reach::Public,

        [0, ..]                  // this network
        | [169, 254, ..]         // link-local
        | [192, 0, 0, _]         // IETF protocol assignments
        | [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] // documentation
        | [192, 88, 99, _]       // deprecated 6to4 relay anycast
        | [198, 18 | 19, ..]     // benchmarking
        | [240..=255, ..]        // reserved
        => Reach::Special,

        _ => Reach::Public,
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let segments = address.segments();
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] | [0xff00..=0xffff, ..] => Reach::NotUnicast,
        [0, 0, 0, 0, 0, 0, 0, 1] | [0xfc00..=0xfdff, ..] => Reach::Private,

        // NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            embedded([v4(high, low)])
        }

        [0x2001, 0..=0x1ff, ..] => reach_protocol_block(segments),
        // Documentation.
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Reach::Special,
        [0x2000..=0x3fff, ..] => Reach::Public,

        // Link-local, local NAT64, discard-only, IPv4-compatible, segment routing, unallocated.
        _ => Reach::Special,
    }
}

/// Returns the reach of an address in `2001::/23`, the IETF's block for protocols. Only some blocks
/// in it are global.
#[expect(
    clippy::unnested_or_patterns,
    reason = "one line for each kind of block, as in the registry"
)]
fn reach_protocol_block(segments: [u16; 8]) -> Reach {
    match segments {
        // Teredo: the server's address, and the client's with all bits inverted.
        [_, 0, server_high, server_low, _, _, high, low] => {
            embedded([v4(server_high, server_low), v4(!high, !low)])
        }

        [_, 1, 0, 0, 0, 0, 0, 1..=3] // anycast of PCP, TURN and DNS-SD registration
        | [_, 3, ..]                 // AMT
        | [_, 4, 0x112, ..]          // AS112
        | [_, 0x20..=0x3f, ..]       // ORCHIDv2, DRIP
        => Reach::Public,

        _ => Reach::Special,
    }
}

/// Returns public if all embedded addresses are. Otherwise the address is special and not private,
/// since the network it leads to is unknown.
fn embedded<const N: usize>(addresses: [Ipv4Addr; N]) -> Reach {
    let public = addresses
        .into_iter()
        .all(|address| reach_v4(address) == Reach::Public);

    if public {
        Reach::Public
    } else {
        Reach::Special
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: Reach, addresses: &[&str]) {
        for text in addresses {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(reach(address), expected, "{text}");
            assert_eq!(
                is_globally_reachable(address),
                expected == Reach::Public,
                "{text}"
            );
        }
    }

    #[test]
    fn ipv4_blocks_have_the_reach_of_the_registry() {
        check(
            Reach::Public,
            &[
                "1.1.1.1",
                "8.8.8.8",
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.0.9",
                "192.0.0.10",
                "192.0.1.0",
                "192.0.3.0",
                "192.31.196.1",
                "192.52.193.1",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "192.175.48.1",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
            ],
        );
        check(
            Reach::Private,
            &[
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "192.168.255.255",
            ],
        );
        check(
            Reach::Special,
            &[
                "0.0.0.1",
                "0.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "192.0.0.0",
                "192.0.0.8",
                "192.0.0.11",
                "192.0.0.170",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "192.88.99.1",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "240.0.0.0",
                "255.255.255.254",
            ],
        );
        check(
            Reach::NotUnicast,
            &["0.0.0.0", "224.0.0.1", "239.255.255.255", "255.255.255.255"],
        );
    }

    #[test]
    fn ipv6_blocks_have_the_reach_of_the_registry() {
        check(
            Reach::Public,
            &[
                "2606:4700:4700::1111",
                "2000::1",
                "2001:200::1",
                "2001:1::1",
                "2001:1::2",
                "2001:1::3",
                "2001:3::1",
                "2001:4:112::1",
                "2001:20::1",
                "2001:2f:ffff::1",
                "2001:30::1",
                "2001:3f:ffff::1",
                "2001:db7::1",
                "2001:db9::1",
                "2620:4f:8000::1",
                "2003::1",
                "3ffe::1",
                "3fff:1000::1",
            ],
        );
        check(
            Reach::Private,
            &["::1", "fc00::1", "fd12:3456::1", "fdff:ffff::1"],
        );
        check(
            Reach::Special,
            &[
                "::2",
                "64:ff9b:1::1",
                "64:ff9b:1:ffff::1",
                "64:ff9b:0:1::1",
                "100::1",
                "100:0:0:1::1",
                "1fff::1",
                "2001:1::",
                "2001:1::4",
                "2001:2::1",
                "2001:4:111::1",
                "2001:4:113::1",
                "2001:5::1",
                "2001:10::1",
                "2001:40::1",
                "2001:1ff::1",
                "2001:db8::1",
                "2001:db8:ffff::1",
                "3fff::1",
                "3fff:fff::1",
                "4000::1",
                "5f00::1",
                "fbff::1",
                "fe00::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
            ],
        );
        check(Reach::NotUnicast, &["::", "ff00::1", "ff02::1", "ffff::1"]);
    }

    #[test]
    fn an_embedded_ipv4_address_determines_the_reach() {
        check(
            Reach::Public,
            &[
                "::ffff:8.8.8.8",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:0:808:808:0:0:f7f7:f7f7",
            ],
        );
        check(
            Reach::Private,
            &["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:192.168.1.1"],
        );
        check(
            Reach::Special,
            &[
                "::ffff:169.254.169.254",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::169.254.169.254",
                "64:ff9b::0.0.0.0",
                "64:ff9b::224.0.0.1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:a9fe:a9fe::1",
                // Teredo with a private server, then with a private client (10.0.0.1, bits
                // inverted).
                "2001:0:a00:1:0:0:f7f7:f7f7",
                "2001:0:808:808:0:0:f5ff:fffe",
                // IPv4-compatible and IPv4-translated forms are never global.
                "::127.0.0.1",
                "::8.8.8.8",
                "::ffff:0:8.8.8.8",
            ],
        );
        check(
            Reach::NotUnicast,
            &[
                "::ffff:0.0.0.0",
                "::ffff:224.0.0.1",
                "::ffff:255.255.255.255",
            ],
        );
    }

    #[test]
    fn each_rule_admits_its_own_addresses() {
        let cases = [
            ("8.8.8.8", [true, false, true]),
            ("127.0.0.1", [false, true, true]),
            ("::ffff:10.0.0.1", [false, true, true]),
            ("fd00::1", [false, true, true]),
            ("169.254.169.254", [false, false, true]),
            ("64:ff9b::10.0.0.1", [false, false, true]),
            ("198.18.0.1", [false, false, true]),
            ("0.0.0.0", [false, false, false]),
            ("::", [false, false, false]),
            ("224.0.0.1", [false, false, false]),
        ];
        for (text, expected) in cases {
            let address = text.parse().unwrap();
            let rules = [
                AddressRule::PublicOnly,
                AddressRule::PrivateOnly,
                AddressRule::Any,
            ];
            assert_eq!(rules.map(|rule| rule.admits(address)), expected, "{text}");
        }
    }
}
