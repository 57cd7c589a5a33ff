//! The requests for the public feeds.

use job_scanner_sdk::{Request, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Replaces the site's scheme and host.
    #[serde(default = "Options::weworkremotely")]
    base_url: String,
}

impl Options {
    fn weworkremotely() -> String {
        "https://weworkremotely.com".to_owned()
    }
}

/// The identifier for all categories.
pub const ALL: &str = "all";

/// Returns the request for the newest jobs, of all categories or of one.
pub fn listing(options: &Options, category: &str) -> Request {
    let site = Url::at(&options.base_url);
    let url = match category {
        ALL => site.path("remote-jobs.rss"),
        category => site
            .path("categories")
            .segment(&format!("remote-{category}-jobs.rss")),
    };
    Request::get_xml(url)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn a_category_has_its_own_feed() {
        let options: Options = serde_json::from_str("{}").expect("options");
        let url = |category| listing(&options, category).url;
        assert_eq!(url("all"), "https://weworkremotely.com/remote-jobs.rss");
        assert_eq!(
            url("programming"),
            "https://weworkremotely.com/categories/remote-programming-jobs.rss"
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::WeWorkRemotely, Options>();
    }
}
