//! Matrix: [sending an
//! event](https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid)
//! under a transaction id, by which the server recognizes a repeated message.

use job_scanner_core::secret::Secret;
use reqwest::Method;
use serde_json::json;
use url::Url;

use crate::channel::http::error::HttpError;
use crate::channel::http::outgoing::Outgoing;
use crate::channel::http::request::{ServiceRequest, below};
use crate::message::chat::{Limit, Markup};

/// An event has at most 65,536 bytes, and this one has the text twice.
const LIMIT: Limit = Limit::Bytes(24_000);

pub(super) fn request(
    server: &Url,
    token: &Secret,
    room: &str,
    outgoing: Outgoing<'_>,
) -> Result<ServiceRequest, HttpError> {
    let plain = outgoing.text(Markup::Plain, LIMIT)?;
    let html = outgoing.text(Markup::Matrix, LIMIT)?;
    let title = Markup::Matrix.escaped(&html.title);
    let body = json!({
        "msgtype": "m.text",
        "body": format!("{}\n\n{}", plain.title, plain.body),
        "format": "org.matrix.custom.html",
        "formatted_body": format!("<strong>{title}</strong><br>\n<br>\n{}", html.body),
        // The message mentions no member of the room, whatever the text says.
        "m.mentions": {},
    });

    let path = [
        "_matrix",
        "client",
        "v3",
        "rooms",
        room,
        "send",
        "m.room.message",
        outgoing.id,
    ];
    let request = ServiceRequest {
        method: Method::PUT,
        ..ServiceRequest::post(below(server, path)?, &body)
    };
    Ok(request.with_header("authorization", format!("Bearer {}", token.expose())))
}

/// Returns the request for the [encryption of the
/// room](https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3roomsroomidstateeventtypestatekey).
/// One answer says whether the token is valid, the account is in the room, and messages may be sent
/// as text.
pub(super) fn probe(server: &Url, token: &Secret, room: &str) -> Result<ServiceRequest, HttpError> {
    let path = [
        "_matrix",
        "client",
        "v3",
        "rooms",
        room,
        "state",
        "m.room.encryption",
        "",
    ];
    let request = ServiceRequest::get(below(server, path)?);
    Ok(request.with_header("authorization", format!("Bearer {}", token.expose())))
}
