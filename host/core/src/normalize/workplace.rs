//! The workplace, derived from a place or a title if the board has no field for it.
//!
//! Only a plain mark counts: `Remote`, `Remote - US`, `Berlin (Hybrid)`, `US, Remote`. The result
//! is `None` for several words (`Remote or Hybrid`), conditions (`remote possible`), negations, and
//! lists of places of which one is remote (`NYC, SF, Remote`). It is also `None` for a title that
//! merely contains the word (`Remote Sensing Engineer`).

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::job::{Location, Workplace};

/// The words, in the spellings that boards use. `home office` is not among them: in the United
/// States it is a headquarters.
const MARKS: [(&str, Workplace); 27] = [
    ("remote", Workplace::Remote),
    ("homeoffice", Workplace::Remote),
    ("im homeoffice", Workplace::Remote),
    ("télétravail", Workplace::Remote),
    ("en télétravail", Workplace::Remote),
    ("teletrabajo", Workplace::Remote),
    ("telelavoro", Workplace::Remote),
    ("remoto", Workplace::Remote),
    ("en remoto", Workplace::Remote),
    ("da remoto", Workplace::Remote),
    ("in remoto", Workplace::Remote),
    ("zdalnie", Workplace::Remote),
    ("praca zdalna", Workplace::Remote),
    ("work from home", Workplace::Remote),
    ("hybrid", Workplace::Hybrid),
    ("hybride", Workplace::Hybrid),
    ("híbrido", Workplace::Hybrid),
    ("ibrido", Workplace::Hybrid),
    ("onsite", Workplace::OnSite),
    ("on-site", Workplace::OnSite),
    ("on site", Workplace::OnSite),
    ("in-office", Workplace::OnSite),
    ("in office", Workplace::OnSite),
    ("vor ort", Workplace::OnSite),
    ("sur site", Workplace::OnSite),
    ("presencial", Workplace::OnSite),
    ("op locatie", Workplace::OnSite),
];

/// Finds any of the words. Most places and titles have none and need no reading.
static ANY_MARK: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(MARKS.map(|(mark, _)| mark)).ok());

/// Words before a mark that only stress it: `Fully Remote`, `100% Remote`.
const STRESSES: [&str; 6] = [
    "fully ",
    "100% ",
    "100 % ",
    "completely ",
    "entirely ",
    "full ",
];

/// Words that make a mark next to them uncertain.
const DOUBTS: &str = "available before dagen day days días eligible except first flexible friendly giorni initially \
    jour jours later maybe möglich no non not occasional occasionally occasionnel oder ok option optional or ou \
    parcial parfois partial partially partiel partielle partly parziale posible possibile possible potential semi \
    sometimes tag tage teilweise temporarily temporary";

/// Countries and wider regions. A workplace is never a region, so a region next to a mark limits
/// the place to work from. A city could be an alternative instead.
const REGIONS: &str = "africa|americas|apac|argentina|asia|australia|austria|belgique|belgium|brasil|brazil|bulgaria|canada|chile|\
    china|colombia|costa rica|croatia|czech republic|czechia|denmark|deutschland|emea|england|estonia|eu|europe|european union|\
    finland|france|germany|global|greece|hungary|india|indonesia|ireland|israel|italia|italy|japan|kenya|latam|\
    latin america|latvia|lithuania|malaysia|mexico|nederland|netherlands|new zealand|nigeria|north america|norway|peru|\
    philippines|poland|polska|portugal|romania|schweiz|scotland|serbia|slovakia|slovenia|south africa|south america|south korea|\
    spain|suisse|sverige|sweden|switzerland|taiwan|thailand|turkey|u.k.|u.s.|u.s.a.|uk|ukraine|united kingdom|united states|us|usa|\
    vietnam|worldwide";

const DASHES: [char; 3] = ['-', '–', '—'];

