//! The methods that requests may have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest method, in bytes; the longest that is registered has 17.
const MAX_BYTES: usize = 20;

/// An HTTP method in upper case, such as `GET`. Never one that speaks to what lies between us and a
/// board.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Method(String);

/// Why a text is no method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MethodError {
    /// Not a word in capitals.
    #[error("`{0}` is no method; write one in capital letters, such as `POST`")]
    Shape(String),
    /// A method for proxies.
    #[error("the method `{0}` cannot be granted")]
    Forbidden(String),
}

impl Method {
    /// What an adapter asks for that names no methods: those that change nothing.
    pub fn reading() -> [Self; 2] {
        ["GET", "HEAD"].map(|method| Self(method.to_owned()))
    }

    /// The method as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it only reads.
    pub fn is_reading(&self) -> bool {
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
    fn a_method_is_a_word_in_capitals_that_boards_understand() {
        assert!(
            "POST"
                .parse::<Method>()
                .is_ok_and(|method| !method.is_reading())
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
