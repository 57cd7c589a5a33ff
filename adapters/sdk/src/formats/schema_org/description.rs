//! The text of a posting. Schema.org has properties for its parts, and sites use some, all or none
//! of them in addition to `description`.

use serde_json::Value;

use super::values::{text, values};
use crate::Description;
use crate::formats::html;

/// The properties with parts of the text, in the order in which people write them, each with its
/// heading. The last names are older ones for the same parts.
const PARTS: [(&str, &str); 9] = [
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Qualifications"),
    ("skills", "Skills"),
    ("experienceRequirements", "Experience"),
    ("educationRequirements", "Education"),
    ("jobBenefits", "Benefits"),
    ("benefits", "Benefits"),
    ("incentiveCompensation", "Incentives"),
    ("incentives", "Incentives"),
];

/// Returns the description with the other parts of the text after it. A part whose words are
/// already there is left out: many sites write a text as a whole and in parts.
pub(super) fn description(posting: &Value) -> Option<Description> {
    let main = values(&posting["description"])
        .filter_map(text)
        .map(unescaped);
    let main = main.collect::<Vec<_>>().join("\n");

    let mut known = Words::of(&main);
    let mut parts = vec![("", main)];
    for (property, heading) in PARTS {
        let items: Vec<_> = values(&posting[property]).filter_map(item).collect();
        if items.iter().all(|item| known.contain(item)) {
            continue;
        }
        let part = in_html(&items);
        known.add(&part);
        parts.push((heading, part));
    }

    let parts = parts
        .iter()
        .map(|(heading, part)| (*heading, part.as_str()));
    html::sections(parts).map(Description::Html)
}

/// Returns one requirement, skill or benefit as HTML: a text, or what an object says in words.
fn item(value: &Value) -> Option<String> {
    if let Some(text) = text(value) {
        return Some(unescaped(text));
    }

    let said = [
        text(&value["name"]),
        text(&value["credentialCategory"]),
        text(&value["educationalLevel"]),
        months(&value["monthsOfExperience"]),
        text(&value["description"]).map(unescaped),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// Zero is left out: many sites write it for "not given".
fn months(value: &Value) -> Option<String> {
    text(value)
        .filter(|number| !number.trim_matches(['0', '.', ',']).is_empty())
        .map(|number| format!("{number} months of experience"))
}

/// Writes several items as a list. A text that has lines of its own is not an item of a list.
fn in_html(items: &[String]) -> String {
    match items {
        [item] => item.clone(),
        items => {
            let items = items.iter().map(|item| format!("<li>{item}</li>"));
            format!("<ul>{}</ul>", items.collect::<String>())
        }
    }
}

/// Undoes one level of escaping if a site has escaped its HTML once more, so that it has no tags.
fn unescaped(text: String) -> String {
    let is_escaped = !text.contains('<') && text.contains("&lt;");
    if is_escaped {
        html::unescape(&text)
    } else {
        text
    }
}

/// The words of a text in lower case, each between two spaces. Tags and punctuation are left out,
/// since the same text differs in them between two properties.
struct Words(String);

impl Words {
    fn of(html: &str) -> Self {
        let mut words = Self(" ".to_owned());
        words.add(html);
        words
    }

    fn add(&mut self, html: &str) {
        for word in without_tags(html)
            .split(|character: char| !character.is_alphanumeric() && !"+#".contains(character))
            .filter(|word| !word.is_empty())
        {
            self.0.push_str(&word.to_lowercase());
            self.0.push(' ');
        }
    }

    /// Returns true if the text is part of these words.
    fn contain(&self, html: &str) -> bool {
        self.0.contains(&Self::of(html).0)
    }
}

/// Replaces tags, and references such as `&nbsp;`, by spaces.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut in_tag = false;
    for character in html::unescape(html).replace("&nbsp;", " ").chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            _ if !in_tag => text.push(character),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn html(posting: &Value) -> String {
        match description(posting) {
            Some(Description::Html(html)) => html,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_part_of_the_text_has_a_heading() {
        let posting = json!({
            "description": "&lt;p&gt;R&amp;amp;D&lt;/p&gt;", "responsibilities": "<p>You cook.</p>",
            "qualifications": ["Knife", "Fork"], "skills": [{"@type": "DefinedTerm", "name": "C++"}],
            "experienceRequirements": {"monthsOfExperience": 36, "description": "In a kitchen"},
            "educationRequirements": [{"credentialCategory": "bachelor degree"}, "Driving licence"],
            "jobBenefits": "Meals", "incentiveCompensation": "Tips", "benefits": "meals.",
        });
        assert_eq!(
            html(&posting),
            "<p>R&amp;D</p>\n<h3>Responsibilities</h3><p>You cook.</p>\n\
             <h3>Qualifications</h3><ul><li>Knife</li><li>Fork</li></ul>\n<h3>Skills</h3>C++\n\
             <h3>Experience</h3>36 months of experience, In a kitchen\n\
             <h3>Education</h3><ul><li>bachelor degree</li><li>Driving licence</li></ul>\n\
             <h3>Benefits</h3>Meals\n<h3>Incentives</h3>Tips"
        );
        assert_eq!(
            html(&json!({"skills": "Rust"})),
            "<h3>Skills</h3>Rust",
            "a posting without a description"
        );
        assert_eq!(
            description(&json!({"skills": [], "qualifications": [{}, null]})),
            None
        );
    }

    #[test]
    fn a_part_that_the_description_contains_is_not_doubled() {
        let posting = json!({
            "description": "<h2>You</h2><ul><li>cook &amp; <b>clean</b></li><li>C++, Go</li></ul>",
            "responsibilities": "You: cook & clean.", "skills": ["Go", "c++"], "qualifications": "Good",
        });
        assert!(
            html(&posting).ends_with("</ul>\n<h3>Qualifications</h3>Good"),
            "{}",
            html(&posting)
        );
        let partly = json!({"description": "Go", "skills": ["Go", "C"]});
        assert_eq!(
            html(&partly),
            "Go\n<h3>Skills</h3><ul><li>Go</li><li>C</li></ul>"
        );
    }

    #[test]
    fn experience_of_zero_months_is_not_told() {
        for months in [json!(0), json!("0"), json!("0.0"), json!(null)] {
            let posting = json!({"experienceRequirements": {"monthsOfExperience": months}});
            assert_eq!(description(&posting), None);
        }
    }
}
