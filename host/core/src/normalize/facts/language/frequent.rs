//! The most frequent words of languages in Latin letters.
//!
//! They are articles, pronouns, prepositions and the like: a text of any subject is full of them.
//! Languages that a posting is rarely written in are listed too, since the text would otherwise be
//! taken for one in a related language.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::BitOr;
use std::sync::LazyLock;

/// A language and its words, separated by spaces. A capital letter is listed where the word often
/// begins a sentence.
pub(super) struct Frequent {
    /// `None` for words that several languages share, which are not told apart.
    pub(super) tag: Option<&'static str>,
    words: &'static str,
    /// Letters that no other language here has. Each word with one counts as a frequent word: Polish or
    /// Turkish says with endings what others say with small words.
    letters: &'static str,
}

impl Frequent {
    const fn new(tag: &'static str, words: &'static str) -> Self {
        let tag = Some(tag);
        Self {
            tag,
            words,
            letters: "",
        }
    }

    const fn letters(self, letters: &'static str) -> Self {
        Self { letters, ..self }
    }
}

pub(super) const LANGUAGES: [Frequent; 26] = [
    Frequent::new(
        "en",
        "the and of to with you your our are this that will from have for in is as or be on by at we an it not \
        their who can a all has The You Your Our We This",
    ),
    Frequent::new(
        "de",
        "und der die das den dem des ein eine einen einem einer mit für von zu zur zum im in auf ist sind du \
        dich dir dein deine deinen deiner wir uns unser unsere unserem unseren unserer sie ihr ihre ihren ihrer als auch bei \
        oder nicht sich an aus werden wird sowie nach über durch haben hast bist dass am bis Du Wir Sie Die Das Der Ihre \
        Deine Unser In Als Mit",
    ).letters("ß"),
    Frequent::new(
        "fr",
        "le la les des du de et en un une pour dans avec vous nous votre vos notre nos est sont sur au aux par \
        que qui ou à ce cette ces plus être avez se sa son Vous Nous Le La Les En",
    ),
    Frequent::new(
        "es",
        "el la los las de del y en un una con para por que se su sus es son como más tu tus al lo nos nuestro \
        nuestra nuestros nuestras o a El La Los En",
    ).letters("ñ"),
    Frequent::new(
        "it",
        "il lo la i gli le di del della dei delle dell e un una con per che in da al alla nel nella è sono si \
        tuo tua più come non o ai dal a nostri nostro nostra Il La",
    ),
    Frequent::new(
        "nl",
        "de het een en van in op met voor je jouw wij we ons onze jij jou zijn is aan te dat die als bij of om \
        naar ook niet door uit wat heb bent hebt tot Je Wij De Het Als",
    ),
    Frequent::new(
        "pt",
        "o a os as de do da dos das e em no na nos nas um uma com para por que se você seu sua seus suas são \
        como mais ao à não é ou nosso nossa nossos O A Você",
    ),
    Frequent::new(
        "ca",
        "el la els les de i en un una amb per que es del dels al als són més com tu o a nostre nostra nostres \
        teu teva és El La Els",
    ),
    Frequent::new(
        "ro",
        "și şi de la în cu pe un o să din pentru care sau este sunt că mai ale al a ai nostru noastră noștri \
        prin cel cea",
    ).letters("țș"),
    Frequent::new(
        "sv",
        "och att det som en ett med för på av är till i du vi din ditt dina vår vårt våra har kan inte eller \
        om den de oss ska vill samt hos från dig Du Vi Som",
    ),
    Frequent::new(
        "da",
        "og at det som en et med for på af er til i du vi din dit dine vores har kan ikke eller om den de os \
        skal vil også hos være fra dig samt Du Vi Som",
    ),
    Frequent::new(
        "nb",
        "og å det som en et med for på av er til i du vi din ditt dine vår vårt våre har kan ikke eller om den \
        de oss skal vil også hos være fra deg samt Du Vi Som",
    ),
    Frequent::new(
        "fi",
        "ja on ei se että tai sekä ovat olet sinulla mutta myös kuin joka jotka ole voit meillä sinun meidän \
        kanssa sinua jossa olla meille uusia hyvä hyvän paljon jo kun työ",
    ),
    Frequent::new(
        "et",
        "ja on ei et või ning kui mis oma ka see meie sinu kes kõik sa me seda oled ole",
    ),
    Frequent::new(
        "pl",
        "i w z na do się nie to jest dla oraz o od jako że lub po za przez są jak nas ze co czy a przy Twoje już dużo",
    ).letters("łśźżń"),
    Frequent::new(
        "cs",
        "a v na se s z do je že pro o k i jsou nebo za jako ve jsme si po by co pod u tě jsi",
    ).letters("řěů"),
    Frequent::new(
        "sk",
        "a v na sa s z do je že pre o k i sú alebo za ako vo sme si po by čo pod u ťa vás",
    ).letters("ľŕĺ"),
    Frequent::new(
        "sl",
        "in je na se za z s v da ki so bo ali kot pri o iz po od si smo vas več",
    ),
    // Bosnian, Croatian, Montenegrin and Serbian.
    Frequent {
        tag: None,
        words: "i u na za je se da su s sa od koji koja ili kao što će o iz po do te", letters: "",
    },
    Frequent::new(
        "hu",
        "a az és egy hogy nem is van vagy meg ha de ezt mint A Az",
    ).letters("őű"),
    Frequent::new(
        "tr",
        "ve bir bu için ile da de olarak olan veya en gibi daha çok kadar",
    ).letters("ğı"),
    Frequent::new("lt", "ir į su kad yra iš ar bei kaip tai o ne už mūsų").letters("ėįų"),
    Frequent::new("lv", "un ar ir par no ka uz kas vai pie kā lai mūsu tev").letters("ļņģķ"),
    Frequent::new(
        "id",
        "dan yang di untuk dengan dari dalam pada ini kami anda atau akan",
    ),
    Frequent::new(
        "vi",
        "và của các có là cho với trong được những một để không tại và",
    ).letters("ơưạảấầậắặẹếềểệịọốồổộớờởợụủứừữựỹ"),
    Frequent::new(
        "af",
        "die en van in is om te vir op met wat sal jy jou ons as aan by dat nie het word",
    ),
];

