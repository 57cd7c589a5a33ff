//! Names of sources that read well, made from the words of an address.

/// Words with their usual spelling, which a capital first letter does not give.
const SPELLINGS: [(&str, &str); 8] = [
    ("ag", "AG"),
    ("ai", "AI"),
    ("eu", "EU"),
    ("gmbh", "GmbH"),
    ("hr", "HR"),
    ("llc", "LLC"),
    ("uk", "UK"),
    ("usa", "USA"),
];

/// Returns the words of an identifier with capital letters and spaces: `Acme Corp` for `acme-corp`.
/// Words with a capital letter stay as they are.
pub(super) fn readable(identifier: &str) -> String {
    let words = identifier.split(['-', '_', '.', ' ']);
    let shown: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(capitalized)
        .collect();
    shown.join(" ")
}

fn capitalized(word: &str) -> String {
    if word.contains(char::is_uppercase) {
        return word.to_owned();
    }
    if let Some((_, spelling)) = SPELLINGS.iter().find(|(plain, _)| *plain == word) {
        return (*spelling).to_owned();
    }
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_becomes_words_with_capital_letters() {
        for (identifier, expected) in [
            ("acme", "Acme"),
            ("acme-corp", "Acme Corp"),
            ("AcmeCorp", "AcmeCorp"),
            ("acme_GROUP-gmbh", "Acme GROUP GmbH"),
            ("acme--sons-", "Acme Sons"),
            ("acme & sons", "Acme & Sons"),
            ("9lives-ai", "9lives AI"),
            ("über-uns", "Über Uns"),
        ] {
            assert_eq!(readable(identifier), expected);
        }
    }
}
