//! The reasons why mail was not handed over.

use std::io;
use std::path::PathBuf;

use crate::channel::mail::smtp::SmtpError;
use crate::channel::remedy::Remedy;

/// The reason why a mail was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The recipient on record is not a mail address.
    #[error("the recipient on record is not a mail address; correct ALERT_TO_EMAIL")]
    Recipient(#[source] lettre::address::AddressError),
    /// A template did not render.
    #[error("could not fill the templates of the message")]
    Template(#[from] minijinja::Error),
    /// The message could not be put together.
    #[error("could not put the message together")]
    Compose(#[from] lettre::error::Error),
    /// A message could not be written to the outbox.
    #[error("could not write `{path}`; make room and let us write there, or set SMTP_HOST")]
    Outbox {
        /// The file or folder.
        path: PathBuf,
        /// The words of the system.
        #[source]
        cause: io::Error,
    },
    /// A mail server did not take it, or did not say so.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

impl MailError {
    /// Returns what to do about it.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Recipient(_) => Remedy::Abandon,
            Self::Smtp(error) => error.remedy(),
            Self::Template(_) | Self::Compose(_) | Self::Outbox { .. } => Remedy::Retry,
        }
    }
}
