//! The words that the project avoids, with the words to write instead and the bounds on their use.
//! `CONTRIBUTING.md` has the rules of prose that they belong to.

/// A word or phrase that is odd English or leaves the actor unnamed.
#[derive(Debug)]
pub struct Marker {
    /// In lower case.
    pub phrase: &'static str,
    /// The words to write instead.
    pub instead: &'static str,
    /// The uses that are plain English.
    pub unless: &'static [Unless],
}

/// A use that is plain English, by another word in the same sentence.
#[derive(Debug)]
pub enum Unless {
    /// One of the words, which are separated by spaces, is at most this many words before.
    Before(usize, &'static str),
    /// One of the words is at most this many words after.
    After(usize, &'static str),
    /// No word follows.
    AtEnd,
}

/// The number of words in comments and documents to which [`LESS_THAN_PERSONS`] applies.
pub const PER_WORDS: usize = 10_000;

/// The uses of [`PERSONS`] in [`PER_WORDS`] words have to be fewer.
pub const LESS_THAN_PERSONS: usize = 3;

/// Words that do not name the actor, which is the host, the adapter, the board or the operator.
pub const PERSONS: &[Marker] = &[
    person("somebody"),
    person("nobody"),
    person("anybody"),
    person("everybody"),
    person("whoever"),
];

const fn person(phrase: &'static str) -> Marker {
    Marker {
        phrase,
        instead: "name the actor: the host, the adapter, the board, the operator, the recipient, \
                  the caller",
        unless: &[],
    }
}

/// Words that are not used, except in the listed ways.
pub const ODD: &[Marker] = &[
    Marker {
        phrase: "beside",
        instead: "write \"next to\" for a place, \"besides\" or \"in addition to\" otherwise",
        unless: &[Unless::After(2, "database file manifest")],
    },
    Marker {
        phrase: "anew",
        instead: "write \"again\", or the verb: \"reloads\", \"rebuilds\"",
        unless: &[],
    },
    Marker {
        phrase: "apart",
        instead: "write \"separately\", \"separate\" or \"except\"",
        unless: &[
            Unless::After(1, "from"),
            Unless::Before(10, "tell tells told telling keep keeps kept set sets"),
            Unless::Before(6, "take takes took taken tear tears"),
            Unless::Before(6, "fall falls drift drifts"),
            Unless::Before(1, "far milliseconds second seconds minute minutes"),
            Unless::Before(1, "hour hours day days week weeks month months"),
        ],
    },
    Marker {
        phrase: "so many",
        instead: "name the number, or write \"this many\"",
        unless: &[Unless::After(12, "that")],
    },
    Marker {
        phrase: "aloud",
        instead: "say who reports it: \"is reported as …\", \"fails with an error\"",
        unless: &[],
    },
    Marker {
        phrase: "for good",
        instead: "write \"permanently\"",
        unless: &[Unless::After(1, "reason reasons measure")],
    },
    Marker {
        phrase: "behind",
        instead: "write \"after\" for an order, otherwise name the relation: \"the board at an \
                  address\", \"the text that follows\"",
        unless: &[
            Unless::Before(6, "leave leaves leaving left"),
            Unless::Before(1, "fall falls fell far lag lags look"),
            Unless::Before(1, "idea reason reasons test tests library"),
            Unless::After(3, "address addresses page login promise schedule"),
            Unless::After(3, "proxy proxies balancer firewall nat"),
            Unless::After(3, "flag feature lock mutex pointer reference"),
        ],
    },
];

/// A phrase that a message does not use: it says "is not a …".
pub const IS_NO: Marker = Marker {
    phrase: "is no",
    instead: "write \"is not a …\", \"does not exist\" or \"has no …\"",
    unless: &[Unless::After(1, "longer"), Unless::AtEnd],
};

/// Words that begin a clause rather than the description of an item.
pub const QUESTIONS: &[&str] = &["what", "whether", "where", "how", "who", "whose", "which"];

/// Words that follow "what" in a clause for which there is a noun: "what is read", "what it read".
pub const AFTER_WHAT: &[&str] = &[
    "is", "was", "are", "were", "has", "had", "it", "they", "we", "he", "she", "a", "an", "the",
];

/// The percentage of doc comments that begin with [`QUESTIONS`], or with "what" and one of
/// [`AFTER_WHAT`], has to be less.
pub const LESS_THAN_PERCENT: usize = 3;

/// Words that a name in code does not contain.
pub const IN_NAMES: &[Marker] = &[
    name("somebody"),
    name("nobody"),
    name("anybody"),
    name("everybody"),
    name("somebodys"),
    name("nobodys"),
    name("anybodys"),
    name("everybodys"),
    name("whoever"),
    name("beside"),
    name("anew"),
    name("aloud"),
];

const fn name(phrase: &'static str) -> Marker {
    Marker {
        phrase,
        instead: "name the subject, the condition and the outcome in plain words",
        unless: &[],
    }
}

/// The files whose strings are not messages: the words above, and the job texts of generated
/// boards.
pub const WITHOUT_MESSAGES: &[&str] = &[
    "dev/structure/src/prose/vocabulary.rs",
    "dev/board-server/src/generate/words.rs",
];
