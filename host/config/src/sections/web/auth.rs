//! `web.auth` and the keys that belong to it: the proof that a visitor of the page has to give.

use std::fmt;

use job_scanner_core::secret::Secret;

use crate::reading::problem::quoted;
use crate::reading::read::Section;
use crate::sections::web::listen::WebListen;

pub(crate) const PASSWORD_FORM: &str = "write the line that `job-scanner web password` prints, or set WEB_PASSWORD_FILE to a file that contains it";
const HEADER_FORM: &str = "write the name of a header, such as `Remote-User`";

/// The header of Authelia, Authentik's outpost and others.
const DEFAULT_USER_HEADER: &str = "Remote-User";

/// Longer names are not in use.
const MAX_HEADER_BYTES: usize = 100;

/// The proof that a visitor of the page has to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebAuth {
    /// The password with this hash, in PHC form.
    Password(Secret),
    /// A proxy authenticates visitors and puts their name into this header, in lower case.
    Proxy { user_header: String },
    /// None. Only this machine can connect.
    None,
}

/// The word of `auth`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthWord {
    Password,
    Proxy,
    None,
}

pub(crate) const AUTH_WORDS: &[(&str, AuthWord)] = &[
    ("password", AuthWord::Password),
    ("proxy", AuthWord::Proxy),
    ("none", AuthWord::None),
];

/// The keys about authentication, read.
pub(crate) struct AuthKeys {
    password_hash: Option<Secret>,
    user_header: Option<String>,
}

/// A contradiction between keys, and its correction.
pub(crate) struct Contradiction {
    pub(crate) wrong: &'static str,
    pub(crate) remedy: &'static str,
}

impl AuthKeys {
    /// Reads the keys, except `auth` itself. `password_file` is the hash in the file of
    /// `WEB_PASSWORD_FILE`; the file has precedence, as the whole environment has.
    pub(crate) fn read(web: &mut Section<'_>, password_file: Option<Secret>) -> Self {
        let in_section = web
            .field("password_hash")
            .and_then(|field| field.parsed(parse_password_hash, PASSWORD_FORM));
        Self {
            password_hash: password_file.or(in_section),
            user_header: web
                .field("user_header")
                .and_then(|field| field.parsed(parse_header, HEADER_FORM)),
        }
    }

    /// Returns the authentication. Without `auth`, a password is asked for if there is a hash.
    ///
    /// # Errors
    ///
    /// Fails if strangers could open the page, or no visitor could.
    pub(crate) fn auth(
        self,
        word: Option<AuthWord>,
        listen: &WebListen,
        knows_proxy: bool,
    ) -> Result<WebAuth, Contradiction> {
        let default = match &self.password_hash {
            Some(_) => AuthWord::Password,
            None => AuthWord::None,
        };

        match word.unwrap_or(default) {
            AuthWord::Password => self.password_hash.map(WebAuth::Password).ok_or(Contradiction {
                wrong: "needs the hash of the password, which is missing",
                remedy: "set `password_hash` to the line that `job-scanner web password` prints, or WEB_PASSWORD_FILE to \
                         a file that contains it",
            }),
            AuthWord::Proxy if !knows_proxy => Err(Contradiction {
                wrong: "trusts a header, and `trusted_proxies` does not say from whom",
                remedy: "list the addresses of the proxy, such as `trusted_proxies: [172.18.0.0/16]`",
            }),
            AuthWord::Proxy => Ok(WebAuth::Proxy {
                user_header: self
                    .user_header
                    .unwrap_or_else(|| DEFAULT_USER_HEADER.to_ascii_lowercase()),
            }),
            AuthWord::None if !listen.is_local() => Err(Contradiction {
                wrong: "would let everyone in the network open the page",
                remedy: "write `auth: password` with `password_hash`, or `listen: 127.0.0.1:8080`",
            }),
            AuthWord::None => Ok(WebAuth::None),
        }
    }
}

/// Checks that a text looks like an Argon2id hash. The page itself parses it completely.
///
/// # Errors
///
/// The message does not repeat the text, which may be the password itself.
pub(crate) fn parse_password_hash(text: &str) -> Result<Secret, NotAHash> {
    let text = text.trim();
    let parts: Vec<&str> = text.split('$').collect();
    match parts.as_slice() {
        ["", "argon2id", version, costs, salt, hash]
            if version.starts_with("v=")
                && costs.starts_with("m=")
                && !salt.is_empty()
                && !hash.is_empty() =>
        {
            Ok(Secret::new(text))
        }
        _ => Err(NotAHash),
    }
}

/// The text is not an Argon2id hash.
#[derive(Debug)]
pub(crate) struct NotAHash;

impl fmt::Display for NotAHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not the hash of a password")
    }
}

fn parse_header(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if text.is_empty() || text.len() > MAX_HEADER_BYTES || !text.bytes().all(is_name) {
        return Err(format!("{} is not the name of a header", quoted(text)));
    }
    Ok(text.to_ascii_lowercase())
}
