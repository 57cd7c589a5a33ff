//! The words around an amount that say if it is pay, in twelve languages.
//!
//! A `*` at an end of a word means that letters may follow or precede it there, since several
//! languages join words: `*gehalt` is also in "Jahresgehalt".

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::raw::PayPeriod::{self, Day, Hour, Month, Week, Year};

/// The meaning of a word for an amount near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The amount is pay.
    Pay,
    /// The amount is pay with commission for reached targets.
    OnTarget,
    /// The amount is something else than pay, such as a budget or revenue.
    NotPay,
    /// The amount is a part of the compensation that is not a salary, such as a bonus or equity, if
    /// the word is directly next to it.
    Extra,
    /// Postings mention the thing in a title as well as with an amount of it, such as sales.
    Topic,
    Period(PayPeriod),
}

/// A word that was found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PayWord {
    pub(super) meaning: Meaning,
    pub(super) start: usize,
    pub(super) end: usize,
}

const PAY: &str = "\
    salary|salaries|compensation|comp|pay|pays|paid|paying|wage|wages|earn|earning|earnings|\
    remuneration|rate|rates|ctc|tc|cash|base|income|hourlyrate|payrate|*gehalt|*gehälter|\
    *gehaltes|*gehalts|gehalts*|*lohn|*vergütung|vergütungs*|*entgelt|verdienst|*verdienst|\
    verdienen|verdienst*|*einkommen|brutto*|*brutto|bezahlung|bezahlt|vergütet|*honorar|gage|\
    tagessatz|stundensatz|salaire|salaires|rémunération|rémunéré|rémunérée|brut|tjm|\
    gratification|fourchette salariale|salario|salarial|neto|netos|netti|salariale|sueldo|\
    retribución|remuneración|bruto|brutos|stipendio|retribuzione|ral|compenso|lordo|lordi|lorda|\
    inquadramento|*salaris|salaris*|*loon|brutoloon|beloning|verdien|uurtarief|stagevergoeding|\
    dagtarief|salário|remuneração|bolsa|wynagrodzenie|wynagrodzenia|pensja|zarobki|stawka|\
    widełki|płaca|zarobisz|netto|*lön|lönen|lönespann|*løn|*lønn|lønnen|lønns*|honorar|*palkka|\
    *palkan|palkka*|palkkio";

const ON_TARGET: &str = "\
    ote|on-target|on target|on-target-earnings|on-target earnings|on target earnings|\
    target earnings|first year earnings|zieleinkommen|zielgehalt|zielvergütung|variable split|\
    commission included|including commission|uncapped commission";

const NOT_PAY: &str = "\
    *budget|*budgets|budget*|stipend|stipends|allowance|allowances|reimburse*|*voucher|vouchers|\
    credit|credits|credito|raised|raising|raise|funding|funded|series|seed|pre-seed|valuation|\
    valued|revenue|revenues|arr|acv|mrr|gmv|tcv|aov|ebitda|capex|opex|deal|deals|quota|quotas|\
    book of business|invest*|assets|worth|subsidy|subsidies|donate*|donation*|charity|charitable|\
    prize|prizes|grant|grants|award|awards|savings|saved|ad spend|adspend|spend|spending|\
    bookings|volume|transaction*|per diem|cost|costs|fee|fees|fine|fines|debt|loan|loans|\
    contract value|ticket*|turnover|turn over|reward|rewards|perk|perks|gift|gifts|discount|\
    discounts|tuition|lifetime|challenge|hackathon|p&l|contract size|contract sizes|order value|\
    profit|profits|margin|pay us|pays us|paid us|paid out|pay out|payout|payouts|worth of|\
    projects|portfolio|endowment|capital|minimum order|umsatz|umsätze|*umsatz|finanzierung*|\
    *zuschuss|*gutschein|gutschein*|*gutscheine|sachbezug*|sachzulage|*prämie|*paket|stipendium|\
    *kosten|kosten*|*zulage|kunden zahlen|warenwert|verkaufswert|chiffre|levée|fonds|levé|levés|\
    prime|primes|ca de|remboursement|participation|indemnité|presupuesto|facturación|\
    financiación|inversión|ventas|recaudado|bono|bonos|ayuda|fatturato|finanziamento|\
    finanziamenti|buono|buoni|investimenti|rimborso|omzet|investering|*vergoeding|bijdrage|\
    opgehaald|faturamento|orçamento|investimento|auxílio|vale|premia|budżet|budżetu|\
    dofinansowanie|przychód|przychodów|obrót|obroty|finansowanie|finansowania|bon|omsättning|\
    friskvård*|*bidrag|investeringar|omsætning|omsetning|tilskud|tilskudd|liikevaihto|etu|*etu|\
    budjetti|rahoitus";

