//! A message that is out, with the goodbye that its channel still owes.

use std::pin::Pin;

/// A message that a channel has handed over. The delivery is marked before the goodbye, which may
/// take a while and changes nothing.
#[must_use = "the other side waits for a goodbye"]
pub(crate) struct HandedOver {
    goodbye: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl HandedOver {
    /// A message that leaves nothing to be said.
    pub(crate) fn without_goodbye() -> Self {
        Self { goodbye: None }
    }

    /// A message whose receiver waits for `goodbye`.
    pub(crate) fn with_goodbye(goodbye: impl Future<Output = ()> + Send + 'static) -> Self {
        Self {
            goodbye: Some(Box::pin(goodbye)),
        }
    }

    /// Says goodbye.
    pub(crate) async fn close(self) {
        if let Some(goodbye) = self.goodbye {
            goodbye.await;
        }
    }
}