/// A set of languages: the bit of each is its place among [`LANGUAGES`].
pub(super) type LanguageSet = u32;

static BY_WORD: LazyLock<HashMap<u64, LanguageSet, BuildHasherDefault<Spread>>> =
    LazyLock::new(|| {
        let mut by_word = HashMap::<u64, LanguageSet, _>::default();
        for (at, language) in LANGUAGES.iter().enumerate() {
            for key in language.words.split(' ').filter_map(key) {
                *by_word.entry(key).or_default() |= 1 << at;
            }
        }
        by_word
    });

static BY_LETTER: LazyLock<Vec<(char, LanguageSet)>> = LazyLock::new(|| {
    let languages = LANGUAGES.iter().enumerate();
    let by_letter =
        languages.flat_map(|(at, language)| language.letters.chars().map(move |c| (c, 1 << at)));
    by_letter.collect()
});

/// A hasher of keys. It is quick, and its weakness does no harm: the words in the table are ours.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Returns the bytes of a word as a number; `None` if it has more than eight, which no word of the
/// table has.
fn key(word: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes
        .get_mut(..word.len())?
        .copy_from_slice(word.as_bytes());
    Some(u64::from_le_bytes(bytes))
}

/// Returns the languages of which a word is frequent, or whose letters it has; none for other words.
pub(super) fn languages_of(word: &str) -> LanguageSet {
    match key(word).and_then(|key| BY_WORD.get(&key)) {
        Some(languages) => *languages,
        None if word.is_ascii() => 0,
        None => word.chars().map(with_letter).fold(0, LanguageSet::bitor),
    }
}

fn with_letter(letter: char) -> LanguageSet {
    let mut by_letter = BY_LETTER.iter();
    let found = by_letter.find(|(of_language, _)| *of_language == letter);
    found.map_or(0, |(_, languages)| *languages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found() {
        for (at, language) in LANGUAGES.iter().enumerate() {
            for word in language.words.split_whitespace() {
                assert!(languages_of(word) & (1 << at) != 0, "{word}");
            }
        }
        for word in ["", "xylophone", "unbekannt"] {
            assert_eq!(languages_of(word), 0, "{word}");
        }
    }
}
