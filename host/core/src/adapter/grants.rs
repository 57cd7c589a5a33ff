//! What an adapter may do: which hosts it may ask with which methods, and who may receive the
//! secrets of its sources.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::method::Method;
use super::target::HostTarget;
use crate::net::HostPattern;

/// How many requests a second a host gets for which no rate was granted.
pub const DEFAULT_RATE: f64 = 4.0;

/// The slowest rate that can be meant, a request in a hundred seconds, and the fastest.
const RATES: std::ops::RangeInclusive<f64> = 0.01..=1000.0;

/// What an adapter asks for, or was granted. Reads and prints as JSON in one way only, so that
/// equal ones look alike.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grants {
    /// Which hosts, and how.
    #[serde(with = "host_list")]
    pub hosts: BTreeMap<HostTarget, HostTerms>,
    /// Options whose values are secret, each with the hosts that may receive it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, BTreeSet<HostPattern>>,
}

/// How a host may be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct HostTerms {
    /// With which methods.
    pub methods: BTreeSet<Method>,
    /// How many requests a second; `None` is [`DEFAULT_RATE`].
    pub rate: Option<f64>,
}

impl Grants {
    /// Adds a host. Of two entries for one, the methods of both and the slower rate hold.
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

    /// What of these is not in `granted`. How fast a host is asked is no more and no less.
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

    /// The same without rates above [`DEFAULT_RATE`]: how much a board can bear is not a stranger's
    /// to say.
    #[must_use]
    pub fn at_usual_rates(mut self) -> Self {
        for terms in self.hosts.values_mut() {
            terms.rate = terms.rate.filter(|rate| *rate <= DEFAULT_RATE);
        }
        self
    }

    /// Whether nothing is asked for, or granted.
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

/// Whether a rate can be meant.
pub(super) fn check_rate(rate: Option<f64>) -> Result<(), String> {
    if rate.is_none_or(|rate| RATES.contains(&rate)) {
        return Ok(());
    }

    let (slowest, fastest) = RATES.into_inner();
    Err(format!(
        "its rate is not from {slowest} to {fastest} requests a second"
    ))
}

/// Hosts as a list, the way that a manifest writes them.
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
                    return Err(D::Error::custom(
                        "a host has neither, or both, of `pattern` and `from`",
                    ));
                }
            };

            check_rate(entry.rate)
                .map_err(|reason| D::Error::custom(format!("`{target}`: {reason}")))?;
            let terms = HostTerms {
                methods: entry.methods.into_iter().collect(),
                rate: entry.rate,
            };

            if hosts.contains_key(&target) {
                return Err(D::Error::custom(format!("`{target}` is written twice")));
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
    fn another_host_or_method_is_more_and_another_rate_is_not() {
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
    fn another_secret_or_another_receiver_is_more() {
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
    fn entries_for_one_host_are_one() {
        let twice = grants(&[
            ("a.example", &["GET"], Some(2.0)),
            ("A.example.", &["POST"], Some(1.0)),
        ]);
        assert_eq!(twice, grants(&[("a.example", &["POST", "GET"], Some(1.0))]));
    }

    #[test]
    fn a_slow_rate_is_anybodys_to_ask_for() {
        let asked = grants(&[
            ("a.example", &["GET"], Some(10.0)),
            ("b.example", &["GET"], Some(0.5)),
        ]);
        let usual = grants(&[
            ("a.example", &["GET"], None),
            ("b.example", &["GET"], Some(0.5)),
        ]);
        assert_eq!(asked.at_usual_rates(), usual);
    }
}
