//! The names of the channels, which profiles choose from.

use crate::reading::problem::quoted;
use crate::reading::read::{Section, closest_match};

const CHOSEN: &str = "a list of the names of channels, such as `[phone]`";

/// The names of the channels of the configuration, also of those that could not be read: these are
/// reported once.
#[derive(Debug, Default)]
pub(crate) struct ChannelNames(pub(super) Vec<String>);

impl ChannelNames {
    /// Reads `notify`: the channels that get the matches of a profile. `None` is all channels.
    pub(crate) fn read_chosen(&self, section: &mut Section<'_>) -> Option<Vec<String>> {
        let field = section.field("notify")?;
        let items = field.list(CHOSEN)?;
        if items.is_empty() {
            field.report(
                "names no channel, so its matches would not be sent",
                "write at least one, or leave `notify` out to use all channels",
            );
        }

        let mut chosen = Vec::with_capacity(items.len());
        for item in &items {
            let name = item.parsed(|text| self.known(text), "write the name of a channel")?;
            if !chosen.contains(&name) {
                chosen.push(name);
            }
        }
        Some(chosen)
    }

    fn known(&self, text: &str) -> Result<String, String> {
        let name = text.trim();
        if self.0.iter().any(|known| known == name) {
            return Ok(name.to_owned());
        }
        let wrong = format!("{} is not the name of a channel", quoted(name));
        let remedy = match closest_match(name, self.0.iter().map(String::as_str)) {
            Some(closest) => format!("did you mean `{closest}`?"),
            None if self.0.is_empty() => {
                "list the channels below `channels`, or leave `notify` out to send mail".to_owned()
            }
            None => format!("write one of `{}`", self.0.join("`, `")),
        };
        Err(format!("{wrong}; {remedy}"))
    }
}
