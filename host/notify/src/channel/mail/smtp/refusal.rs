//! Classifies permanent refusals of a mail server: about the client, the recipient or the message.
//!
//! A 5xx reply says that the same command will fail again. But servers also refuse `RCPT` or the
//! final dot for reasons other than the recipient: a missing login, an unwanted sender, a quota.
//! Such causes are corrected or pass, so the message is retried. The enhanced codes of [RFC
//! 3463](https://www.rfc-editor.org/rfc/rfc3463) distinguish the causes if the server sends them;
//! otherwise the text does. In doubt a message is retried: three days of useless retries cost
//! little, but an abandoned message is lost.

use crate::channel::mail::smtp::reply::Reply;

/// The cause of a permanent refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The mailbox of the recipient does not exist. A retry cannot succeed.
    Recipient,
    /// The message exceeds the server's size limit.
    Size,
    /// The mailbox is full, or the reply does not distinguish that from [`Self::Size`].
    MailboxFull,
    /// The client's login, sender, host name or encryption.
    Setup,
    /// A decision of the server's operator, or the state of the server: reputation, content, quota,
    /// routes.
    Policy,
}

/// Phrases, in lower case, about the recipient's mailbox.
const RECIPIENT_PHRASES: [&str; 35] = [
    "user unknown",
    "unknown user",
    "user not found",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such person",
    "no such account",
    "no mailbox here",
    "no mailbox by that name",
    "recipient unknown",
    "unknown recipient",
    "recipient not found",
    "recipient does not exist",
    "invalid recipient",
    "invalid mailbox",
    "mailbox not found",
    "mailbox unknown",
    "unknown mailbox",
    "mailbox does not exist",
    "mailbox disabled",
    "mailbox is disabled",
    "mailbox is inactive",
    "user does not exist",
    "user doesn't exist",
    "account does not exist",
    "address does not exist",
    "address unknown",
    "unknown address",
    "unknown local part",
    "that you tried to reach does not exist",
    "not our customer",
    "doesn't have a",
    "unrouteable address",
];

/// Phrases about the client. They take precedence over phrases and codes about the recipient.
const CLIENT_PHRASES: [&str; 32] = [
    // Not "relay" alone: a server may look up recipients in a relay table.
    "relay access",
    "relay denied",
    "relay not",
    "relay is",
    "relay operation",
    "relay prohibited",
    "relay rejected",
    "relay refused",
    "relaying",
    "to relay",
    "not relay",
    "no relay",
    "cannot relay",
    "can't relay",
    "don't relay",
    "won't relay",
    "rcpthosts",
    "sender",
    "return path",
    "mail from",
    "from address",
    "helo",
    "ehlo",
    "authenticat",
    "log in",
    "login",
    "credentials",
    "starttls",
    "encryption",
    "must use tls",
    "fully-qualified",
    "fully qualified",
];

/// Phrases about causes that pass by themselves, or when an operator changes something.
const POLICY_PHRASES: [&str; 27] = [
    "quota",
    "limit",
    "too many",
    "too much",
    "too fast",
    "too quickly",
    "rate",
    "temporar",
    "try again",
    "later",
    "greylist",
    "policy",
    "spam",
    "junk",
    "virus",
    "block",
    "blacklist",
    "reputation",
    "denied",
    "not allowed",
    "not permitted",
    "not authorized",
    "spf",
    "dkim",
    "dmarc",
    "reverse dns",
    "suspicious",
];

/// Phrases about sending limits, which do not mean that the recipient's mailbox is full.
const SENDING_PHRASES: [&str; 10] = [
    "submission",
    "sending",
    "outgoing",
    "outbound",
    "daily",
    "hourly",
    "per day",
    "per hour",
    "per minute",
    "messages sent",
];

/// Phrases about a message that is too large.
const TOO_LARGE_PHRASES: [&str; 8] = [
    "message too large",
    "message too big",
    "message is too large",
    "message size exceeds",
    "message exceeds",
    "exceeds maximum message size",
    "maximum message size",
    "size limit",
];

