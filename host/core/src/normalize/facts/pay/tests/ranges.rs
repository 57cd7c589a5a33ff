//! Ranges, their ends, periods, kinds and places.

use super::check;

#[test]
fn two_amounts_are_a_range() {
    check(&[
        ("Salary: €50,000-€60,000", &["50000..60000 EUR/year"]),
        ("Salary: €50,000 – €60,000", &["50000..60000 EUR/year"]),
        ("Salary: €50,000—€60,000", &["50000..60000 EUR/year"]),
        ("Salary: €50,000 to €60,000", &["50000..60000 EUR/year"]),
        (
            "Salary between €50,000 and €60,000",
            &["50000..60000 EUR/year"],
        ),
        ("Salary: €50~60k", &["50000..60000 EUR/year"]),
        (
            "Gehalt zwischen 50.000 € und 60.000 €",
            &["50000..60000 EUR/year"],
        ),
        (
            "Gehalt von 50.000 bis 60.000 Euro",
            &["50000..60000 EUR/year"],
        ),
        (
            "Salaire entre 40 000 € et 50 000 €",
            &["40000..50000 EUR/year"],
        ),
        (
            "Salary: €50,000 (entry level) to €60,000 (experienced)",
            &["50000..60000 EUR/year"],
        ),
        ("Pay: £18/hr - £29/hr", &["18..29 GBP/hour"]),
        ("Pay: £18/hr-£29hr", &["18..29 GBP/hour"]),
        ("Salary: €64,000—€64,000", &["64000 EUR/year"]),
        (
            "Salary: from €50,000 to €60,000",
            &["50000..60000 EUR/year"],
        ),
        (
            "Salary in the range of up to €50,000 - €60,000",
            &["50000..60000 EUR/year"],
        ),
        // The lower end is above the upper end.
        ("Salary: €60,000 - €50,000", &[]),
    ]);
}

#[test]
fn one_amount_is_both_ends_unless_the_text_says_otherwise() {
    check(&[
        ("Salary: €50,000", &["50000 EUR/year"]),
        ("Salary: €50,000+", &["50000.. EUR/year"]),
        ("Salary: €150k+ per year", &["150000.. EUR/year"]),
        ("Salary: from €50,000", &["50000.. EUR/year"]),
        ("Salary starting at €50,000", &["50000.. EUR/year"]),
        ("Salary: at least €50,000", &["50000.. EUR/year"]),
        ("Salary: up to €50,000", &["..50000 EUR/year"]),
        ("Gehalt ab 50.000 €", &["50000.. EUR/year"]),
        ("Gehalt bis zu 50.000 €", &["..50000 EUR/year"]),
        ("Salaire à partir de 40 000 €", &["40000.. EUR/year"]),
        ("Salaire jusqu'à 40 000 €", &["..40000 EUR/year"]),
        ("Salario desde 30.000 €", &["30000.. EUR/year"]),
        ("Salario hasta 30.000 €", &["..30000 EUR/year"]),
        ("Wynagrodzenie od 15 000 zł brutto", &["15000.. PLN/?"]),
        ("Wynagrodzenie do 15 000 zł brutto", &["..15000 PLN/?"]),
        ("Salary: €170k + bonus", &["170000 EUR/year"]),
        (
            "Baker | €170k + annual cash bonus + equity",
            &["170000 EUR/year"],
        ),
        ("Circa £60,000 plus car allowance", &["60000 GBP/year"]),
        ("Up to £65,000 + bonus", &["..65000 GBP/year"]),
        ("Pay Rate: £18.00/hr. - £20.00/hr.", &["18..20 GBP/hour"]),
    ]);
}

