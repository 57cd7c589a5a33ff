//! Texts and the years that they ask for.

use proptest::prelude::*;

use super::years::{Years, years};

fn asked(text: &str) -> Option<(u8, Option<u8>)> {
    years(text).map(|Years { min, max }| (min, max))
}

#[test]
fn a_number_of_years_of_experience_is_asked_for() {
    for (text, min, max) in [
        ("You have 3+ years of experience in Rust.", 3, None),
        ("- 5 years of experience", 5, None),
        ("- at least five years of professional experience", 5, None),
        ("Minimum of 7 years’ experience in finance", 7, None),
        ("Minimum 2 yrs experience", 2, None),
        ("3-5 years of relevant experience", 3, Some(5)),
        ("3 to 5 years' experience", 3, Some(5)),
        ("Between 2 and 4 years of experience", 2, Some(4)),
        ("2–4 years experience", 2, Some(4)),
        ("8-10+ years of experience in audit", 8, None),
        ("five (5) or more years of experience", 5, None),
        ("Five (5) years of experience", 5, None),
        ("more than 6 years of work experience", 6, None),
        ("> 4 years of experience", 4, None),
        ("up to 2 years of experience", 0, Some(2)),
        ("0-1 years of experience", 0, Some(1)),
        ("10+ YEARS of EXPERIENCE", 10, None),
        ("a 3-year track record of experience in sales", 3, None),
        ("Experience: 4+ years", 4, None),
        ("Experience (minimum 4 years) with SQL", 4, None),
        (
            "experience of at least three years in a laboratory",
            3,
            None,
        ),
        (
            "Bachelor's degree and 6 years of related experience",
            6,
            None,
        ),
        (
            "We are looking for someone with 5+ years of experience.",
            5,
            None,
        ),
        ("Our ideal candidate has 5+ years of experience.", 5, None),
        ("Intro\n- 6+ years in performance marketing", 6, None),
        ("Intro\n- 4+ years building distributed systems", 4, None),
        ("Intro\n- Minimum 3 years as a nurse", 3, None),
        ("Intro\n- 3-6 years working with clients", 3, Some(6)),
        ("1 year of experience in retail", 1, None),
        ("one year of experience in retail", 1, None),
        ("3 years of experience, ideally in logistics", 3, None),
        (
            "4+ years of experience (SaaS experience preferred)",
            4,
            None,
        ),
        (
            "12 years of experience required, audit experience desired",
            12,
            None,
        ),
    ] {
        assert_eq!(asked(text), Some((min, max)), "{text}");
    }
}

#[test]
fn years_of_experience_are_read_in_several_languages() {
    for (text, min, max) in [
        ("2-4 Jahre Berufserfahrung", 2, Some(4)),
        ("Mindestens drei Jahre Berufserfahrung im Einkauf", 3, None),
        ("mind. 2 Jahre Erfahrung", 2, None),
        ("Du hast 1 bis 3 Jahre Erfahrung gesammelt", 1, Some(3)),
        ("Berufserfahrung von mindestens 5 Jahren", 5, None),
        ("3-jährige Berufserfahrung", 3, None),
        ("mehr als 5 Jahre Praxis als Elektriker", 5, None),
        ("Wir suchen dich mit 4 Jahren Erfahrung", 4, None),
        ("Vous avez 5 ans d'expérience en vente", 5, None),
        ("au moins 3 ans d’expérience", 3, None),
        ("3 à 5 ans d'expérience", 3, Some(5)),
        ("Expérience de 2 ans minimum", 2, None),
        ("deux années d'expérience", 2, None),
        ("Al menos 3 años de experiencia", 3, None),
        ("2 a 4 años de experiencia", 2, Some(4)),
        ("experiencia mínima de 2 años", 2, None),
        ("Almeno 3 anni di esperienza", 3, None),
        ("Esperienza di 5 anni nel ruolo", 5, None),
        ("minimaal 3 jaar ervaring", 3, None),
        ("2 tot 5 jaar werkervaring", 2, Some(5)),
        ("Pelo menos 4 anos de experiência", 4, None),
        ("Experiência de 2 anos em vendas", 2, None),
        ("Co najmniej 3 lata doświadczenia", 3, None),
        ("minimum 5 lat doświadczenia", 5, None),
        ("Minst 3 års erfarenhet", 3, None),
        ("minst två års erfarenhet av försäljning", 2, None),
        ("관련 경력 3년 이상", 3, None),
        ("経験3年以上", 3, None),
    ] {
        assert_eq!(asked(text), Some((min, max)), "{text}");
    }
}

