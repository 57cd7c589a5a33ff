//! Authorization: compares the access that a route needs with its [`Visitor`].

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::access::visitor::Visitor;
use crate::routes::Access;

/// Runs the handler if the visitor has this access.
pub(crate) async fn authorize(access: Access, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    match (access, visitor) {
        (Access::Public, _) | (_, Some(Visitor::Person)) => next.run(request).await,
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// Runs the handler if the visitor has the access that the method needs.
pub(crate) async fn by_method(request: Request, next: Next) -> Response {
    let access = access_of_method(request.method());
    authorize(access, request, next).await
}

/// Returns the access that a method of the API needs.
pub(crate) fn access_of_method(method: &Method) -> Access {
    if matches!(*method, Method::GET | Method::HEAD) {
        Access::Read
    } else {
        Access::Write
    }
}
