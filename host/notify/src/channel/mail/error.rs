//! The errors of the mail channel.

use std::io;
use std::path::PathBuf;

use crate::channel::mail::smtp::SmtpError;
use crate::channel::remedy::Remedy;
use crate::message::template::TemplateFault;

/// The reason why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the stored recipient is not a mail address; correct ALERT_TO_EMAIL")]
    Recipient(#[source] lettre::address::AddressError),
    #[error("could not render the templates of the message")]
    Template(#[from] TemplateFault),
    #[error("could not build the message")]
    Compose(#[from] lettre::error::Error),
    #[error("the message would have {bytes} bytes and is sent as two with half of the jobs each")]
    TooLong { bytes: usize },
    #[error(
        "could not write `{path}`; free some disk space and check the permissions, or set SMTP_HOST"
    )]
    Outbox {
        /// The file or folder.
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
    /// The mail server did not accept the message, or did not confirm it.
    #[error(transparent)]
    Smtp(#[from] SmtpError),
}

impl MailError {
    /// Returns the remedy for this error.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Recipient(_) => Remedy::Abandon,
            Self::TooLong { .. } => Remedy::Split { by_size: true },
            Self::Smtp(error) => error.remedy(),
            Self::Template(_) | Self::Compose(_) | Self::Outbox { .. } => Remedy::Retry,
        }
    }
}
