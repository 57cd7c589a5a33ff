//! The decisions about a vacancy, and the reasons for which an alert is not sent.

use crate::words;

words! {
    /// The decision of a person about a vacancy.
    pub enum Decision: "a decision about a job" {
        /// The person may apply.
        Interested = "interested",
        /// The person has applied.
        Applied = "applied",
        /// An interview is agreed or has taken place.
        Interview = "interview",
        /// The person got an offer.
        Offer = "offer",
        /// The company or the person ended the application.
        Rejected = "rejected",
        /// The person wants to hear nothing more about it.
        Hidden = "hidden",
    }
}

words! {
    /// The reason for which no message is sent about an alert.
    pub enum SkipReason: "a reason to skip an alert" {
        /// The vacancy is hidden.
        Hidden = "hidden",
        /// The company of the job is hidden permanently.
        CompanyHidden = "company-hidden",
        /// The company of the job is snoozed. The alert is sent when the snooze ends, if the job is
        /// open then and nothing was decided about it.
        Snoozed = "snoozed",
        /// The snooze has ended, and the job was closed, had another version, matched no longer or
        /// was decided about.
        SnoozeOver = "snooze-over",
    }
}

impl SkipReason {
    /// Returns the reason in words, such as `its company is snoozed`.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Hidden => "the job is hidden",
            Self::CompanyHidden => "its company is hidden",
            Self::Snoozed => "its company is snoozed",
            Self::SnoozeOver => "it was out of date or decided about when the snooze ended",
        }
    }
}

impl Decision {
    /// Returns the decision as a sentence about its day begins, such as `You applied`.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Interested => "You marked it as interesting",
            Self::Applied => "You applied",
            Self::Interview => "You marked it as an interview",
            Self::Offer => "You marked it as an offer",
            Self::Rejected => "You marked it as rejected",
            Self::Hidden => "You hid it",
        }
    }
}

/// Returns the form in which the names of hidden companies are compared: lower case, with single
/// spaces.
pub fn hidden_company_key(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_companies_differ_in_more_than_case_and_spaces() {
        let key = hidden_company_key("Öko  Bau 24 ");
        assert_eq!(key, hidden_company_key("öko bau 24"));
        assert_ne!(key, hidden_company_key("Öko Bau 25"));
        assert_ne!(key, hidden_company_key("Öko Bau 24 GmbH"));
    }
}
