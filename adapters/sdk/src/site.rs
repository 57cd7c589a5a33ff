//! Boards on which every company has a site of its own, such as `acme.example.com`.

use crate::{FetchRequest, Redirects, Request, Response, SourceError, Url};

impl FetchRequest {
    /// The site of the company that the identifier names, below `domain`; or `base_url`, where the
    /// source has one.
    ///
    /// An identifier that is no name of a site, which would make a URL of another host, is an
    /// error.
    pub fn company_site(&self, domain: &str, base_url: Option<&str>) -> Result<Url, SourceError> {
        company_site(&self.identifier, domain, base_url)
    }
}

/// The same of any name.
pub fn company_site(name: &str, domain: &str, base_url: Option<&str>) -> Result<Url, SourceError> {
    if let Some(base_url) = base_url {
        return Ok(Url::at(base_url));
    }

    if !is_label(name) {
        let words = format!(
            "`{name}` is no name of a site: letters, digits and hyphens, as in NAME.{domain}"
        );
        return Err(SourceError::InvalidOptions(words));
    }

    Ok(Url::at(&format!("https://{name}.{domain}")))
}

impl Request {
    /// Takes a redirect for the answer, which [`Response::ok_unless_redirected`] reads.
    #[must_use]
    pub fn without_redirects(self) -> Self {
        Self {
            redirects: Redirects::Manual,
            ..self
        }
    }
}

impl Response {
    /// The response if it is a success. Visitors of a company that the board does not know are sent
    /// to the board's own pages, so a redirect means that there is no such company.
    pub fn ok_unless_redirected(self) -> Result<Self, SourceError> {
        match self.status {
            301..=303 | 307 | 308 => {
                let target = self
                    .header("location")
                    .map(|target| format!(" to {target:?}"))
                    .unwrap_or_default();
                Err(SourceError::NotFound(format!(
                    "{} redirects{target}",
                    self.url
                )))
            }
            _ => self.ok(),
        }
    }
}

/// Whether it can be one label of a host name (RFC 1123, section 2.1).
fn is_label(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(is_inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(identifier: &str, base_url: Option<&str>) -> Result<String, SourceError> {
        let request = crate::testing::request(identifier, "{}");
        request
            .company_site("example.com", base_url)
            .map(String::from)
    }

    #[test]
    fn a_company_has_a_site_of_its_own() {
        for (identifier, base_url, expected) in [
            ("acme", None, "https://acme.example.com"),
            ("10-4-Trucks", None, "https://10-4-Trucks.example.com"),
            (
                "acme",
                Some("http://127.0.0.1:8080/x/"),
                "http://127.0.0.1:8080/x",
            ),
        ] {
            assert_eq!(site(identifier, base_url).expect("a site"), expected);
        }
    }

    #[test]
    fn a_company_that_redirects_is_none() {
        let answer = |status: u16, target: &str| Response {
            status,
            url: "https://acme.example.com/jobs".to_owned(),
            headers: vec![crate::Header {
                name: "Location".to_owned(),
                value: target.to_owned(),
            }],
            body: Vec::new(),
            unchanged: false,
        };
        let words =
            "https://acme.example.com/jobs redirects to \"https://example.com/\"".to_owned();
        assert_eq!(
            answer(302, "https://example.com/").ok_unless_redirected(),
            Err(SourceError::NotFound(words))
        );
        assert!(matches!(
            answer(404, "").ok_unless_redirected(),
            Err(SourceError::NotFound(_))
        ));
        assert!(answer(200, "").ok_unless_redirected().is_ok());
    }

    #[test]
    fn what_is_no_name_makes_no_url() {
        for identifier in [
            "",
            "evil.example/",
            "a.b",
            "user@host",
            "-a",
            "a-",
            "größe",
            &"a".repeat(64),
        ] {
            assert!(
                matches!(site(identifier, None), Err(SourceError::InvalidOptions(_))),
                "{identifier}"
            );
        }
    }
}
