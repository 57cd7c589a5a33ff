//! Builds one mail and hands it to the transport.
//!
//! Everything in a message comes from the stored delivery, including the date. A second attempt at
//! the same delivery therefore sends the same bytes.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use job_scanner_config::{ChannelRhythm, with_ascii_domain};
use job_scanner_store::ClaimedDelivery;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::channel::mail::error::MailError;
use crate::channel::mail::transport::MailTransport;
use crate::channel::recipient::Recipient;
use crate::channel::send_error::SendError;
use crate::channel::sent_message::SentMessage;
use crate::message::content::{MessageContent, PageAddress};
use crate::message::render::Detail;
use crate::message::template::{TemplateSet, Templates};
use crate::message::{Note, render};
use crate::message_id::letters_and_digits;

/// The maximum size of a mail in bytes. Mail programs open a longer one slowly, and some cut it
/// off.
const MAX_BYTES: usize = 1_000_000;

/// Sends deliveries as mail.
#[derive(Debug, Clone)]
pub struct MailChannel {
    sender: Mailbox,
    transport: MailTransport,
    recipients: Vec<Mailbox>,
    /// The name in the configuration; `None` for mail to `ALERT_TO_EMAIL`.
    name: Option<String>,
    rhythm: ChannelRhythm,
    templates: Templates,
    page: Option<PageAddress>,
}

impl MailChannel {
    /// Creates a channel that sends mail from `sender` through `transport` to these recipients.
    pub fn new(sender: Mailbox, transport: MailTransport, recipients: Vec<Mailbox>) -> Self {
        Self {
            sender,
            transport,
            recipients,
            name: None,
            rhythm: ChannelRhythm::default(),
            templates: Templates::default(),
            page: None,
        }
    }

    /// Returns the channel with other templates.
    #[must_use]
    pub fn with_templates(self, templates: Templates) -> Self {
        Self { templates, ..self }
    }

    /// Returns the channel with the address to which its messages link.
    #[must_use]
    pub fn with_page(self, page: Option<PageAddress>) -> Self {
        Self { page, ..self }
    }

    /// Returns the channel with a name and its times.
    #[must_use]
    pub fn named(self, name: &str, rhythm: ChannelRhythm) -> Self {
        Self {
            name: Some(name.to_owned()),
            rhythm,
            ..self
        }
    }

    /// Returns the name in the configuration; `None` for mail to `ALERT_TO_EMAIL`.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the recipients in the order of the configuration.
    pub(crate) fn recipients(&self) -> Vec<Recipient> {
        let via = self.name.as_deref();
        let mailboxes = self.recipients.iter();
        mailboxes
            .map(|mailbox| Recipient::mail(mailbox, via, self.rhythm.clone()))
            .collect()
    }

    /// Returns the folder to which messages are written if no server or no recipient is configured.
    pub(crate) fn outbox(&self) -> Option<&Path> {
        match &self.transport {
            MailTransport::Files(outbox) => Some(outbox.folder()),
            MailTransport::Smtp(_) => None,
        }
    }

    /// Makes one attempt. The transport begins no quick retry after `until`.
    pub(crate) async fn send(
        &self,
        delivery: &ClaimedDelivery,
        until: Instant,
    ) -> Result<SentMessage, SendError> {
        let content = MessageContent::of(delivery, self.page.as_ref());
        let message = compose(&self.sender, delivery, &content, &self.templates)?;
        self.transport
            .send(&file_stem(delivery), &message, until)
            .await
    }

    /// Sends a note, without quick retries.
    pub(crate) async fn send_note(
        &self,
        recipient: &str,
        note: &Note<'_>,
        now: Timestamp,
    ) -> Result<(), SendError> {
        let recipient_part: String = recipient
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let time = now.strftime("%Y%m%dT%H%M%SZ");
        let name = format!("{time}-{}-{recipient_part}", note.name);
        let message = compose_note(&self.sender, recipient, note, now)?;
        self.transport
            .send(&name, &message, Instant::now())
            .await?
            .close()
            .await;
        Ok(())
    }
}

fn compose_note(
    sender: &Mailbox,
    recipient: &str,
    note: &Note<'_>,
    now: Timestamp,
) -> Result<Message, MailError> {
    let message = Message::builder()
        .from(sender.clone())
        .to(mailbox(recipient)?)
        .subject(note.subject)
        .date(system_time(now))
        .message_id(None)
        .raw_header(auto_submitted())
        .raw_header(list_id(sender))
        .singlepart(SinglePart::plain(format!("{}\r\n", note.text)))?;
    Ok(message)
}

