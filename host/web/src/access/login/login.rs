//! The pages that begin and end a session. They work without scripts.

use std::net::IpAddr;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{COOKIE, RETRY_AFTER, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use job_scanner_config::WebAuth;
use job_scanner_core::causes::with_causes;
use job_scanner_core::escape::Printable;
use job_scanner_core::secret::Secret;
use job_scanner_store::NewSession;
use serde::Deserialize;
use tracing::{error, info, warn};

use crate::access::login::logins::Checked;
use crate::access::login::password;
use crate::access::visitor::Visitor;
use crate::access::{proxy, secret, session};
use crate::routes::{Access, Routes};
use crate::server::Peer;
use crate::state::WebState;

/// The most characters of a program's name that are stored.
const MAX_CLIENT_CHARACTERS: usize = 200;

/// The page on which a visitor who comes from nowhere begins.
const START: &str = "/";

/// Returns the routes of this part.
pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/login", Access::Public, show)
        .post("/login", Access::Public, log_in)
        .post("/logout", Access::Public, log_out)
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    /// The path to which a login leads.
    next: &'a str,
    /// The reason why the last try failed.
    problem: Option<&'a str>,
}

/// The parameters of the page.
#[derive(Deserialize)]
struct Shown {
    next: Option<String>,
}

/// The fields of the form.
#[derive(Deserialize)]
struct Given {
    password: String,
    next: Option<String>,
}

/// Shows the form.
async fn show(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Query(Shown { next }): Query<Shown>,
) -> Response {
    let next = own_path(next.as_deref());
    match (&state.settings().auth, visitor) {
        (_, Visitor::Local | Visitor::Session(_) | Visitor::Proxied { .. }) => {
            Redirect::to(next).into_response()
        }
        (WebAuth::Password(_), _) => form(StatusCode::OK, next, None),
        (WebAuth::Proxy { .. } | WebAuth::None, _) => {
            let problem =
                "This page has no password. A proxy in front of it may ask for a login.\n";
            (StatusCode::NOT_FOUND, problem).into_response()
        }
    }
}

/// Checks the password and begins a session.
async fn log_in(
    State(state): State<WebState>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Form(given): Form<Given>,
) -> Response {
    let settings = state.settings();
    let next = own_path(given.next.as_deref());
    let WebAuth::Password(hash) = &settings.auth else {
        return Redirect::to(next).into_response();
    };

    let client = proxy::client_address(peer, &headers, &settings);
    let checked = if given.password.len() <= password::MAX_BYTES {
        let logins = state.logins();
        logins.check(client, given.password, hash.clone()).await
    } else {
        Checked::Wrong
    };
    match checked {
        Checked::Right => begin(&state, client, &headers, hash, next).await,
        refused => refuse(refused, client, next),
    }
}

/// Begins a session and ends the one that the browser had before.
async fn begin(
    state: &WebState,
    client: Option<IpAddr>,
    headers: &HeaderMap,
    hash: &Secret,
    next: &str,
) -> Response {
    let begun = async {
        let password = secret::sha256(hash.expose());
        if let Some(earlier) = session::find(state, headers, &password).await? {
            state.store().end_session(earlier.id).await?;
        }
        let secret = secret::random()?;
        let session = NewSession {
            secret_sha256: secret::sha256(&secret),
            password_sha256: password,
            client: headers.get(USER_AGENT).map(client_name),
            address: client.map(|address| address.to_string()),
        };
        let id = state.store().begin_session(&session, state.now()).await?;
        anyhow::Ok(session::cookie(id, &secret, &state.settings()))
    };

    match begun.await {
        Ok(cookie) => {
            info!(event = "web.login", client = %shown(client), "a login from {} succeeded", shown(client));
            ([(SET_COOKIE, cookie)], Redirect::to(next)).into_response()
        }
        Err(failed) => {
            error!("cannot begin a session of the page: {failed:#}");
            let problem = "The login could not be stored. Try again soon; the log says why.";
            form(StatusCode::SERVICE_UNAVAILABLE, next, Some(problem))
        }
    }
}

/// Shows the form again, with the reason.
fn refuse(checked: Checked, client: Option<IpAddr>, next: &str) -> Response {
    let client = shown(client);
    match checked {
        Checked::TooOften(wait) => {
            warn!(event = "web.login_refused", client = %client, "too many logins from {client}");
            let seconds = wait.as_secs() + 1;
            let problem = format!("Too many tries. Try again in {seconds} seconds.");
            let mut response = form(StatusCode::TOO_MANY_REQUESTS, next, Some(&problem));
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
        Checked::Busy => {
            let problem = "Too many others log in. Try again soon.";
            form(StatusCode::SERVICE_UNAVAILABLE, next, Some(problem))
        }
        Checked::Right | Checked::Wrong => {
            warn!(event = "web.login_failed", client = %client, "a login from {client} failed");
            form(StatusCode::FORBIDDEN, next, Some("The password is wrong."))
        }
    }
}

/// Ends the session.
async fn log_out(
    State(state): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
) -> Response {
    if let Visitor::Session(id) = visitor
        && let Err(failed) = state.store().end_session(id).await
    {
        error!(
            error = with_causes(&failed),
            "cannot end a session of the page: {failed}"
        );
        let problem = "The session could not be ended. Try again soon; the log says why.";
        return (StatusCode::SERVICE_UNAVAILABLE, problem).into_response();
    }

    let removed = headers
        .contains_key(COOKIE)
        .then(|| [(SET_COOKIE, session::removal(&state.settings()))]);
    (removed, Redirect::to("/login")).into_response()
}

fn form(status: StatusCode, next: &str, problem: Option<&str>) -> Response {
    match (LoginPage { next, problem }).render() {
        Ok(page) => (status, Html(page)).into_response(),
        Err(failed) => {
            error!("cannot render the login page: {failed}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Returns the path to which a login leads. Only a path of this page is one: another site must not
/// use our login as the way to itself.
fn own_path(next: Option<&str>) -> &str {
    let is_own = |next: &&str| {
        let mut characters = next.chars();
        characters.next() == Some('/')
            && !matches!(characters.next(), Some('/' | '\\'))
            && next.chars().all(|character| character.is_ascii_graphic())
    };
    next.filter(is_own).unwrap_or(START)
}

/// Returns the name that a program gives itself.
fn client_name(header: &HeaderValue) -> String {
    let name = String::from_utf8_lossy(header.as_bytes());
    let shortened: String = name.chars().take(MAX_CLIENT_CHARACTERS).collect();
    Printable(&shortened).to_string()
}

fn shown(client: Option<IpAddr>) -> String {
    client.map_or_else(|| "the unix socket".to_owned(), |client| client.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_leads_only_to_paths_of_the_page() {
        for (next, path) in [
            (None, "/"),
            (
                Some("/matches?state=new&after=7"),
                "/matches?state=new&after=7",
            ),
            (Some("https://evil.example/"), "/"),
            (Some("//evil.example/"), "/"),
            (Some("/\\evil.example/"), "/"),
            (Some("/\t/evil.example"), "/"),
            (Some("matches"), "/"),
            (Some(""), "/"),
        ] {
            assert_eq!(own_path(next), path, "{next:?}");
        }
    }
}
