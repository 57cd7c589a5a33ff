//! Templates of the operator: what replaces what, what a fault says, and what no template can do.

use std::collections::BTreeSet;
use std::fs;

use job_scanner_core::channel::ChannelKind;
use job_scanner_store::AlertKind;
use job_scanner_store::test_support::store;
use serde_json::Value;
use tempfile::TempDir;

use super::samples::samples;
use super::{Output, TemplateFiles, Templates, built_in_templates};
use crate::message::chat::{ChatMessage, ChatText, Limit, Markup, render as render_chat};
use crate::message::content::MessageContent;
use crate::message::render;
use crate::message::render::{Detail, MailValues};
use crate::test_support::{alerted, bare_job, claimed, delivery_of, full_job, page, run};

const MAIL: [(&str, ChannelKind); 1] = [("mail", ChannelKind::Mail)];

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn templates(files: &[(&str, &str)]) -> Templates {
    TemplateFiles::read(folder(files).path()).for_channel("mail")
}

/// Returns the faults of these files, without the path of the folder.
fn faults(files: &[(&str, &str)], channels: &[(&str, ChannelKind)]) -> Vec<String> {
    let folder = folder(files);
    let path = format!("{}/", folder.path().display());
    let faults = TemplateFiles::read(folder.path()).faults(channels);
    faults
        .iter()
        .map(|fault| fault.to_string().replace(&path, ""))
        .collect()
}

/// Returns the content of a message about one job.
async fn content() -> MessageContent {
    let store = store().await;
    MessageContent::of(
        &delivery_of(&store, full_job("7"), AlertKind::New).await,
        None,
    )
}

fn text(templates: &Templates, content: &MessageContent) -> String {
    let set = templates.sets().next().unwrap();
    render::text(set, content, Detail::Full).unwrap()
}

fn html(templates: &Templates, content: &MessageContent) -> String {
    let set = templates.sets().next().unwrap();
    render::html(set, content, Detail::Full).unwrap()
}

fn chat(templates: &Templates, markup: Markup, content: &MessageContent) -> ChatText {
    let message = ChatMessage::Delivery {
        content,
        repeated: false,
    };
    let rendered = render_chat(message, markup, Limit::Bytes(2_000), templates);
    rendered.unwrap().unwrap()
}

/// Renders a template of chat with hostile values.
fn hostile_chat(markup: Markup, template: &str) -> String {
    let templates = templates(&[("job.chat.txt", template)]);
    let [_, hostile, _] = &samples("job")[..] else {
        panic!("three samples")
    };
    let set = templates.sets().next().unwrap();
    let values = MailValues::new(&hostile.content, Detail::Full);
    set.try_render("job.chat.txt", Output::Chat(markup), &values)
        .unwrap()
}

#[tokio::test]
async fn a_file_replaces_the_template_of_its_name_for_all_channels_or_one() {
    let folder = folder(&[
        ("job.subject.txt", "{{ jobs[0].title }}\n"),
        ("job.txt", "{% include '_greeting.txt' %}{{ headline }}"),
        ("_greeting.txt", "Hello.\n"),
        ("team/_greeting.txt", "Hello, team.\n"),
    ]);
    let files = TemplateFiles::read(folder.path());
    let content = content().await;
    assert_eq!((files.problems(), files.count()), (&[][..], 4));

    for (channel, greeting) in [("mail", "Hello."), ("team", "Hello, team.")] {
        let templates = files.for_channel(channel);
        let shown = text(&templates, &content);
        let expected = format!("{greeting}\nA new job matches your search.");
        assert_eq!(shown.trim(), expected);

        let set = templates.sets().next().unwrap();
        let subject = render::subject(set, &content).unwrap();
        assert_eq!(subject, "Senior Rust Engineer");
        // Without a file of its own, a template is the built-in one.
        assert!(html(&templates, &content).contains("<!doctype html>"));
    }
}

