//! The texts of Atom, which have one of several types ([RFC 4287, section
//! 3.1](https://www.rfc-editor.org/rfc/rfc4287#section-3.1) and [section
//! 4.1.3](https://www.rfc-editor.org/rfc/rfc4287#section-4.1.3)).

use job_scanner_sdk::Description;
use job_scanner_sdk::html;
use job_scanner_sdk::xml::text_of;
use roxmltree::Node;

/// Returns a text as one line of plain text. `None` if it is empty.
pub fn line(node: Node<'_, '_>) -> Option<String> {
    match read(node)? {
        Description::Html(html) => Some(html::line(&html)).filter(|line| !line.is_empty()),
        Description::Text(text) => Some(text),
        // A feed has no texts on other pages.
        Description::Deferred(_) => None,
    }
}

/// Returns a text. `None` if it is empty, or is not a text: the content of an entry may be a file
/// in Base64.
pub fn read(node: Node<'_, '_>) -> Option<Description> {
    // The names of media types are case-insensitive, and feeds add parameters to them.
    let kind = node.attribute("type").unwrap_or("text");
    let kind = kind.split(';').next().unwrap_or_default();

    match &*kind.trim().to_ascii_lowercase() {
        "xhtml" | "application/xhtml+xml" => Some(elements(node))
            .filter(|html| html::has_text(html))
            .map(Description::Html),
        "html" | "text/html" => text_of(node)
            .filter(|html| html::has_text(html))
            .map(Description::Html),
        kind if is_text(kind) => text_of(node).map(Description::Text),
        _ => None,
    }
}

/// Returns true for the media types whose content is not Base64, and for a word that is not a media
/// type: `text`, or a mistake.
fn is_text(kind: &str) -> bool {
    !kind.contains('/')
        || kind.starts_with("text/")
        || kind.ends_with("/xml")
        || kind.ends_with("+xml")
}

/// Returns the content of an element as HTML.
///
/// HTML has neither namespace prefixes (`<xhtml:p>`) nor CDATA sections, so the source text of XML
/// elements is not HTML. Attributes are left out: the host does not read them.
fn elements(parent: Node<'_, '_>) -> String {
    let mut html = String::new();
    let mut open: Vec<Node<'_, '_>> = Vec::new();

    // Without recursion: the nesting is as deep as the feed wants it to be.
    for node in parent.descendants().skip(1) {
        while let Some(&last) = open.last() {
            if node.parent() == Some(last) {
                break;
            }
            close(last, &mut html);
            open.pop();
        }
        if node.is_element() {
            html.extend(["<", node.tag_name().name(), ">"]);
            open.push(node);
        } else if let Some(text) = node.text().filter(|_| node.is_text()) {
            html.push_str(&html::escape(text));
        }
    }
    for last in open.into_iter().rev() {
        close(last, &mut html);
    }

    html.trim().to_owned()
}

/// Closes an element, except one that has no end tag in HTML: `</br>` is a second line break.
fn close(element: Node<'_, '_>, html: &mut String) {
    let name = element.tag_name().name();
    if !matches!(name, "br" | "hr" | "img" | "wbr") {
        html.extend(["</", name, ">"]);
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::xml;

    use super::*;

    fn html(text: &str) -> Description {
        Description::Html(text.to_owned())
    }

    fn text(text: &str) -> Description {
        Description::Text(text.to_owned())
    }

    #[test]
    fn a_title_is_plain_text_whatever_its_type() {
        for (title, expected) in [
            (
                "<t type='html'>Q&amp;amp;A Lead &amp;mdash; Paris</t>",
                Some("Q&A Lead — Paris"),
            ),
            (
                "<t type='HTML'><![CDATA[Lead <i>Go</i> Dev&#33;]]></t>",
                Some("Lead Go Dev!"),
            ),
            (
                "<t type='text/html; charset=utf-8'>A&amp;nbsp;B</t>",
                Some("A B"),
            ),
            (
                "<t type='xhtml'><x:div xmlns:x='urn:x'>Cook <x:em>(H&amp;V)</x:em><x:br/>Bonn</x:div></t>",
                Some("Cook (H&V) Bonn"),
            ),
            ("<t>A &amp;amp; &lt;b&gt;</t>", Some("A &amp; <b>")),
            ("<t type='text'>A &amp;amp; B</t>", Some("A &amp; B")),
            ("<t type='html'>&lt;img src='a.png'&gt;</t>", None),
            ("<t type='html'/>", None),
        ] {
            let document = xml::parse(title, &["t"]).expect("XML");
            assert_eq!(
                line(document.root_element()).as_deref(),
                expected,
                "{title}"
            );
        }
    }

    #[test]
    fn a_text_is_read_by_its_type() {
        for (content, expected) in [
            (
                "<c type='html'>&lt;p&gt;A &amp;amp; B</c>",
                Some(html("<p>A &amp; B")),
            ),
            ("<c type='html'>&lt;p&gt;&lt;/p&gt;</c>", None),
            (
                "<c type='xhtml'> <h:div xmlns:h='urn:h'><h:p id='a'>A &lt;<h:br/></h:p><![CDATA[<&]]></h:div></c>",
                Some(html("<div><p>A &lt;<br></p>&lt;&amp;</div>")),
            ),
            ("<c type='xhtml'>A <b>B</b></c>", Some(html("A <b>B</b>"))),
            ("<c type='xhtml'><div><p/></div></c>", None),
            ("<c type='text'>a &lt; b</c>", Some(text("a < b"))),
            ("<c>a &lt; b</c>", Some(text("a < b"))),
            ("<c type='plain'>a &lt; b</c>", Some(text("a < b"))),
            ("<c type='text/markdown'>* a</c>", Some(text("* a"))),
            ("<c type='application/xml'><a>b</a></c>", Some(text("b"))),
            ("<c type='application/pdf'>JVBERi0xLjQ=</c>", None),
            ("<c type='text/html' src='1.html'/>", None),
        ] {
            let document = xml::parse(content, &["c"]).expect("XML");
            assert_eq!(read(document.root_element()), expected, "{content}");
        }
    }
}
