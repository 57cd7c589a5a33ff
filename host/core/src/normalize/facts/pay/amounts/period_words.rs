//! The words of periods after an amount, in twelve languages.

use crate::raw::PayPeriod::{self, Day, Hour, Month, Week, Year};

/// The words of each period.
type Periods = &'static [(PayPeriod, &'static [&'static str])];

/// Words for a period after a word such as "per".
pub(super) const NOUNS: Periods = &[
    (
        Hour,
        &[
            "hour", "hours", "hourpay", "hr", "hrs", "h", "std", "stunde", "heure", "hora", "ora",
            "uur", "timme", "timmen", "time", "timen", "tim", "tunti", "tunnissa", "godzinę",
            "godzina", "godz",
        ],
    ),
    (
        Day,
        &[
            "day",
            "tag",
            "jour",
            "día",
            "dia",
            "giorno",
            "dag",
            "dagen",
            "dzień",
            "päivä",
            "päivässä",
        ],
    ),
    (
        Week,
        &[
            "week",
            "wk",
            "woche",
            "semaine",
            "semana",
            "settimana",
            "vecka",
            "veckan",
            "uke",
            "uge",
            "tydzień",
            "viikko",
            "viikossa",
        ],
    ),
    (
        Month,
        &[
            "month",
            "mo",
            "mon",
            "mth",
            "monat",
            "mois",
            "mes",
            "mese",
            "maand",
            "mnd",
            "mês",
            "miesiąc",
            "mies",
            "mc",
            "månad",
            "månaden",
            "mån",
            "måned",
            "måneden",
            "md",
            "kk",
            "kuukausi",
            "kuukaudessa",
        ],
    ),
    (
        Year,
        &[
            "year", "yr", "y", "annum", "jahr", "an", "année", "año", "anno", "jaar", "ano", "rok",
            "år", "året", "vuosi", "vuodessa", "v",
        ],
    ),
];

/// Words that are a period without a word such as "per".
pub(super) const ADVERBS: Periods = &[
    (
        Hour,
        &[
            "hourly",
            "hr",
            "hrs",
            "stündlich",
            "godzinowo",
            "horaire",
            "tunnissa",
            "ph",
        ],
    ),
    (
        Day,
        &["daily", "täglich", "journalier", "dziennie", "päivässä"],
    ),
    (
        Week,
        &[
            "weekly",
            "wöchentlich",
            "hebdomadaire",
            "semanal",
            "semanales",
            "tygodniowo",
            "viikossa",
        ],
    ),
    (
        Month,
        &[
            "monthly",
            "monatlich",
            "mensuel",
            "mensuels",
            "mensual",
            "mensuales",
            "mensile",
            "mensili",
            "mensal",
            "mensais",
            "maandelijks",
            "miesięcznie",
            "månatligen",
            "månedligt",
            "månedlig",
            "kuukaudessa",
            "pcm",
        ],
    ),
    (
        Year,
        &[
            "annually",
            "annual",
            "yearly",
            "jährlich",
            "jahresgehalt",
            "jahresbrutto",
            "annuel",
            "annuels",
            "anual",
            "anuales",
            "anuais",
            "annuo",
            "annui",
            "annua",
            "annue",
            "jaarlijks",
            "rocznie",
            "årligen",
            "årligt",
            "årlig",
            "vuodessa",
            "pa",
        ],
    ),
];

/// Words that introduce a period.
pub(super) const PER: &[&str] = &[
    "/", "per", "p", "a", "an", "each", "every", "the", "pro", "im", "je", "die", "pr", "par",
    "de", "l", "à", "por", "al", "la", "el", "all", "il", "in", "om", "i", "na", "za", "ao", "o",
    "het",
];

/// Words that may stand between an amount and its period.
pub(super) const BETWEEN: &[&str] = &[
    "+",
    "gross",
    "brutto",
    "bruto",
    "brut",
    "bruts",
    "brutos",
    "lordi",
    "lorda",
    "lordo",
    "net",
    "netto",
    "nets",
    "neto",
    "netos",
    "netti",
    "base",
    "ote",
    "salary",
    "pay",
    "total",
    "all",
    "in",
    "cash",
    "usd",
    "eur",
    "euro",
    "euros",
    "gbp",
    "cad",
    "aud",
    "chf",
    "pln",
    "doe",
    "basic",
    "comp",
    "compensation",
    "estimated",
];

/// Returns the period of a word in lower case.
pub(super) fn period_of(word: &str, table: Periods) -> Option<PayPeriod> {
    let found = table.iter().find(|(_, words)| words.contains(&word));
    found.map(|(period, _)| *period)
}
