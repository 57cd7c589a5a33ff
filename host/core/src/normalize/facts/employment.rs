//! The kinds of employment, from the board's words and the title.
//!
//! The board's words say more than one thing at once (`permanent, full-time`), in the words of the
//! board's country (`Festanstellung`, `CDI`). Words that mean different things at different boards
//! (`Trainee`, `Regular`, `Other`) name no kind. A title counts only for what the board's words
//! leave open: the hours, or the relation. It needs plainer words, since `Contract Manager` and
//! `Volunteer Coordinator` name what is managed.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::level::{Level, levels_of};
use super::origin::{Known, Origin};
use super::title::{Part, Title};
use crate::query::words_of;
use crate::words;

words! {
    /// A kind of employment. A job may have several: permanent and full-time.
    #[derive(PartialOrd, Ord)]
    pub enum EmploymentKind: "a kind of employment" {
        FullTime = "full-time",
        PartTime = "part-time",
        /// Without a planned end.
        Permanent = "permanent",
        /// With a planned end, seasonal work included.
        Temporary = "temporary",
        /// Not as an employee, freelance work included.
        Contract = "contract",
        Internship = "internship",
        /// Work next to studies.
        WorkingStudent = "working-student",
        /// Vocational training, studies with a company included.
        Apprenticeship = "apprenticeship",
        /// Without pay.
        Volunteer = "volunteer",
    }
}

use EmploymentKind::{
    Apprenticeship, Contract, FullTime, Internship, PartTime, Permanent, Temporary, Volunteer,
    WorkingStudent,
};

/// Phrases of a kind, separated by bars.
struct KindPhrases {
    kind: EmploymentKind,
    /// Phrases that name the kind wherever they occur.
    plain: &'static str,
    /// Phrases that a title must have in a part of their own.
    alone: &'static str,
}

const PHRASES: [KindPhrases; 9] = [
    KindPhrases {
        kind: FullTime,
        plain: "full time|fulltime|vollzeit|temps plein|plein temps|temps complet|tiempo completo|jornada completa|\
                tempo pieno|voltijd|fulltijd|tempo integral|período integral|\
                pełny etat|heltid|täystyöaika|kokoaikainen|plný úvazek",
        alone: "full",
    },
    KindPhrases {
        kind: PartTime,
        plain: "part time|parttime|teilzeit|temps partiel|mi temps|tiempo parcial|media jornada|jornada parcial|\
                tempo parziale|deeltijd|meio período|tempo parcial|niepełny etat|część etatu|deltid|osa aikainen|\
                částečný úvazek|minijob|mini job|geringfügig|geringfügige beschäftigung|450 euro job|538 euro job",
        alone: "",
    },
    KindPhrases {
        kind: Permanent,
        plain: "festanstellung|unbefristet|unbefristete|cdi|contrat à durée indéterminée|indefinido|\
                contrato indefinido|tempo indeterminato|indeterminato|vast contract|vaste aanstelling|vast dienstverband|\
                onbepaalde tijd|umowa o pracę na czas nieokreślony|czas nieokreślony|tillsvidare|tillsvidareanställning|\
                fastansættelse|efetivo|indefinite term",
        alone: "permanent|permanent position|permanent contract|permanent role|fest|vast",
    },
    KindPhrases {
        kind: Temporary,
        plain: "befristet|befristete|befristeter|cdd|contrat à durée déterminée|intérim|intérimaire|zeitarbeit|\
                arbeitnehmerüberlassung|fixed term|fixed term contract|ftc|tempo determinato|determinato|bepaalde tijd|\
                tijdelijk|tijdelijk contract|czas określony|visstid|visstidsanställning|vikariat|temporal|\
                eventual|temporário|aushilfe|elternzeitvertretung|maternity cover|parental leave cover|saisonal|saisonkraft",
        alone: "temporary|temp|seasonal|season|casual|saisonnier|limited|limited term|temporary contract|temporary position",
    },
    KindPhrases {
        kind: Contract,
        plain: "freelance|freelancer|freelancers|freiberuflich|freiberufler|freie mitarbeit|freier mitarbeiter|\
                independent contractor|contract to hire|selbstständig|selbständig|indépendant|autónomo|\
                libero professionista|partita iva|zzp|zzp'er|b2b contract|kontrakt b2b|umowa b2b|prestataire|konsultuppdrag|1099",
        alone: "contract|contractor|contractors|contract position|contract role|w2 contract|month contract|months contract|b2b",
    },
    KindPhrases {
        kind: Internship,
        plain: "praktikum|praktikant|praktikantin|praktikanten|pflichtpraktikum|stagiaire|\
                tirocinio|tirocinante|becario|becaria|prácticas|estágio|estagiário|estagiária|staż|stażysta|praktyki|\
                praktikplats|stageplaats|summer intern|stagiair|convention de stage|offre de stage",
        alone: "internship|internships|intern|interns|stage|stages|co op|winter co op|summer co op|fall co op|spring co op|praktik",
    },
    KindPhrases {
        kind: WorkingStudent,
        plain: "working student|working students|werkstudent|werkstudentin|werkstudenten|studentische aushilfe|\
                studentische hilfskraft|studentischer mitarbeiter|studentjob|studentenjob|bijbaan|job étudiant",
        alone: "student job|work study",
    },
    KindPhrases {
        kind: Apprenticeship,
        plain: "auszubildende|auszubildender|auszubildenden|azubi|azubis|lehrling|lehrstelle|alternance|alternant|alternante|\
                contrat d'apprentissage|apprentissage|apprendistato|duales studium|dualer student|dual studies|\
                dual student|dual study|lärling|leerwerkplek|umschulung",
        alone: "ausbildung|ausbildung zum|ausbildung zur|apprenticeship|apprentice|apprentices|aprendiz|lehre",
    },
    KindPhrases {
        kind: Volunteer,
        plain: "ehrenamt|ehrenamtlich|ehrenamtliche|bénévole|bénévolat|voluntariado|volontariato|vrijwilliger|\
                vrijwilligerswerk|wolontariat|ideellt",
        alone: "volunteer|volunteers|volunteering|voluntary",
    },
];

