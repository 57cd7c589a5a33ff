//! The files that pages load: the style, the script and the icon.

use crate::routes::Routes;

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
}
