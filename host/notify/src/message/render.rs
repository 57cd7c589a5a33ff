//! Renders the parts of a mail.

use serde::Serialize;

use crate::message::content::MessageContent;
use crate::message::template::{Output, TemplateFault, TemplateSet};
use crate::message::wrap::wrapped;

/// The amount of detail about each job of a message with several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Full,
    /// Without the terms that matched and the passages that changed.
    Brief,
}

/// The variables of the templates of mail.
#[derive(Serialize)]
pub(super) struct MailValues<'a, C> {
    #[serde(flatten)]
    content: &'a C,
    with_details: bool,
}

impl<'a, C: Serialize> MailValues<'a, C> {
    pub(super) fn new(content: &'a C, detail: Detail) -> Self {
        Self {
            content,
            with_details: detail == Detail::Full,
        }
    }
}

/// Renders the subject, on one line.
pub(crate) fn subject(
    templates: TemplateSet<'_>,
    content: &MessageContent,
) -> Result<String, TemplateFault> {
    let values = MailValues::new(content, Detail::Full);
    templates.subject(content.kind(), &values)
}

/// Renders the message as plain text for a terminal of 80 columns.
pub(crate) fn text(
    templates: TemplateSet<'_>,
    content: &MessageContent,
    detail: Detail,
) -> Result<String, TemplateFault> {
    let name = format!("{}.txt", content.kind());
    let values = MailValues::new(content, detail);
    Ok(wrapped(&templates.render(&name, Output::Text, &values)?))
}