/// One phrase of a kind.
struct KindPhrase {
    words: Vec<&'static str>,
    kind: EmploymentKind,
    is_plain: bool,
}

static BY_FIRST_WORD: LazyLock<HashMap<&str, Vec<KindPhrase>>> = LazyLock::new(|| {
    let mut by_word: HashMap<&str, Vec<KindPhrase>> = HashMap::new();
    for KindPhrases { kind, plain, alone } in PHRASES {
        for (phrases, is_plain) in [(plain, true), (alone, false)] {
            for phrase in phrases.split('|').filter(|phrase| !phrase.is_empty()) {
                let words: Vec<&str> = phrase.split(' ').collect();
                let phrases = by_word.entry(words[0]).or_default();
                phrases.push(KindPhrase {
                    words,
                    kind,
                    is_plain,
                });
            }
        }
    }
    by_word
});

/// Words that take back the word after them.
const NEGATIONS: [&str; 11] = [
    "no", "not", "non", "kein", "keine", "nicht", "pas", "sin", "without", "ohne", "sans",
];

/// Returns the kinds of employment that the board's words and the title name, in the order of
/// [`EmploymentKind`]; empty if they name none.
pub fn employment_kinds(board_words: Option<&str>, title: &str) -> Vec<EmploymentKind> {
    let title = Title::read(title);
    let levels = title.as_ref().map_or_else(Vec::new, levels_of);
    let known = employment(board_words, title.as_ref(), &levels);
    known.into_iter().map(|known| known.value).collect()
}

/// Returns the same with the origin of each kind. `levels` are those that the title names.
pub(super) fn employment(
    board_words: Option<&str>,
    title: Option<&Title<'_>>,
    levels: &[Level],
) -> Vec<Known<EmploymentKind>> {
    let words = board_words.map(words_of);
    let words = words.as_deref().and_then(Title::read);
    let of_board = words.map_or_else(Vec::new, |words| kinds_of(&words, Origin::Field));
    let mut of_title = title.map_or_else(Vec::new, |title| kinds_of(title, Origin::Text));
    if levels == [Level::Intern] {
        of_title.push(Internship);
    }
    of_title.retain(|kind| {
        let is_same = |stated: &EmploymentKind| stated.is_about_hours() == kind.is_about_hours();
        !of_board.iter().any(is_same)
    });

    let of_board = of_board.into_iter().map(Known::from_field);
    let mut known: Vec<_> = of_board
        .chain(of_title.into_iter().map(Known::from_text))
        .collect();
    known.sort_unstable_by_key(|known| known.value);
    known.dedup_by_key(|known| known.value);
    known
}

