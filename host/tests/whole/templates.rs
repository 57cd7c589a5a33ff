//! Templates of the operator, from the folder to the mail.

use std::fs;

use job_scanner_smtp_server::Tls;

use crate::command_line::text;
use crate::post::Post;

/// A world with a mail server and a folder of templates.
async fn post(templates: &[(&str, &str)]) -> Post {
    let post = Post::new(Tls::StartTls, "jo@example.com", "templates: mine\n").await;
    let folder = post.world.folder().join("mine");
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in templates {
        fs::write(folder.join(name), text).unwrap();
    }
    post
}

/// Runs a command and returns its exit code and both outputs.
fn run(post: &Post, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = post.program().args(arguments).output().unwrap();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    (output.status.code(), stdout, stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_has_the_form_of_the_templates_in_the_folder() {
    let post = post(&[
        ("first-scan.subject.txt", "Look: {{ jobs[0].title }}\n"),
        ("first-scan.txt", "{{ jobs|length }} job\n"),
    ])
    .await;
    let (code, stdout, _) = run(&post, &["check"]);
    assert_eq!(code, Some(0), "{stdout}");
    assert!(stdout.contains("2 templates of "), "{stdout}");

    assert_eq!(post.run().await.status.code(), Some(0));
    let mail = &post.server.received()[0].message;
    assert!(mail.contains("Subject: Look: Rust Engineer\r\n"), "{mail}");
    assert!(mail.contains("\r\n1 job\r\n"), "{mail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_template_is_reported_and_loses_no_message() {
    for (name, broken, problem) in [
        (
            "first-scan.html",
            "<p>\n{{ jobs[0].titel }}\n",
            "first-scan.html, line 2: undefined value in `{{ jobs[0].titel }}`",
        ),
        ("first-scan.txt", "{% for", "first-scan.txt, line 1: "),
        (
            "page.htm",
            "x",
            "page.htm: no message has a template of this name",
        ),
    ] {
        let post = post(&[(name, broken)]).await;
        let (code, stdout, _) = run(&post, &["check", "--format", "json"]);
        assert_eq!(code, Some(1), "{stdout}");
        assert!(stdout.contains(problem), "{stdout}");

        let (code, _, stderr) = run(&post, &["scan", "--log-level", "info"]);
        assert_eq!(code, Some(0), "{stderr}");
        assert!(stderr.contains(problem), "{stderr}");
        let mail = &post.server.received()[0].message;
        assert!(
            mail.contains("<!doctype html>") && mail.contains("Open jobs"),
            "{mail}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_templates_are_written_and_no_file_is_replaced() {
    let post = post(&[("job.txt", "mine\n")]).await;
    let (code, stdout, stderr) = run(&post, &["notify", "templates"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.starts_with("27 templates written to "), "{stdout}");
    let folder = post.world.folder().join("mine");
    assert_eq!(
        fs::read_to_string(folder.join("job.txt")).unwrap(),
        "mine\n"
    );
    assert!(folder.join("page.html").exists());

    let (code, stdout, _) = run(&post, &["check"]);
    assert_eq!(code, Some(0), "{stdout}");

    let other = post.world.folder().join("other");
    let (code, stdout, _) = run(&post, &["notify", "templates", other.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{stdout}");
    assert_eq!(fs::read_dir(other).unwrap().count(), 28);
}