/// Phrases about a full mailbox.
const MAILBOX_FULL_PHRASES: [&str; 6] = [
    "mailbox full",
    "mailbox is full",
    "mailbox quota",
    "over quota",
    "exceeded storage",
    "inbox is full",
];

/// The text of a 5xx reply, with the first conclusions from it.
struct ReplyText {
    /// In lower case, without addresses.
    words: String,
    /// False for a reply from before the server knew the recipient.
    names_recipient: bool,
    about_client: bool,
    /// True if a lack of space would be one of the recipient's mailbox.
    may_be_full: bool,
}

impl Refusal {
    /// Classifies a 5xx reply. `names_recipient` is false for a reply from before the server knew
    /// the recipient.
    pub(crate) fn of(reply: &Reply, names_recipient: bool) -> Self {
        // RFC 4954: the login is missing or wrong, regardless of the reply's text.
        if matches!(reply.code, 530 | 535 | 538) {
            return Self::Setup;
        }

        let text = ReplyText::of(reply, names_recipient);
        match enhanced(reply) {
            Some(code) => text.judge_enhanced_code(code),
            None => text.judge_code(reply.code),
        }
    }
}

impl ReplyText {
    fn of(reply: &Reply, names_recipient: bool) -> Self {
        let words = words(reply);
        Self {
            names_recipient,
            about_client: contains_any(&words, &CLIENT_PHRASES),
            // Before the recipient is known, only the sender can lack space.
            may_be_full: names_recipient && !contains_any(&words, &SENDING_PHRASES),
            words,
        }
    }

    fn mentions(&self, list: &[&str]) -> bool {
        contains_any(&self.words, list)
    }

    /// Classifies a reply with an enhanced code (RFC 3463) by the code's subject and detail.
    fn judge_enhanced_code(&self, code: (u16, u16)) -> Refusal {
        match code {
            (3, 4) | (2, 3) => Refusal::Size,
            (2, 2) => self.judge_full(),
            // The mailbox or host is unknown, the address is malformed, the mailbox has moved, the
            // domain accepts no mail (RFC 7505), or the mailbox is disabled.
            (1, 1..=3 | 6 | 10) | (2, 1) if self.about_client || !self.names_recipient => {
                Refusal::Setup
            }
            (2, 1) if self.mentions(&POLICY_PHRASES) => Refusal::Policy,
            (1, 1..=3 | 6 | 10) | (2, 1) => Refusal::Recipient,
            // The sender's address is malformed, or its host is unknown.
            (1, 7 | 8) => Refusal::Setup,
            // "Other" status of addresses and mailboxes: only the text distinguishes the causes.
            (0..=2, _) | (3, 0) => self.judge_text(),
            // The server requires a login or encryption, or does not allow this sender address.
            (5 | 7, _) if self.about_client => Refusal::Setup,
            _ => Refusal::Policy,
        }
    }

    /// Classifies a reply without an enhanced code.
    fn judge_code(&self, code: u16) -> Refusal {
        match code {
            552 => match self.judge_text() {
                refusal @ (Refusal::Size | Refusal::Setup) => refusal,
                _ => self.judge_full(),
            },
            // "User not local": the server does not forward to this address.
            551 if self.names_recipient
                && !self.about_client
                && !self.mentions(&POLICY_PHRASES) =>
            {
                Refusal::Recipient
            }
            500..=504 if !self.about_client && !self.mentions(&RECIPIENT_PHRASES) => Refusal::Setup,
            _ => self.judge_text(),
        }
    }

    /// Classifies a reply by its text alone.
    fn judge_text(&self) -> Refusal {
        if self.about_client {
            return Refusal::Setup;
        }
        if self.mentions(&TOO_LARGE_PHRASES) {
            return Refusal::Size;
        }
        if self.mentions(&MAILBOX_FULL_PHRASES) {
            return self.judge_full();
        }

        let about_recipient = self.mentions(&RECIPIENT_PHRASES) && !self.mentions(&POLICY_PHRASES);
        if about_recipient && self.names_recipient {
            Refusal::Recipient
        } else {
            Refusal::Policy
        }
    }

