//! The metrics of the program, for Prometheus.

use crate::routes::Routes;

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
}
