//! The languages that have letters of their own.

/// The languages that the letters of a sample permit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ByLetters {
    /// Almost all letters are Latin, so that the words decide.
    Latin,
    /// Only this language is written in these letters.
    Tag(&'static str),
    /// There are letters of several languages, or of one that is not told apart from others.
    Unclear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Arabic,
    Cyrillic,
    Greek,
    Han,
    Hangul,
    Hebrew,
    Kana,
    Thai,
    Other,
}

/// Letters of Persian, Urdu and Kurdish that Arabic does not have.
const NOT_ARABIC: [char; 10] = ['پ', 'چ', 'ژ', 'گ', 'ک', 'ی', 'ے', 'ں', 'ہ', 'ۆ'];

/// Letters that Russian, Ukrainian and Bulgarian do not have.
const OTHER_CYRILLIC: [char; 18] = [
    'ў', 'ј', 'љ', 'њ', 'ћ', 'ђ', 'џ', 'ѓ', 'ќ', 'ѕ', 'қ', 'ғ', 'ң', 'ұ', 'ә', 'ө', 'ү', 'ҳ',
];

/// Returns what the letters of a sample say.
pub(super) fn by_letters(sample: &str) -> ByLetters {
    // This is quick, and true for almost all texts in Latin letters.
    let other_bytes = sample.bytes().filter(|byte| !byte.is_ascii()).count();
    if other_bytes * 8 < sample.len() {
        return ByLetters::Latin;
    }

    let letters = sample.chars().filter(|c| c.is_alphabetic());
    let scripts: Vec<Script> = letters.map(Script::of).collect();
    let count = |script| scripts.iter().filter(|of| **of == script).count();
    let others = scripts.len() - count(Script::Latin);
    if others * 10 <= scripts.len() {
        return ByLetters::Latin;
    }
    // English words are frequent in Japanese and Korean texts.
    if others * 3 < scripts.len() {
        return ByLetters::Unclear;
    }
    let almost_all = |count: usize| count * 10 >= others * 9;
    let is_in = |script| almost_all(count(script));

    let (han, kana) = (count(Script::Han), count(Script::Kana));
    let tag = match () {
        () if almost_all(han + kana) && kana * 10 >= others => Some("ja"),
        () if almost_all(han) && kana == 0 => Some("zh"),
        () if is_in(Script::Hangul) => Some("ko"),
        () if is_in(Script::Greek) => Some("el"),
        () if is_in(Script::Hebrew) => Some("he"),
        () if is_in(Script::Thai) => Some("th"),
        () if is_in(Script::Arabic) => (!sample.contains(NOT_ARABIC)).then_some("ar"),
        () if is_in(Script::Cyrillic) => in_cyrillic(sample),
        () => None,
    };
    tag.map_or(ByLetters::Unclear, ByLetters::Tag)
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Self::Latin,
            '\u{370}'..='\u{3ff}' => Self::Greek,
            '\u{400}'..='\u{52f}' => Self::Cyrillic,
            '\u{590}'..='\u{5ff}' => Self::Hebrew,
            '\u{600}'..='\u{6ff}' => Self::Arabic,
            '\u{e00}'..='\u{e7f}' => Self::Thai,
            '\u{3040}'..='\u{30ff}' => Self::Kana,
            '々' | '\u{4e00}'..='\u{9fff}' => Self::Han,
            '\u{ac00}'..='\u{d7a3}' => Self::Hangul,
            _ => Self::Other,
        }
    }
}

/// Returns the language of a text in Cyrillic letters, by those that the other languages lack.
fn in_cyrillic(text: &str) -> Option<&'static str> {
    if text.contains(OTHER_CYRILLIC) {
        return None;
    }
    let is_russian = text.contains(['ы', 'э', 'ё']);
    let is_ukrainian = text.contains(['і', 'ї', 'є', 'ґ']);
    match (is_russian, is_ukrainian) {
        (true, false) => Some("ru"),
        (false, true) => Some("uk"),
        (false, false) if text.contains('ъ') => Some("bg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_one_language_name_it() {
        for (text, tag) in [
            ("Мы ищем разработчика в нашу команду", "ru"),
            ("Ми шукаємо розробника до нашої команди", "uk"),
            ("Търсим програмист за нашия екип", "bg"),
            ("Αναζητούμε προγραμματιστή για την ομάδα μας", "el"),
            ("אנו מחפשים מפתח לצוות שלנו", "he"),
            ("نبحث عن مطور برامج لفريقنا", "ar"),
            ("เรากำลังมองหานักพัฒนา", "th"),
            ("チームの開発者を募集しています", "ja"),
            ("Rust の開発者を募集しています", "ja"),
            ("我们正在招聘开发人员", "zh"),
            ("저희 팀에서 개발자를 찾습니다", "ko"),
        ] {
            assert_eq!(by_letters(text), ByLetters::Tag(tag), "{text}");
        }
    }

    #[test]
    fn letters_of_several_languages_are_unclear() {
        for text in [
            "Тражимо програмера за наш тим, ради од куће, љубазан",
            "Мы шукаем распрацоўшчыка ў нашу каманду",
            "Мы шукаем чалавека, які любіць працу",
            "我们正在招聘开发人员，参与新工具の设计与开发工作",
            "ما به دنبال یک برنامه‌نویس هستیم",
            "हम एक डेवलपर की तलाश में हैं",
            "Wir suchen Entwickler. Мы ищем их.",
            "我们正在招聘。저희 팀에서 개발자를 찾습니다",
        ] {
            assert_eq!(by_letters(text), ByLetters::Unclear, "{text}");
        }
    }

    #[test]
    fn accents_and_single_foreign_letters_leave_a_text_latin() {
        for text in [
            "Přeložíme žádosti všech čtenářů",
            "The α and β of the portfolio are measured daily",
            "",
        ] {
            assert_eq!(by_letters(text), ByLetters::Latin, "{text}");
        }
    }
}
