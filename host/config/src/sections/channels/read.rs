//! Reads `channels`.

use std::collections::HashMap;

use lettre::Address;
use url::Url;

use super::ChannelNames;
use super::channels::{
    ChannelConfig, ChannelRhythm, ChannelSettings, NtfyPriority, SecretPlace, UrlPlace,
};
use super::times::read_rhythm;
use super::url::channel_url;
use crate::address;
use crate::reading::problem::quoted;
use crate::reading::read::{Field, Section};

/// The longest name of a channel, in characters. Names appear in tables and rows.
const MAX_NAME_CHARACTERS: usize = 64;

/// The longest id of a chat or room, in bytes.
const MAX_ID_BYTES: usize = 255;

const CHANNELS: &str = "a list with one `- {name: phone, type: ntfy, url: 'https://ntfy.sh/my-topic'}` for each channel";
const ADDRESSES: &str = "a list of addresses, such as `[jo@example.com]`";
const PLACE: &str = "write `env:NAME` or `file:PATH`, and put the value into that variable or file";

/// The types of channels, as the configuration names them.
#[derive(Debug, Clone, Copy)]
enum Type {
    Email,
    Webhook,
    Slack,
    Discord,
    Telegram,
    Ntfy,
    Gotify,
    Matrix,
    Apprise,
}

const TYPES: [(&str, Type); 9] = [
    ("email", Type::Email),
    ("webhook", Type::Webhook),
    ("slack", Type::Slack),
    ("discord", Type::Discord),
    ("telegram", Type::Telegram),
    ("ntfy", Type::Ntfy),
    ("gotify", Type::Gotify),
    ("matrix", Type::Matrix),
    ("apprise", Type::Apprise),
];

const PRIORITIES: [(&str, NtfyPriority); 5] = [
    ("min", NtfyPriority::Min),
    ("low", NtfyPriority::Low),
    ("default", NtfyPriority::Default),
    ("high", NtfyPriority::High),
    ("max", NtfyPriority::Max),
];

/// Reads the channels in the order of the file, and their names; `None` if the configuration has
/// no such key. An invalid channel is reported and left out, but its name is kept.
pub(crate) fn read(root: &mut Section<'_>) -> (Option<Vec<ChannelConfig>>, ChannelNames) {
    let Some(field) = root.field("channels") else {
        return (None, ChannelNames::default());
    };
    let items = field.list(CHANNELS).unwrap_or_default();
    if items.is_empty() && field.is_list() {
        field.report(
            "has no channels",
            "write at least one, or remove the key to send mail to ALERT_TO_EMAIL",
        );
    }

    let read: Vec<Option<NamedSettings>> = items.iter().map(read_channel).collect();
    report_duplicates(&items, &read);

    let read = read.into_iter().flatten();
    let names = read.clone().filter_map(|(name, ..)| name).collect();
    let channels = read.filter_map(|(name, settings, rhythm)| {
        Some(ChannelConfig {
            name: name?,
            settings: settings?,
            rhythm,
        })
    });
    (Some(channels.collect()), ChannelNames(names))
}

/// The valid parts of a channel.
type NamedSettings = (Option<String>, Option<ChannelSettings>, ChannelRhythm);

fn read_channel(item: &Field<'_>) -> Option<NamedSettings> {
    let form = "a `name` and a `type`, such as `{name: mail, type: email, to: [jo@example.com]}`";
    item.section_like(form, |section| {
        let remedy = "write a name for tables and for `notify`, such as `name: phone`";
        let name = section.required("name", remedy);
        let name = name.and_then(|field| read_name(&field));

        let remedy = "write the kind of the channel, such as `type: ntfy`";
        let kind = section.required("type", remedy);
        let kind = kind.and_then(|field| field.choice(&TYPES));
        let settings = kind.and_then(|kind| read_settings(kind, section));
        (name, settings, read_rhythm(section))
    })
}