    fn judge_full(&self) -> Refusal {
        if self.may_be_full {
            Refusal::MailboxFull
        } else {
            Refusal::Policy
        }
    }
}

/// Returns subject and detail of the enhanced code. Servers put it before the text; some older ones
/// put it elsewhere, as in `(#5.1.1)`.
fn enhanced(reply: &Reply) -> Option<(u16, u16)> {
    let first = reply.lines.first()?;
    let in_front = first.split_whitespace().next().and_then(parse_enhanced);
    let marked = || {
        first
            .split('#')
            .skip(1)
            .find_map(|rest| parse_enhanced(rest.split([')', ' ']).next()?))
    };
    in_front.or_else(marked)
}

/// Parses an enhanced code such as `5.7.1`. A code of another class contradicts the reply and is
/// ignored.
fn parse_enhanced(word: &str) -> Option<(u16, u16)> {
    let mut parts = word.trim_end_matches(':').strip_prefix("5.")?.split('.');
    let mut number = || {
        parts
            .next()
            .filter(|part| (1..=3).contains(&part.len()))?
            .parse()
            .ok()
    };
    let code = (number()?, number()?);
    parts.next().is_none().then_some(code)
}

/// Returns the text in lower case, without the addresses in it, which may contain any word.
fn words(reply: &Reply) -> String {
    let text = reply.text().to_lowercase();
    let words = text
        .split_whitespace()
        .filter(|word| !word.contains(['@', '/']));
    words.collect::<Vec<_>>().join(" ")
}

fn contains_any(text: &str, list: &[&str]) -> bool {
    list.iter().any(|part| contains(text, part))
}