impl EmploymentKind {
    /// Returns true for the kinds that say how long a week is. The others name the relation between
    /// the person and the employer.
    const fn is_about_hours(self) -> bool {
        matches!(self, FullTime | PartTime)
    }
}

/// Returns the kinds that words name. Those of a title are plainer.
fn kinds_of(words: &Title<'_>, origin: Origin) -> Vec<EmploymentKind> {
    let mut kinds = Vec::new();
    for part in &words.parts {
        let mut at = 0;
        while at < part.words.len() {
            // The words of a phrase name only its kind: a fixed-term contract is not freelance.
            let phrase = phrase_at(part, at, origin);
            kinds.extend(phrase.map(|phrase| phrase.kind));
            at += phrase.map_or(1, |phrase| phrase.words.len());
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Returns the longest phrase at a word, unless a negation is before it.
fn phrase_at(part: &Part, at: usize, origin: Origin) -> Option<&'static KindPhrase> {
    if at > 0 && NEGATIONS.contains(&part.words[at - 1].as_str()) {
        return None;
    }
    let phrases = BY_FIRST_WORD.get(part.words[at].as_str())?.iter();
    let named = phrases.filter(|phrase| {
        let words = part.words[at..].iter().take(phrase.words.len());
        let is_here = words.eq(phrase.words.iter());
        is_here && (phrase.is_plain || origin == Origin::Field || is_all(part, phrase))
    });
    named.max_by_key(|phrase| phrase.words.len())
}

/// Returns true if a part is the phrase, apart from numbers: `6 month contract`, `Internship 2027`.
fn is_all(part: &Part, phrase: &KindPhrase) -> bool {
    let is_number = |word: &&String| word.bytes().all(|b| b.is_ascii_digit());
    let words = part.words.iter().filter(|word| !is_number(word));
    words.eq(phrase.words.iter())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_board(words: &str) -> Vec<EmploymentKind> {
        employment_kinds(Some(words), "Engineer")
    }

    fn of_title(title: &str) -> Vec<EmploymentKind> {
        employment_kinds(None, title)
    }

    #[test]
    fn the_words_of_boards_name_kinds() {
        for (words, kinds) in [
            ("FullTime", &[FullTime][..]),
            ("FULL_TIME", &[FullTime]),
            ("Full-time", &[FullTime]),
            ("fulltime", &[FullTime]),
            ("Full-Time: New Grad", &[FullTime]),
            ("Regular Full Time (Salary)", &[FullTime]),
            ("permanent, full-time", &[FullTime, Permanent]),
            ("fulltime_fixed_term", &[FullTime, Temporary]),
            (
                "permanent, full-or-part-time",
                &[FullTime, PartTime, Permanent],
            ),
            ("PartTime", &[PartTime]),
            ("part_time", &[PartTime]),
            ("Permanent position", &[Permanent]),
            ("Contract", &[Contract]),
            ("CONTRACTOR", &[Contract]),
            ("Contract to hire", &[Contract]),
            ("Freelance", &[Contract]),
            ("Temporary", &[Temporary]),
            ("Fixed Term", &[Temporary]),
            ("Fixed-term contract", &[Temporary]),
            ("Permanent contract", &[Permanent]),
            ("Seasonal", &[Temporary]),
            ("Intern", &[Internship]),
            ("INTERNSHIP", &[Internship]),
            ("Winter Co-Op", &[Internship]),
            ("intern, part-time", &[PartTime, Internship]),
            ("Working student", &[WorkingStudent]),
            ("Apprenticeship", &[Apprenticeship]),
            ("Dual studies", &[Apprenticeship]),
            ("Volunteer", &[Volunteer]),
            ("Vollzeit", &[FullTime]),
            ("Teilzeit", &[PartTime]),
            ("Vollzeit/Teilzeit", &[FullTime, PartTime]),
            ("Festanstellung", &[Permanent]),
            ("Unbefristet, Vollzeit", &[FullTime, Permanent]),
            ("befristeter Vertrag", &[Temporary]),
            ("Werkstudent:in", &[WorkingStudent]),
            ("Praktikum", &[Internship]),
            ("Ausbildung", &[Apprenticeship]),
            ("Auszubildende/r", &[Apprenticeship]),
            ("Duales Studium", &[Apprenticeship]),
            ("Minijob", &[PartTime]),
            ("Freie Mitarbeit", &[Contract]),
            ("Ehrenamt", &[Volunteer]),
            ("CDI", &[Permanent]),
            ("CDI - Temps plein", &[FullTime, Permanent]),
            ("CDD", &[Temporary]),
            ("Stage", &[Internship]),
            ("Alternance", &[Apprenticeship]),
            ("Temps partiel", &[PartTime]),
            ("Intérim", &[Temporary]),
            ("Jornada completa", &[FullTime]),
            ("Tiempo parcial", &[PartTime]),
            ("Contrato indefinido", &[Permanent]),
            ("Prácticas", &[Internship]),
            ("Tempo pieno", &[FullTime]),
            ("Tempo indeterminato", &[Permanent]),
            ("Tempo determinato", &[Temporary]),
            ("Tirocinio", &[Internship]),
            ("Voltijd", &[FullTime]),
            ("Deeltijd", &[PartTime]),
            ("Vast contract", &[Permanent]),
            ("Estágio", &[Internship]),
            ("Pełny etat", &[FullTime]),
            ("Umowa B2B", &[Contract]),
            ("Heltid", &[FullTime]),
            ("Tillsvidareanställning", &[Permanent]),
        ] {
            assert_eq!(of_board(words), kinds, "{words}");
        }
    }

    #[test]
    fn unclear_and_negated_words_name_no_kind() {
        for words in [
            "",
            "Other",
            "Regular",
            "Trainee",
            "Scholarship",
            "Side",
            "Standard",
            "not full-time",
            "?",
            "Contracting",
        ] {
            assert_eq!(of_board(words), [], "{words}");
        }
    }

    #[test]
    fn a_title_counts_where_it_is_plain() {
        for (title, kinds) in [
            ("Accountant (Part-time)", &[PartTime][..]),
            ("Verkäufer in Teilzeit (m/w/d)", &[PartTime]),
            ("Werkstudent Marketing", &[WorkingStudent]),
            ("Working Student IT", &[WorkingStudent]),
            ("Software Engineer Internship", &[Internship]),
            ("Designer, Intern", &[Internship]),
            ("Marketing Intern (Fall 2027)", &[Internship]),
            ("Internship Program Manager", &[]),
            ("Praktikant:in Einkauf", &[Internship]),
            ("Recruiter (Contract)", &[Contract]),
            ("Recruiter (6 month contract)", &[Contract]),
            ("Freelance Writer", &[Contract]),
            ("Ausbildung: Fachinformatiker", &[Apprenticeship]),
            ("Comptable en alternance", &[Apprenticeship]),
            ("Vendeur CDI", &[Permanent]),
            ("Elternzeitvertretung HR", &[Temporary]),
            ("Contract Manager", &[]),
            ("Contracts Specialist", &[]),
            ("Volunteer Coordinator", &[]),
            ("Apprenticeship Manager", &[]),
            ("Permanent Makeup Artist", &[]),
            ("Stage Manager", &[]),
            ("Early Stage Investor", &[]),
            ("Full Stack Engineer", &[]),
            ("Internal Auditor", &[]),
            ("Leiter Ausbildung", &[]),
            ("Temporary Housing Advisor", &[]),
        ] {
            assert_eq!(of_title(title), kinds, "{title}");
        }
    }

    #[test]
    fn a_title_never_overrides_what_the_board_states() {
        for (words, title, kinds) in [
            ("Full-time", "Clerk (Part-time)", &[FullTime][..]),
            ("Permanent", "Clerk (Contract)", &[Permanent]),
            ("Full-time", "Clerk (Contract)", &[FullTime, Contract]),
            ("Internship", "Working Student", &[Internship]),
            ("Other", "Clerk (Part-time)", &[PartTime]),
        ] {
            assert_eq!(
                employment_kinds(Some(words), title),
                kinds,
                "{words}, {title}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_words_are_too_odd(words in "\\PC*", title in "\\PC*") {
            let kinds = employment_kinds(Some(&words), &title);
            prop_assert!(kinds.is_sorted());
        }
    }
}