fn read_settings(kind: Type, section: &mut Section<'_>) -> Option<ChannelSettings> {
    // All keys are requested before the first missing one ends the reading, so that the others are
    // neither unknown nor unchecked.
    match kind {
        Type::Email => read_addresses(section).map(|to| ChannelSettings::Email { to }),
        Type::Webhook => {
            let url = required_url_place(section, "url", "https://example.org/jobs");
            let secret = place(section, "secret");
            Some(ChannelSettings::Webhook { url: url?, secret })
        }
        Type::Slack => {
            required_place(section, "webhook").map(|webhook| ChannelSettings::Slack { webhook })
        }
        Type::Discord => {
            required_place(section, "webhook").map(|webhook| ChannelSettings::Discord { webhook })
        }
        Type::Telegram => {
            let token = required_place(section, "token");
            let chat = required_id(
                section,
                "chat",
                "write the id of the chat, such as `chat: 123456789`, or `'@name'` of a public channel",
            );
            let url = section.field("url").and_then(|field| url(&field));
            Some(ChannelSettings::Telegram {
                token: token?,
                chat: chat?,
                url,
            })
        }
        Type::Ntfy => {
            let url = required_url_place(section, "url", "https://ntfy.sh/my-topic");
            let token = place(section, "token");
            let priority = section.choice("priority", &PRIORITIES);
            Some(ChannelSettings::Ntfy {
                url: url?,
                token,
                priority,
            })
        }
        Type::Gotify => {
            let url = required_url(section, "https://gotify.example.org");
            let token = required_place(section, "token");
            let priority = section.small_integer("priority", 0..=10);
            let priority = priority.and_then(|priority| priority.try_into().ok());
            Some(ChannelSettings::Gotify {
                url: url?,
                token: token?,
                priority,
            })
        }
        Type::Matrix => {
            let url = required_url(section, "https://matrix.example.org");
            let token = required_place(section, "token");
            let room = required_id(
                section,
                "room",
                "write the id of the room, such as `room: '!abc:example.org'`",
            );
            Some(ChannelSettings::Matrix {
                url: url?,
                token: token?,
                room: room?,
            })
        }
        Type::Apprise => {
            let url = required_url_place(section, "url", "http://127.0.0.1:8000/notify/jobs");
            let tag = section.field("tag").and_then(|field| id(&field));
            Some(ChannelSettings::Apprise { url: url?, tag })
        }
    }
}

