//! Numbers and currencies in the notations of many countries.

use super::check;

#[test]
fn thousands_are_separated_in_many_ways() {
    check(&[
        ("Salary: EUR 60000 - 75000", &["60000..75000 EUR/year"]),
        ("Salary: €60,000 - €75,000", &["60000..75000 EUR/year"]),
        ("Gehalt: 60.000 - 75.000 €", &["60000..75000 EUR/year"]),
        (
            "Gehalt: 60.000,00 € bis 75.000,00 €",
            &["60000..75000 EUR/year"],
        ),
        ("Salaire : 38 000 € - 45 000 €", &["38000..45000 EUR/year"]),
        (
            "Salaire : 38\u{a0}000\u{a0}€ à 45\u{a0}000\u{a0}€",
            &["38000..45000 EUR/year"],
        ),
        (
            "Salaire : 38\u{202f}000\u{202f}€ – 45\u{202f}000\u{202f}€",
            &["38000..45000 EUR/year"],
        ),
        (
            "Salaire : 38\u{2009}000 € – 45\u{2009}000 €",
            &["38000..45000 EUR/year"],
        ),
        ("Lohn: CHF 100'000 - 120'000", &["100000..120000 CHF/year"]),
        (
            "Lohn: CHF 100\u{2019}000.- bis 120\u{2019}000.-",
            &["100000..120000 CHF/year"],
        ),
        (
            "Salary: ₹12,00,000 - ₹18,00,000 per annum",
            &["1200000..1800000 INR/year"],
        ),
        (
            "Salary: INR 8,50,000 to 12,50,000 per year",
            &["850000..1250000 INR/year"],
        ),
        (
            "Salary range: $182,300.00 - $291,500.00 USD",
            &["182300..291500 USD/year"],
        ),
        (
            "Wynagrodzenie: 15 000 - 20 000 zł brutto miesięcznie",
            &["15000..20000 PLN/month"],
        ),
        ("Salary: £45 000 per annum", &["45000 GBP/year"]),
    ]);
}

#[test]
fn decimals_have_a_dot_or_a_comma() {
    check(&[
        ("Pay: £12.50 per hour", &["12.5 GBP/hour"]),
        ("Stundenlohn: 17,50 €", &["17.5 EUR/hour"]),
        ("Stundenlohn 15,5 € bis 17,5 €", &["15.5..17.5 EUR/hour"]),
        ("Salaire : 12,30 € brut de l'heure", &["12.3 EUR/hour"]),
        (
            "Rémunération : 35 000,00€ à 50 000,00€ par an",
            &["35000..50000 EUR/year"],
        ),
        ("Gehalt: 3.250,75 € pro Monat", &["3250.75 EUR/month"]),
        ("Salary: €62.5k per year", &["62500 EUR/year"]),
        ("Gehalt: 62,5k € pro Jahr", &["62500 EUR/year"]),
        ("Pay: $34.62/hour USD", &["34.62 USD/hour"]),
        // A digit may be missing.
        ("Compensation: $160,00 - $200,00 USD", &[]),
    ]);
}

#[test]
fn thousands_may_be_a_letter_or_a_word() {
    check(&[
        (
            "Salary: $150k–195k USD + equity",
            &["150000..195000 USD/year"],
        ),
        ("Salary: £30k - £55K", &["30000..55000 GBP/year"]),
        ("Salary: €58–65k", &["58000..65000 EUR/year"]),
        ("Salary: €58-€65k", &["58000..65000 EUR/year"]),
        ("Salary: 55 - 85k EUR", &["55000..85000 EUR/year"]),
        ("Salary: 55k-85 EUR", &["55000..85000 EUR/year"]),
        ("Salary: 70 k€ - 85 k€", &["70000..85000 EUR/year"]),
        ("Salaire : 45-55K€", &["45000..55000 EUR/year"]),
        (
            "Salaire : 45 à 55 K€ brut annuel",
            &["45000..55000 EUR/year"],
        ),
        ("Gehalt: 65-75 T€", &["65000..75000 EUR/year"]),
        (
            "Gehalt: 65 Tsd. € bis 75 Tsd. €",
            &["65000..75000 EUR/year"],
        ),
        (
            "Wynagrodzenie: 15-20 tys. zł miesięcznie",
            &["15000..20000 PLN/month"],
        ),
        ("Salary: 80 thousand euros a year", &["80000 EUR/year"]),
        ("Salary: $55,000 - $100K USD", &["55000..100000 USD/year"]),
        ("Salary: 1.5-2k EUR per month", &["1500..2000 EUR/month"]),
        ("Salary: CHF60k–CHF85k", &["60000..85000 CHF/year"]),
    ]);
}

#[test]
fn lakhs_are_read_where_they_are_clear() {
    check(&[
        ("CTC: 12-18 LPA", &["1200000..1800000 INR/year"]),
        ("Salary: 12 LPA - 18 LPA", &["1200000..1800000 INR/year"]),
        ("Salary: up to 25 LPA", &["..2500000 INR/year"]),
        (
            "Salary: ₹10 lakh - ₹15 lakh per annum",
            &["1000000..1500000 INR/year"],
        ),
        (
            "Salary: INR 20-30 lakhs per annum",
            &["2000000..3000000 INR/year"],
        ),
        (
            "Salary: ₹12L - ₹18L per year",
            &["1200000..1800000 INR/year"],
        ),
        ("Salary: Rs. 40,000 per month", &["40000 INR/month"]),
        ("Salary: Rs 6,00,000 per annum", &["600000 INR/year"]),
        // A size of clothes or a level.
        ("Pay grade: 12L", &[]),
        ("Insurance cover of INR 10 lakh for your family", &[]),
    ]);
}

