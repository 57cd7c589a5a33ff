//! The check of the operator's templates of messages. It renders each with sample contents.

use job_scanner_config::Config;
use job_scanner_core::channel::ChannelKind;
use job_scanner_core::escape::Printable;
use job_scanner_core::quantity::counted;
use job_scanner_views::check::Check;

use crate::startup;

/// Returns one check for each fault, or one for all templates; none without `templates`.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    let Some(folder) = &config.templates else {
        return Vec::new();
    };
    let files = startup::template_files(config);
    let faults = files.faults(&channels(config));
    if !faults.is_empty() {
        let faults = faults.iter().map(ToString::to_string);
        return faults
            .map(|fault| Check::error("templates", Printable(&fault).to_string()))
            .collect();
    }

    let count = counted(files.count() as u64, "template", "templates");
    let folder = folder.display().to_string();
    let detail = format!("{count} of {}", Printable(&folder));
    vec![Check::ok("templates", detail)]
}

/// Returns the names and kinds of all channels.
fn channels(config: &Config) -> Vec<(&str, ChannelKind)> {
    let Some(listed) = &config.channels else {
        return vec![(ChannelKind::Mail.as_str(), ChannelKind::Mail)];
    };
    listed
        .iter()
        .map(|channel| (channel.name.as_str(), channel.settings.kind()))
        .collect()
}
