//! XML responses: parsing, and finding elements by local name.
//!
//! A document with a type definition (`<!DOCTYPE`) is rejected: no board needs one, and its
//! entities can expand without limit.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use memchr::memchr;
use roxmltree::{Document, NS_XML_URI, Node};

use super::each::Each;
use crate::http::excerpt;
use crate::{Request, Response, SourceError, absolute};

impl Request {
    /// Returns a `GET` request that accepts XML and is otherwise like that of [`Request::get`].
    pub fn get_xml(url: impl Into<String>) -> Self {
        let mut request = Self::get(url);
        for header in &mut request.headers {
            "application/xml, text/xml, application/rss+xml, application/atom+xml"
                .clone_into(&mut header.value);
        }
        request
    }
}

impl Response {
    /// Returns the body as text for [`parse`].
    ///
    /// It is UTF-8, or has the encoding that its byte order mark, the `charset` of its
    /// `Content-Type` or its XML declaration states, in this order ([RFC 7303, section
    /// 3](https://www.rfc-editor.org/rfc/rfc7303#section-3)). Names have the meaning of the
    /// [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels): a document in
    /// `ISO-8859-1` is in Windows-1252.
    pub fn xml_text(&self) -> Result<Cow<'_, str>, SourceError> {
        text(&self.body, self.header("content-type"))
    }
}

fn text<'a>(body: &'a [u8], content_type: Option<&str>) -> Result<Cow<'a, str>, SourceError> {
    // Text in another encoding is practically never valid UTF-8, so that the statements, which are
    // often wrong, are needed only for the rest.
    let error = match std::str::from_utf8(body) {
        Ok(text) => {
            return Ok(Cow::Borrowed(
                text.trim_start_matches('\u{feff}').trim_start(),
            ));
        }
        Err(error) => error,
    };
    let in_utf8 = || SourceError::UnexpectedResponse(format!("expected XML in UTF-8: {error}"));

    let by_mark = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    let stated = [content_type.and_then(charset), declared_encoding(body)]
        .into_iter()
        .flatten()
        .filter_map(|label| Encoding::for_label(label.as_bytes()));
    let encoding = by_mark
        .into_iter()
        .chain(stated)
        .find(|&encoding| encoding != UTF_8)
        .ok_or_else(in_utf8)?;

    let (text, is_malformed) = encoding.decode_with_bom_removal(body);
    if is_malformed {
        let message = format!("expected XML in {}, which it states", encoding.name());
        return Err(SourceError::UnexpectedResponse(message));
    }
    Ok(Cow::Owned(text.trim_start().to_owned()))
}

/// Returns the `charset` of a `Content-Type`.
fn charset(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1);
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"'))
}

/// Returns the encoding that the XML declaration names: `<?xml version="1.0" encoding="UTF-8"?>`.
fn declared_encoding(body: &[u8]) -> Option<&str> {
    let declaration = body.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr(b'>', declaration)?];
    let (_, value) = std::str::from_utf8(declaration)
        .ok()?
        .split_once("encoding")?;
    value.split(['"', '\'']).nth(1)
}

/// Parses a document whose root element has one of the names in `roots`.
///
/// # Errors
///
/// [`SourceError::UnexpectedResponse`] with line and column if the XML is invalid, and for any
/// other document, such as a web page that the board returns with status 200.
pub fn parse<'a>(text: &'a str, roots: &[&str]) -> Result<Document<'a>, SourceError> {
    let unexpected =
        |message: String| SourceError::UnexpectedResponse(message + &excerpt(text.as_bytes()));
    if is_page(text) {
        return Err(unexpected("expected XML, got a web page".to_owned()));
    }

    let document =
        Document::parse(text).map_err(|error| unexpected(format!("invalid XML: {error}")))?;
    let root = document.root_element().tag_name().name();

    if roots.contains(&root) {
        Ok(document)
    } else {
        Err(unexpected(format!(
            "expected <{}>, got <{root}>",
            roots.join("> or <")
        )))
    }
}

fn is_page(text: &str) -> bool {
    let start: String = text.chars().take(15).collect();
    start.eq_ignore_ascii_case("<!doctype html>")
        || start
            .get(..5)
            .is_some_and(|tag| tag.eq_ignore_ascii_case("<html"))
}