/// Returns the mail of a delivery. If it is too long, it first loses the details of its jobs, and
/// then the templates of the operator. If that is not enough, it has to be split.
fn compose(
    sender: &Mailbox,
    delivery: &ClaimedDelivery,
    content: &MessageContent,
    templates: &Templates,
) -> Result<Message, MailError> {
    for set in templates.sets() {
        for detail in [Detail::Full, Detail::Brief] {
            let message = compose_with(sender, delivery, content, set, detail)?;
            if message.formatted().len() <= MAX_BYTES {
                return Ok(message);
            }
        }
        set.report_too_long();
    }

    let shortest = compose_with(
        sender,
        delivery,
        content,
        TemplateSet::BUILT_IN,
        Detail::Brief,
    )?;
    // A message that cannot be split is better long than lost.
    let is_whole = content.jobs.len() < 2 || delivery.uncertain;
    if is_whole {
        return Ok(shortest);
    }
    Err(MailError::TooLong {
        bytes: shortest.formatted().len(),
    })
}

fn compose_with(
    sender: &Mailbox,
    delivery: &ClaimedDelivery,
    content: &MessageContent,
    templates: TemplateSet<'_>,
    detail: Detail,
) -> Result<Message, MailError> {
    let recipient = mailbox(&delivery.recipient)?;
    let subject = render::subject(templates, content)?;
    let text = render::text(templates, content, detail)?;
    let html = render::html(templates, content, detail)?;

    // The library's default boundary is random, so attempts would differ. This one was chosen after
    // the boards were read, so no text of a board can contain it.
    let parts = MultiPart::alternative()
        .boundary(format!("part-{}", letters_and_digits(&delivery.message_id)))
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html));

    let message = Message::builder()
        .from(sender.clone())
        .to(recipient)
        .subject(subject)
        .date(system_time(delivery.created_at))
        .message_id(Some(delivery.message_id.clone()))
        .raw_header(auto_submitted())
        .raw_header(list_id(sender))
        .multipart(parts)?;
    Ok(message)
}

/// Returns a header that prevents automatic replies, such as out-of-office messages ([RFC
/// 3834](https://www.rfc-editor.org/rfc/rfc3834)).
fn auto_submitted() -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(name, "auto-generated".to_owned())
}

/// Returns the header by which mail programs file all messages together ([RFC
/// 2919](https://www.rfc-editor.org/rfc/rfc2919)). There is no `List-Unsubscribe`: the operator is
/// the one who chooses the recipients.
fn list_id(sender: &Mailbox) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("List-Id");
    HeaderValue::new(name, list_of(sender))
}

fn list_of(sender: &Mailbox) -> String {
    let ascii = with_ascii_domain(&sender.email);
    let domain = ascii.as_ref().unwrap_or(&sender.email).domain();
    // A domain may also be an address in brackets, which does not belong into a name.
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let domain = if domain.chars().all(is_name) {
        domain
    } else {
        "localhost"
    };
    format!("job-scanner <job-scanner.{domain}>")
}

/// Returns the mailbox of a stored recipient.
fn mailbox(recipient: &str) -> Result<Mailbox, MailError> {
    let address: Address = recipient.parse().map_err(MailError::Recipient)?;
    // Older rows may have a domain that is not ASCII.
    let address = with_ascii_domain(&address).unwrap_or(address);
    Ok(Mailbox::new(None, address))
}

/// Converts a time to whole seconds, the precision of a mail's date.
fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(at.as_second().try_into().unwrap_or_default())
}

