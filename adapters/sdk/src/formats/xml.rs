//! XML responses: parsing, and finding elements by local name.
//!
//! A document with a type definition (`<!DOCTYPE`) is rejected: no board needs one, and its
//! entities can expand without limit.

use std::borrow::Cow;

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
    /// Returns the body as text for [`parse`]. It is UTF-8, or ISO 8859-1 if the document declares
    /// it.
    pub fn xml_text(&self) -> Result<Cow<'_, str>, SourceError> {
        text(&self.body)
    }
}

fn text(body: &[u8]) -> Result<Cow<'_, str>, SourceError> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(Cow::Borrowed(
            text.trim_start_matches('\u{feff}').trim_start(),
        )),
        Err(_) if declares_latin1(body) => {
            Ok(Cow::Owned(body.iter().copied().map(char::from).collect()))
        }
        Err(error) => Err(SourceError::UnexpectedResponse(format!(
            "expected XML in UTF-8: {error}"
        ))),
    }
}

/// Returns true if the XML declaration names ISO 8859-1, whose bytes are the first characters of
/// Unicode.
fn declares_latin1(body: &[u8]) -> bool {
    let declaration = body.split(|&byte| byte == b'>').next().unwrap_or_default();
    String::from_utf8_lossy(declaration)
        .to_ascii_lowercase()
        .contains("iso-8859-1")
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
    fn utf_8_and_declared_iso_8859_1_are_decoded() {
        let latin1 = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><jobs>Gr\xf6\xdfe</jobs>";
        let read = text(latin1).expect("text");
        assert_eq!(
            text_of(parse(&read, &["jobs"]).expect("a document").root_element()).as_deref(),
            Some("Größe")
        );
        assert_eq!(text("\u{feff}<jobs/>".as_bytes()).expect("text"), "<jobs/>");
        assert!(text(b"<jobs>\xf6</jobs>").is_err());
    }
}
