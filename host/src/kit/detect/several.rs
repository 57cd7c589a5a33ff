//! The detection for several addresses: sources, and addresses that are not recognized.

use job_scanner_core::escape::PrintableStart;

use super::lookup::{Detected, Unrecognized, detect};
use super::pasted::{parse_address, without_secrets};

/// The maximum length of an address in a message, in characters.
const SHOWN_CHARACTERS: usize = 300;

/// The advice for addresses whose site belongs to no adapter.
const UNKNOWN_SITE_ADVICE: &str = "The source of a page (Ctrl+U) may show who hosts the jobs: look for one of the names in README.md, and pass the \
     address next to it. A site with a sitemap can be read with `type: jsonld`, a site with a feed with `type: feed`. The \
     identifier is then the address of that file.";

/// The results for several addresses, in the order of the addresses.
#[derive(Debug, Default)]
pub struct DetectedSources {
    /// The sources, each of them once.
    pub found: Vec<DetectedByAddresses>,
    /// The other addresses, as they are shown, each of them once with the reason.
    pub unrecognized: Vec<(String, String)>,
    /// True if the site of an address belongs to no adapter.
    has_unknown_site: bool,
}

/// A source with the addresses that led to it, as they were given.
#[derive(Debug)]
pub struct DetectedByAddresses {
    pub source: Detected,
    pub addresses: Vec<String>,
}

impl DetectedSources {
    /// Finds the sources for the addresses.
    pub fn of(addresses: &[String]) -> Self {
        let mut results = Self::default();
        for address in addresses {
            results.add(address);
        }
        results
    }

    /// Returns the sources.
    pub fn sources(&self) -> impl Iterator<Item = &Detected> {
        self.found.iter().map(|found| &found.source)
    }

    /// Returns what helps to find the source of an unknown site; `None` if there is no such
    /// address.
    pub fn advice(&self) -> Option<&'static str> {
        self.has_unknown_site.then_some(UNKNOWN_SITE_ADVICE)
    }

    fn add(&mut self, address: &str) {
        match parse_address(address).map(|url| detect(&url)) {
            Ok(Ok(source)) => self.add_source(source, address),
            Ok(Err(reason)) => {
                self.has_unknown_site |= matches!(reason, Unrecognized::UnknownSite { .. });
                self.add_unrecognized(address, reason.to_string());
            }
            Err(reason) => self.add_unrecognized(address, reason.to_string()),
        }
    }

    fn add_source(&mut self, source: Detected, address: &str) {
        let mut all = self.found.iter_mut();
        match all.find(|found| found.source.is_same_source(&source)) {
            Some(found) if found.addresses.iter().any(|known| known == address) => {}
            Some(found) => found.addresses.push(address.to_owned()),
            None => self.found.push(DetectedByAddresses {
                source,
                addresses: vec![address.to_owned()],
            }),
        }
    }

    fn add_unrecognized(&mut self, address: &str, reason: String) {
        let shown = PrintableStart {
            text: &without_secrets(address),
            limit: SHOWN_CHARACTERS,
        };
        let entry = (shown.to_string(), reason);
        if !self.unrecognized.contains(&entry) {
            self.unrecognized.push(entry);
        }
    }
}