#[test]
fn other_years_are_not_experience() {
    for text in [
        "",
        "Experience with Rust",
        "several years of experience",
        "many years of experience",
        "mehrjährige Berufserfahrung",
        "You are at least 18 years old.",
        "Applicants of 18 years of age with experience",
        "With 10 years of company history we are experienced.",
        "We have 15 years of experience in recycling.",
        "Our team has 12 years of experience in this market.",
        "With over 15 years of experience, Acme builds pumps.",
        "Mit über 15 Jahren Erfahrung, sind wir Marktführer.",
        "Wir haben 10 Jahre Erfahrung in der Branche.",
        "Die Firma verbindet 12 Jahre Erfahrung mit Elan.",
        "40 years of experience",
        "Founded 12 years ago by experienced engineers",
        "a sabbatical after 5 years of service",
        "Over the last 5 years, our customers' experience has improved",
        "in the past 3 years we gained experience",
        "in den nächsten 5 Jahren wächst die Erfahrung",
        "depuis 8 ans notre expérience",
        "2-year fixed-term contract; experience a plus",
        "a 3 year warranty",
        "4-year degree or equivalent experience",
        "25 days of vacation per year",
        "$90,000 - $120,000/year depending on experience",
        "Founded in 2015 years of experience followed",
        "1.5 years of experience",
        "10 years of experience preferred",
        "Ideally 5 years of experience",
        "Idealerweise 3 Jahre Berufserfahrung",
        "6 months to 1 year of experience",
        "a 5-year plan for growth",
    ] {
        assert_eq!(asked(text), None, "{text}");
    }
}

#[test]
fn of_several_numbers_the_highest_one_that_is_required_applies() {
    for (text, min, max) in [
        (
            "- 2+ years of Rust experience\n- 5+ years of experience in software",
            5,
            None,
        ),
        (
            "- 5+ years of experience\n- 3-4 years of experience with SQL",
            5,
            None,
        ),
        (
            "- 3 years of experience\nPreferred qualifications\n- 8 years of experience",
            3,
            None,
        ),
        (
            "- 2 years of experience\nNice to have\n- 5 years of experience\nRequired\n- 4 years of experience",
            4,
            None,
        ),
        (
            "8 years of experience, or a Master's degree and 6 years of experience",
            6,
            None,
        ),
        (
            "6 years of experience with a PhD or 9 years of experience with a bachelor's degree",
            6,
            None,
        ),
    ] {
        assert_eq!(asked(text), Some((min, max)), "{text}");
    }
}

#[test]
fn only_the_bytes_around_a_number_are_read() {
    let far = " and".repeat(40);
    for (text, min) in [
        ("experience and 5 years".to_owned(), Some(5)),
        (format!("experience{far} 5 years"), None),
        ("5 years and experience".to_owned(), Some(5)),
        (format!("5 years{far} experience"), None),
        (format!("5{}years of experience", " ".repeat(60)), Some(5)),
        (format!("5{}years of experience", " ".repeat(70)), None),
    ] {
        assert_eq!(asked(&text).map(|(min, _)| min), min, "{text}");
    }
}

#[test]
fn only_two_hundred_numbers_are_read() {
    let line = "2 years of experience\n";
    for (count, min) in [(199, 9), (200, 2)] {
        let text = line.repeat(count) + "9 years of experience";
        assert_eq!(asked(&text), Some((min, None)), "{count}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "\\PC*") {
        years(&text);
    }

    #[test]
    fn words_of_numbers_in_any_order_are_read(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "5", "(", ")", "+", "-", "years", "five", "to", "experience", "İ", "at least", "\n", "年以上", "Jahre", ". ",
            ]),
            0..60,
        ),
        space in prop::bool::ANY,
    ) {
        let found = years(&words.join(if space { " " } else { "" }));
        let is_range = |years: Years| years.max.is_none_or(|max| max > years.min);
        prop_assert!(found.is_none_or(is_range));
    }
}