/// Returns the combined statement of a title and the places; `None` if they say nothing, are
/// unclear, or contradict each other.
pub fn workplace(title: &str, locations: &[Location]) -> Option<Workplace> {
    match in_places(locations).or(in_title(title)) {
        Reading::Says(workplace) => Some(workplace),
        Reading::Silent | Reading::Mentions | Reading::Unclear => None,
    }
}

/// The statement of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The text has none of the words.
    Silent,
    /// The text has one of the words, but not as a mark.
    Mentions,
    /// The text makes several statements, or a conditional one.
    Unclear,
    /// The text makes one plain statement.
    Says(Workplace),
}

impl Reading {
    /// Combines two statements, either of which may be silent.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Silent | Self::Mentions, said) | (said, Self::Silent | Self::Mentions) => said,
            _ if self == other => self,
            _ => Self::Unclear,
        }
    }
}

/// The forms that count as a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Also `Remote: Berlin`, `Texas-Remote`, `Remote (Berlin)`, `Remote within commuting
    /// distance`.
    Place,
    /// Only the word alone or next to a region: the rest of a title names the work.
    Title,
}

/// Returns the statement of the places. All must agree: with Berlin next to a remote place, the job
/// may be in either. A bare mention in one place makes the result unclear.
fn in_places(locations: &[Location]) -> Reading {
    let places = locations
        .iter()
        .flat_map(|location| location.name.split(';'));
    let readings = places
        .filter(|place| !place.trim().is_empty())
        .map(|place| match read(place, Form::Place) {
            Reading::Mentions => Reading::Unclear,
            reading => reading,
        });

    let agreed = readings.reduce(|one, other| if one == other { one } else { Reading::Unclear });
    agreed.unwrap_or(Reading::Silent)
}

/// Returns the statement of a title, from its parts in brackets or separated by a dash or bar.
fn in_title(title: &str) -> Reading {
    if !may_have_mark(&title.to_lowercase()) {
        return Reading::Silent;
    }
    let mut barred = title.replace(['(', ')', '[', ']'], "|");
    for dash in [" - ", " – ", " — "] {
        barred = barred.replace(dash, "|");
    }

    let parts: Vec<&str> = barred
        .split('|')
        .filter(|part| !part.trim().is_empty())
        .collect();

    // No part is separated.
    if parts.len() == 1 {
        return Reading::Silent;
    }
    let readings = parts.into_iter().map(|part| read(part, Form::Title));
    readings.fold(Reading::Silent, Reading::or)
}

fn read(text: &str, form: Form) -> Reading {
    let lower = text.trim().to_lowercase();
    if !may_have_mark(&lower) {
        return Reading::Silent;
    }
    let lower = without_stress(lower);

    let mut mentioned = MARKS
        .iter()
        .filter(|(mark, _)| has_word(&lower, mark))
        .map(|&(_, workplace)| workplace);
    let Some(workplace) = mentioned.next() else {
        return Reading::Silent;
    };
    if mentioned.any(|other| other != workplace) || has_doubt(text) {
        return Reading::Unclear;
    }

    let is_mark = |mark| leads(&lower, mark, form) || ends(&lower, mark, form);
    if MARKS.iter().any(|(mark, _)| is_mark(mark)) {
        Reading::Says(workplace)
    } else {
        Reading::Mentions
    }
}

/// Returns true if a lower-case text has one of the words, even as a part of another word.
fn may_have_mark(lower: &str) -> bool {
    ANY_MARK.as_ref().is_none_or(|marks| marks.is_match(lower))
}

