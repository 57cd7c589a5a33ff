//! The API, one file per resource.

use crate::routes::Routes;

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
}
