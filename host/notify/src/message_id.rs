//! The ids of messages: one per delivery, the same for every attempt.

use jiff::Timestamp;
use job_scanner_core::hash::{HashEncoder, hex};
use job_scanner_store::{AlertId, NoticeId};

use crate::channel::Recipient;

/// Returns the permanent id of a delivery. It is sent in the `Message-ID` header, so a mail server
/// can recognize a repeated message.
///
/// The id is a hash of the delivery's decision, so two processes that make the same decision
/// collide in the store. `.invalid` ([RFC 2606](https://www.rfc-editor.org/rfc/rfc2606)) can never
/// be a real domain. The id does not depend on the sender, so it survives a change of mail server.
pub(crate) fn message_id(
    recipient: &Recipient,
    created_at: Timestamp,
    alerts: &[AlertId],
    notices: &[NoticeId],
) -> String {
    let mut encoder = HashEncoder::new("job-scanner delivery message-id v1");
    encoder.text(recipient.channel().as_str());
    encoder.text(recipient.name());
    encoder.integer(created_at.as_millisecond());
    contents(&mut encoder, alerts, notices);
    as_message_id(encoder.finish())
}

/// Returns the id of a message that is made from the second half of another one.
pub(crate) fn second_message_id(of: &str, alerts: &[AlertId], notices: &[NoticeId]) -> String {
    let mut encoder = HashEncoder::new("job-scanner second half message-id v1");
    encoder.tag(of);
    contents(&mut encoder, alerts, notices);
    as_message_id(encoder.finish())
}

/// Encodes the contents of a message. The tag distinguishes a notice from the alert with the same
/// number.
fn contents(encoder: &mut HashEncoder, alerts: &[AlertId], notices: &[NoticeId]) {
    for alert in alerts {
        encoder.integer(i64::from(*alert));
    }
    for notice in notices {
        encoder.tag("notice");
        encoder.integer(i64::from(*notice));
    }
}

/// Returns the letters and digits of a message id in front of the `@`: the part that names of
/// files, boundaries and headers allow.
pub(crate) fn letters_and_digits(message_id: &str) -> String {
    let own = message_id.split('@').next().unwrap_or_default();
    own.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn as_message_id(hash: [u8; 32]) -> String {
    format!("<{}@job-scanner.invalid>", hex(&hash[..16]))
}

#[cfg(test)]
mod tests {
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::{at, store};

    use super::*;
    use crate::test_support::{alerted, full_job, recipient, run};

    #[tokio::test]
    async fn a_message_id_identifies_one_delivery() {
        let store = store().await;
        let run = run(&store).await;
        let jobs = [full_job("1"), full_job("2")];
        alerted(&store, run, "acme", &jobs, AlertKind::New, &["default"]).await;

        let alerts = store.alerts_without_delivery().await.unwrap();
        let ids: Vec<AlertId> = alerts.iter().map(|alert| alert.id).collect();
        let named =
            |name, created_at, alerts| message_id(&recipient(name), at(created_at), alerts, &[]);
        let id = named("a@example.org", "08:16:00", &ids);
        assert_eq!(id, named("a@example.org", "08:16:00", &ids));
        for other in [
            named("b@example.org", "08:16:00", &ids),
            named("a@example.org", "08:16:00.001", &ids),
            named("a@example.org", "08:16:00", &ids[..1]),
        ] {
            assert_ne!(id, other);
        }
        let (own, domain) = id.trim_matches(['<', '>']).split_once('@').unwrap();
        assert!(
            own.len() == 32 && own.bytes().all(|b| b.is_ascii_hexdigit()),
            "{id}"
        );
        assert_eq!(domain, "job-scanner.invalid");
    }
}
