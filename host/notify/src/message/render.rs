//! Renders the templates of a message.
//!
//! Templates whose name ends in `.html` escape all values. The text templates get lines that
//! [`crate::message::content`] has cleaned. The templates are part of the binary, so a message
//! cannot fail because of a missing file.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};

use crate::message::content::{Layout, MessageContent};

/// All templates, by the names under which they include each other.
const TEMPLATES: [(&str, &str); 12] = [
    ("job.txt", include_str!("templates/job.txt")),
    ("digest.txt", include_str!("templates/digest.txt")),
    ("baseline.txt", include_str!("templates/baseline.txt")),
    ("health.txt", include_str!("templates/health.txt")),
    ("entry.txt", include_str!("templates/entry.txt")),
    ("job.html", include_str!("templates/job.html")),
    ("digest.html", include_str!("templates/digest.html")),
    ("baseline.html", include_str!("templates/baseline.html")),
    ("health.html", include_str!("templates/health.html")),
    ("entry.html", include_str!("templates/entry.html")),
    ("link.html", include_str!("templates/link.html")),
    ("page.html", include_str!("templates/page.html")),
];

/// Renders the message as plain text.
pub(crate) fn text(content: &MessageContent) -> Result<String, Error> {
    let template = match content.layout {
        Layout::Job => "job.txt",
        Layout::Digest => "digest.txt",
        Layout::Baseline => "baseline.txt",
        Layout::Health => "health.txt",
    };
    environment()?
        .get_template(template)?
        .render(Serde(content))
}

/// Renders the message as an HTML page.
pub(crate) fn html(content: &MessageContent) -> Result<String, Error> {
    let template = match content.layout {
        Layout::Job => "job.html",
        Layout::Digest => "digest.html",
        Layout::Baseline => "baseline.html",
        Layout::Health => "health.html",
    };
    environment()?
        .get_template(template)?
        .render(Serde(content))
}

