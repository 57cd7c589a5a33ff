//! Career sites, and the URLs of their pages and APIs.

use job_scanner_sdk::{FetchRequest, SourceError, Url};

/// The source's options. The manifest's schema describes them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// Replaces the tenant's scheme and host.
    #[serde(default)]
    base_url: Option<String>,
    #[serde(default)]
    domain: Domain,
}

/// The domain of a data centre's sites.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
enum Domain {
    /// Each tenant has its own host.
    #[default]
    #[serde(rename = "myworkdayjobs.com")]
    PerTenant,
    /// All tenants share one host. The path names the tenant.
    #[serde(rename = "myworkdaysite.com")]
    Shared,
}

/// A career site.
#[derive(Debug)]
pub struct Site {
    /// The public pages.
    pages: Url,
    api: Url,
}

impl Site {
    /// Returns the site of a request, whose identifier is `TENANT.wdN/SITE`.
    pub fn from_request(request: &FetchRequest) -> Result<Self, SourceError> {
        let options: Options = request.read_options()?;
        let identifier = &request.identifier;
        let Some((tenant, centre, site)) = parts(identifier) else {
            return Err(SourceError::InvalidOptions(format!(
                "`{identifier}` is not a Workday site: use TENANT.wdN/SITE, such as acme.wd5/Careers"
            )));
        };
        let (host, pages) = match options.domain {
            Domain::PerTenant => {
                let host = format!("https://{tenant}.{centre}.myworkdayjobs.com");
                (host.clone(), Url::at(&host).segment(site))
            }
            Domain::Shared => {
                let host = format!("https://{centre}.myworkdaysite.com");
                (
                    host.clone(),
                    Url::at(&host)
                        .path("recruiting")
                        .segment(tenant)
                        .segment(site),
                )
            }
        };
        let api = Url::at(options.base_url.as_deref().unwrap_or(&host));
        Ok(Self {
            pages,
            api: api.path("wday/cxs").segment(tenant).segment(site),
        })
    }

    /// Returns the URL of the site's API.
    pub fn api(&self) -> Url {
        self.api.clone()
    }

    /// Returns the URL of a job's public page. `path` is from the listing: `/job/...`.
    pub fn page(&self, path: &str) -> String {
        String::from(self.pages.clone()) + path
    }

    /// Returns the URL of a job in the API.
    pub fn posting(&self, path: &str) -> String {
        String::from(self.api()) + path
    }
}

/// Splits an identifier into tenant, data centre and site. `None` if it could change the host.
fn parts(identifier: &str) -> Option<(&str, &str, &str)> {
    let (host, site) = identifier.split_once('/')?;
    let (tenant, centre) = host.rsplit_once('.')?;
    let is_word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it))
    };
    let is_centre = centre
        .strip_prefix("wd")
        .is_some_and(|number| number.bytes().all(|it| it.is_ascii_digit()));
    (is_word(tenant) && is_centre && is_word(site)).then_some((tenant, centre, site))
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::testing;

    use super::*;

    #[test]
    fn an_identifier_consists_of_tenant_data_centre_and_site() {
        assert_eq!(parts("acme.wd5/Careers"), Some(("acme", "wd5", "Careers")));
        assert_eq!(
            parts("a-b.wd103/External_Career_Site"),
            Some(("a-b", "wd103", "External_Career_Site"))
        );
        for wrong in [
            "acme",
            "acme/Careers",
            "acme.wd5",
            "acme.wd5/",
            "acme.evil/x",
            "a@b.wd5/x",
            "a/b.wd5/x",
            "acme.wd5/a/b",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn tenants_on_a_shared_host_are_named_in_the_path() {
        let at = |domain: &str| {
            let options = format!(r#"{{"domain": "{domain}"}}"#);
            let site = Site::from_request(&testing::request("acme.wd5/Careers", &options))
                .expect("a site");
            (
                site.page("/job/Bonn/Cook_R1"),
                site.posting("/job/Bonn/Cook_R1"),
            )
        };
        assert_eq!(
            at("myworkdayjobs.com"),
            (
                "https://acme.wd5.myworkdayjobs.com/Careers/job/Bonn/Cook_R1".to_owned(),
                "https://acme.wd5.myworkdayjobs.com/wday/cxs/acme/Careers/job/Bonn/Cook_R1"
                    .to_owned()
            )
        );
        assert_eq!(
            at("myworkdaysite.com"),
            (
                "https://wd5.myworkdaysite.com/recruiting/acme/Careers/job/Bonn/Cook_R1".to_owned(),
                "https://wd5.myworkdaysite.com/wday/cxs/acme/Careers/job/Bonn/Cook_R1".to_owned()
            )
        );
    }

    #[test]
    fn the_manifest_is_up_to_date() {
        testing::check_manifest::<crate::Workday, Options>();
    }
}
