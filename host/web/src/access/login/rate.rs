//! The number of logins that a client may try.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

/// The tries within [`WINDOW`].
const TRIES: u32 = 5;
const WINDOW: Duration = Duration::from_mins(1);

/// The clients that are counted at the same time. More can only be an attack from many addresses;
/// the oldest ones are forgotten then.
const MAX_CLIENTS: usize = 4096;

/// The tries of all clients in the last minute.
#[derive(Debug, Default)]
pub(crate) struct LoginRate {
    clients: HashMap<Option<IpAddr>, Tries>,
}

#[derive(Debug)]
struct Tries {
    since: Instant,
    count: u32,
}

impl LoginRate {
    /// Counts a try. `None` is a client without an address.
    ///
    /// # Errors
    ///
    /// Returns the time to wait if the client has used up its tries.
    pub(crate) fn count(&mut self, client: Option<IpAddr>, now: Instant) -> Result<(), Duration> {
        self.clients
            .retain(|_, tries| now.duration_since(tries.since) < WINDOW);
        let client = client.map(network_of);
        if !self.clients.contains_key(&client) {
            self.make_room();
        }

        let tries = self.clients.entry(client).or_insert(Tries {
            since: now,
            count: 0,
        });
        if tries.count >= TRIES {
            return Err(WINDOW.saturating_sub(now.duration_since(tries.since)));
        }
        tries.count += 1;
        Ok(())
    }

    /// Forgets the client whose minute began first, if there are too many.
    fn make_room(&mut self) {
        if self.clients.len() < MAX_CLIENTS {
            return;
        }
        let oldest = self.clients.iter().min_by_key(|(_, tries)| tries.since);
        if let Some(oldest) = oldest.map(|(client, _)| *client) {
            self.clients.remove(&oldest);
        }
    }
}

/// Returns the first address of the network that one client has for itself: in IPv6, 64 bits.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(network.into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts a try of the client with this address.
    fn try_from(rate: &mut LoginRate, client: &str, now: Instant) -> Result<(), Duration> {
        rate.count(Some(client.parse().unwrap()), now)
    }

    #[test]
    fn each_client_has_five_tries_a_minute() {
        let mut rate = LoginRate::default();
        let begun = Instant::now();
        for _ in 0..5 {
            assert_eq!(try_from(&mut rate, "192.0.2.1", begun), Ok(()));
        }
        let later = begun + Duration::from_secs(20);
        let wait = Duration::from_secs(40);
        assert_eq!(try_from(&mut rate, "192.0.2.1", later), Err(wait));
        assert_eq!(try_from(&mut rate, "192.0.2.2", later), Ok(()));
        assert_eq!(rate.count(None, later), Ok(()));
        assert_eq!(try_from(&mut rate, "192.0.2.1", begun + WINDOW), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let mut rate = LoginRate::default();
        let now = Instant::now();
        for host in 0..5 {
            assert_eq!(
                try_from(&mut rate, &format!("2001:db8::{host}"), now),
                Ok(())
            );
        }
        assert!(try_from(&mut rate, "2001:db8::ffff", now).is_err());
        assert_eq!(try_from(&mut rate, "2001:db8:0:1::1", now), Ok(()));
    }

    #[test]
    fn many_clients_take_a_bounded_amount_of_memory() {
        let mut rate = LoginRate::default();
        let now = Instant::now();
        for host in 0..5000_u32 {
            let client = Some(IpAddr::V4((0x0a00_0000 + host).into()));
            assert_eq!(rate.count(client, now), Ok(()));
        }
        assert_eq!(rate.clients.len(), MAX_CLIENTS);
    }
}
