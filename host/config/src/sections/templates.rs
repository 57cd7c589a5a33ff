//! `templates`: the folder with the operator's templates of messages.

use std::path::PathBuf;

use crate::paths::Base;
use crate::reading::read::Section;

/// Reads the folder; `None` if all messages have the built-in form. A relative path is resolved
/// against the folder of the configuration file.
pub(crate) fn read(root: &mut Section<'_>, base: &Base) -> Option<PathBuf> {
    let remedy = "write the path of a folder, or leave `templates` out";
    let folder = root.field("templates")?;
    folder.path(base, remedy)
}
