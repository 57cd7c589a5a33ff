//! Links to the page, if the configuration says where browsers find it (`web.public_url`).
//!
//! Scanners of mail and previews of chats open every link of a message, so none of these changes
//! anything: a link for a decision opens a form that asks for it.
//!
//! Not here: the page itself (`host/web`), which reads these addresses.

use std::collections::BTreeSet;

use job_scanner_core::decision::Decision;
use job_scanner_core::key::JobKey;
use job_scanner_store::{ClaimedDelivery, DeliveryKind};
use serde::Serialize;
use url::Url;

use super::reasons::describe_profile;

/// The longest link in bytes. The services limit the length of a message, and only a hostile board
/// has keys that need more.
const MAX_LINK_BYTES: usize = 1_000;

/// The address of the page for browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAddress(Url);

/// The links about one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct JobLinks {
    /// Everything about the job.
    url: String,
    interested: String,
    applied: String,
    hide: String,
}

/// The link of the whole message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct MessageLink {
    /// For example `All matches of the profile backend`.
    label: String,
    url: String,
}

impl PageAddress {
    /// Creates the address from a scheme, a host and perhaps a port.
    pub fn new(public_url: Url) -> Self {
        Self(public_url)
    }

    /// Returns the links about a job; `None` if its key is too long for a link.
    pub(super) fn job(&self, key: &JobKey) -> Option<JobLinks> {
        let key = key.to_string();
        let marked = |decision: Decision| {
            let asked = [("key", key.as_str()), ("mark", decision.as_str())];
            self.link("/job", &asked)
        };
        let links = JobLinks {
            url: self.link("/job", &[("key", &key)]),
            interested: marked(Decision::Interested),
            applied: marked(Decision::Applied),
            hide: marked(Decision::Hidden),
        };
        (links.interested.len() <= MAX_LINK_BYTES).then_some(links)
    }

    /// Returns the link of a message: to the matches of its profile, to those of all profiles if it
    /// is about several, or to the sources that fail.
    pub(super) fn message(&self, delivery: &ClaimedDelivery) -> MessageLink {
        if delivery.kind == DeliveryKind::Health {
            return MessageLink {
                label: "Failing sources".to_owned(),
                url: self.link("/sources", &[("show", "failing")]),
            };
        }

        let profiles: BTreeSet<&str> = delivery
            .alerts
            .iter()
            .map(|alert| alert.profile.as_str())
            .collect();
        match (profiles.len(), profiles.first()) {
            (1, Some(only)) => MessageLink {
                label: format!("All matches of {}", describe_profile(only)),
                url: self.link("/matches", &[("profile", only)]),
            },
            _ => MessageLink {
                label: "All matches".to_owned(),
                url: self.link("/matches", &[]),
            },
        }
    }

    /// Returns the address of a path with these parameters, all of which are percent-encoded.
    fn link(&self, path: &str, parameters: &[(&str, &str)]) -> String {
        let mut url = self.0.clone();
        url.set_path(path);
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        url.into()
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::key::MAX_EXTERNAL_ID_BYTES;
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::store;

    use super::*;
    use crate::message::content::MessageContent;
    use crate::test_support::{alerted, claimed, delivery_of, full_job, page, run};

    /// Returns the parameters of a link to the page.
    fn parameters(link: &str) -> Vec<(String, String)> {
        let url: Url = link.parse().unwrap();
        assert_eq!(url.host_str(), Some("jobs.example"), "{link}");
        assert_eq!(url.fragment(), None, "{link}");
        url.query_pairs().into_owned().collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn the_links_of_a_hostile_key_read_back_and_add_no_parameter() {
        for key in [
            "greenhouse/acme/7",
            "greenhouse/acme/..%2F..%2Flogout?a=1&mark=applied#x",
            "greenhouse/a%20b/\"><script>alert(1)<%2Fscript>",
            "greenhouse/acme/@everyone|*_~)](https:%2F%2Fevil.example)",
            "greenhouse/acme/\u{202e}\u{a0}ü",
        ] {
            let parsed: JobKey = key.parse().unwrap();
            let links = page().job(&parsed).unwrap();
            let printed = parsed.to_string();
            assert_eq!(parameters(&links.url), [pair("key", &printed)]);
            for (link, word) in [
                (&links.interested, "interested"),
                (&links.applied, "applied"),
                (&links.hide, "hidden"),
            ] {
                assert!(
                    link.is_ascii() && !link.contains(['<', '"', '|', ')', '@', ' ']),
                    "{link}"
                );
                assert_eq!(
                    parameters(link),
                    [pair("key", &printed), pair("mark", word)]
                );
            }
        }
    }

    #[test]
    fn a_key_that_makes_a_link_too_long_has_no_link() {
        let key = |id: &str| format!("greenhouse/acme/{id}").parse::<JobKey>().unwrap();
        let long = "7".repeat(MAX_EXTERNAL_ID_BYTES);
        assert!(page().job(&key(&long)).is_some());
        let longer_when_encoded = "?".repeat(MAX_EXTERNAL_ID_BYTES);
        assert_eq!(page().job(&key(&longer_when_encoded)), None);
    }

    #[tokio::test]
    async fn a_message_links_to_the_matches_of_its_only_profile() {
        for (profiles, label, query) in [
            (
                &["default"][..],
                "All matches of your search",
                vec![pair("profile", "default")],
            ),
            (
                &["r&d #1"],
                "All matches of the profile r&d #1",
                vec![pair("profile", "r&d #1")],
            ),
            (&["default", "backend"], "All matches", Vec::new()),
        ] {
            let store = store().await;
            let run = run(&store).await;
            let job = full_job("7");
            alerted(&store, run, "acme", &[job], AlertKind::New, profiles).await;
            let content = MessageContent::of(&claimed(&store).await, Some(&page()));
            let link = content.page.unwrap();
            assert_eq!(link.label, label);
            assert!(
                link.url.starts_with("https://jobs.example/matches"),
                "{}",
                link.url
            );
            assert_eq!(parameters(&link.url), query);
        }
    }

    #[tokio::test]
    async fn without_an_address_of_the_page_no_message_links_to_it() {
        let store = store().await;
        let delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        let content = MessageContent::of(&delivery, None);
        assert_eq!((&content.page, &content.jobs[0].page), (&None, &None));
    }

    #[tokio::test]
    async fn a_message_about_sources_links_to_those_that_fail() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        delivery.kind = DeliveryKind::Health;
        let link = MessageContent::of(&delivery, Some(&page())).page.unwrap();
        assert_eq!(parameters(&link.url), [pair("show", "failing")]);
    }
}
