//! Authentication: finds the [`Visitor`] of each request.

use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use job_scanner_config::WebAuth;
use job_scanner_core::causes::with_causes;
use job_scanner_store::{Sha256, StoreError};
use tracing::{debug, error};

use crate::access::visitor::Visitor;
use crate::access::{api_key, proxy, refusal, secret, session};
use crate::server::Peer;
use crate::state::WebState;

/// Adds the visitor to the request.
pub(crate) async fn authenticate(
    State(state): State<WebState>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let found = visitor(&state, request.headers(), request.uri(), peer).await;
    let visitor = match found {
        Ok(visitor) => visitor,
        Err(failed) => {
            error!(
                error = with_causes(&failed),
                "cannot authenticate a request to the page: {failed}"
            );
            let reason = "The database cannot be read. Try again soon; the log says why.";
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return refusal::refusal(request.uri().path(), status, reason);
        }
    };

    // No browser sends a key by itself, so a request with one needs no protection against other
    // sites. A program may send these headers for reasons of its own.
    if matches!(visitor, Visitor::Key { .. }) {
        request.headers_mut().remove(ORIGIN);
        request.headers_mut().remove("sec-fetch-site");
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Finds the visitor. A key is the only proof that counts if there is one: a program with a wrong
/// key must notice it, even where people need no proof.
async fn visitor(
    state: &WebState,
    headers: &HeaderMap,
    uri: &Uri,
    peer: Option<Peer>,
) -> Result<Visitor, StoreError> {
    if let Some(key) = api_key::in_headers(headers) {
        return holder_of(state, key).await;
    }
    if let Some(key) = api_key::in_feed_url(uri) {
        return holder_of(state, &key).await;
    }

    let settings = state.settings();
    match &settings.auth {
        WebAuth::None => Ok(Visitor::Local),
        WebAuth::Proxy { user_header } => {
            let is_trusted = peer.is_some_and(|peer| proxy::is_trusted(peer, &settings));
            let name = proxy::user(headers, user_header).filter(|_| is_trusted);
            Ok(name.map_or(Visitor::Stranger, |name| Visitor::Proxied { name }))
        }
        WebAuth::Password(hash) => {
            let password = secret::sha256(hash.expose());
            of_session(state, headers, &password).await
        }
    }
}

async fn holder_of(state: &WebState, key: &str) -> Result<Visitor, StoreError> {
    let store = state.store();
    let Some(found) = store.api_key(&secret::sha256(key)).await? else {
        return Ok(Visitor::Stranger);
    };

    let visitor = Visitor::Key {
        name: found.name.clone(),
        scope: found.scope.clone(),
    };
    // The response does not wait for the writer, which a scan may hold.
    let now = state.now();
    tokio::spawn(async move {
        let recorded = store.api_key_used(&found, now).await;
        recorded.inspect_err(|failed| debug!("cannot record the use of a key: {failed}"))
    });
    Ok(visitor)
}

async fn of_session(
    state: &WebState,
    headers: &HeaderMap,
    password: &Sha256,
) -> Result<Visitor, StoreError> {
    let Some(session) = session::find(state, headers, password).await? else {
        return Ok(Visitor::Stranger);
    };

    let visitor = Visitor::Session(session.id);
    let (store, now) = (state.store(), state.now());
    tokio::spawn(async move {
        let recorded = store.session_used(&session, now).await;
        recorded.inspect_err(|failed| debug!("cannot record the use of a session: {failed}"))
    });
    Ok(visitor)
}