#[test]
fn the_period_is_the_written_one() {
    check(&[
        ("Pay: €20 per hour", &["20 EUR/hour"]),
        ("Pay: €20/hr", &["20 EUR/hour"]),
        ("Pay: €20 / h", &["20 EUR/hour"]),
        ("Pay: €20 an hour", &["20 EUR/hour"]),
        ("Pay: €20 p/hr", &["20 EUR/hour"]),
        ("Pay: €20 hourly", &["20 EUR/hour"]),
        ("Hourly rate: €20", &["20 EUR/hour"]),
        ("Day rate: €450", &["450 EUR/day"]),
        ("Rate: €450 per day", &["450 EUR/day"]),
        ("Compensation: €2,400 per week", &["2400 EUR/week"]),
        ("Salary: €4,500/month", &["4500 EUR/month"]),
        ("Salary: €4,500 a month", &["4500 EUR/month"]),
        ("Salary: €4,500 gross per month", &["4500 EUR/month"]),
        ("Monthly salary: €4,500", &["4500 EUR/month"]),
        ("Salary: €45,000/yr.", &["45000 EUR/year"]),
        ("Salary: €45,000 p.a.", &["45000 EUR/year"]),
        ("Salary: €45,000 annually", &["45000 EUR/year"]),
        ("Salary: €45,000 per annum", &["45000 EUR/year"]),
        ("Annual salary: €9,000", &["9000 EUR/year"]),
        (
            "The annual base salary is between €45,000 and €55,000",
            &["45000..55000 EUR/year"],
        ),
        (
            "Pay: 45-70 EUR or 180-280 PLN per hour",
            &["45..70 EUR/hour", "180..280 PLN/hour"],
        ),
    ]);
}

#[test]
fn a_period_is_inferred_only_from_a_large_amount_in_a_large_unit() {
    check(&[
        ("Salary: €20,000", &["20000 EUR/year"]),
        // For a month, or for a year of few hours.
        ("Salary: €19,000", &["19000 EUR/?"]),
        ("Salary: €4,500", &["4500 EUR/?"]),
        ("Pay: €18 - €25", &["18..25 EUR/?"]),
        // For a month in one country, for a year in another.
        ("Salary: 45 000 SEK", &["45000 SEK/?"]),
        ("Salary: 20 000 PLN", &["20000 PLN/?"]),
        ("Salary: INR 60,000", &["60000 INR/?"]),
        ("Salary: 60k - 80k", &["60000..80000 ?/?"]),
        ("Sueldo: $30,000", &["30000 ?/?"]),
        ("Santiago de Chile\nSueldo: $ 900.000", &["900000 CLP/?"]),
    ]);
}

#[test]
fn earnings_on_target_are_kept_separately() {
    check(&[
        (
            "OTE: £90,000 - £120,000",
            &["90000..120000 GBP/year on-target"],
        ),
        (
            "£75–90k OTE, uncapped",
            &["75000..90000 GBP/year on-target"],
        ),
        (
            "On-target earnings: €100,000",
            &["100000 EUR/year on-target"],
        ),
        (
            "On-target-earnings are between €55,000 and €100K",
            &["55000..100000 EUR/year on-target"],
        ),
        (
            "Base salary: €60,000\nOTE: €100,000",
            &["60000 EUR/year", "100000 EUR/year on-target"],
        ),
        (
            "Compensation: €225K–€335K/year OTE",
            &["225000..335000 EUR/year on-target"],
        ),
        (
            "Base salary: €140,000 + competitive OTE",
            &["140000 EUR/year"],
        ),
        ("Zieleinkommen: 90.000 €", &["90000 EUR/year on-target"]),
        (
            "€170,000 - €200,000 a year\nThis range indicates OTE.",
            &["170000..200000 EUR/year on-target"],
        ),
        (
            "Compensation is targeted at €230,000 to €250,000, with a 60/40 split.",
            &["230000..250000 EUR/year on-target"],
        ),
    ]);
}