const EXTRA: &str = "\
    bonus|bonuses|*bonus|bonus*|equity|stock|stocks|rsu|rsus|shares|options|vsop|esop|token|\
    tokens|commission|commissions|sign-on|signing|sign on|relocation|referral|refer|retention|\
    401k|401|pension|insurance|coverage|match|matching|match*|contribution|contributions|\
    contribute|training|learning|development|education|wellness|wellbeing|well-being|gym|\
    commuter|transport|transit|fitness|benefit|benefits|home office|office|equipment|laptop|meal|\
    lunch|food|phone|internet|housing|childcare|fertility|altersvorsorge|*vorsorge|\
    weiterbildung*|provision|provisionen|*ticket|fahrt*|mutuelle|formation|bônus|premio|premios|\
    formación|formazione|opleiding*|szkolen*|prowizja|prowizji|pensionsavtal|tjänstepension|\
    variable";

const TOPIC: &str = "\
    customer|customers|client|clients|user|users|market|markets|industry|sales|companies|company|\
    employees|partners|businesses|startup|business|merchants|fund|funds|investors|sale|order|\
    orders|price|prices|pricing|charge|charged|bill|billing|purchase*|kunden|markt|unternehmen|\
    mitarbeiter*|entreprises|marché|clientes|empresas|clienti|klanten|klientów";

const PERIODS: &[(PayPeriod, &str)] = &[
    (
        Year,
        "\
        annual|annually|yearly|per annum|p.a|jahres*|jährlich*|annuel*|annuo|annua|annui|anual*|\
        ral|jaar*|årslön*|årsløn*|vuosi*|roczn*|per year|a year|pro jahr|par an",
    ),
    (
        Month,
        "\
        monthly|monats*|monatlich*|mensuel*|mensual*|mensile|mensili|mensal|maand*|månadslön*|\
        månedsløn*|kuukausi*|miesięczn*|per month|a month|pro monat|par mois",
    ),
    (
        Week,
        "\
        weekly|wochen*|wöchentlich*|hebdomadaire|semanal|settimanale|tygodniow*|per week",
    ),
    (
        Day,
        "\
        daily|day rate|tages*|tjm|journalier|dagtarief|diaria|dzienn*|per day",
    ),
    (
        Hour,
        "\
        hourly|stunden*|horaire|uur*|timlön*|timeløn*|tunti*|godzinow*|hour|per hour",
    ),
];

struct ListedWord {
    meaning: Meaning,
    /// True if a letter may precede it.
    open_start: bool,
    /// True if a letter may follow it.
    open_end: bool,
}

struct WordList {
    words: Vec<ListedWord>,
    automaton: Option<AhoCorasick>,
}

static WORDS: LazyLock<WordList> = LazyLock::new(WordList::of_all_languages);

/// Finds the words in a text in lower case, in the order of their ends.
pub(super) fn words_in(lower: &str) -> Vec<PayWord> {
    WORDS.hits(lower)
}

impl WordList {
    fn of_all_languages() -> Self {
        let lists = [
            (Meaning::Pay, PAY),
            (Meaning::OnTarget, ON_TARGET),
            (Meaning::NotPay, NOT_PAY),
            (Meaning::Extra, EXTRA),
            (Meaning::Topic, TOPIC),
        ];
        let periods = PERIODS
            .iter()
            .map(|(period, list)| (Meaning::Period(*period), *list));
        let (mut words, mut patterns) = (Vec::new(), Vec::new());
        for (meaning, list) in lists.into_iter().chain(periods) {
            for written in list.split('|') {
                words.push(ListedWord {
                    meaning,
                    open_start: written.starts_with('*'),
                    open_end: written.ends_with('*'),
                });
                patterns.push(written.trim_matches('*'));
            }
        }
        // Short constant patterns always make an automaton.
        let automaton = AhoCorasick::new(patterns).ok();
        Self { words, automaton }
    }

    fn hits(&self, lower: &str) -> Vec<PayWord> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        automaton
            .find_overlapping_iter(lower)
            .filter_map(|found| {
                let word = &self.words[found.pattern().as_usize()];
                let (start, end) = (found.start(), found.end());
                let is_word = (word.open_start || !ends_in_letter(&lower[..start]))
                    && (word.open_end || !begins_with_letter(&lower[end..]));
                is_word.then_some(PayWord {
                    meaning: word.meaning,
                    start,
                    end,
                })
            })
            .collect()
    }
}

fn ends_in_letter(text: &str) -> bool {
    text.ends_with(|sign: char| sign.is_alphanumeric())
}

fn begins_with_letter(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_alphanumeric())
}
