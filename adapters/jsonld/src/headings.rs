//! The headings of a page, which tell what it is about.

use job_scanner_sdk::html;

/// The elements whose text is a heading.
const ELEMENTS: [&str; 2] = ["title", "h1"];

/// The maximum number of headings of one kind. A page about one job has one, or few.
const MAX_HEADINGS: usize = 5;

/// The words of a page's headings.
pub(crate) struct Headings(Vec<String>);

impl Headings {
    /// Reads the headings of a page.
    pub(crate) fn of(page: &[u8]) -> Self {
        let page = String::from_utf8_lossy(page);
        let texts = ELEMENTS.map(|name| texts(&page, name));
        Self(texts.concat().iter().map(|text| words(text)).collect())
    }

    /// Returns true if a heading contains the title.
    pub(crate) fn contain(&self, title: &str) -> bool {
        let title = words(title);
        title.len() > 1 && self.0.iter().any(|heading| heading.contains(&title))
    }
}

/// Returns the content of the first elements with this name.
fn texts(page: &str, name: &str) -> Vec<String> {
    // Only ASCII changes its case, so the positions in both are the same.
    let lower = page.to_ascii_lowercase();
    let (open, close) = (format!("<{name}"), format!("</{name}"));

    let mut texts = Vec::new();
    let mut at = 0;
    while texts.len() < MAX_HEADINGS {
        let Some(start) = lower[at..].find(&open).map(|start| at + start + open.len()) else {
            break;
        };
        let end = lower[start..].find(&close).map_or(start, |end| start + end);
        let is_element =
            lower[start..].starts_with(|next: char| next == '>' || next.is_whitespace());
        if is_element {
            texts.extend(
                page[start..end]
                    .split_once('>')
                    .map(|(_, text)| text.to_owned()),
            );
        }
        at = start.max(if is_element { end } else { start });
    }
    texts
}

/// Returns the words of a text in lower case, between spaces. Tags are left out.
fn words(text: &str) -> String {
    let mut words = " ".to_owned();
    let mut in_tag = false;
    let text = html::unescape(text);
    let visible = text.chars().filter(|&it| {
        let was_in_tag = in_tag;
        in_tag = it == '<' || (in_tag && it != '>');
        !in_tag && !was_in_tag
    });
    let visible: String = visible.collect();

    for word in visible.split(|it: char| !it.is_alphanumeric()) {
        if !word.is_empty() {
            words.push_str(&word.to_lowercase());
            words.push(' ');
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_about_a_title_in_one_of_its_headings() {
        let page = "<!doctype html><TITLE>R&amp;D Köchin – Acme</TITLE><header><h1 class='x'> Head\n\
            <b>Chef</b>, Bonn</h1></header><h2>Waiter</h2><h1>Two</h1>";
        let headings = Headings::of(page.as_bytes());
        for title in ["R&D Köchin", "Head Chef", "head chef, bonn", "Two"] {
            assert!(headings.contain(title), "{title}");
        }
        for title in ["Chef de rang", "Köch", "Waiter", "Acme Bonn", "", "–"] {
            assert!(!headings.contain(title), "{title}");
        }
        for page in [
            "",
            "<title",
            "<h1>",
            "<titles>Cook</titles>",
            "<h1>a",
            "<header>Cook</header>",
        ] {
            assert!(!Headings::of(page.as_bytes()).contain("Cook"), "{page}");
        }
    }
}
