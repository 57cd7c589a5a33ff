//! The permissions of an adapter: the hosts it may contact with which methods, and the hosts that
//! may receive the secrets of its sources.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::method::Method;
use super::target::HostTarget;
use crate::net::HostPattern;

/// The requests per second to a host for which no rate was granted.
pub const DEFAULT_RATE: f64 = 4.0;

/// The range of valid rates, in requests per second.
const RATES: std::ops::RangeInclusive<f64> = 0.01..=1000.0;

/// The permissions that an adapter requests or was granted. Equal values have the same JSON text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    #[serde(with = "host_list")]
    pub hosts: BTreeMap<HostTarget, HostTerms>,
    /// The options whose values are secret, each with the hosts that may receive it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, BTreeSet<HostPattern>>,
}

/// The terms on which a host may be contacted.
#[derive(Debug, Clone, PartialEq)]
pub struct HostTerms {
    pub methods: BTreeSet<Method>,
    /// Requests per second; `None` is [`DEFAULT_RATE`].
    pub rate: Option<f64>,
}

impl Grants {
    /// Adds a host. If the host is present already, the methods of both entries and the slower rate
    /// apply.
    pub fn add_host(&mut self, target: HostTarget, terms: HostTerms) {
        let HostTerms { methods, rate } = terms;

        match self.hosts.get_mut(&target) {
            None => {
                self.hosts.insert(target, HostTerms { methods, rate });
            }
            Some(known) => {
                known.methods.extend(methods);
                known.rate = known.rate.into_iter().chain(rate).reduce(f64::min);
            }
        }
    }

    /// Returns the part that `granted` does not include. The rate is not compared: a different rate
    /// is not a further permission.
    #[must_use]
    pub fn beyond(&self, granted: &Self) -> Self {
        let mut more = Self::default();

        for (target, HostTerms { methods, rate }) in &self.hosts {
            let known = granted.hosts.get(target).map(|terms| &terms.methods);
            let methods = not_in(known, methods);
            if known.is_none() || !methods.is_empty() {
                let rate = *rate;
                let terms = HostTerms { methods, rate };
                more.hosts.insert(target.clone(), terms);
            }
        }

        for (option, receivers) in &self.secrets {
            let known = granted.secrets.get(option);
            let receivers = not_in(known, receivers);
            if known.is_none() || !receivers.is_empty() {
                more.secrets.insert(option.clone(), receivers);
            }
        }

        more
    }

    /// Removes rates above [`DEFAULT_RATE`]: a third party cannot decide how much load a board can
    /// take.
    #[must_use]
    pub fn with_rates_capped(mut self) -> Self {
        for terms in self.hosts.values_mut() {
            terms.rate = terms.rate.filter(|rate| *rate <= DEFAULT_RATE);
        }
        self
    }

    /// Returns true if there are neither hosts nor secrets.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.secrets.is_empty()
    }
}

fn not_in<T: Ord + Clone>(known: Option<&BTreeSet<T>>, wanted: &BTreeSet<T>) -> BTreeSet<T> {
    let Some(known) = known else {
        return wanted.clone();
    };
    wanted.difference(known).cloned().collect()
}

/// Rejects a rate outside of [`RATES`].
pub(super) fn check_rate(rate: Option<f64>) -> Result<(), String> {
    if rate.is_none_or(|rate| RATES.contains(&rate)) {
        return Ok(());
    }

    let (slowest, fastest) = RATES.into_inner();
    Err(format!(
        "its rate is not between {slowest} and {fastest} requests per second"
    ))
}

/// Reads and writes the hosts as a list, as a manifest does.
mod host_list {
    use serde::de::Error as _;

    use super::{
        BTreeMap, Deserialize, Deserializer, HostTarget, HostTerms, Method, Serialize, Serializer,
        check_rate,
    };
    use crate::net::HostPattern;

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Entry {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pattern: Option<HostPattern>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        methods: Vec<Method>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rate: Option<f64>,
    }