/// Returns the children with this local name, in any namespace.
pub fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Reads the children with this name one by one.
///
/// `read` returns `None` for a child without one of the two values in `needs`.
pub fn read_children<'a, 'input, T>(
    parent: Node<'a, 'input>,
    name: &str,
    needs: [&str; 2],
    mut read: impl FnMut(Node<'a, 'input>) -> Option<T>,
) -> Each<T> {
    let [one, other] = needs;
    let mut each = Each::with_capacity(0);

    for (index, child) in children(parent, name).enumerate() {
        if let Some(value) = read(child) {
            each.read.push(value);
        } else {
            each.unreadable
                .push(format!("{name}[{index}]: missing `{one}` or `{other}`"));
        }
    }

    each
}

/// Returns the first child with this local name that is in the parent's namespace or in none:
/// `title`, but not `media:title`.
pub fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    let own = node.tag_name().namespace();
    children(node, name)
        .find(|child| child.tag_name().namespace() == own || child.tag_name().namespace().is_none())
}

/// Returns all text in the child with this name, trimmed. `None` if it is empty.
pub fn child_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    text_of(child(node, name)?)
}

/// Returns all text in an element, trimmed. `None` if it is empty.
pub fn text_of(node: Node<'_, '_>) -> Option<String> {
    let text: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the base URL of the links in an element of the document at the URL `address`: the
/// `xml:base` of the element and of the elements around it, each relative to the outer one ([XML
/// Base](https://www.w3.org/TR/xmlbase/)).
///
/// A base that is not a URL of the web, such as `urn:acme`, is ignored: no link can be relative to
/// it.
pub fn base(node: Node<'_, '_>, address: &str) -> String {
    let bases: Vec<_> = node
        .ancestors()
        .filter_map(|node| node.attribute((NS_XML_URI, "base")))
        .collect();

    bases
        .into_iter()
        .rev()
        .fold(address.to_owned(), |outer, base| {
            let inner = absolute(&outer, base);
            if inner.starts_with("http://") || inner.starts_with("https://") {
                inner
            } else {
                outer
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match parse(text, &["jobs"]) {
            Err(SourceError::UnexpectedResponse(message)) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn text_is_read_from_plain_text_and_cdata() {
        let text = "<jobs xmlns:m='urn:m'><job><m:title>no</m:title><title> A <![CDATA[& <b>]]></title><x/></job></jobs>";
        let document = parse(text, &["jobs"]).expect("a document");
        let job = child(document.root_element(), "job").expect("a job");
        assert_eq!(child_text(job, "title").as_deref(), Some("A & <b>"));
        assert_eq!(child_text(job, "x"), None);
        assert_eq!(children(job, "title").count(), 2);
    }

    #[test]
    fn a_malformed_child_does_not_hide_the_others() {
        let text = "<jobs><job><id>1</id></job><other/><job/><job><id>3</id></job></jobs>";
        let document = parse(text, &["jobs"]).expect("a document");
        let jobs = read_children(document.root_element(), "job", ["id", "name"], |job| {
            child_text(job, "id")
        });
        assert_eq!(jobs.read, ["1", "3"]);
        assert_eq!(jobs.unreadable, ["job[1]: missing `id` or `name`"]);
    }

    #[test]
    fn the_base_of_links_is_that_of_the_elements_around_them() {
        let text = "<jobs xml:base='https://b.example/en/'><job xml:base='../de/jobs/'><a xml:base='urn:x'/>\
            </job><job base='no'/><job xml:base='https://c.example'/></jobs>";
        let document = parse(text, &["jobs"]).expect("a document");
        let base_of = |node| base(node, "https://a.example/feed.xml");

        let root = document.root_element();
        assert_eq!(base_of(root), "https://b.example/en/");
        let bases: Vec<_> = children(root, "job").map(base_of).collect();
        assert_eq!(
            bases,
            [
                "https://b.example/de/jobs/",
                "https://b.example/en/",
                "https://c.example"
            ]
        );
        let link = child(child(root, "job").expect("a job"), "a").expect("a link");
        assert_eq!(base_of(link), "https://b.example/de/jobs/");

        let without = parse("<jobs/>", &["jobs"]).expect("a document");
        assert_eq!(
            base_of(without.root_element()),
            "https://a.example/feed.xml"
        );
    }

    #[test]
    fn the_error_for_another_document_says_what_it_is() {
        assert!(error("<jobs><job></jobs>").starts_with("invalid XML: "));
        assert!(error("<!DOCTYPE html><p>Hello").starts_with("expected XML, got a web page"));
        assert!(error("<HTML lang='en'></HTML>").starts_with("expected XML, got a web page"));
        assert!(error("<other/>").starts_with("expected <jobs>, got <other>"));
        assert!(error("").starts_with("invalid XML: "));
    }

    #[test]
    fn a_document_with_entity_definitions_is_rejected() {
        let text = r#"<!DOCTYPE jobs [<!ENTITY a "aaaa">]><jobs>&a;</jobs>"#;
        assert!(error(text).starts_with("invalid XML: "), "{}", error(text));
    }

    #[test]
    fn utf_8_is_recognized_without_a_statement_and_despite_a_wrong_one() {
        assert_eq!(
            text("\u{feff}<jobs/>".as_bytes(), None).expect("text"),
            "<jobs/>"
        );
        let wrong = "<?xml version='1.0' encoding='iso-8859-1'?><jobs>ö</jobs>";
        let read = text(wrong.as_bytes(), Some("text/xml; charset=us-ascii"));
        assert_eq!(read.expect("text"), wrong);
        assert!(text(b"<jobs>\xf6</jobs>", None).is_err());
    }

    #[test]
    fn the_encoding_that_the_declaration_states_is_decoded() {
        for (declaration, bytes, expected) in [
            (
                "encoding='windows-1252'",
                &b"5 \x80 \x96 \x84x\x93"[..],
                "5 € – „x“",
            ),
            ("encoding=\"ISO-8859-1\"", b"Gr\xf6\xdfe \x80", "Größe €"),
            ("encoding = 'iso-8859-15'", b"\xa4", "€"),
            ("encoding='ISO-8859-2'", b"\xa3\xf3d\xbc", "Łódź"),
            ("encoding='windows-1251'", b"\xcf\xee\xe2\xe0\xf0", "Повар"),
            ("encoding='KOI8-R'", b"\xf0\xcf\xd7\xc1\xd2", "Повар"),
            ("encoding='Shift_JIS'", b"\x93\xfa\x96\x7b", "日本"),
        ] {
            let mut body = format!("<?xml version=\"1.0\" {declaration}?><jobs>").into_bytes();
            body.extend(bytes);
            body.extend(b"</jobs>");
            let read = text(&body, None).expect("text");
            let document = parse(&read, &["jobs"]).expect("a document");
            let read = text_of(document.root_element());
            assert_eq!(read.as_deref(), Some(expected), "{declaration}");
        }
    }

    #[test]
    fn the_mark_goes_before_the_charset_and_that_before_the_declaration() {
        let body = b"<?xml version='1.0' encoding='windows-1251'?><jobs>\xe4</jobs>";
        for (content_type, expected) in [
            (None, "д"),
            (Some("application/rss+xml"), "д"),
            (Some("text/xml; charset=iso-8859-1"), "ä"),
            (Some("text/xml;version=1; Charset=\"Windows-1252\""), "ä"),
            // It is not UTF-8, and no encoding has the other name.
            (Some("text/xml; charset=utf-8"), "д"),
            (Some("text/xml; charset=none"), "д"),
        ] {
            let read = text(body, content_type).expect("text");
            assert!(read.contains(expected), "{content_type:?}: {read}");
        }

        let mut utf_16 = b"\xff\xfe".to_vec();
        utf_16.extend("<jobs>ä</jobs>".encode_utf16().flat_map(u16::to_le_bytes));
        let read = text(&utf_16, Some("text/xml; charset=iso-8859-1"));
        assert_eq!(read.expect("text"), "<jobs>ä</jobs>");
    }

    #[test]
    fn bytes_that_the_stated_encoding_does_not_have_are_an_error() {
        let body = b"<?xml version='1.0' encoding='Shift_JIS'?><jobs>\xff</jobs>";
        assert_eq!(
            text(body, None),
            Err(SourceError::UnexpectedResponse(
                "expected XML in Shift_JIS, which it states".to_owned()
            ))
        );
        for unknown in [
            &b"<?xml version='1.0' encoding='x-none'?><jobs>\xff</jobs>"[..],
            b"<?xml version='1.0' encoding='UTF-8'?><jobs>\xff</jobs>",
            b"<?xml version='1.0' encoding?><jobs>\xff</jobs>",
        ] {
            assert!(text(unknown, None).is_err());
        }
    }
}
