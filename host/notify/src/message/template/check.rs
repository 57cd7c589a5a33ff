//! Tries the templates of the operator with sample contents.

use job_scanner_core::channel::ChannelKind;

use super::engine::Output;
use super::fault::{TemplateFault, shown};
use super::files::TemplateFiles;
use super::samples::samples;
use super::set::TemplateSet;
use crate::message::chat::{ChatValues, Markup};
use crate::message::render::{Detail, MailValues};

/// The kinds of messages, as the names of templates begin.
const KINDS: [&str; 4] = ["job", "digest", "first-scan", "health"];

impl TemplateFiles {
    /// Renders every kind of message of these channels with sample contents: with all values, with
    /// few, and with hostile ones. Returns all faults, those of the files themselves first.
    pub fn faults(&self, channels: &[(&str, ChannelKind)]) -> Vec<TemplateFault> {
        let mut faults = self.problems().to_vec();
        for name in self.by_channel.keys() {
            if channels.iter().all(|(channel, _)| channel != name) {
                let folder = shown(&self.folder.join(name));
                let wrong = "no channel has this name; rename the folder, or add the channel";
                faults.push(TemplateFault::of(&folder, wrong));
            }
        }
        for (name, kind) in channels {
            let templates = self.for_channel(name);
            let Some(set) = templates.own_set() else {
                continue;
            };
            for fault in faults_of(set, *kind) {
                // Most channels share their templates.
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
        faults
    }
}

fn faults_of(set: TemplateSet<'_>, channel: ChannelKind) -> Vec<TemplateFault> {
    let mut faults = Vec::new();
    for kind in KINDS {
        for (part, output) in parts(channel) {
            let name = format!("{kind}.{part}");
            faults.extend(render_samples(set, kind, &name, *output).err());
        }
    }
    faults
}

/// Renders a template with each sample, in full and shortened.
fn render_samples(
    set: TemplateSet<'_>,
    kind: &str,
    name: &str,
    output: Output,
) -> Result<(), TemplateFault> {
    for sample in samples(kind) {
        for detail in [Detail::Full, Detail::Brief] {
            let is_full = detail == Detail::Full;
            let content = &sample.content;
            let rendered = match output {
                Output::Chat(_) => {
                    let values = ChatValues::new(content, is_full, is_full, is_full);
                    set.try_render(name, output, &values)
                }
                _ => set.try_render(name, output, &MailValues::new(content, detail)),
            };
            rendered.map_err(|fault| fault.with(sample.name))?;
        }
    }
    Ok(())
}

/// Returns the templates of each message through a channel, after the kind of message, and what
/// they write. The mark-up is that of the channel's service.
fn parts(channel: ChannelKind) -> &'static [(&'static str, Output)] {
    const SUBJECT: (&str, Output) = ("subject.txt", Output::Text);
    const fn chat(markup: Markup) -> (&'static str, Output) {
        ("chat.txt", Output::Chat(markup))
    }
    const MARKDOWN: &[(&str, Output)] = &[SUBJECT, chat(Markup::Markdown)];

    match channel {
        ChannelKind::Mail => &[SUBJECT, ("txt", Output::Text), ("html", Output::Html)],
        // The content is sent as JSON.
        ChannelKind::Webhook => &[],
        ChannelKind::Slack => const { &[SUBJECT, chat(Markup::Slack)] },
        ChannelKind::Telegram => const { &[SUBJECT, chat(Markup::Telegram)] },
        ChannelKind::Ntfy => const { &[SUBJECT, chat(Markup::Plain)] },
        ChannelKind::Matrix => const { &[SUBJECT, chat(Markup::Plain), chat(Markup::Matrix)] },
        ChannelKind::Discord | ChannelKind::Gotify | ChannelKind::Apprise => MARKDOWN,
    }
}
