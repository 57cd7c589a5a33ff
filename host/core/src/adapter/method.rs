//! The HTTP methods that an adapter can be granted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest method, in bytes. The longest [registered
/// method](https://www.iana.org/assignments/http-methods) has 17.
const MAX_BYTES: usize = 20;

/// An HTTP method in upper case, such as `GET`. It is never a method that addresses proxies
/// (`CONNECT`, `TRACE`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Method(String);

/// The error for a text that is not a method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// The text is not a word in capital letters.
    #[error("`{0}` is not a method; write one in capital letters, such as `POST`")]
    Shape(String),
    /// The method addresses proxies or servers on the way to the board.
    #[error("the method `{0}` cannot be granted")]
    Forbidden(String),
}

impl Method {
    /// Returns the methods of a host that names none: `GET` and `HEAD`, which change nothing.
    pub fn safe() -> [Self; 2] {
        ["GET", "HEAD"].map(|method| Self(method.to_owned()))
    }

    /// Returns the method as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns true if the method only reads.
    pub fn is_safe(&self) -> bool {
        matches!(self.0.as_str(), "GET" | "HEAD")
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        let capitals = text.bytes().all(|byte| byte.is_ascii_uppercase());
        let fits = (1..=MAX_BYTES).contains(&text.len());

        match text {
            "CONNECT" | "TRACE" | "TRACK" => Err(MethodError::Forbidden(text.to_owned())),
            _ if capitals && fits => Ok(Self(text.to_owned())),
            _ => Err(MethodError::Shape(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Method {
    type Error = MethodError;

    fn try_from(text: String) -> Result<Self, MethodError> {
        text.parse()
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.0
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_in_capitals_are_methods_and_proxy_methods_are_forbidden() {
        assert!(
            "POST"
                .parse::<Method>()
                .is_ok_and(|method| !method.is_safe())
        );
        for shape in ["", "get", "GET ", "GET\r\nX", "A-B", &"A".repeat(21)] {
            assert!(
                matches!(shape.parse::<Method>(), Err(MethodError::Shape(_))),
                "{shape}"
            );
        }
        assert!(matches!(
            "CONNECT".parse::<Method>(),
            Err(MethodError::Forbidden(_))
        ));
    }
}
