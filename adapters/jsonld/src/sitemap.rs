//! [Sitemaps](https://www.sitemaps.org/protocol.html), which list the pages of a site.

use std::borrow::Cow;
use std::io::Read;

use job_scanner_sdk::xml::{self, child_text, children};
use job_scanner_sdk::{Request, Response, SourceError, absolute, send_all};

/// The maximum number of sitemaps in an index. No site that we know has more.
const MAX_SITEMAPS: usize = 50;

/// The maximum size of a decompressed sitemap. The protocol allows 50 MiB, the memory of a guest
/// less.
const MAX_BYTES: u64 = 32 << 20;

/// Returns the request for a sitemap.
pub(crate) fn request(address: &str) -> Request {
    Request::get_xml(address)
}

/// Returns the pages of sitemaps, and of the sitemaps that they list if they are indexes.
pub(crate) fn pages(sitemaps: Vec<Response>) -> Result<Vec<String>, SourceError> {
    let (mut pages, mut listed) = (Vec::new(), Vec::new());
    for response in sitemaps {
        let sitemap = read(&response)?;
        pages.extend(sitemap.pages);
        listed.extend(sitemap.sitemaps);
    }

    for response in send(&listed)? {
        pages.extend(read(&response)?.pages);
    }
    Ok(pages)
}

/// Requests sitemaps. Fails if one of them does: its pages would seem to be gone.
pub(crate) fn send(addresses: &[String]) -> Result<Vec<Response>, SourceError> {
    if addresses.len() > MAX_SITEMAPS {
        return Err(too_many(addresses.len()));
    }
    let requests: Vec<_> = addresses.iter().map(|address| request(address)).collect();
    let responses = send_all(&requests).into_iter();
    responses.map(|response| response?.ok()).collect()
}

fn too_many(number: usize) -> SourceError {
    SourceError::InvalidOptions(format!(
        "the site has {number} sitemaps: use the URL of the one with the jobs as the identifier"
    ))
}

#[derive(Debug, PartialEq, Eq)]
struct Sitemap {
    pages: Vec<String>,
    sitemaps: Vec<String>,
}

fn read(response: &Response) -> Result<Sitemap, SourceError> {
    let body = decompressed(&response.body)?;
    let text = std::str::from_utf8(&body).map_err(|error| {
        SourceError::UnexpectedResponse(format!("expected a sitemap in UTF-8: {error}"))
    })?;
    parse(
        text.trim_start_matches('\u{feff}').trim_start(),
        &response.url,
    )
}

fn parse(text: &str, address: &str) -> Result<Sitemap, SourceError> {
    let document = xml::parse(text, &["urlset", "sitemapindex"])?;
    let locations = |name: &str| {
        let entries =
            children(document.root_element(), name).filter_map(|entry| child_text(entry, "loc"));
        entries
            .map(|location| absolute(address, &location))
            .collect()
    };
    Ok(Sitemap {
        pages: locations("url"),
        sitemaps: locations("sitemap"),
    })
}

/// Decompresses a sitemap. A file `sitemap.xml.gz` is compressed, but no header says so.
fn decompressed(body: &[u8]) -> Result<Cow<'_, [u8]>, SourceError> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(body));
    }
    let mut text = Vec::new();
    let invalid = |reason: String| {
        SourceError::UnexpectedResponse(format!("invalid compressed sitemap: {reason}"))
    };
    flate2::read::GzDecoder::new(body)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| invalid(error.to_string()))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(invalid(format!("it has more than {MAX_BYTES} bytes")));
    }
    Ok(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const PAGES: &str = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>\
        <url><loc> https://a.example/jobs/1 </loc><lastmod>2026-11-01</lastmod></url><url/><url><loc>/2</loc></url></urlset>";

    #[test]
    fn pages_and_sitemaps_are_read_from_sitemap_and_index() {
        let sitemap = parse(PAGES, "https://a.example/sitemap.xml").expect("a sitemap");
        assert_eq!(
            sitemap.pages,
            ["https://a.example/jobs/1", "https://a.example/2"]
        );
        let index =
            "<sitemapindex><sitemap><loc>https://a.example/jobs.xml</loc></sitemap></sitemapindex>";
        assert_eq!(
            parse(index, "").expect("an index").sitemaps,
            ["https://a.example/jobs.xml"]
        );
        assert!(parse("<!doctype html><p>", "").is_err());
    }

    #[test]
    fn a_compressed_sitemap_is_read_unless_it_expands_too_far() {
        let compressed = |bytes: &[u8]| {
            let mut encoder =
                flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(bytes).expect("memory");
            encoder.finish().expect("memory")
        };
        assert_eq!(
            decompressed(&compressed(PAGES.as_bytes())).expect("a sitemap"),
            PAGES.as_bytes()
        );
        assert_eq!(
            decompressed(b"plain").expect("a sitemap"),
            b"plain".as_slice()
        );
        let zeros = vec![0; usize::try_from(MAX_BYTES).expect("a size") + 1];
        assert!(decompressed(&compressed(&zeros)).is_err());
        assert!(decompressed(&[0x1f, 0x8b, 0]).is_err());
    }
}