#[test]
fn currencies_are_signs_codes_or_words() {
    check(&[
        ("Salary: EUR 60.000 - 75.000", &["60000..75000 EUR/year"]),
        ("Salary: 60.000 - 75.000 EUR", &["60000..75000 EUR/year"]),
        ("Salary: 60.000 - 75.000 Euro", &["60000..75000 EUR/year"]),
        ("Salary: 60000 euros per year", &["60000 EUR/year"]),
        (
            "Salary: US$120,000 - US$150,000",
            &["120000..150000 USD/year"],
        ),
        (
            "Salary: USD $120,000-$150,000",
            &["120000..150000 USD/year"],
        ),
        (
            "Salary: $120,000-$150,000 USD",
            &["120000..150000 USD/year"],
        ),
        (
            "Salary: $120,000 USD - $150,000 USD",
            &["120000..150000 USD/year"],
        ),
        ("Salary: 120,000 US dollars per year", &["120000 USD/year"]),
        ("Salary: CA$75K to CA$100K", &["75000..100000 CAD/year"]),
        ("Salary: C$75,000", &["75000 CAD/year"]),
        ("Salary: CAD $30/hour", &["30 CAD/hour"]),
        (
            "Salary: $142k - $165k CAD per year",
            &["142000..165000 CAD/year"],
        ),
        ("Salary: A$110,000 + super", &["110000 AUD/year"]),
        ("Salary: AU$110k–AU$130k", &["110000..130000 AUD/year"]),
        ("Salary: NZ$90,000", &["90000 NZD/year"]),
        ("Salary: S$6,000 per month", &["6000 SGD/month"]),
        ("Salary: HK$40,000 per month", &["40000 HKD/month"]),
        ("Salário: R$ 8.000,00 por mês", &["8000 BRL/month"]),
        ("Salary: MX$60,000 monthly", &["60000 MXN/month"]),
        ("Lohn: 90'000 Franken", &["90000 CHF/year"]),
        ("Salary: £45,000 per annum", &["45000 GBP/year"]),
        ("Salary: 45,000 GBP per annum", &["45000 GBP/year"]),
        ("Salary: 45,000 pounds a year", &["45000 GBP/year"]),
        ("Wynagrodzenie: 120 zł/h netto", &["120 PLN/hour"]),
        ("Wynagrodzenie: 18000 PLN / mies.", &["18000 PLN/month"]),
        ("Lön: 45 000 SEK per månad", &["45000 SEK/month"]),
        ("Lønn: NOK 650 000 per år", &["650000 NOK/year"]),
        ("Løn: 42.000 DKK pr. måned", &["42000 DKK/month"]),
        (
            "Mzda: 60 000 Kč. Salary: 60 000 Kč per month",
            &["60000 CZK/month"],
        ),
        ("Salary: JPY 8,000,000 per year", &["8000000 JPY/year"]),
        ("Salary: 25 000 AED per month", &["25000 AED/month"]),
    ]);
}

#[test]
fn an_ambiguous_sign_leaves_the_currency_unknown() {
    check(&[
        ("Salary: $120,000 - $150,000", &["120000..150000 ?/year"]),
        (
            "Salary: $120,000 - $150,000 CAD/USD",
            &["120000..150000 ?/?"],
        ),
        ("Salary: ¥300,000 per month", &["300000 ?/month"]),
        (
            "Offices in Canada and in the United States.\nSalary: $120,000",
            &["120000 ?/year"],
        ),
        (
            "Remote in Canada or Australia.\nSalary: $120,000",
            &["120000 ?/year"],
        ),
        ("Salary: 45 000 kr per month", &["45000 ?/month"]),
        ("ABOUT US\nWe bake.\nSalary: $120,000", &["120000 ?/year"]),
        ("You know CAD tools.\nSalary: $120,000", &["120000 ?/year"]),
    ]);
}

#[test]
fn the_text_says_which_dollar_it_is() {
    check(&[
        ("Remote (US)\nSalary: $120,000", &["120000 USD/year"]),
        (
            "Bakery in New York, NY.\nSalary: $120,000",
            &["120000 USD/year"],
        ),
        (
            "Salary: $120,000\nWe match your 401(k).",
            &["120000 USD/year"],
        ),
        (
            "Salary ranges for U.S. locations (USD): $68,800.00 - $103,200.00",
            &["68800..103200 USD/year"],
        ),
        (
            "The annual Canadian base salary range for this role is $160,000 - $240,000.",
            &["160000..240000 CAD/year"],
        ),
        ("Toronto, ON\nSalary: $120,000", &["120000 CAD/year"]),
        (
            "Our offices are in the US.\nSalary in Canada: $120,000",
            &["120000 CAD/year @ Canada"],
        ),
        ("Sydney, Australia\nSalary: $120,000", &["120000 AUD/year"]),
        (
            "Auckland, New Zealand\nSalary: $120,000",
            &["120000 NZD/year"],
        ),
        (
            "Singapore office\nSalary: $6,000 per month",
            &["6000 SGD/month"],
        ),
        (
            "Ciudad de México, CDMX\nSueldo: $30,000 mensuales",
            &["30000 MXN/month"],
        ),
        ("Stockholm\nLön: 45 000 kr per månad", &["45000 SEK/month"]),
        ("København\nLøn: 42.000 kr. pr. måned", &["42000 DKK/month"]),
        ("Oslo\nLønn: 650 000 kr per år", &["650000 NOK/year"]),
    ]);
}
