//! The type of a stated range of pay.

use serde::{Deserialize, Serialize};

use crate::raw::PayPeriod;
use crate::words;

words! {
    /// The part of the pay that a range covers.
    pub enum PayKind: "a kind of pay" {
        /// The pay that does not depend on results, or a range of which the text does not say more.
        Base = "base",
        /// The pay of a person who reaches all targets, with commission.
        OnTarget = "on-target",
    }
}

/// A range of pay that a text states, in major units (whole euros, not cents).
///
/// One amount is a range from itself to itself. "From 50,000" has no `max`, "up to 50,000" has no
/// `min`. At least one of the two is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatedPay {
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// An ISO 4217 code; `None` if the text does not say it, or only with a sign of several
    /// currencies, such as `$`.
    pub currency: Option<String>,
    /// `None` if the text does not say it and the amount leaves a choice.
    pub period: Option<PayPeriod>,
    pub kind: PayKind,
    /// The place that the text names for this range, in the words of the text.
    pub place: Option<String>,
}