    pub(super) fn serialize<S: Serializer>(
        hosts: &BTreeMap<HostTarget, HostTerms>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let entries = hosts.iter().map(|(target, terms)| {
            let (pattern, from) = match target {
                HostTarget::Pattern(pattern) => (Some(pattern.clone()), None),
                HostTarget::Identifier => (None, Some("identifier".to_owned())),
                HostTarget::Option(name) => (None, Some(format!("options.{name}"))),
            };

            Entry {
                pattern,
                from,
                methods: terms.methods.iter().cloned().collect(),
                rate: terms.rate,
            }
        });

        serializer.collect_seq(entries)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<HostTarget, HostTerms>, D::Error> {
        let mut hosts = BTreeMap::new();

        for entry in Vec::<Entry>::deserialize(deserializer)? {
            let target = match (entry.pattern, entry.from) {
                (Some(pattern), None) => HostTarget::Pattern(pattern),
                (None, Some(place)) => HostTarget::from_place(&place).map_err(D::Error::custom)?,
                _ => {
                    return Err(D::Error::custom("a host needs either `pattern` or `from`"));
                }
            };

            check_rate(entry.rate)
                .map_err(|reason| D::Error::custom(format!("`{target}`: {reason}")))?;
            let terms = HostTerms {
                methods: entry.methods.into_iter().collect(),
                rate: entry.rate,
            };

            if hosts.contains_key(&target) {
                return Err(D::Error::custom(format!("`{target}` occurs twice")));
            }
            hosts.insert(target, terms);
        }

        Ok(hosts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(hosts: &[(&str, &[&str], Option<f64>)]) -> Grants {
        let mut grants = Grants::default();
        for (host, methods, rate) in hosts {
            let methods = methods
                .iter()
                .map(|method| method.parse().unwrap())
                .collect();
            grants.add_host(
                host.parse().unwrap(),
                HostTerms {
                    methods,
                    rate: *rate,
                },
            );
        }
        grants
    }

    #[test]
    fn a_further_host_or_method_exceeds_a_grant_and_another_rate_does_not() {
        let granted = grants(&[
            ("a.example", &["GET", "HEAD"], None),
            ("*.b.example", &["GET"], None),
        ]);
        assert!(
            grants(&[("a.example", &["GET"], Some(100.0))])
                .beyond(&granted)
                .is_empty()
        );
        assert!(granted.beyond(&granted).is_empty());

        let more = grants(&[
            ("a.example", &["GET", "POST"], None),
            ("c.b.example", &["GET"], None),
        ])
        .beyond(&granted);
        assert_eq!(
            more,
            grants(&[
                ("a.example", &["POST"], None),
                ("c.b.example", &["GET"], None)
            ])
        );
    }

    #[test]
    fn a_further_secret_or_receiver_exceeds_a_grant() {
        let secrets = |hosts: &[&str]| Grants {
            secrets: BTreeMap::from([(
                "key".to_owned(),
                hosts.iter().map(|host| host.parse().unwrap()).collect(),
            )]),
            ..Grants::default()
        };
        assert!(
            secrets(&["a.example"])
                .beyond(&secrets(&["a.example", "b.example"]))
                .is_empty()
        );
        assert_eq!(
            secrets(&["a.example", "b.example"]).beyond(&secrets(&["a.example"])),
            secrets(&["b.example"])
        );
        assert!(
            !secrets(&["a.example"])
                .beyond(&Grants::default())
                .is_empty()
        );
    }

    #[test]
    fn two_entries_for_one_host_are_merged() {
        let twice = grants(&[
            ("a.example", &["GET"], Some(2.0)),
            ("A.example.", &["POST"], Some(1.0)),
        ]);
        assert_eq!(twice, grants(&[("a.example", &["POST", "GET"], Some(1.0))]));
    }

    #[test]
    fn only_rates_above_the_default_are_removed() {
        let asked = grants(&[
            ("a.example", &["GET"], Some(10.0)),
            ("b.example", &["GET"], Some(0.5)),
        ]);
        let usual = grants(&[
            ("a.example", &["GET"], None),
            ("b.example", &["GET"], Some(0.5)),
        ]);
        assert_eq!(asked.with_rates_capped(), usual);
    }
}
