//! The results for the addresses of a call: sources, and addresses that are not recognized.

use job_scanner_core::escape::PrintableStart;
use job_scanner_views::adapters::{DetectedSourceOfManyView, DetectedSourceView};

use crate::kit::detect::{Detected, Unrecognized, detect, parse_address, without_secrets};
use crate::terminal::write_stderr_line;

/// The maximum length of an address in a message, in characters.
const SHOWN_CHARACTERS: usize = 300;

/// The results for all addresses, in the order of the addresses.
#[derive(Default)]
pub(super) struct DetectResults {
    /// The sources, each of them once.
    found: Vec<Found>,
    /// The other addresses, as they are shown, each of them once with the reason.
    unrecognized: Vec<(String, String)>,
    /// True if the site of an address belongs to no adapter.
    has_unknown_site: bool,
}

/// A source with the addresses that led to it, as they were given.
struct Found {
    source: Detected,
    addresses: Vec<String>,
}

impl DetectResults {
    /// Finds the sources for the addresses.
    pub(super) fn of(addresses: &[String]) -> Self {
        let mut results = Self::default();
        for address in addresses {
            results.add(address);
        }
        results
    }

    /// Returns true if there is a source for every address.
    pub(super) fn are_complete(&self) -> bool {
        self.unrecognized.is_empty()
    }

    /// Returns the sources.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Detected> {
        self.found.iter().map(|found| &found.source)
    }

    /// Returns the JSON of each source.
    pub(super) fn views(&self) -> impl Iterator<Item = DetectedSourceView<'_>> {
        self.sources().map(view)
    }

    /// Returns the JSON of all sources, with the addresses of each.
    pub(super) fn list_view(&self) -> Vec<DetectedSourceOfManyView<'_>> {
        let views = self.found.iter().map(|found| DetectedSourceOfManyView {
            source: view(&found.source),
            addresses: &found.addresses,
        });
        views.collect()
    }

    /// Writes the addresses that are not recognized to standard error, with the reasons.
    pub(super) fn report_unrecognized(&self) {
        for (address, reason) in &self.unrecognized {
            write_stderr_line(format_args!("`{address}` is not recognized: {reason}"));
        }
        if self.has_unknown_site {
            write_stderr_line(
                "The source of a page (Ctrl+U) may show who hosts the jobs: look for one of the names in README.md, and \
                 pass the address next to it. A site with a sitemap can be read with `type: jsonld`, a site with a feed \
                 with `type: feed`. The identifier is then the address of that file.",
            );
        }
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
            None => self.found.push(Found {
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

fn view(found: &Detected) -> DetectedSourceView<'_> {
    DetectedSourceView {
        identifier: &found.identifier,
        options: &found.options,
        r#type: found.adapter,
    }
}