fn read_addresses(section: &mut Section<'_>) -> Option<Vec<Address>> {
    let field = section.required("to", "write the recipients, such as `to: [jo@example.com]`")?;
    let items = field.list(ADDRESSES)?;
    if items.is_empty() {
        field.report("has no addresses", "write at least one");
        return None;
    }

    let parse = |text: &str| {
        address::parse(text.trim()).map_err(|wrong| format!("{} {wrong}", quoted(text)))
    };
    let mut addresses = Vec::with_capacity(items.len());
    for item in &items {
        let address = item.parsed(parse, "write an address, such as `jo@example.com`")?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    Some(addresses)
}

fn required_place(section: &mut Section<'_>, name: &'static str) -> Option<SecretPlace> {
    let remedy = format!("it is a secret: {PLACE}");
    section
        .required(name, &remedy)
        .and_then(|field| secret_place(&field))
}

fn place(section: &mut Section<'_>, name: &'static str) -> Option<SecretPlace> {
    section.field(name).and_then(|field| secret_place(&field))
}

/// Reads the place of a secret. A message does not repeat the text, which may be the secret itself.
fn secret_place(field: &Field<'_>) -> Option<SecretPlace> {
    let text = field.text()?;
    let text = text.trim();
    if is_place(text) {
        return Some(SecretPlace(text.to_owned()));
    }
    field.report("is a secret and does not belong into this file", PLACE);
    None
}

fn is_place(text: &str) -> bool {
    let named = text
        .strip_prefix("env:")
        .or_else(|| text.strip_prefix("file:"));
    named.is_some_and(|name| !name.trim().is_empty())
}

fn required_url_place(
    section: &mut Section<'_>,
    name: &'static str,
    example: &str,
) -> Option<UrlPlace> {
    let remedy = format!("write its URL, such as `{example}`, or `env:NAME` if the URL is secret");
    let field = section.required(name, &remedy)?;
    let text = field.text()?;
    if is_place(text.trim()) {
        return Some(UrlPlace::Secret(SecretPlace(text.trim().to_owned())));
    }
    url(&field).map(UrlPlace::Written)
}

fn required_url(section: &mut Section<'_>, example: &str) -> Option<Url> {
    let remedy = format!("write the URL of the server, such as `url: {example}`");
    section
        .required("url", &remedy)
        .and_then(|field| url(&field))
}

fn url(field: &Field<'_>) -> Option<Url> {
    field.parsed(channel_url, "write it with `https://`")
}

fn required_id(section: &mut Section<'_>, name: &'static str, remedy: &str) -> Option<String> {
    section.required(name, remedy).and_then(|field| id(&field))
}

fn id(field: &Field<'_>) -> Option<String> {
    let check = |text: &str| {
        let text = text.trim();
        let is_id = !text.is_empty() && text.len() <= MAX_ID_BYTES;
        let is_one_word = !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_id && is_one_word {
            Ok(text.to_owned())
        } else {
            Err("is empty, too long, or contains spaces")
        }
    };
    field.parsed(check, "write it as the service shows it")
}

fn read_name(field: &Field<'_>) -> Option<String> {
    let check = |text: &str| {
        let text = text.trim();
        let is_name = (1..=MAX_NAME_CHARACTERS).contains(&text.chars().count());
        if is_name && !text.chars().any(char::is_control) {
            Ok(text.to_owned())
        } else {
            Err(format!("{} is not a name", quoted(text)))
        }
    };
    field.parsed(check, "write a name of 1 to 64 characters")
}

/// Reports channels with the name of an earlier one.
fn report_duplicates(items: &[Field<'_>], read: &[Option<NamedSettings>]) {
    let mut first: HashMap<&str, &Field<'_>> = HashMap::new();
    for (item, channel) in items.iter().zip(read) {
        let Some((Some(name), ..)) = channel else {
            continue;
        };
        if let Some(earlier) = first.get(&**name) {
            let (key, line) = (earlier.key(), earlier.position().line);
            item.report(
                format!("has the name {} of `{key}` (line {line})", quoted(name)),
                "write another name",
            );
        } else {
            first.insert(name, item);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::parse;

    const BASE: &str =
        "sources: [{type: a, identifier: b}]\nsearch_criteria: {required_terms: [c]}\n";

    fn channels(yaml: &str) -> Vec<ChannelConfig> {
        let text = format!("{BASE}channels:\n{yaml}");
        parse(Path::new("config.yaml"), &text)
            .unwrap()
            .channels
            .unwrap()
    }

    fn problems(yaml: &str) -> String {
        let text = format!("{BASE}{yaml}");
        parse(Path::new("config.yaml"), &text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn every_type_is_read() {
        let channels = channels(
            "
- {name: mail, type: email, to: [Jo@example.com, jo@bücher.example, Jo@example.com]}
- {name: hook, type: webhook, url: 'https://example.org/jobs', secret: env:HOOK_SECRET}
- {name: team, type: slack, webhook: env:SLACK_WEBHOOK}
- {name: games, type: discord, webhook: file:discord}
- {name: chat, type: telegram, token: env:BOT_TOKEN, chat: -100123}
- {name: phone, type: ntfy, url: 'https://ntfy.example/topic', token: env:NTFY, priority: high}
- {name: home, type: gotify, url: 'http://192.168.0.2:8080', token: env:GOTIFY, priority: 7}
- {name: room, type: matrix, url: 'https://matrix.example', token: env:MATRIX, room: '!a:b.example'}
- {name: rest, type: apprise, url: env:APPRISE, tag: jobs}
",
        );
        let kinds: Vec<_> = channels
            .iter()
            .map(|it| it.settings.kind().as_str())
            .collect();
        let all = "mail webhook slack discord telegram ntfy gotify matrix apprise";
        assert_eq!(kinds.join(" "), all);

        let ChannelSettings::Email { to } = &channels[0].settings else {
            panic!("{:?}", channels[0]);
        };
        let to: Vec<String> = to.iter().map(ToString::to_string).collect();
        assert_eq!(to, ["Jo@example.com", "jo@xn--bcher-kva.example"]);
        assert_eq!(
            channels[4].settings,
            ChannelSettings::Telegram {
                token: SecretPlace("env:BOT_TOKEN".to_owned()),
                chat: "-100123".to_owned(),
                url: None,
            }
        );
        assert_eq!(
            channels[8].settings,
            ChannelSettings::Apprise {
                url: UrlPlace::Secret(SecretPlace("env:APPRISE".to_owned())),
                tag: Some("jobs".to_owned()),
            }
        );
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_repeated() {
        for channel in [
            "{name: a, type: slack, webhook: 'https://hooks.example/marker'}",
            "{name: a, type: telegram, token: 'marker:abc', chat: 1}",
            "{name: a, type: webhook, url: 'https://jo:marker@example.org'}",
            "{name: a, type: ntfy, url: 'https://ntfy.example/x', token: 'env:'}",
        ] {
            let problems = problems(&format!("channels: [{channel}]\n"));
            assert!(problems.contains("env:NAME"), "{problems}");
            assert!(!problems.contains("marker"), "{problems}");
        }
    }

    #[test]
    fn a_missing_or_unknown_value_is_reported_once() {
        for (channels, wrong) in [
            ("[]", "channels: has no channels"),
            (
                "[{type: slack, webhook: env:A}]",
                "channels[0].name: is missing",
            ),
            (
                "[{name: a, type: sms}]",
                "channels[0].type: `sms` is not a valid value",
            ),
            ("[{name: a, type: email}]", "channels[0].to: is missing"),
            (
                "[{name: a, type: email, to: []}]",
                "channels[0].to: has no addresses",
            ),
            (
                "[{name: a, type: slack}]",
                "channels[0].webhook: is missing",
            ),
            (
                "[{name: a, type: gotify, token: env:A, url: 'x'}]",
                "channels[0].url: is not a URL",
            ),
            (
                "[{name: a, type: slack, webhook: env:A}, {name: a, type: slack, webhook: env:B}]",
                "channels[1]: has the name `a` of `channels[0]`",
            ),
        ] {
            let problems = problems(&format!("channels: {channels}\n"));
            assert!(problems.contains(wrong), "{channels}: {problems}");
        }
    }

    #[test]
    fn a_profile_chooses_among_the_names() {
        let text = format!(
            "{BASE}channels:\n- {{name: phone, type: slack, webhook: env:A}}\n\
             profiles:\n- {{name: p, query: rust, notify: [phone, phone]}}\n"
        );
        let config = parse(Path::new("config.yaml"), &text).unwrap();
        assert_eq!(config.notify["p"], ["phone"]);
        assert!(!config.notify.contains_key("default"));

        for (notify, wrong) in [
            (
                "[phnoe]",
                "`phnoe` is not the name of a channel; did you mean `phone`?",
            ),
            (
                "[mail]",
                "`mail` is not the name of a channel; write one of `phone`",
            ),
            ("[]", "names no channel"),
        ] {
            for chooser in [
                "profiles: [{name: p, query: rust, notify: NAMES}]",
                "health: {notify: NAMES}",
            ] {
                let chooser = chooser.replace("NAMES", notify);
                let problems = problems(&format!(
                    "channels: [{{name: phone, type: slack, webhook: env:A}}]\n{chooser}\n"
                ));
                assert!(problems.contains(wrong), "{problems}");
            }
        }
    }
}
