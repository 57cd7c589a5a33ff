//! Boards on which every company has its own site, such as `acme.example.com`.

use crate::{FetchRequest, Redirects, Request, Response, SourceError, Url};

impl FetchRequest {
    /// Returns the site of the company that the identifier names, below `domain`, or `base_url` if
    /// the source sets one.
    ///
    /// An identifier that is not a valid label of a host name is an error: it could change the host
    /// of the URL.
    pub fn company_site(&self, domain: &str, base_url: Option<&str>) -> Result<Url, SourceError> {
        company_site(&self.identifier, domain, base_url)
    }
}

/// Returns the site of a company by its name, like [`FetchRequest::company_site`].
pub fn company_site(name: &str, domain: &str, base_url: Option<&str>) -> Result<Url, SourceError> {
    if let Some(base_url) = base_url {
        return Ok(Url::at(base_url));
    }

    if !is_label(name) {
        let message = format!(
            "`{name}` is not the name of a site: use letters, digits and hyphens, as in NAME.{domain}"
        );
        return Err(SourceError::InvalidOptions(message));
    }

    Ok(Url::at(&format!("https://{name}.{domain}")))
}

impl Request {
    /// Tells the host not to follow redirects. The adapter gets a redirect as the response, see
    /// [`Response::ok_unless_redirected`].
    #[must_use]
    pub fn without_redirects(self) -> Self {
        Self {
            redirects: Redirects::Manual,
            ..self
        }
    }
}

impl Response {
    /// Returns the response if its status is a success, else the error that the status means. A
    /// redirect is [`SourceError::NotFound`].
    ///
    /// These boards redirect the site of an unknown company to their own pages. Use it with
    /// [`Request::without_redirects`].
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

/// Returns true if the name is a valid label of a host name
/// ([RFC 1123, section 2.1](https://www.rfc-editor.org/rfc/rfc1123#section-2.1)).
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
    fn a_company_site_is_a_subdomain_unless_the_source_has_a_base_url() {
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
    fn a_redirect_means_that_the_company_is_unknown() {
        let response = |status: u16, target: &str| Response {
            status,
            url: "https://acme.example.com/jobs".to_owned(),
            headers: vec![crate::Header {
                name: "Location".to_owned(),
                value: target.to_owned(),
            }],
            body: Vec::new(),
            unchanged: false,
        };
        let message =
            "https://acme.example.com/jobs redirects to \"https://example.com/\"".to_owned();
        assert_eq!(
            response(302, "https://example.com/").ok_unless_redirected(),
            Err(SourceError::NotFound(message))
        );
        assert!(matches!(
            response(404, "").ok_unless_redirected(),
            Err(SourceError::NotFound(_))
        ));
        assert!(response(200, "").ok_unless_redirected().is_ok());
    }

    #[test]
    fn an_identifier_that_is_not_a_site_name_is_invalid() {
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
