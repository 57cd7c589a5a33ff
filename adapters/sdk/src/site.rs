//! Boards on which every company has a site of its own, such as `acme.example.com`.

use crate::{FetchRequest, SourceError, Url};

impl FetchRequest {
    /// The site of the company that the identifier names, below `domain`; or `base_url`, where the source has one.
    ///
    /// An identifier that is no name of a site, which would make a URL of another host, is an error.
    pub fn company_site(&self, domain: &str, base_url: Option<&str>) -> Result<Url, SourceError> {
        if let Some(base_url) = base_url {
            return Ok(Url::at(base_url));
        }
        let name = &self.identifier;
        if !is_label(name) {
            let words = format!("`{name}` is no name of a site: letters, digits and hyphens, as in NAME.{domain}");
            return Err(SourceError::InvalidOptions(words));
        }
        Ok(Url::at(&format!("https://{name}.{domain}")))
    }
}

/// Whether it can be one label of a host name (RFC 1123, section 2.1).
fn is_label(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&name.len()) && name.bytes().all(is_inner) && !name.starts_with('-') && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(identifier: &str, base_url: Option<&str>) -> Result<String, SourceError> {
        let request = crate::testing::request(identifier, "{}");
        request.company_site("example.com", base_url).map(String::from)
    }

    #[test]
    fn a_company_has_a_site_of_its_own() {
        for (identifier, base_url, expected) in [
            ("acme", None, "https://acme.example.com"),
            ("10-4-Trucks", None, "https://10-4-Trucks.example.com"),
            ("acme", Some("http://127.0.0.1:8080/x/"), "http://127.0.0.1:8080/x"),
        ] {
            assert_eq!(site(identifier, base_url).expect("a site"), expected);
        }
    }

    #[test]
    fn what_is_no_name_makes_no_url() {
        for identifier in ["", "evil.example/", "a.b", "user@host", "-a", "a-", "größe", &"a".repeat(64)] {
            assert!(matches!(site(identifier, None), Err(SourceError::InvalidOptions(_))), "{identifier}");
        }
    }
}