/// Returns a lower-case text with `remote` in place of `fully remote`, and the same for other marks.
fn without_stress(text: String) -> String {
    let begins_with_mark = |rest: &str| MARKS.iter().any(|(mark, _)| rest.starts_with(mark));
    for stress in STRESSES {
        let stressed = text.split_once(stress);
        if let Some((before, mark)) = stressed
            && begins_with_mark(mark)
            && !before.ends_with(char::is_alphanumeric)
        {
            return format!("{before}{mark}");
        }
    }
    text
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Returns true if the text has one of the words of doubt. `OR` and `NO` in capitals are Oregon and
/// Norway.
fn has_doubt(text: &str) -> bool {
    let is_code = |word: &str| word.len() == 2 && word.bytes().all(|b| b.is_ascii_uppercase());
    let is_doubt = |word: &str| {
        DOUBTS
            .split(' ')
            .any(|doubt| doubt.eq_ignore_ascii_case(word))
    };

    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| !is_code(word) && is_doubt(word))
}

/// Returns true if the mark is at the beginning and applies to what follows.
fn leads(text: &str, mark: &str, form: Form) -> bool {
    let Some(rest) = text.strip_prefix(mark) else {
        return false;
    };

    let follows = rest.trim_start();
    if follows.is_empty() {
        return true;
    }
    if let Some(list) = follows.strip_prefix(',') {
        return are_regions(list);
    }

    if let Some(list) = follows.strip_prefix('/') {
        return are_regions(list);
    }

    let is_spaced = rest.len() > follows.len();
    if form == Form::Place {
        if let Some(place) = follows.strip_prefix(DASHES) {
            return is_spaced || !place.contains(',');
        }
        if introduces_place(follows, is_spaced) {
            return true;
        }
    }
    is_spaced && are_regions(follows)
}

/// Returns true if the text after a mark limits the place: `: Berlin`, `(Berlin)`, `within
/// commuting distance`.
fn introduces_place(follows: &str, is_spaced: bool) -> bool {
    let in_brackets = follows.starts_with(['(', '[']) && follows.ends_with([')', ']']);
    let mut prepositions = ["in ", "within ", "from "].iter();

    in_brackets
        || follows.starts_with([':', '|'])
        || (is_spaced && prepositions.any(|word| follows.starts_with(word)))
}

/// Returns true if the mark is at the end and applies to what precedes it.
fn ends(text: &str, mark: &str, form: Form) -> bool {
    if let Some(inner) = text.strip_suffix([')', ']']) {
        return inner
            .strip_suffix(mark)
            .is_some_and(|head| head.ends_with(['(', '[']));
    }

    let Some(head) = text.strip_suffix(mark) else {
        return false;
    };

    let precedes = head.trim_end();
    if let Some(list) = precedes.strip_suffix(',') {
        // This accepts `California, USA, Remote`, but not a list of cities.
        let mut parts = list.rsplit(',');
        return parts.next().is_some_and(are_regions) && parts.count() <= 1;
    }

    if let Some(list) = precedes.strip_suffix('/') {
        return are_regions(list);
    }
    if form == Form::Place
        && let Some(place) = precedes.strip_suffix(DASHES)
    {
        return place.ends_with(' ') || !place.contains(',');
    }
    head.len() > precedes.len() && are_regions(precedes)
}