#[tokio::test]
async fn a_template_that_fails_is_replaced_by_the_built_in_one() {
    let content = content().await;
    let usual = text(&Templates::default(), &content);
    for fault in [
        "{{ jobs[0].titel }}",
        "{{ nothing }}",
        "{% include 'missing.txt' %}",
        "{% for job in jobs %}",
        "{% for a in range(10000) %}{% for b in range(10000) %}{% set c = a + b %}{% endfor %}{% endfor %}",
        "{% include 'job.txt' %}",
        "{{ headline|bold }}",
        "{# nothing #}\n",
        "",
    ] {
        let own = templates(&[("job.txt", fault)]);
        assert_eq!(text(&own, &content), usual, "{fault}");
    }
}

#[tokio::test]
async fn a_message_that_is_too_long_with_a_template_has_the_built_in_form() {
    let content = content().await;
    let long = "x".repeat(3_000);
    let own = templates(&[("job.chat.txt", &long), ("job.subject.txt", "Mine")]);
    let built_in = chat(&Templates::default(), Markup::Slack, &content);
    assert_eq!(chat(&own, Markup::Slack, &content), built_in);

    let own = templates(&[("job.chat.txt", "short"), ("job.subject.txt", "Mine")]);
    let shown = chat(&own, Markup::Slack, &content);
    assert_eq!((&*shown.title, &*shown.body), ("Mine", "short"));
}

