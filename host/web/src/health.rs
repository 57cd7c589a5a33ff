//! `/healthz`: the answer to the question if the process is alive. It needs no authentication and
//! tells nothing else.

use crate::routes::{Access, Routes};

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default().get("/healthz", Access::Public, async || "ok\n")
}
