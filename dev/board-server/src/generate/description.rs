//! Job descriptions like those of employers: an introduction, headings, lists and legal text, in
//! the markup of an editor.

use super::random::Random;
use super::words::{self, Field};
use crate::board::Workplace;

/// The facts that a description mentions.
pub(super) struct Subject<'a> {
    pub(super) company: &'a str,
    pub(super) team: &'a str,
    pub(super) field: &'a Field,
    pub(super) workplace: Workplace,
}

/// Generates about 5 KB of HTML, not escaped.
pub(super) fn description(random: &mut Random, subject: &Subject<'_>) -> String {
    let field = subject.field;
    let tools = random.some_of(field.tools, 5);
    let tool = random.pick(&tools);
    let fill = |text: &str| {
        let company = escaped(subject.company.trim());
        text.replace("{company}", &company)
            .replace("{team}", &escaped(subject.team))
            .replace("{tool}", tool)
    };

    // Every draw depends on those before it, so another order of the sections would change the
    // board of every seed.
    let mut page = Page::default();
    page.intro(&fill(random.pick(words::OPENINGS)));

    page.heading("About the role");
    page.paragraph(&fill(random.pick(words::ROLE_TEXTS)));
    page.paragraph("&nbsp;");
    page.paragraph(&format!(
        "<strong>Tools we use:</strong>&nbsp;{}",
        tools.join(", ")
    ));

    page.heading("What you&rsquo;ll do");
    page.list(random.some_of(field.duties, 5));

    page.heading("Your first year");
    page.list(random.some_of(words::FIRST_YEAR, 3));

    page.heading("What you bring");
    page.list(random.some_of(field.requirements, 4).into_iter().map(fill));

    if random.chance(60) {
        nice_to_have(&mut page, random, field);
    }
    how_we_work(&mut page, subject.workplace);
    what_we_offer(&mut page, random);

    page.conclusion(&fill(words::BOILERPLATE));
    page.0
}

fn nice_to_have(page: &mut Page, random: &mut Random, field: &Field) {
    let tools = random.some_of(field.tools, 3);
    let experience = tools
        .into_iter()
        .map(|tool| format!("Some experience with {tool}"));

    page.heading("Nice to have");
    page.list(experience);
}

fn how_we_work(page: &mut Page, workplace: Workplace) {
    page.heading("How we work");
    page.paragraph(match workplace {
        Workplace::OnSite => words::ON_SITE,
        Workplace::Hybrid => words::HYBRID,
        Workplace::Remote => words::REMOTE,
    });
    page.paragraph(words::CULTURE);
    page.paragraph(words::PROCESS);
}

fn what_we_offer(page: &mut Page, random: &mut Random) {
    page.heading("What we offer");
    page.list(random.some_of(words::BENEFITS, 6));

    if random.chance(40) {
        let from = 50 + 5 * random.below(16);
        page.paragraph(&salary(from, from + 25));
    }
}

fn salary(from: u64, to: u64) -> String {
    format!(
        "<em>The base salary range for this role is &euro;{from},000&nbsp;&ndash;&nbsp;&euro;{to},000 a year.</em>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
}

/// An HTML page in progress, in the markup of a board's editor.
#[derive(Default)]
struct Page(String);

impl Page {
    fn add(&mut self, parts: &[&str]) {
        self.0.extend(parts.iter().copied());
    }

    fn intro(&mut self, text: &str) {
        self.add(&["<div class=\"content-intro\"><p>", text, "</p></div>"]);
    }

    fn heading(&mut self, text: &str) {
        self.add(&["<h2><strong>", text, "</strong></h2>\n"]);
    }

    fn paragraph(&mut self, text: &str) {
        self.add(&["<p>", text, "</p>\n"]);
    }

    fn list<T: AsRef<str>>(&mut self, items: impl IntoIterator<Item = T>) {
        self.add(&["<ul>\n"]);
        for item in items {
            self.add(&[
                "<li><span style=\"font-weight: 400;\">",
                item.as_ref(),
                "</span></li>\n",
            ]);
        }
        self.add(&["</ul>\n"]);
    }

    fn conclusion(&mut self, text: &str) {
        self.add(&["<div class=\"content-conclusion\"><p>", text, "</p></div>"]);
    }
}
