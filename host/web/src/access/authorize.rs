//! Authorization: compares the access that a route needs with the [`Visitor`].

use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use job_scanner_store::KeyScope;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::access::api_key::profile_of_feed;
use crate::access::refusal::refusal;
use crate::access::visitor::Visitor;
use crate::routes::Access;

const NO_PROOF: &str = "Log in, or send a valid API key as `Authorization: Bearer KEY`. \
     `job-scanner key create` makes keys.";
const WRONG_KEY: &str =
    "This API key does not open that. `job-scanner key list` shows what each key opens.";

/// Runs the handler if the visitor has this access.
pub(crate) async fn authorize(access: Access, request: Request, next: Next) -> Response {
    // Without the layer that finds visitors, everyone is a stranger.
    let visitor = request.extensions().get::<Visitor>();
    let visitor = visitor.unwrap_or(&Visitor::Stranger);
    if is_allowed(access, visitor, request.uri().path()) {
        return next.run(request).await;
    }

    let path = request.uri().path();
    match visitor {
        Visitor::Key { .. } => refusal(path, StatusCode::FORBIDDEN, WRONG_KEY),
        _ if is_page(&request) => Redirect::to(&login_for(request.uri())).into_response(),
        _ => refusal(path, StatusCode::UNAUTHORIZED, NO_PROOF),
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

fn is_allowed(access: Access, visitor: &Visitor, path: &str) -> bool {
    let scope = match visitor {
        Visitor::Local | Visitor::Session(_) | Visitor::Proxied { .. } => return true,
        Visitor::Stranger => return access == Access::Public,
        Visitor::Key { scope, .. } => scope,
    };
    match (access, scope) {
        (Access::Public, _)
        | (_, KeyScope::Write)
        | (Access::Read | Access::Feed, KeyScope::Read) => true,
        (Access::Feed, KeyScope::Feed { profile }) => {
            profile_of_feed(path).as_ref() == Some(profile)
        }
        (Access::Write, KeyScope::Read) | (Access::Read | Access::Write, KeyScope::Feed { .. }) => {
            false
        }
    }
}

/// Returns true if a person opens a page with a browser.
fn is_page(request: &Request) -> bool {
    let accepted = request.headers().get(ACCEPT);
    let accepts_html = accepted
        .and_then(|accepted| accepted.to_str().ok())
        .is_some_and(|accepted| accepted.contains("text/html"));
    request.method() == Method::GET && accepts_html && !request.uri().path().starts_with("/api/")
}

/// Returns the path of the login page that leads back to this one.
fn login_for(uri: &Uri) -> String {
    let here = uri.path_and_query().map_or("/", |here| here.as_str());
    format!(
        "/login?next={}",
        utf8_percent_encode(here, NON_ALPHANUMERIC)
    )
}