/// Returns an environment with all templates. It is built for each message: parsing a dozen small
/// templates costs little in comparison with sending a mail.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(syntax()?);
    // The default would be the same, but the safety of every message depends on it.
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("txt") => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// Returns the syntax of all templates: a line with only a tag leaves no line.
pub(super) fn syntax() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::ContentHash;
    use job_scanner_core::normalize::Change;
    use job_scanner_store::test_support::{at, store};
    use job_scanner_store::{AlertKind, ClaimedDelivery};

    use super::*;
    use crate::dispatch::{NotifySettings, dispatch};
    use crate::test_support::{alerted, bare_job, claim, delivery_of, full_job, run, settings};

    fn both(delivery: &ClaimedDelivery) -> (String, String) {
        let content = MessageContent::of(delivery);
        (text(&content).unwrap(), html(&content).unwrap())
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
        Posted: 2026-11-20
        Expires: 2026-12-31
        Board: acme (greenhouse/acme)
        Page: https://acme.example/jobs/7
        Apply: https://acme.example/jobs/7/apply

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
        insta::assert_snapshot!(html, @r#"
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>New job: Senior Rust Engineer at Acme (Berlin and 1 more, hybrid)</title>
        </head>
        <body style="margin:0;padding:16px;max-width:640px;font-family:sans-serif;font-size:15px;line-height:1.45;color:#222">
        <p>A new job matches your search.</p>
        <h1 dir="auto" style="font-size:20px;margin:16px 0 4px"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7" style="color:#0b57d0">Senior Rust Engineer</a></h1>
        <p dir="auto" style="margin:0 0 12px;font-weight:bold">Acme</p>
        <table style="border-spacing:0">
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Location</th><td dir="auto" style="padding:2px 0">Berlin; Paris</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Workplace</th><td dir="auto" style="padding:2px 0">hybrid</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Employment</th><td dir="auto" style="padding:2px 0">Full-time</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Salary</th><td dir="auto" style="padding:2px 0">EUR 60,000–80,000 a year</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Posted</th><td dir="auto" style="padding:2px 0">2026-11-20</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Expires</th><td dir="auto" style="padding:2px 0">2026-12-31</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Board</th><td dir="auto" style="padding:2px 0">acme (greenhouse&#x2f;acme)</td></tr>
        </table>
        <p><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7&#x2f;apply" style="color:#0b57d0">Apply</a></p>
        <p style="margin:16px 0 4px;font-weight:bold">Why it matches your search</p>
        <ul style="margin:0;padding-left:20px">
        <li dir="auto"><b>rust</b> <span style="color:#666">(title)</span> Senior Rust Engineer</li>
        <li dir="auto"><b>remote</b> <span style="color:#666">(description)</span> … two days a week remote, if you like …</li>
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

        Board: acme (greenhouse/acme)
        Page: https://acme.example/jobs/7

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
    }

    #[tokio::test]
    async fn several_jobs() {
        let (text, _) = message_about_three(AlertKind::New).await;
        insta::assert_snapshot!(text, @r"
        3 new jobs match the profiles backend, default.

        1. Senior Rust Engineer
           Acme
           Location: Berlin; Paris
           Workplace: hybrid
           Employment: Full-time
           Salary: EUR 60,000–80,000 a year
           Posted: 2026-11-20
           Expires: 2026-12-31
           Board: acme (greenhouse/acme)
           https://acme.example/jobs/7
           Matched: rust (title), remote (description)

        2. Rust Developer
           via Über Jobs
           Board: Über Jobs (greenhouse/Über%20Jobs)
           https://acme.example/jobs/1
           Matched: rust (title), remote (description)
           Matched for the profile backend: rust (title), remote (description)

        3. Rust & <Wasm>
           via Über Jobs
           Board: Über Jobs (greenhouse/Über%20Jobs)
           https://acme.example/jobs/2
           Matched: rust (title), remote (description)
           Matched for the profile backend: rust (title), remote (description)
        ");
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
        Posted: 2026-11-20
        Expires: 2026-12-31
        Board: acme (greenhouse/acme)
        Page: https://acme.example/jobs/7
        Apply: https://acme.example/jobs/7/apply

        Why it matches your search:
        - rust (title): Senior Rust Engineer
        - remote (description): … two days a week remote, if you like …
        ");
        insta::assert_snapshot!(html, @r#"
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Changed job: Lead &lt;Rust&gt; Engineer at Acme (Berlin, hybrid)</title>
        </head>
        <body style="margin:0;padding:16px;max-width:640px;font-family:sans-serif;font-size:15px;line-height:1.45;color:#222">
        <p>A job that matches your search has changed.</p>
        <h1 dir="auto" style="font-size:20px;margin:16px 0 4px"><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7" style="color:#0b57d0">Lead &lt;Rust&gt; Engineer</a></h1>
        <p dir="auto" style="margin:0 0 12px;font-weight:bold">Acme</p>
        <p style="margin:16px 0 4px;font-weight:bold">What has changed</p>
        <ul style="margin:0;padding-left:20px">
        <li dir="auto"><b>title</b>: Senior Rust Engineer → Lead &lt;Rust&gt; Engineer
        </li>
        <li dir="auto"><b>location</b>: removed Paris
        </li>
        <li dir="auto"><b>salary</b>: EUR 60,000–80,000 a year → not stated
        </li>
        <li dir="auto"><b>text</b>: 1 word removed, 3 words added
        <br><span style="color:#666">before:</span> Build things.
        <br><span style="color:#666">now:</span> Build things &amp; teams.
        </li>
        </ul>
        <table style="border-spacing:0">
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Location</th><td dir="auto" style="padding:2px 0">Berlin</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Workplace</th><td dir="auto" style="padding:2px 0">hybrid</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Employment</th><td dir="auto" style="padding:2px 0">Full-time</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Posted</th><td dir="auto" style="padding:2px 0">2026-11-20</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Expires</th><td dir="auto" style="padding:2px 0">2026-12-31</td></tr>
        <tr><th style="text-align:left;vertical-align:top;padding:2px 16px 2px 0;font-weight:normal;color:#666">Board</th><td dir="auto" style="padding:2px 0">acme (greenhouse&#x2f;acme)</td></tr>
        </table>
        <p><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7&#x2f;apply" style="color:#0b57d0">Apply</a></p>
        <p style="margin:16px 0 4px;font-weight:bold">Why it matches your search</p>
        <ul style="margin:0;padding-left:20px">
        <li dir="auto"><b>rust</b> <span style="color:#666">(title)</span> Senior Rust Engineer</li>
        <li dir="auto"><b>remote</b> <span style="color:#666">(description)</span> … two days a week remote, if you like …</li>
        </ul>
        </body>
        </html>
        "#);
    }

    #[tokio::test]
    async fn a_changed_job_in_a_digest() {
        let (text, html) = message_about_a_change(0).await;
        insta::assert_snapshot!(text, @r"
        1 changed job matches your search.

        1. Lead <Rust> Engineer (changed)
           Acme
           Changed title: Senior Rust Engineer → Lead <Rust> Engineer
           Changed location: removed Paris
           Changed salary: EUR 60,000–80,000 a year → not stated
           Changed text: 1 word removed, 3 words added
             before: Build things.
             now: Build things & teams.
           Location: Berlin
           Workplace: hybrid
           Employment: Full-time
           Posted: 2026-11-20
           Expires: 2026-12-31
           Board: acme (greenhouse/acme)
           https://acme.example/jobs/7
           Matched: rust (title), remote (description)
        ");
        insta::assert_snapshot!(html, @r#"
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>1 changed job matches your search</title>
        </head>
        <body style="margin:0;padding:16px;max-width:640px;font-family:sans-serif;font-size:15px;line-height:1.45;color:#222">
        <p>1 changed job matches your search.</p>
        <ol style="padding-left:24px">
        <li dir="auto" style="margin-bottom:14px"><b><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7" style="color:#0b57d0">Lead &lt;Rust&gt; Engineer</a></b> (changed)<br>Acme<br><span style="color:#666">Changed title:</span> Senior Rust Engineer → Lead &lt;Rust&gt; Engineer
        <br><span style="color:#666">Changed location:</span> removed Paris
        <br><span style="color:#666">Changed salary:</span> EUR 60,000–80,000 a year → not stated
        <br><span style="color:#666">Changed text:</span> 1 word removed, 3 words added
        <br><span style="color:#666;padding-left:16px">before:</span> Build things.
        <br><span style="color:#666;padding-left:16px">now:</span> Build things &amp; teams.
        <br><span style="color:#666">Location:</span> Berlin
        <br><span style="color:#666">Workplace:</span> hybrid
        <br><span style="color:#666">Employment:</span> Full-time
        <br><span style="color:#666">Posted:</span> 2026-11-20
        <br><span style="color:#666">Expires:</span> 2026-12-31
        <br><span style="color:#666">Board:</span> acme (greenhouse&#x2f;acme)
        <br><span style="color:#666">Matched:</span> rust (title), remote (description)
        </li>
        </ol>
        </body>
        </html>
        "#);
    }

    #[tokio::test]
    async fn a_first_scan() {
        let (text, html) = message_about_three(AlertKind::Baseline).await;
        insta::assert_snapshot!(text, @r"
        Now watching these boards. You will hear about matching jobs as they open or change.

        acme (greenhouse/acme): 1 job, 1 match
        Über Jobs (greenhouse/Über%20Jobs): 2 jobs, 2 match

        Open jobs that match:

        1. Senior Rust Engineer
           Acme
           Location: Berlin; Paris
           Workplace: hybrid
           Employment: Full-time
           Salary: EUR 60,000–80,000 a year
           Posted: 2026-11-20
           Expires: 2026-12-31
           Board: acme (greenhouse/acme)
           https://acme.example/jobs/7
           Matched: rust (title), remote (description)

        2. Rust Developer
           via Über Jobs
           Board: Über Jobs (greenhouse/Über%20Jobs)
           https://acme.example/jobs/1
           Matched: rust (title), remote (description)
           Matched for the profile backend: rust (title), remote (description)

        3. Rust & <Wasm>
           via Über Jobs
           Board: Über Jobs (greenhouse/Über%20Jobs)
           https://acme.example/jobs/2
           Matched: rust (title), remote (description)
           Matched for the profile backend: rust (title), remote (description)
        ");
        insta::assert_snapshot!(html, @r#"
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Watching 2 boards: 3 of 3 jobs match</title>
        </head>
        <body style="margin:0;padding:16px;max-width:640px;font-family:sans-serif;font-size:15px;line-height:1.45;color:#222">
        <p>Now watching these boards. You will hear about matching jobs as they open or change.</p>
        <ul style="padding-left:20px">
        <li dir="auto">acme <span style="color:#666">(greenhouse&#x2f;acme)</span>: 1 job, 1 match</li>
        <li dir="auto">Über Jobs <span style="color:#666">(greenhouse&#x2f;Über%20Jobs)</span>: 2 jobs, 2 match</li>
        </ul>
        <p>Open jobs that match:</p>
        <ol style="padding-left:24px">
        <li dir="auto" style="margin-bottom:14px"><b><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;7" style="color:#0b57d0">Senior Rust Engineer</a></b><br>Acme<br><span style="color:#666">Location:</span> Berlin; Paris
        <br><span style="color:#666">Workplace:</span> hybrid
        <br><span style="color:#666">Employment:</span> Full-time
        <br><span style="color:#666">Salary:</span> EUR 60,000–80,000 a year
        <br><span style="color:#666">Posted:</span> 2026-11-20
        <br><span style="color:#666">Expires:</span> 2026-12-31
        <br><span style="color:#666">Board:</span> acme (greenhouse&#x2f;acme)
        <br><span style="color:#666">Matched:</span> rust (title), remote (description)
        </li>
        <li dir="auto" style="margin-bottom:14px"><b><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;1" style="color:#0b57d0">Rust Developer</a></b><br>via Über Jobs<br><span style="color:#666">Board:</span> Über Jobs (greenhouse&#x2f;Über%20Jobs)
        <br><span style="color:#666">Matched:</span> rust (title), remote (description)
        <br><span style="color:#666">Matched for the profile backend:</span> rust (title), remote (description)
        </li>
        <li dir="auto" style="margin-bottom:14px"><b><a href="https:&#x2f;&#x2f;acme.example&#x2f;jobs&#x2f;2" style="color:#0b57d0">Rust &amp; &lt;Wasm&gt;</a></b><br>via Über Jobs<br><span style="color:#666">Board:</span> Über Jobs (greenhouse&#x2f;Über%20Jobs)
        <br><span style="color:#666">Matched:</span> rust (title), remote (description)
        <br><span style="color:#666">Matched for the profile backend:</span> rust (title), remote (description)
        </li>
        </ol>
        </body>
        </html>
        "#);
    }
}
