//! The facts of a job.
//!
//! Not here: how they are derived ([`super::derive`]).

use serde::{Deserialize, Serialize};

use super::employment::EmploymentKind;
use super::level::Level;
use super::open_to::OpenTo;
use super::origin::{Known, Origin};
use super::pay::{PayKind, StatedPay};
use super::place::Place;
use super::years::Years;

/// Values of a job that are derived from its fields. Stored and shown as JSON in this shape.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The ranges of pay, in the order of the text. If the board's field has numbers, they are the
    /// only range.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pay: Vec<KnownPay>,
    /// The places whose country is certain, each once, in the board's order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// True if a location names no place, or one that is not certain.
    #[serde(skip_serializing_if = "is_false")]
    pub has_unknown_place: bool,
    /// The areas from which a remote job may be done; `None` if they are not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_to: Option<OpenTo>,
    /// The kinds of employment that the board's words and the title name. A job may have several,
    /// such as permanent and full-time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub employment: Vec<Known<EmploymentKind>>,
    /// The [BCP 47](https://www.rfc-editor.org/info/bcp47) tag of the posting's language; `None` if
    /// unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Known<String>>,
    /// The levels that the title names, from the lowest. Several are alternatives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// The years of experience that the description asks for; `None` if it states none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<Years>,
}

/// A range of pay with its origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownPay {
    #[serde(flatten)]
    pub range: StatedPay,
    pub origin: Origin,
    /// True if the text states the range for a place that is none of the job's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_elsewhere: bool,
}

impl Facts {
    /// The facts of a job of which nothing is known.
    pub const UNKNOWN: Self = Self {
        pay: Vec::new(),
        places: Vec::new(),
        has_unknown_place: false,
        open_to: None,
        employment: Vec::new(),
        language: None,
        levels: Vec::new(),
        years: None,
    };
}

impl KnownPay {
    /// Returns true if this is base pay for a place of the job.
    pub fn is_base_here(&self) -> bool {
        self.range.kind == PayKind::Base && !self.is_elsewhere
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_read_back_from_their_json() {
        let english = Facts {
            language: Some(Known::from_field("en".to_owned())),
            ..Facts::UNKNOWN
        };
        let json = serde_json::to_string(&english).unwrap();
        assert_eq!(json, r#"{"language":{"value":"en","origin":"field"}}"#);
        for facts in [english, Facts::UNKNOWN] {
            let json = serde_json::to_string(&facts).unwrap();
            assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), facts);
        }
    }
}
