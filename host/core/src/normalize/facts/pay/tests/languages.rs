//! Words for pay and periods in twelve languages.

use super::check;

#[test]
fn german_texts() {
    check(&[
        (
            "Gehalt: EUR 60.000 - 75.000 brutto/Jahr",
            &["60000..75000 EUR/year"],
        ),
        ("Jahresgehalt: 55.000 €", &["55000 EUR/year"]),
        (
            "Jahresbruttogehalt zwischen 55.000 und 65.000 €",
            &["55000..65000 EUR/year"],
        ),
        ("Vergütung von 15–17 €/Stunde", &["15..17 EUR/hour"]),
        (
            "Monatliche Vergütung von 1.200-2.160€",
            &["1200..2160 EUR/month"],
        ),
        ("Stundenlohn: 14 €", &["14 EUR/hour"]),
        ("Tagessatz: 650 €", &["650 EUR/day"]),
        (
            "Das Monatsgehalt beträgt 3.200 € brutto.",
            &["3200 EUR/month"],
        ),
        ("Bruttolohn: 2.800 Euro im Monat", &["2800 EUR/month"]),
        (
            "Wir zahlen ein Gehalt von 50.000 € pro Jahr",
            &["50000 EUR/year"],
        ),
        (
            "Ausbildungsvergütung: 1.050 € monatlich",
            &["1050 EUR/month"],
        ),
        ("Bruttojahresgehalt ab € 45.000,-", &["45000.. EUR/year"]),
        (
            "Mindestgehalt lt. KV: EUR 3.500,- brutto pro Monat",
            &["3500 EUR/month"],
        ),
        (
            "Lohn: Fr. 95'000.– bis 110'000.– pro Jahr",
            &["95000..110000 CHF/year"],
        ),
        ("Einstiegsgehalt: 48.000 € jährlich", &["48000 EUR/year"]),
    ]);
}

#[test]
fn french_texts() {
    check(&[
        (
            "Salaire : 40 000 € - 50 000 € par an",
            &["40000..50000 EUR/year"],
        ),
        (
            "Rémunération : 45-55 K€ brut annuel",
            &["45000..55000 EUR/year"],
        ),
        ("Salaire mensuel : 2 500 € brut", &["2500 EUR/month"]),
        ("Salaire : 2 500 € par mois", &["2500 EUR/month"]),
        ("Rémunération : 12 € / heure", &["12 EUR/hour"]),
        ("TJM : 550 €", &["550 EUR/day"]),
        (
            "Salaire annuel entre 38 000 € et 42 000 €",
            &["38000..42000 EUR/year"],
        ),
        ("Stage rémunéré 1 000 € / mois", &["1000 EUR/month"]),
        ("Salaire fixe de 40 à 45 K€", &["40000..45000 EUR/year"]),
        ("Gratification : 1 200 € par mois", &["1200 EUR/month"]),
    ]);
}

#[test]
fn spanish_and_portuguese_texts() {
    check(&[
        (
            "Salario: 30.000 € - 36.000 € brutos anuales",
            &["30000..36000 EUR/year"],
        ),
        (
            "Banda salarial: 30.000€ - 36.000€",
            &["30000..36000 EUR/year"],
        ),
        ("Sueldo: 2.000 € al mes", &["2000 EUR/month"]),
        ("Ofrecemos 2.500 €/mes netos", &["2500 EUR/month"]),
        ("Retribución: 12 € por hora", &["12 EUR/hour"]),
        (
            "Salario entre 30.000 € y 40.000 € al año",
            &["30000..40000 EUR/year"],
        ),
        ("Salario bruto anual: 28.000 €", &["28000 EUR/year"]),
        (
            "Remuneração: R$ 6.000 a R$ 8.000 por mês",
            &["6000..8000 BRL/month"],
        ),
        ("Salário: 1.500 € mensais", &["1500 EUR/month"]),
        ("Salário anual: 35.000 €", &["35000 EUR/year"]),
        ("Salário: R$ 50 por hora", &["50 BRL/hour"]),
    ]);
}