/// Returns true if the text contains the phrase at the beginning of a word: "rate" is not in
/// "separate".
fn contains(text: &str, part: &str) -> bool {
    text.match_indices(part)
        .any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reply: &str) -> Refusal {
        let (code, text) = reply.split_at(3);
        let lines = text
            .split('\n')
            .map(|line| line.trim().to_owned())
            .collect();
        Refusal::of(
            &Reply {
                code: code.parse().unwrap(),
                lines,
            },
            true,
        )
    }

    #[test]
    fn only_a_refusal_of_the_recipient_abandons_a_delivery() {
        for reply in [
            "550 5.1.1 <jo@example.com>: Recipient address rejected: User unknown in virtual mailbox table",
            "550 5.1.1 The email account that you tried to reach does not exist. Please try\ndouble-checking the address",
            "550 5.1.1 <jo@example.com>: Recipient address rejected: User unknown in relay recipient table",
            "550 <jo@example.com>: User unknown in relay recipient table",
            "550 5.1.1 no such user on the relay host",
            "550 5.1.2 bad destination host",
            "501 5.1.3 Bad recipient address syntax",
            "551 5.1.6 the mailbox has moved",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            "556 5.1.10 the domain takes no mail",
            "550 5.2.1 The email account that you tried to reach is disabled",
            "550 5.1.0 <jo@example.com> User unknown",
            "553 5.3.0 <jo@example.com>... No such user here",
            "550 No mailbox by that name is currently available",
            "550 No such user here",
            "550 <relay@example.com>: mailbox not found",
            "550 Unrouteable address",
            "550 Invalid recipient <jo@example.com>",
            "551 User not local; please try <jo@example.net>",
            "553 sorry, no mailbox here by that name (#5.1.1)",
            "554 delivery error: This user doesn't have a example.com account",
        ] {
            assert_eq!(of(reply), Refusal::Recipient, "{reply}");
        }
    }

    #[test]
    fn refusals_of_the_client_are_setup_errors() {
        for reply in [
            "504 5.5.2 <scanner>: Helo command rejected: need fully-qualified hostname",
            "550 5.1.8 <a@example.net>: Sender address rejected: Domain not found",
            "553 5.1.7 bad address of the sender",
            "550 5.1.1 <a@example.net>: Sender address rejected: User unknown in local recipient table",
            "550 5.7.1 Unable to relay for jo@example.com",
            "554 5.7.1 <jo@example.com>: Relay access denied",
            "550 relay not permitted",
            "550 relaying denied; no such user",
            "550 5.1.1 user unknown, and we do not relay",
            "550 5.1.1 we cannot relay to that user",
            "550 no such user, relay not allowed",
            "554 5.1.1 not permitted to relay",
            "550 Relay is prohibited for unknown user",
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            "550 Sender verify failed",
            "530 5.7.0 Must issue a STARTTLS command first",
            "535 5.7.8 wrong",
            "550 5.7.1 Client does not have permissions; authentication required",
            "550 authentication is required",
            "503 Bad sequence of commands",
            "502 not implemented",
        ] {
            assert_eq!(of(reply), Refusal::Setup, "{reply}");
        }
    }

    #[test]
    fn refusals_by_policy_are_never_about_the_recipient() {
        for reply in [
            "550 5.4.5 Daily user sending quota exceeded",
            "550 5.2.2 Submission quota exceeded",
            "552 5.2.2 sending limit exceeded",
            "552 sending limit exceeded",
            "552 over quota: too many messages per hour",
            "550 5.2.2 Daily message quota exceeded",
            "550 Over quota of outgoing messages",
            "552 100 messages per day",
            "550 5.4.1 Recipient address rejected: Access denied",
            "554 5.4.4 no route",
            "550 5.3.2 not accepting messages",
            "552 5.7.0 This message was blocked because its content presents a potential security issue",
            "550 5.7.1 Message contains spam",
            "550 5.7.26 not authenticated by DKIM",
            "554 5.6.0 bad content",
            "550 5.2.1 The user you are trying to contact is receiving mail too quickly",
            "550 5.1.0 Address rejected",
            "550 5.0.0 rejected",
            "550 Requested action not taken: mailbox unavailable",
            "554 Transaction failed",
            "550 blocked: no such user reported spam",
            "554 Message rejected as spam",
            "550 4.1.1 codes that contradict each other",
            "550",
        ] {
            let refusal = of(reply);
            assert!(
                matches!(refusal, Refusal::Policy | Refusal::Setup),
                "{reply}: {refusal:?}"
            );
        }
    }

    #[test]
    fn refusals_by_size_and_by_full_mailbox_are_told_apart() {
        for (reply, refusal) in [
            ("552 5.3.4 Message size exceeds fixed limit", Refusal::Size),
            (
                "552 5.2.3 longer than an administrator allows",
                Refusal::Size,
            ),
            ("552 Message size exceeds maximum permitted", Refusal::Size),
            ("554 message too large", Refusal::Size),
            ("552 5.2.2 Mailbox full", Refusal::MailboxFull),
            ("550 5.2.2 over quota", Refusal::MailboxFull),
            (
                "552 Requested mail action aborted: exceeded storage allocation",
                Refusal::MailboxFull,
            ),
            ("552 no", Refusal::MailboxFull),
            ("550 the mailbox is full", Refusal::MailboxFull),
        ] {
            assert_eq!(of(reply), refusal, "{reply}");
        }
    }

    #[test]
    fn a_refusal_before_the_recipient_command_is_not_about_the_recipient() {
        let reply = |text: &str| Reply {
            code: 550,
            lines: vec![text.to_owned()],
        };
        for text in [
            "5.1.1 user unknown",
            "no such user",
            "5.2.1 mailbox disabled",
            "5.1.3 bad address syntax",
        ] {
            assert_ne!(
                Refusal::of(&reply(text), false),
                Refusal::Recipient,
                "{text}"
            );
        }
        for (code, text, refusal) in [
            (552, "sending limit exceeded", Refusal::Policy),
            (552, "5.2.2 quota exceeded", Refusal::Policy),
            (552, "mailbox full", Refusal::Policy),
            (550, "over quota", Refusal::Policy),
            (552, "5.3.4 message too large", Refusal::Size),
            (
                552,
                "message size exceeds fixed maximum message size",
                Refusal::Size,
            ),
        ] {
            let reply = Reply {
                code,
                lines: vec![text.to_owned()],
            };
            assert_eq!(Refusal::of(&reply, false), refusal, "{code} {text}");
        }
    }
}