/// Returns true if a text names regions and nothing else: `US`, `the UK`, `US/Canada`, `France and
/// Spain`.
fn are_regions(text: &str) -> bool {
    let is_region = |part: &str| {
        let name = part.trim();
        let name = name.strip_prefix("the ").unwrap_or(name);
        REGIONS.split('|').any(|region| region == name)
    };

    let listed = text.replace(" and ", "/");
    listed.split(['/', '|', '&', ',']).all(is_region)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_places(names: &[&str]) -> Option<Workplace> {
        of_title("Engineer", names)
    }

    fn of_title(title: &str, names: &[&str]) -> Option<Workplace> {
        let place = |name: &&str| Location {
            name: (*name).to_owned(),
            city: None,
            region: None,
            country: None,
        };
        workplace(title, &names.iter().map(place).collect::<Vec<_>>())
    }

    #[test]
    fn a_plain_mark_in_a_place_determines_the_workplace() {
        for (name, workplace) in [
            ("Remote", Workplace::Remote),
            ("REMOTE ", Workplace::Remote),
            ("Remote - US", Workplace::Remote),
            ("Remote – British Columbia, Canada", Workplace::Remote),
            ("Remote - Portland, OR", Workplace::Remote),
            ("Remote: Germany", Workplace::Remote),
            ("Remote (US/Canada)", Workplace::Remote),
            ("Remote, US", Workplace::Remote),
            ("Remote US", Workplace::Remote),
            ("Remote in the US", Workplace::Remote),
            ("Remote within US and Canada", Workplace::Remote),
            ("US Remote", Workplace::Remote),
            ("US-Remote", Workplace::Remote),
            ("Texas-Remote", Workplace::Remote),
            ("Austin, TX - Remote", Workplace::Remote),
            ("California, USA, Remote", Workplace::Remote),
            ("Berlin, Germany (Remote)", Workplace::Remote),
            ("Remote - California; Remote - New York", Workplace::Remote),
            ("Hybrid", Workplace::Hybrid),
            ("Hybrid (Berlin)", Workplace::Hybrid),
            (
                "Hybrid - San Francisco, New York City, Austin",
                Workplace::Hybrid,
            ),
            ("On-site", Workplace::OnSite),
            ("Onsite - Zürich", Workplace::OnSite),
            ("Wien (on site)", Workplace::OnSite),
            ("In-Office", Workplace::OnSite),
            ("Fully Remote", Workplace::Remote),
            ("Fully remote - Germany", Workplace::Remote),
            ("100% Remote", Workplace::Remote),
            ("100 % remote", Workplace::Remote),
            ("Full remote", Workplace::Remote),
            ("Completely Remote (US)", Workplace::Remote),
            ("Berlin (100% remote)", Workplace::Remote),
            ("Germany - fully remote", Workplace::Remote),
            ("Remote/US", Workplace::Remote),
            ("Remote / Germany", Workplace::Remote),
            ("EMEA/Remote", Workplace::Remote),
            ("Work from home", Workplace::Remote),
            ("Homeoffice", Workplace::Remote),
            ("100% Homeoffice", Workplace::Remote),
            ("Homeoffice (Deutschland)", Workplace::Remote),
            ("Télétravail", Workplace::Remote),
            ("Télétravail - France", Workplace::Remote),
            ("100% télétravail", Workplace::Remote),
            ("Paris (télétravail)", Workplace::Remote),
            ("Remoto", Workplace::Remote),
            ("Remoto - España", Workplace::Remote),
            ("100% remoto", Workplace::Remote),
            ("Da remoto", Workplace::Remote),
            ("Teletrabajo", Workplace::Remote),
            ("Praca zdalna", Workplace::Remote),
            ("Remote, Deutschland", Workplace::Remote),
            ("Hybride", Workplace::Hybrid),
            ("Lyon (hybride)", Workplace::Hybrid),
            ("Híbrido - Madrid", Workplace::Hybrid),
            ("Milano (ibrido)", Workplace::Hybrid),
            ("Vor Ort", Workplace::OnSite),
            ("Lille (sur site)", Workplace::OnSite),
            ("Presencial - Lisboa", Workplace::OnSite),
        ] {
            assert_eq!(of_places(&[name]), Some(workplace), "{name}");
        }
    }

    #[test]
    fn an_unclear_place_leaves_the_workplace_unknown() {
        for name in [
            "",
            "Berlin",
            "Remote or Hybrid",
            "Hybrid; In-Office",
            "Distributed; Hybrid",
            "Remote / On-site",
            "not remote",
            "Non-remote",
            "Remote: no",
            "Remote possible",
            "Berlin (remote possible)",
            "Remote-first",
            "partially remote",
            "SF, NYC, remote",
            "Remote US, SF, SEA",
            "Remote-US, SF",
            "Chicago, US-Remote",
            "Chicago, Remote",
            "Paris, London, Germany, Remote",
            "New York, San Francisco, or Remote (US/Canada)",
            "Finland; Remote - Denmark",
            "Remotely",
            "Remoteville",
            "Remote (2 days a week)",
            "Bangkok (One Bangkok Office)",
            "Remote first",
            "Fully distributed",
            "100% Berlin",
            "Remote/Berlin",
            "Berlin/Remote",
            "Remote/On-site",
            "Home Office",
            "Home Office - Minneapolis",
            "Homeoffice möglich",
            "teilweise Homeoffice",
            "Homeoffice (2 Tage)",
            "Télétravail partiel",
            "Télétravail possible",
            "Paris (2 jours de télétravail)",
            "Teletrabajo parcial",
            "Remoto o presencial",
            "Remotosa",
        ] {
            assert_eq!(of_places(&[name]), None, "{name}");
        }
    }

    #[test]
    fn all_places_must_agree() {
        assert_eq!(
            of_places(&["Remote - US", "Remote - Canada"]),
            Some(Workplace::Remote)
        );
        assert_eq!(of_places(&["Remote - US", "Berlin"]), None);
        assert_eq!(of_places(&["Remote", "Hybrid"]), None);
    }

    #[test]
    fn a_separated_mark_in_a_title_determines_the_workplace() {
        for (title, workplace) in [
            ("Data Engineer (Remote)", Some(Workplace::Remote)),
            ("Data Engineer (Remote - US)", Some(Workplace::Remote)),
            (
                "Reliability Engineer (Australia, Remote)",
                Some(Workplace::Remote),
            ),
            (
                "Golang Developer - Remote, Latin America",
                Some(Workplace::Remote),
            ),
            (
                "Engineer, Xet Storage - EMEA Remote",
                Some(Workplace::Remote),
            ),
            (
                "CRO Manager (m/w/d) - Remote (Vollzeit)",
                Some(Workplace::Remote),
            ),
            ("Remote | Data Engineer", Some(Workplace::Remote)),
            ("Maintenance Engineer II (Onsite)", Some(Workplace::OnSite)),
            ("Analyst [Hybrid]", Some(Workplace::Hybrid)),
            ("Data Engineer - Fully Remote", Some(Workplace::Remote)),
            ("Data Engineer | 100% Remote", Some(Workplace::Remote)),
            ("Buchhalter (Homeoffice)", Some(Workplace::Remote)),
            ("Développeur (télétravail)", Some(Workplace::Remote)),
            ("Engineer - Remote/US", Some(Workplace::Remote)),
            ("Engineer - Full Remote Control Systems", None),
            ("Homeoffice Solutions Manager", None),
            ("Remote Sensing Engineer", None),
            ("Engineer - Remote Sensing", None),
            ("Engineer - Hybrid-Cloud", None),
            ("Hybrid Cloud Engineer (m/w/d)", None),
            ("Account Director (Inside/Outside Hybrid Sales)", None),
            ("Engineer (Remote Eligible | Relocation)", None),
            ("Engineer (not remote)", None),
            ("Engineer (Remote or Hybrid)", None),
            ("Remote Office Assistant", None),
        ] {
            assert_eq!(of_title(title, &["Berlin"]), workplace, "{title}");
        }
    }

    #[test]
    fn title_and_places_must_not_contradict_each_other() {
        assert_eq!(of_title("Engineer (Hybrid)", &["Remote"]), None);
        assert_eq!(of_title("Engineer (Remote)", &["SF, NYC, Remote"]), None);
        assert_eq!(
            of_title("Hybrid Cloud Engineer", &["Remote - US"]),
            Some(Workplace::Remote)
        );
    }

    #[test]
    fn every_region_is_listed_in_the_form_of_the_lookup() {
        for region in REGIONS.split('|') {
            assert_eq!(
                of_places(&[&format!("Remote, {}", region.to_uppercase())]),
                Some(Workplace::Remote),
                "{region}"
            );
        }
    }
}
