//! `job-scanner adapter new`: creates a starter project for an adapter.

use std::path::PathBuf;

use job_scanner_core::key::AdapterName;
use job_scanner_views::cells::whole;

use crate::cli::exit_code::SUCCESS;
use crate::cli::output::print;
use crate::cli::usage::{UsageError, path_argument};
use crate::kit::new::{Language, NewError, Template, write_project};

/// The arguments of `adapter new`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Name of the adapter, the `type` of its sources: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME", value_parser = |text: &str| AdapterName::new(text))]
    name: AdapterName,

    /// Programming language
    #[arg(long, visible_alias = "language", value_enum, default_value_t)]
    lang: Language,

    /// Kind of board that the project reads as it is
    #[arg(long, value_enum, default_value_t)]
    template: Template,

    /// Folder of the project [default: ./NAME]
    #[arg(long, value_name = "DIR", value_parser = path_argument())]
    dir: Option<PathBuf>,
}

/// Writes the project and prints the next commands.
pub(super) fn run(options: &Options) -> anyhow::Result<u8> {
    let name = options.name.as_str();
    let folder = options.dir.clone().unwrap_or_else(|| name.into());

    let written = write_project(&options.name, options.lang, options.template, &folder);
    written.map_err(|error| match error {
        NewError::NotEmpty(_) => UsageError(error.to_string()).into(),
        NewError::Write { .. } => anyhow::Error::from(error),
    })?;

    let shown = whole(&folder.display().to_string());
    print(&format!(
        "Created {shown}; its README.md explains the files.\n\n  cd {shown}\n  job-scanner adapter build\n  job-scanner \
         adapter check ./{name}.wasm\n  job-scanner adapter test ./{name}.wasm --cassette cassettes/board\n"
    ))?;
    Ok(SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct CommandLine {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn the_small_template_is_the_default_and_the_full_one_is_named() {
        let read = |arguments: &[&str]| CommandLine::try_parse_from(arguments).unwrap().options;

        let options = read(&["new", "acme", "--language", "python"]);
        assert_eq!(options.lang, Language::Python);
        assert_eq!(options.template, Template::Small);
        let options = read(&["new", "acme", "--lang", "c", "--template", "full"]);
        assert_eq!(
            (options.lang, options.template),
            (Language::C, Template::Full)
        );
    }

    #[test]
    fn an_unknown_template_is_answered_with_those_that_exist() {
        let read = CommandLine::try_parse_from(["new", "acme", "--template", "paged"]);
        let error = read.unwrap_err().to_string();
        assert!(error.contains("[possible values: small, full]"), "{error}");
    }
}