#[test]
fn a_range_keeps_the_place_that_the_text_names() {
    check(&[
        (
            "For candidates located in NYC or SF, the pay range for this role is $175,000 - $240,000. \
             For candidates located in all other locations, the pay range is $154,200 - $215,000.",
            &[
                "175000..240000 USD/year @ NYC or SF",
                "154200..215000 USD/year @ all other locations",
            ],
        ),
        (
            "USA-based roles only: The annual base salary for this role is between $123,000 USD and $167,000 USD.\n\
             Canada-based roles only: The annual base salary is between $111,000 CAD and $150,000 CAD.",
            &[
                "123000..167000 USD/year @ USA",
                "111000..150000 CAD/year @ Canada",
            ],
        ),
        (
            "The salary range for New York, NY is $140,000 - $160,000.",
            &["140000..160000 USD/year @ New York, NY"],
        ),
        (
            "The salary range for this role is $140,000 - $160,000 USD.",
            &["140000..160000 USD/year"],
        ),
        (
            "The salary range for Senior Bakers is $140,000 - $160,000 USD.",
            &["140000..160000 USD/year"],
        ),
        (
            "For employees based in Berlin, the salary is 60.000 € - 70.000 €.",
            &["60000..70000 EUR/year @ Berlin"],
        ),
    ]);
}

#[test]
fn a_label_or_a_note_may_name_the_place() {
    check(&[
        (
            "Colorado: $110,000 - $130,000\nCanada: $100,000 - $120,000",
            &[
                "110000..130000 USD/year @ Colorado",
                "100000..120000 CAD/year @ Canada",
            ],
        ),
        (
            "Salary: $90,000 – 110,000 (Canada), $100,000 – 130,000 (US)",
            &[
                "90000..110000 CAD/year @ Canada",
                "100000..130000 USD/year @ US",
            ],
        ),
        (
            "Senior Baker: $110,000 - $130,000 USD",
            &["110000..130000 USD/year"],
        ),
        ("Bay Area Rate: $150k–$190k", &["150000..190000 USD/year"]),
        ("Salary: $110,000 (USD)", &["110000 USD/year"]),
    ]);
}

#[test]
fn several_ranges_are_kept_in_order_and_each_once() {
    check(&[
        (
            "Pay: €18 - €25\nPay: €18 - €25 per hour",
            &["18..25 EUR/hour"],
        ),
        (
            "- Baker (€40k-€50k)\n- Chef (€50k-€60k)",
            &["40000..50000 EUR/year", "50000..60000 EUR/year"],
        ),
        (
            "Salary: €50,000 - €60,000\nThe salary range is €50,000 to €60,000 a year.",
            &["50000..60000 EUR/year"],
        ),
        (
            "€50,000 - €60,000 a year\nThe pay range for this role is $50,000 - $60,000 USD.",
            &["50000..60000 EUR/year", "50000..60000 USD/year"],
        ),
        (
            "Pay is £75 per hour for sessions and £40 per hour for other work",
            &["75 GBP/hour", "40 GBP/hour"],
        ),
        (
            "Remote | $120K to $160K USD / CA$130K to CA$170K",
            &["120000..160000 USD/year", "130000..170000 CAD/year"],
        ),
    ]);
}

#[test]
fn a_range_in_the_place_of_pay_needs_no_word() {
    check(&[
        (
            "Acme | Baker | Remote (EU) | €70-100k + equity",
            &["70000..100000 EUR/year"],
        ),
        (
            "Acme | Baker | Remote (US) | $160k–$220k",
            &["160000..220000 USD/year"],
        ),
        (
            "Acme | Baker | 175-235k + equity | Oslo",
            &["175000..235000 ?/?"],
        ),
        (
            "Baker (remote, £90,000 - £140,000)",
            &["90000..140000 GBP/year"],
        ),
        ("- Baker - £45k-£55k", &["45000..55000 GBP/year"]),
        (
            "Bake bread.\n\n£45,000 - £70,000 a year\n\nApply now.",
            &["45000..70000 GBP/year"],
        ),
        (
            "Acme | Baker | Contract | £40/hr | acme.example",
            &["40 GBP/hour"],
        ),
        (
            "Acme | Baker | Remote | ~£60k | acme.example",
            &["60000 GBP/year"],
        ),
        (
            "Compensation\n\n£60k - £80k + equity",
            &["60000..80000 GBP/year"],
        ),
        (
            "The proposed salary range for this position is:\n\n£54,800-£75,000",
            &["54800..75000 GBP/year"],
        ),
    ]);
}