/// Renders the message as an HTML page.
pub(crate) fn html(
    templates: TemplateSet<'_>,
    content: &MessageContent,
    detail: Detail,
) -> Result<String, TemplateFault> {
    let name = format!("{}.html", content.kind());
    let values = MailValues::new(content, detail);
    templates.render(&name, Output::Html, &values)
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::ContentHash;
    use job_scanner_core::normalize::Change;
    use job_scanner_store::test_support::{at, store};
    use job_scanner_store::{AlertKind, ClaimedDelivery, DeliveryKind};

    use super::*;
    use crate::dispatch::{NotifySettings, dispatch};
    use crate::message::content::PageAddress;
    use crate::test_support::{
        alerted, bare_job, claim, delivery_of, full_job, page, run, settings,
    };

    fn both(delivery: &ClaimedDelivery) -> (String, String) {
        both_with(delivery, None)
    }

    fn both_with(delivery: &ClaimedDelivery, page: Option<&PageAddress>) -> (String, String) {
        let content = MessageContent::of(delivery, page);
        let full = Detail::Full;
        (
            text(TemplateSet::BUILT_IN, &content, full).unwrap(),
            html(TemplateSet::BUILT_IN, &content, full).unwrap(),
        )
    }

    /// Returns the page without its head, which is the same in all messages.
    fn body(html: &str) -> &str {
        &html[html.find("<body>").unwrap()..]
    }

    #[tokio::test]
    async fn a_page_fits_a_phone_and_has_colours_for_the_dark() {
        let store = store().await;
        let (_, html) = both(&delivery_of(&store, full_job("7"), AlertKind::New).await);
        for needed in [
            r#"<meta name="viewport" content="width=device-width, initial-scale=1">"#,
            r#"<meta name="color-scheme" content="light dark">"#,
            "@media (prefers-color-scheme: dark)",
            "overflow-wrap: break-word",
        ] {
            assert!(html.contains(needed), "{needed}");
        }
    }

    #[tokio::test]
    async fn each_layout_links_to_the_page_if_there_is_one() {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        let job = "https://jobs.example/job?key=greenhouse%2Facme%2F7";
        let matches = "https://jobs.example/matches?profile=default";
        for kind in [
            DeliveryKind::Each,
            DeliveryKind::Digest,
            DeliveryKind::Baseline,
        ] {
            delivery.kind = kind;
            let (text, html) = both_with(&delivery, Some(&page()));
            assert!(text.contains(&format!("Decide: {job}\n")), "{text}");
            assert!(
                text.ends_with(&format!("\n\nAll matches of your search: {matches}\n")),
                "{text}"
            );

            let links = html.replace("&#x2f;", "/").replace("&amp;", "&");
            for link in [
                job,
                matches,
                &format!("{job}&mark=applied"),
                &format!("{job}&mark=hidden"),
            ] {
                assert!(
                    links.contains(&format!("<a href=\"{link}\">")),
                    "{link}: {html}"
                );
            }
            let (text, html) = both(&delivery);
            assert!(!text.contains("jobs.example") && !html.contains("jobs.example"));
        }
    }

    /// Returns one message about three jobs: one at Acme with all facts, and two with few.
    async fn message_about_three(kind: AlertKind) -> (String, String) {
        let store = store().await;
        let run = run(&store).await;
        alerted(&store, run, "acme", &[full_job("7")], kind, &["default"]).await;
        let bare = [
            bare_job("1", "Rust Developer"),
            bare_job("2", "Rust & <Wasm>"),
        ];
        alerted(
            &store,
            run,
            "Über Jobs",
            &bare,
            kind,
            &["default", "backend"],
        )
        .await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        both(&claim(&store).await.unwrap())
    }

    #[tokio::test]
    async fn one_job() {
        let store = store().await;
        let (text, html) = both(&delivery_of(&store, full_job("7"), AlertKind::New).await);
        insta::assert_snapshot!(text, @r"
        A new job matches your search.

        Senior Rust Engineer
        Acme

        Location: Berlin; Paris
        Workplace: hybrid
        Employment: Full-time
        Salary: EUR 60,000–80,000 a year
        Posted: 3 days ago (2026-11-20)
        Expires: 2026-12-31
        Board: acme (greenhouse/acme)
        Posting: https://acme.example/jobs/7
        Apply: https://acme.example/jobs/7/apply

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
        insta::assert_snapshot!(body(&html), @r#"
        <body>
        <p class="dim">A new job matches your search.</p>
        <h1 dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7">Senior Rust Engineer</a></h1>
        <p class="company" dir="auto" style="margin:0 0 12px">Acme</p>
        <table style="margin-top:12px;border-spacing:0">
        <tr><th class="dim">Location</th><td dir="auto">Berlin; Paris</td></tr>
        <tr><th class="dim">Workplace</th><td dir="auto">hybrid</td></tr>
        <tr><th class="dim">Employment</th><td dir="auto">Full-time</td></tr>
        <tr><th class="dim">Salary</th><td dir="auto">EUR 60,000–80,000 a year</td></tr>
        <tr><th class="dim">Posted</th><td dir="auto">3 days ago (2026-11-20)</td></tr>
        <tr><th class="dim">Expires</th><td dir="auto">2026-12-31</td></tr>
        <tr><th class="dim">Board</th><td dir="auto">acme (greenhouse&#x2f;acme)</td></tr>
        </table>
        <p><a class="button" href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7&#x2f;apply">Apply</a></p>
        <h2>Why it matches your search</h2>
        <ul>
        <li dir="auto"><b>rust</b> <span class="dim">(title)</span> Senior <mark>Rust</mark> Engineer</li>
        <li dir="auto"><b>remote</b> <span class="dim">(description)</span> … two days a week <mark>remote</mark>, if you like …</li>
        </ul>
        </body>
        </html>
        "#);
    }

    #[tokio::test]
    async fn one_job_with_few_known_facts() {
        let store = store().await;
        let (text, _) =
            both(&delivery_of(&store, bare_job("7", "Rust Developer"), AlertKind::Updated).await);
        insta::assert_snapshot!(text, @r"
        A job that matches your search has changed.

        Rust Developer
        via acme

        What has changed:
        No earlier version to compare with.

        First seen: today (2026-11-23 08:15 UTC)
        Board: acme (greenhouse/acme)
        Posting: https://acme.example/jobs/7

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
    }

    #[tokio::test]
    async fn several_jobs() {
        let (text, _) = message_about_three(AlertKind::New).await;
        insta::assert_snapshot!(text, @r#"
        3 new jobs match your search and the profile backend.

        1. Senior Rust Engineer
           Acme
           Berlin; Paris · hybrid · Full-time · EUR 60,000–80,000 a year · posted 3
               days ago (2026-11-20) · expires 2026-12-31
           https://acme.example/jobs/7
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Board: acme (greenhouse/acme)

        2. Rust Developer
           via Über Jobs
           first seen today (2026-11-23 08:15 UTC)
           https://acme.example/jobs/1
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Matched for the profile backend: rust (title), remote (description)
           Board: Über Jobs (greenhouse/Über%20Jobs)

        3. Rust & <Wasm>
           via Über Jobs
           first seen today (2026-11-23 08:15 UTC)
           https://acme.example/jobs/2
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Matched for the profile backend: rust (title), remote (description)
           Board: Über Jobs (greenhouse/Über%20Jobs)
        "#);
    }

    /// Returns the message about a job whose title, places, pay and text have changed. With
    /// `digest_above` 0 it is a digest.
    async fn message_about_a_change(digest_above: u32) -> (String, String) {
        let store = store().await;
        let run = run(&store).await;
        let before = full_job("7");
        let mut after = full_job("7");
        after.change = Change::Updated;
        let job = &mut after.job;
        job.content_hash = ContentHash::from_bytes([2; 32]);
        job.title = "Lead <Rust> Engineer".to_owned();
        job.locations.pop();
        job.salary = None;
        job.description = Some("Build things & teams.".to_owned());
        for (job, kind) in [(before, AlertKind::New), (after, AlertKind::Updated)] {
            alerted(&store, run, "acme", &[job], kind, &["default"]).await;
            let settings = NotifySettings {
                digest_above,
                ..settings()
            };
            dispatch(&store, &settings, at("08:16:00")).await.unwrap();
        }
        claim(&store).await.unwrap();
        both(&claim(&store).await.unwrap())
    }

    #[tokio::test]
    async fn a_changed_job() {
        let (text, html) = message_about_a_change(2).await;
        insta::assert_snapshot!(text, @r"
        A job that matches your search has changed.

        Lead <Rust> Engineer
        Acme

        What has changed:
        - title: Senior Rust Engineer → Lead <Rust> Engineer
        - location: removed Paris
        - salary: EUR 60,000–80,000 a year → not stated
        - text: 1 word removed, 3 words added
          before: Build things.
          now: Build things & teams.

        Location: Berlin
        Workplace: hybrid
        Employment: Full-time
        Posted: 3 days ago (2026-11-20)
        Expires: 2026-12-31
        Board: acme (greenhouse/acme)
        Posting: https://acme.example/jobs/7
        Apply: https://acme.example/jobs/7/apply

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
        insta::assert_snapshot!(body(&html), @r#"
        <body>
        <p class="dim">A job that matches your search has changed.</p>
        <h1 dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7">Lead &lt;Rust&gt; Engineer</a></h1>
        <p class="company" dir="auto" style="margin:0 0 12px">Acme</p>
        <h2>What has changed</h2>
        <div class="changes">
        <div dir="auto"><span class="dim">title:</span> Senior Rust Engineer → Lead &lt;Rust&gt; Engineer</div>
        <div dir="auto"><span class="dim">location:</span> removed Paris</div>
        <div dir="auto"><span class="dim">salary:</span> EUR 60,000–80,000 a year → not stated</div>
        <div dir="auto"><span class="dim">text:</span> 1 word removed, 3 words added</div>
        <div dir="auto"><del>− Build things.</del></div>
        <div dir="auto"><ins>+ Build things &amp; teams.</ins></div>
        </div>
        <table style="margin-top:12px;border-spacing:0">
        <tr><th class="dim">Location</th><td dir="auto">Berlin</td></tr>
        <tr><th class="dim">Workplace</th><td dir="auto">hybrid</td></tr>
        <tr><th class="dim">Employment</th><td dir="auto">Full-time</td></tr>
        <tr><th class="dim">Posted</th><td dir="auto">3 days ago (2026-11-20)</td></tr>
        <tr><th class="dim">Expires</th><td dir="auto">2026-12-31</td></tr>
        <tr><th class="dim">Board</th><td dir="auto">acme (greenhouse&#x2f;acme)</td></tr>
        </table>
        <p><a class="button" href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7&#x2f;apply">Apply</a></p>
        <h2>Why it matches your search</h2>
        <ul>
        <li dir="auto"><b>rust</b> <span class="dim">(title)</span> Senior <mark>Rust</mark> Engineer</li>
        <li dir="auto"><b>remote</b> <span class="dim">(description)</span> … two days a week <mark>remote</mark>, if you like …</li>
        </ul>
        </body>
        </html>
        "#);
    }

    #[tokio::test]
    async fn a_changed_job_in_a_digest() {
        let (text, html) = message_about_a_change(0).await;
        insta::assert_snapshot!(text, @r#"
        1 changed job matches your search.

        1. Lead <Rust> Engineer (changed)
           Acme
           Berlin · hybrid · Full-time · posted 3 days ago (2026-11-20) · expires
               2026-12-31
           https://acme.example/jobs/7
           Changed title: Senior Rust Engineer → Lead <Rust> Engineer
           Changed location: removed Paris
           Changed salary: EUR 60,000–80,000 a year → not stated
           Changed text: 1 word removed, 3 words added
             before: Build things.
             now: Build things & teams.
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Board: acme (greenhouse/acme)
        "#);
        insta::assert_snapshot!(body(&html), @r#"
        <body>
        <p>1 changed job matches your search.</p>
        <ol>
        <li class="job">
        <div class="title" dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7">Lead &lt;Rust&gt; Engineer</a> <span class="tag">changed</span></div>
        <div class="company" dir="auto">Acme</div>
        <div dir="auto">Berlin<span class="dim"> · </span>hybrid<span class="dim"> · </span>Full-time<span class="dim"> · </span><span class="date"><span class="dim">posted</span> 3 days ago (2026-11-20)</span><span class="dim"> · </span><span class="date"><span class="dim">expires</span> 2026-12-31</span></div>
        <div class="changes">
        <div dir="auto"><span class="dim">title:</span> Senior Rust Engineer → Lead &lt;Rust&gt; Engineer</div>
        <div dir="auto"><span class="dim">location:</span> removed Paris</div>
        <div dir="auto"><span class="dim">salary:</span> EUR 60,000–80,000 a year → not stated</div>
        <div dir="auto"><span class="dim">text:</span> 1 word removed, 3 words added</div>
        <div dir="auto"><del>− Build things.</del></div>
        <div dir="auto"><ins>+ Build things &amp; teams.</ins></div>
        </div>
        <div class="small"><span class="dim">Matched:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small" dir="auto">“… two days a week <mark>remote</mark>, if you like …”</div>
        <div class="small dim">acme (greenhouse&#x2f;acme)</div>
        </li>
        </ol>
        </body>
        </html>
        "#);
    }

    #[tokio::test]
    async fn a_first_scan() {
        let (text, html) = message_about_three(AlertKind::Baseline).await;
        insta::assert_snapshot!(text, @r#"
        Open jobs that match:

        1. Senior Rust Engineer
           Acme
           Berlin; Paris · hybrid · Full-time · EUR 60,000–80,000 a year · posted 3
               days ago (2026-11-20) · expires 2026-12-31
           https://acme.example/jobs/7
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Board: acme (greenhouse/acme)

        2. Rust Developer
           via Über Jobs
           https://acme.example/jobs/1
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Matched for the profile backend: rust (title), remote (description)
           Board: Über Jobs (greenhouse/Über%20Jobs)

        3. Rust & <Wasm>
           via Über Jobs
           https://acme.example/jobs/2
           Matched: rust (title), remote (description)
           "… two days a week remote, if you like …"
           Matched for the profile backend: rust (title), remote (description)
           Board: Über Jobs (greenhouse/Über%20Jobs)

        Now watching these boards. You will hear about matching jobs as they open or
            change.

        acme (greenhouse/acme): 1 of 1 job matches
        Über Jobs (greenhouse/Über%20Jobs): 2 of 2 jobs match
        "#);
        insta::assert_snapshot!(body(&html), @r#"
        <body>
        <p>Open jobs that match:</p>
        <ol>
        <li class="job">
        <div class="title" dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7">Senior Rust Engineer</a></div>
        <div class="company" dir="auto">Acme</div>
        <div dir="auto">Berlin; Paris<span class="dim"> · </span>hybrid<span class="dim"> · </span>Full-time<span class="dim"> · </span><b>EUR 60,000–80,000 a year</b><span class="dim"> · </span><span class="date"><span class="dim">posted</span> 3 days ago (2026-11-20)</span><span class="dim"> · </span><span class="date"><span class="dim">expires</span> 2026-12-31</span></div>
        <div class="small"><span class="dim">Matched:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small" dir="auto">“… two days a week <mark>remote</mark>, if you like …”</div>
        <div class="small dim">acme (greenhouse&#x2f;acme)</div>
        </li>
        <li class="job">
        <div class="title" dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;1">Rust Developer</a></div>
        <div class="company" dir="auto">via Über Jobs</div>
        <div class="small"><span class="dim">Matched:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small" dir="auto">“… two days a week <mark>remote</mark>, if you like …”</div>
        <div class="small"><span class="dim">Matched for the profile backend:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small dim">Über Jobs (greenhouse&#x2f;Über%20Jobs)</div>
        </li>
        <li class="job">
        <div class="title" dir="auto"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;2">Rust &amp; &lt;Wasm&gt;</a></div>
        <div class="company" dir="auto">via Über Jobs</div>
        <div class="small"><span class="dim">Matched:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small" dir="auto">“… two days a week <mark>remote</mark>, if you like …”</div>
        <div class="small"><span class="dim">Matched for the profile backend:</span> rust <span class="dim">(title)</span>, remote <span class="dim">(description)</span></div>
        <div class="small dim">Über Jobs (greenhouse&#x2f;Über%20Jobs)</div>
        </li>
        </ol>
        <h2>Boards</h2>
        <p>Now watching these boards. You will hear about matching jobs as they open or change.</p>
        <ul>
        <li dir="auto">acme <span class="dim">(greenhouse&#x2f;acme)</span>: 1 of 1 job matches</li>
        <li dir="auto">Über Jobs <span class="dim">(greenhouse&#x2f;Über%20Jobs)</span>: 2 of 2 jobs match</li>
        </ul>
        </body>
        </html>
        "#);
    }
}
