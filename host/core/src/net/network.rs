//! A range of IP addresses, as operators write it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// A network, such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// The number of leading bits that all addresses of the network share.
    prefix: u8,
}

/// The reason why a text is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    #[error("is not an address or a network")]
    Malformed,
    /// The operator may have meant another prefix or another address.
    #[error("has bits set after its prefix")]
    HostBits,
}

impl Network {
    /// Returns true if the address is in the network. An IPv4 address that is written as an IPv6
    /// address counts as the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = u32::from(network) ^ u32::from(address);
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = u128::from(network) ^ u128::from(address);
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Malformed)?;
        let bits: u8 = if address.is_ipv4() { 32 } else { 128 };

        let prefix = match prefix {
            None => bits,
            Some(prefix) => parse_prefix(prefix, bits).ok_or(NetworkError::Malformed)?,
        };

        let trailing_zeros = match address {
            IpAddr::V4(address) => u32::from(address).trailing_zeros(),
            IpAddr::V6(address) => u128::from(address).trailing_zeros(),
        };
        if trailing_zeros < u32::from(bits - prefix) {
            return Err(NetworkError::HostBits);
        }
        Ok(Self { address, prefix })
    }
}

/// Parses the number of bits after the slash.
fn parse_prefix(text: &str, bits: u8) -> Option<u8> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let prefix = text.parse().ok().filter(|prefix| *prefix <= bits)?;
    digits.then_some(prefix)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_contains_the_addresses_that_share_its_prefix() {
        for (network, address, contained) in [
            ("172.18.0.0/16", "172.18.255.1", true),
            ("172.18.0.0/16", "172.19.0.1", false),
            ("172.18.0.0/16", "::ffff:172.18.0.9", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("fd00::/8", "fd12:3456::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
        ] {
            let parsed: Network = network.parse().unwrap();
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(parsed.contains(address), contained, "{network} {address}");
        }
    }

    #[test]
    fn a_malformed_network_is_rejected() {
        for (text, error) in [
            ("", NetworkError::Malformed),
            ("proxy", NetworkError::Malformed),
            ("10.0.0.0/33", NetworkError::Malformed),
            ("10.0.0.0/", NetworkError::Malformed),
            ("10.0.0.0/+8", NetworkError::Malformed),
            ("10.0.0.1/8", NetworkError::HostBits),
            ("fd00::1/8", NetworkError::HostBits),
        ] {
            assert_eq!(text.parse::<Network>(), Err(error), "{text}");
        }
    }
}
