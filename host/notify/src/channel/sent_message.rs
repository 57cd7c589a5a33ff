//! A sent message, whose channel may still have to close its connection.

use std::pin::Pin;

/// A message that a channel has sent. The delivery is recorded before the connection is closed,
/// because closing may take a while and does not change the outcome.
#[must_use = "the connection to the server has to be closed"]
pub(crate) struct SentMessage {
    closing: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl SentMessage {
    /// Creates a sent message that has nothing to close.
    pub(crate) fn without_closing() -> Self {
        Self { closing: None }
    }

    /// Creates a sent message whose connection is closed by `closing`.
    pub(crate) fn with_closing(closing: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            closing: Some(Box::pin(closing)),
        }
    }

    /// Closes the connection.
    pub(crate) async fn close(self) {
        if let Some(closing) = self.closing {
            closing.await;
        }
    }
}