/// Returns the file name without its extension, such as `20261123T081500Z-1f0c…`. Names sort by
/// time and are unique, even across databases.
fn file_stem(delivery: &ClaimedDelivery) -> String {
    let created = delivery.created_at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let digits = letters_and_digits(&delivery.message_id);
    format!("{created}-{}", &digits[..digits.len().min(16)])
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::Job;
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::{TestStore, at, store};

    use super::*;
    use crate::dispatch::dispatch;
    use crate::test_support::{alerted, claim, delivery_of, full_job, page, run, settings};
    use crate::{Remedy, default_sender};

    async fn delivery() -> ClaimedDelivery {
        let store = store().await;
        let mut delivery = delivery_of(&store, full_job("7"), AlertKind::New).await;
        delivery.message_id = "<0123456789abcdef0123456789abcdef@job-scanner.invalid>".to_owned();
        delivery
    }

    fn composed(
        delivery: &ClaimedDelivery,
        page: Option<&PageAddress>,
    ) -> Result<Message, MailError> {
        let content = MessageContent::of(delivery, page);
        compose(&default_sender(), delivery, &content, &Templates::default())
    }

    fn formatted(delivery: &ClaimedDelivery) -> String {
        String::from_utf8(composed(delivery, None).unwrap().formatted()).unwrap()
    }

    /// Returns the lines of the header, with folded lines joined.
    fn headers(message: &str) -> Vec<String> {
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ")
            .split("\r\n")
            .map(ToOwned::to_owned)
            .collect()
    }

    #[tokio::test]
    async fn a_mail_has_these_headers_and_two_parts() {
        let message = formatted(&delivery().await);
        insta::assert_snapshot!(headers(&message).join("\n"), @r#"
        From: job-scanner <job-scanner@localhost>
        To: jane@example.org
        Subject: New job: Senior Rust Engineer at Acme (Berlin and 1 more, hybrid)
        Date: Mon, 23 Nov 2026 08:16:00 +0000
        Message-ID: <0123456789abcdef0123456789abcdef@job-scanner.invalid>
        Auto-Submitted: auto-generated
        List-Id: job-scanner <job-scanner.localhost>
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="part-0123456789abcdef0123456789abcdef"
        "#);
        let parts: Vec<_> = message
            .split("\r\n")
            .filter(|line| line.starts_with("Content-Type: text/"))
            .collect();
        assert_eq!(
            parts,
            [
                "Content-Type: text/plain; charset=utf-8",
                "Content-Type: text/html; charset=utf-8"
            ]
        );
    }

    #[tokio::test]
    async fn a_file_is_named_after_the_time_and_the_message_id() {
        let mut delivery = delivery().await;
        assert_eq!(file_stem(&delivery), "20261123T081600Z-0123456789abcdef");
        delivery.message_id = "<../../x@y>".to_owned();
        assert_eq!(file_stem(&delivery), "20261123T081600Z-x");
    }

    #[tokio::test]
    async fn a_message_to_an_invalid_address_is_abandoned() {
        let mut delivery = delivery().await;
        for recipient in [
            "",
            "no-address",
            "a@b@c",
            "a@example.org\r\nBcc: c@example.org",
        ] {
            recipient.clone_into(&mut delivery.recipient);
            let error = composed(&delivery, None).unwrap_err();
            assert_eq!(error.remedy(), Remedy::Abandon, "{recipient:?}");
        }
    }

    #[tokio::test]
    async fn text_of_a_board_cannot_inject_headers_or_markup() {
        let mut delivery = delivery().await;
        let usual: Vec<String> = names(&headers(&formatted(&delivery)));
        delivery.alerts[0].reasons.profile = "another".to_owned();
        // A continued line is indented, so it does not look like a line of the template.
        let lines = |text: &str| {
            let lines = text.lines();
            lines.filter(|line| !line.starts_with("    ")).count()
        };
        let usual_text = render::text(
            TemplateSet::BUILT_IN,
            &MessageContent::of(&delivery, None),
            Detail::Full,
        )
        .unwrap();
        let usual_lines = lines(&usual_text);
        let long = "ä".repeat(10 * 1024);
        for hostile in [
            "\r\nBcc: x@evil.example",
            "x\r\n\r\n<html>body",
            // A continued line of the text part must not pass for a line of the template.
            "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x Posting: https://evil.example",
            "x\nX-Injected: 1\n",
            "x\rSubject: y",
            "x\u{85}Bcc: y\u{2028}Bcc: z",
            "\0\u{1b}]0;title\u{7}",
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "{{ 7*7 }}{% include \"page.html\" %}",
            "\u{202e}gnp.exe\u{202c} \u{2066}x",
            "=?utf-8?q?=0d=0aBcc:_x@evil.example?=",
            "--part-0123456789abcdef0123456789abcdef--",
            ".",
            long.as_str(),
        ] {
            let alert = &mut delivery.alerts[0];
            hostile.clone_into(&mut alert.job.title);
            alert.job.company = Some(hostile.to_owned());
            alert.job.employment_type = Some(hostile.to_owned());
            hostile.clone_into(&mut alert.job.locations[0].name);
            hostile.clone_into(&mut alert.source_name);
            hostile.clone_into(&mut alert.reasons.profile);
            hostile.clone_into(&mut alert.reasons.reasons[0].term);
            alert.reasons.reasons[0].hit.as_mut().unwrap().snippet = hostile.to_owned();
            alert.job.salary.as_mut().unwrap().currency = Some(hostile.to_owned());
            alert.job.url = format!("javascript:alert(\"{hostile}\")");
            alert.job.apply_url = Some(format!("https://acme.example/\"><script>{hostile}"));

            let message = formatted(&delivery);
            assert_eq!(names(&headers(&message)), usual, "{hostile:?}");
            assert!(
                message
                    .split("\r\n")
                    .all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])),
                "{hostile:?}"
            );

            let content = MessageContent::of(&delivery, None);
            assert!(content.subject.chars().count() < 500, "{hostile:?}");
            assert!(
                !content.subject.chars().any(char::is_control),
                "{hostile:?}"
            );
            let html = render::html(TemplateSet::BUILT_IN, &content, Detail::Full).unwrap();
            for forbidden in [
                "<script",
                "<img",
                "javascript:",
                "\u{202e}",
                "\u{2066}",
                "\u{1b}",
                "\0",
            ] {
                assert!(
                    !html.contains(forbidden),
                    "{forbidden:?} of {hostile:?} in {html}"
                );
            }
            let text = render::text(TemplateSet::BUILT_IN, &content, Detail::Full).unwrap();
            assert_eq!(
                lines(&text),
                usual_lines - 1,
                "only the link is missing: {text}"
            );
            assert!(
                !text.contains([
                    '\u{202e}', '\u{2066}', '\u{2028}', '\u{85}', '\u{1b}', '\0', '\r'
                ]),
                "{text}"
            );
            assert!(text.len() < 65_536 && html.len() < 131_072, "{hostile:?}");
        }
    }

    /// Returns a store with one first scan that found this many jobs, each with all facts.
    async fn first_scan_of(jobs: usize, change: fn(&mut Job)) -> TestStore {
        let store = store().await;
        let run = run(&store).await;
        let jobs: Vec<_> = (0..jobs)
            .map(|number| {
                let mut job = full_job(&number.to_string());
                change(&mut job.job);
                job
            })
            .collect();
        alerted(
            &store,
            run,
            "acme",
            &jobs,
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        dispatch(&store, &settings(), at("08:16:00")).await.unwrap();
        store
    }

    #[tokio::test]
    async fn mails_about_5_000_matches_stay_below_1_mb_and_name_the_rest() {
        let store = first_scan_of(5_000, |_| {}).await;
        let page = page();
        let mut jobs = 0;
        while let Some(delivery) = claim(&store).await {
            let content = MessageContent::of(&delivery, Some(&page));
            jobs += content.jobs.len();
            let bytes = composed(&delivery, Some(&page)).unwrap().formatted().len();
            assert!((100_000..MAX_BYTES).contains(&bytes), "{bytes}");

            let number = &delivery.part.as_ref().unwrap().label;
            let rest = format!("message {number} of 10 with 500 of 5,000 jobs. The other messages");
            let text = render::text(TemplateSet::BUILT_IN, &content, Detail::Full).unwrap();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&rest), "{text}");
            assert!(
                render::html(TemplateSet::BUILT_IN, &content, Detail::Full)
                    .unwrap()
                    .contains(&rest)
            );
        }
        assert_eq!(jobs, 5_000);
    }

    #[tokio::test]
    async fn a_mail_that_is_too_long_loses_its_details_and_is_then_split() {
        let with_long_urls = |job: &mut Job| {
            job.url = format!("https://acme.example/{}", "x".repeat(2_000));
        };
        let store = first_scan_of(500, with_long_urls).await;
        let mut delivery = claim(&store).await.unwrap();
        let error = composed(&delivery, None).unwrap_err();
        assert_eq!(error.remedy(), Remedy::Split { by_size: true });
        let one_part =
            |delivery: &ClaimedDelivery| composed(delivery, None).unwrap().formatted().len();

        delivery.uncertain = true;
        assert!(one_part(&delivery) > MAX_BYTES, "sent rather than lost");
        delivery.alerts.truncate(1);
        assert!(one_part(&delivery) < MAX_BYTES);
    }

    #[test]
    fn the_list_is_named_after_the_domain_of_the_sender() {
        for (sender, list) in [
            ("jobs@example.org", "job-scanner <job-scanner.example.org>"),
            (
                "jobs@bücher.example",
                "job-scanner <job-scanner.xn--bcher-kva.example>",
            ),
        ] {
            assert_eq!(list_of(&sender.parse().unwrap()), list);
        }
    }

    fn names(headers: &[String]) -> Vec<String> {
        headers
            .iter()
            .map(|header| header.split(':').next().unwrap_or_default().to_owned())
            .collect()
    }
}
