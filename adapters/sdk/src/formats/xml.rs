//! XML that boards answer: parsed whole, looked up by local name.
//!
//! A document with a type definition (`<!DOCTYPE`) is refused: no board needs one, and its entities
//! can grow without end.

use std::borrow::Cow;

use roxmltree::{Document, Node};

use super::each::Each;
use crate::http::excerpt;
use crate::{Request, Response, SourceError};

impl Request {
    /// A `GET` that asks for XML; otherwise as [`Request::get`].
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
    /// The body as text for [`parse`]: UTF-8, or ISO 8859-1 where the document says so.
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

/// Whether the declaration in the first line names ISO 8859-1, whose bytes are the first characters
/// of Unicode.
fn declares_latin1(body: &[u8]) -> bool {
    let declaration = body.split(|&byte| byte == b'>').next().unwrap_or_default();
    String::from_utf8_lossy(declaration)
        .to_ascii_lowercase()
        .contains("iso-8859-1")
}

/// Parses a document whose root is called one of `roots`. An error names line and column.
///
/// A page for people in place of the document, which boards send with status 200, is an error like
/// any other.
pub fn parse<'a>(text: &'a str, roots: &[&str]) -> Result<Document<'a>, SourceError> {
    let unexpected =
        |words: String| SourceError::UnexpectedResponse(words + &excerpt(text.as_bytes()));
    if is_page(text) {
        return Err(unexpected("expected XML, got a page for people".to_owned()));
    }

    let document =
        Document::parse(text).map_err(|error| unexpected(format!("broken XML: {error}")))?;
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

/// The children of that local name, in whatever namespace.
pub fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Reads the children of that name one by one. `read` returns none of a child that lacks one of
/// the two things it `needs`.
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
            each.unreadable.push(format!(
                "{name}[{index}]: neither its {one} nor its {other} may be missing"
            ));
        }
    }

    each
}

/// The first child of that local name that no namespace owns, or that the parent's namespace does:
/// `title`, and not `media:title`.
pub fn child<'a, 'input>(node: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    let own = node.tag_name().namespace();
    children(node, name)
        .find(|child| child.tag_name().namespace() == own || child.tag_name().namespace().is_none())
}

/// All text below the child of that name, trimmed; none if it is empty.
pub fn child_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    text_of(child(node, name)?)
}

/// All text in an element, trimmed; none if it is empty.
pub fn text_of(node: Node<'_, '_>) -> Option<String> {
    let text: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match parse(text, &["jobs"]) {
            Err(SourceError::UnexpectedResponse(words)) => words,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn text_is_found_by_name_in_plain_and_in_marked_sections() {
        let text = "<jobs xmlns:m='urn:m'><job><m:title>no</m:title><title> A <![CDATA[& <b>]]></title><x/></job></jobs>";
        let document = parse(text, &["jobs"]).expect("a document");
        let job = child(document.root_element(), "job").expect("a job");
        assert_eq!(child_text(job, "title").as_deref(), Some("A & <b>"));
        assert_eq!(child_text(job, "x"), None);
        assert_eq!(children(job, "title").count(), 2);
    }

    #[test]
    fn one_odd_child_does_not_hide_the_others() {
        let text = "<jobs><job><id>1</id></job><other/><job/><job><id>3</id></job></jobs>";
        let document = parse(text, &["jobs"]).expect("a document");
        let jobs = read_children(document.root_element(), "job", ["id", "name"], |job| {
            child_text(job, "id")
        });
        assert_eq!(jobs.read, ["1", "3"]);
        assert_eq!(
            jobs.unreadable,
            ["job[1]: neither its id nor its name may be missing"]
        );
    }

    #[test]
    fn what_is_no_such_document_is_an_error_that_says_what_it_is() {
        assert!(error("<jobs><job></jobs>").starts_with("broken XML: "));
        assert!(error("<!DOCTYPE html><p>Hello").starts_with("expected XML, got a page"));
        assert!(error("<HTML lang='en'></HTML>").starts_with("expected XML, got a page"));
        assert!(error("<other/>").starts_with("expected <jobs>, got <other>"));
        assert!(error("").starts_with("broken XML: "));
    }

    #[test]
    fn a_document_cannot_grow_by_its_own_definitions() {
        let text = r#"<!DOCTYPE jobs [<!ENTITY a "aaaa">]><jobs>&a;</jobs>"#;
        assert!(error(text).starts_with("broken XML: "), "{}", error(text));
    }

    #[test]
    fn two_encodings_are_read() {
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
