//! The page to which a form returns.

use job_scanner_store::ChangeId;
use serde::Deserialize;
use url::Url;

/// The longest address, in bytes. Those of our pages are shorter.
const MAX_BYTES: usize = 2_000;

/// The address of a page of ours on which a person was. Another address becomes that of the
/// matches: otherwise a form of ours could lead to a page of a stranger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Back(Url);

impl From<String> for Back {
    fn from(path: String) -> Self {
        let base = base();
        let is_ours = |url: &Url| {
            let is_page = matches!(url.path(), "/matches" | "/job");
            is_page && url.origin() == base.origin() && url.username().is_empty()
        };
        let given = Some(path).filter(|path| path.len() <= MAX_BYTES && path.starts_with('/'));
        let joined = given.and_then(|path| base.join(&path).ok());
        let mut url = joined.filter(is_ours).unwrap_or_else(|| base.clone());
        url.set_fragment(None);
        Self(url).without(&["changed", "outdated", "mark"])
    }
}

/// Returns the page of matches on a host that is never printed.
fn base() -> Url {
    #[expect(clippy::expect_used, reason = "the text is constant")]
    Url::parse("http://page.invalid/matches").expect("the address is valid")
}

impl Back {
    /// Returns the path, without anything about a change.
    pub(crate) fn path(&self) -> String {
        self.0[url::Position::BeforePath..].to_owned()
    }

    /// Returns the path, with the number of a change, at the place where the person was.
    pub(super) fn after_change(&self, change: ChangeId) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut()
            .append_pair("changed", &change.to_string());
        url.set_fragment(Some("here"));
        Self(url).path()
    }

    /// Returns the path, with the message that nothing was changed.
    pub(super) fn outdated(&self) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut().append_pair("outdated", "1");
        Self(url).path()
    }

    /// Returns the path, at a card.
    pub(super) fn at_card(&self, id: i64) -> String {
        let mut url = self.0.clone();
        url.set_fragment(Some(&format!("j{id}")));
        Self(url).path()
    }

    fn without(self, names: &[&str]) -> Self {
        let Self(mut url) = self;
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .filter(|(name, _)| !names.contains(&name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        Self(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(path: &str) -> Back {
        Back::from(path.to_owned())
    }

    #[test]
    fn only_our_pages_are_returned_to() {
        for (given, returned) in [
            ("/matches?state=all&after=3", "/matches?state=all&after=3"),
            (
                "/job?key=greenhouse%2Facme%2F1",
                "/job?key=greenhouse%2Facme%2F1",
            ),
            ("/matches?changed=4&q=a#here", "/matches?q=a"),
            ("/job?key=a&mark=applied", "/job?key=a"),
            ("//evil.example/matches", "/matches"),
            ("/\\evil.example/matches", "/matches"),
            ("https://evil.example/matches", "/matches"),
            ("/\t/evil.example/matches", "/matches"),
            ("/logout", "/matches"),
            ("javascript:alert(1)", "/matches"),
            ("", "/matches"),
        ] {
            assert_eq!(back(given).path(), returned, "{given}");
        }
        assert_eq!(
            back(&format!("/matches?q={}", "x".repeat(MAX_BYTES))).path(),
            "/matches"
        );
    }

    #[test]
    fn the_change_is_added_at_the_place_where_the_person_was() {
        let change: ChangeId = "7".parse().unwrap();
        let path = back("/matches?q=a&changed=6").after_change(change);
        assert_eq!(path, "/matches?q=a&changed=7#here");
        assert_eq!(back("/matches").outdated(), "/matches?outdated=1");
        assert_eq!(back("/matches").at_card(5), "/matches#j5");
    }
}