#[test]
fn italian_and_dutch_texts() {
    check(&[
        ("RAL: 35.000 - 45.000 €", &["35000..45000 EUR/year"]),
        (
            "Retribuzione: da 1.500 € a 2.000 € netti al mese",
            &["1500..2000 EUR/month"],
        ),
        ("Retribuzione: 1.800 € al mese", &["1800 EUR/month"]),
        ("Stipendio: 30.000 € lordi all'anno", &["30000 EUR/year"]),
        ("Retribuzione annua lorda: 32.000 €", &["32000 EUR/year"]),
        ("Compenso: 20 € all'ora", &["20 EUR/hour"]),
        (
            "Salaris: € 3.500 - € 4.500 bruto per maand",
            &["3500..4500 EUR/month"],
        ),
        ("Bruto jaarsalaris: € 55.000", &["55000 EUR/year"]),
        (
            "Maandsalaris tussen € 3.000 en € 4.000",
            &["3000..4000 EUR/month"],
        ),
        ("Salaris: €15 per uur", &["15 EUR/hour"]),
        ("Salaris vanaf € 40.000 per jaar", &["40000.. EUR/year"]),
    ]);
}

#[test]
fn polish_texts() {
    check(&[
        (
            "Wynagrodzenie: 15 000 – 20 000 PLN brutto / miesiąc",
            &["15000..20000 PLN/month"],
        ),
        ("Widełki: 120-150 PLN/h", &["120..150 PLN/hour"]),
        ("od 9000 zł brutto miesięcznie", &["9000.. PLN/month"]),
        ("Stawka: 130 zł za godzinę", &["130 PLN/hour"]),
        ("Zarobki 8000 zł netto miesięcznie", &["8000 PLN/month"]),
        ("Pensja: 180 000 zł rocznie", &["180000 PLN/year"]),
        (
            "Wynagrodzenie 20 000 - 25 000 PLN netto + VAT",
            &["20000..25000 PLN/?"],
        ),
    ]);
}

#[test]
fn nordic_texts() {
    check(&[
        (
            "Lön: 40 000 - 50 000 SEK i månaden",
            &["40000..50000 SEK/month"],
        ),
        ("Månadslön: 42 000 SEK", &["42000 SEK/month"]),
        ("Årslön: 600 000 SEK", &["600000 SEK/year"]),
        ("Timlön: 180 SEK", &["180 SEK/hour"]),
        ("Løn: 45.000 DKK om måneden", &["45000 DKK/month"]),
        ("Månedsløn: 45.000 DKK", &["45000 DKK/month"]),
        ("Årsløn: 550.000 DKK", &["550000 DKK/year"]),
        (
            "Lønn: 600 000 - 700 000 NOK per år",
            &["600000..700000 NOK/year"],
        ),
        ("Årslønn: NOK 650 000", &["650000 NOK/year"]),
        ("Timelønn: 250 NOK", &["250 NOK/hour"]),
        ("Lön: 35 000–42 000 kr/mån", &["35000..42000 SEK/month"]),
        (
            "Løn: 35.000-42.000 kr. pr. md. inkl. pension",
            &["35000..42000 DKK/month"],
        ),
        (
            "Stillingen lønnes fra kr 512 600 til kr 610 500 per år",
            &["512600..610500 NOK/year"],
        ),
        (
            "Palkkahaarukka on 4500-5500 euroa kuukaudessa",
            &["4500..5500 EUR/month"],
        ),
        ("Palkka: 3 500 € kuukaudessa", &["3500 EUR/month"]),
        ("Kuukausipalkka: 3 500 - 4 200 €", &["3500..4200 EUR/month"]),
        ("Palkka 4000 €/kk", &["4000 EUR/month"]),
        ("Tuntipalkka: 15 €", &["15 EUR/hour"]),
    ]);
}