#[test]
fn a_fault_names_file_line_and_problem() {
    for (files, expected) in [
        (
            &[("job.txt", "one\n{% if headline %}\n")][..],
            "job.txt, line 2: unexpected end of input, expected end of block",
        ),
        (
            &[("job.html", "one\n\n  {{ jobs[0].titel }}\n")],
            "job.html, line 3: undefined value in `{{ jobs[0].titel }}`, in a message with few values",
        ),
        (
            &[(
                "digest.txt",
                "{% for job in jobs %}\n{{ job.title + 1 }}{% endfor %}",
            )],
            "digest.txt, line 2: ",
        ),
        (
            &[("entry.txt", "\n{{ job.nothing }}")],
            "entry.txt, line 2: undefined value in `{{ job.nothing }}`",
        ),
        (
            &[("jobs.html", "x")],
            "jobs.html: no message has a template of this name; `job-scanner notify templates`",
        ),
        (&[("phone/job.txt", "x")], "phone: no channel has this name"),
        (
            &[("health.subject.txt", " \n")],
            "health.subject.txt: the result is empty",
        ),
        (
            &[("job.html", "{{ jobs[0].title|safe }}")],
            "job.html, line 1: filter safe is unknown",
        ),
    ] {
        let found = faults(files, &MAIL);
        assert!(!found.is_empty(), "{files:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }

    let missing = TemplateFiles::read(&folder(&[]).path().join("missing"));
    let [fault] = missing.problems() else {
        panic!("{missing:?}")
    };
    assert!(fault.to_string().contains("the folder cannot be read"));
}

#[test]
fn the_built_in_templates_render_every_sample_in_every_channel() {
    let all: Vec<_> = built_in_templates().collect();
    let channels = [
        ChannelKind::Mail,
        ChannelKind::Webhook,
        ChannelKind::Slack,
        ChannelKind::Discord,
        ChannelKind::Telegram,
        ChannelKind::Ntfy,
        ChannelKind::Gotify,
        ChannelKind::Matrix,
        ChannelKind::Apprise,
    ];
    let channels = channels.map(|kind| (kind.as_str(), kind));
    assert_eq!(faults(&all, &channels), [""; 0]);
}

#[tokio::test]
async fn templates_of_the_operator_may_be_as_long_as_the_built_in_ones() {
    let mut content = content().await;
    let job = content.jobs[0].clone();
    content.jobs = vec![job; 5_000];
    // With a limit, the built-in form would have no such line.
    let all: Vec<_> = built_in_templates()
        .map(|(name, text)| match name {
            "page.html" => (name, format!("<!-- mine -->{text}")),
            _ => (name, text.to_owned()),
        })
        .collect();
    let all: Vec<_> = all.iter().map(|(name, text)| (*name, &**text)).collect();
    let own = templates(&all);
    assert!(html(&own, &content).starts_with("<!-- mine -->"));
}

#[tokio::test]
async fn a_page_escapes_whatever_a_template_does() {
    let mut content = content().await;
    content.headline = "<script>alert(1)</script>".to_owned();
    for template in [
        "{{ headline }}",
        "{% autoescape false %}{{ headline }}{% endautoescape %}",
        "{% autoescape 'none' %}{{ headline }}{% endautoescape %}",
        // The text part is not escaped, but here it is a part of a page.
        "{% include '_part.txt' %}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(headline) }}",
        "{% set x %}{{ headline }}{% endset %}{{ x }}",
        "{% filter upper %}{{ headline }}{% endfilter %}",
    ] {
        let own = templates(&[("job.html", template), ("_part.txt", "{{ headline }}")]);
        let page = html(&own, &content).to_lowercase();
        assert!(page.contains("alert(1)"), "{template}: {page}");
        assert!(!page.contains("<script"), "{template}: {page}");
    }
}

#[test]
fn no_template_of_chat_mentions_a_group() {
    for markup in [
        Markup::Slack,
        Markup::Markdown,
        Markup::Telegram,
        Markup::Matrix,
    ] {
        for template in [
            "@everyone @here @room <!channel> {{ headline }}",
            "{% autoescape false %}{{ jobs[0].title }}{% endautoescape %}",
            "{{ '@' ~ 'everyone' }} @{{ 'channel' }}",
            "{{ jobs[0].title|link(jobs[0].url) }} {{ jobs[0].title|bold }} {{ headline|small }}",
        ] {
            let shown = hostile_chat(markup, template);
            for mention in ["@everyone", "@here", "@channel", "@room", "<script>"] {
                assert!(!shown.contains(mention), "{markup:?} {template}: {shown}");
            }
            assert!(!shown.contains("<!"), "{markup:?} {template}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_subject_is_one_line() {
    let own = templates(&[(
        "job.subject.txt",
        "a\r\nBcc: x@example.org\n\n{{ subject }}\n",
    )]);
    let set = own.sets().next().unwrap();
    let subject = render::subject(set, &content().await).unwrap();
    assert!(
        subject.starts_with("a Bcc: x@example.org New job:"),
        "{subject}"
    );
    assert!(!subject.contains(['\r', '\n']), "{subject}");
}

/// Adds the paths of all variables, such as `jobs.title`.
fn add_paths(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}.{name}");
                paths.insert(path.trim_start_matches('.').to_owned());
                add_paths(value, &path, paths);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|it| add_paths(it, path, paths)),
        _ => {}
    }
}

#[tokio::test]
async fn samples_and_manual_have_every_variable() {
    let mut real = BTreeSet::new();
    for kind in [AlertKind::New, AlertKind::Updated, AlertKind::Baseline] {
        let store = store().await;
        let run = run(&store).await;
        let jobs = [full_job("7"), bare_job("8", "Cook")];
        alerted(&store, run, "acme", &jobs, kind, &["default"]).await;
        let content = MessageContent::of(&claimed(&store).await, Some(&page()));
        add_paths(&serde_json::to_value(&content).unwrap(), "", &mut real);
    }
    let mut sampled = BTreeSet::new();
    for kind in ["job", "digest", "first-scan", "health"] {
        let [.., full] = &samples(kind)[..] else {
            panic!("three samples")
        };
        add_paths(&full.content, "", &mut sampled);
    }
    let missing: Vec<_> = real.difference(&sampled).collect();
    assert!(missing.is_empty(), "not in the sample: {missing:?}");

    let manual = include_str!("../../../../../docs/templates.md");
    for path in sampled {
        let name = path.rsplit('.').next().unwrap();
        assert!(
            manual.contains(&format!("`{name}`")),
            "not in the manual: {path}"
        );
    }
    for (name, _) in built_in_templates() {
        assert!(
            manual.contains(&format!("`{name}`")),
            "not in the manual: {name}"
        );
    }
}
