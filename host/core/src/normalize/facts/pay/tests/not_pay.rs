//! Amounts that are not pay.

use super::{check, stated_pay};

/// Texts that state no pay.
const NOT_PAY: &[&str] = &[
    // Pension plans.
    "We match your 401k contributions.",
    "Salary, equity, 401(k) and health insurance",
    "100% employer match on 401k contributions up to 10% (cap at $10,000)",
    // Funding and revenue.
    "We raised a $40M Series B led by Acme Ventures.",
    "You bring:\n- €40,000 - €60,000 in annual revenue",
    "You manage:\n- €40k-€60k ad spend per month",
    "We raised $50 million and are valued at $1.5B.",
    "We have reached €500M+ in ARR.",
    "an average ARR of 150K€",
    "We grew from 0 to $15M ARR in two years.",
    "You close deals of $50k-$250k with large customers.",
    "Manage a monthly budget of $500K+",
    "Umsatz von 100.000 € im Jahr",
    "Sie verantworten ein Budget von 50.000 €",
    "chiffre d'affaires de 150 000 €",
    "Facturación de 300.000 € al año",
    "Fatturato di 250.000 €",
    "Omzet van € 100.000",
    "annual sales quotas of $100,000",
    "You own a book of business of $100k to $200k",
    "We manage assets worth $200,000",
    "You will manage a P&L of $50,000 - $90,000.",
    "Customers pay us $50k-$100k per year.",
    "We paid out $60,000-$90,000 to creators",
    "Experience with $100K+ deal sizes",
    // Parts of the package that are not a salary.
    "Learning budget of 1,000 € per year",
    "£1,000 learning budget",
    "Weiterbildungsbudget bis zu 5.000 €",
    "Jährliches Weiterbildungsbudget von 2.000 € pro Jahr",
    "500 € Gesundheitsbudget",
    "Sign-on bonus: $10,000",
    "$20,000 signing bonus",
    "Referral bonus: $10,000 if your friend is hired",
    "Earn a bonus of up to 2,500 USD for a referral.",
    "up to $5,000 stipend",
    "We offer an annual $3,000 stipend",
    "a technology stipend equivalent to $100 net/month",
    "Company paid commuter benefit; $300/month",
    "commuter benefits ($300/month)",
    "Housing subsidy of $2k per month",
    "$500 per month credit for waiving benefits",
    "Employer-paid $50,000 basic life insurance",
    "Fertility HRA (up to $10,000 per year)",
    "You receive a voucher of €100 on your birthday",
    "50 € steuerfreie Sachzulage monatlich",
    "Sachbezug i.H.v. 45,00 € netto",
    "Fahrtkostenzuschuss von 100 € pro Monat",
    "Reiskostenvergoeding: € 200 per maand",
    "Friskvårdsbidrag 5 000 kr per år",
    "Dofinansowanie do 500 zł miesięcznie",
    "equity worth $50,000",
    "RSU grant of $100,000 - $150,000",
    "A relocation allowance of €5,000",
    "donations matched up to $15,000 annually",
    "Monthly allowance of 100 USD for health insurance",
    "Access to a $200k+ perk marketplace",
    // Prices.
    "$0.06 per word",
    "The rate of pay is $20 per 100 words",
    "35 EUR per visit",
    "Each sale is between $250 and $2,500.",
    "Our plan costs €49 per month",
    "Our clients pay a fee of $150/hour",
    "cost families upward of $5,000",
    "48hr Report | $350 | Remote",
    // Counts, years, and identifiers.
    "Over 100,000 businesses pay with our app",
    "We are 650 people in 20 countries.",
    "Founded in 2005, 10k-50k users",
    "Requisition 174485, salary grade G13",
    "Call +1 555 123 4567 about the salary",
    "Salary review 2025-2026",
    "Salary: competitive, start 01.10.2026",
    "ISO 27001 is required. Salary: competitive",
    "a salary increase of 10%",
    "We pay 100% of the premium",
    "40 hours per week, paid",
    "Pay grade 12, 38.5 hours",
    "30 days of paid holiday",
    "25k+ stars on the web",
    "Version 3.14.15 pays off",
    "Salary: negotiable",
    "Salary: €",
    "Salary: $1,2,3",
    "You earn $",
    "Salary: 100hundred €",
    "We process $100+ billion in annual payment volume",
    "a $7 trillion opportunity with competitive pay",
    "4M€ saved, salaries paid on time",
    "Salary: 999999999999999 €",
    // The lower end cannot be pay.
    "Pay: €1 per hour",
    "Salary: €500 per year",
    "Salary between €5 and €90,000",
];

#[test]
fn other_amounts_are_not_pay() {
    let cases: Vec<(&str, &[&str])> = NOT_PAY.iter().map(|text| (*text, &[][..])).collect();
    check(&cases);
}

#[test]
fn other_amounts_do_not_hide_the_pay() {
    check(&[
        (
            "Company paid commuter benefit; $300 per month\n\nCompensation Range\n\n\
             Compensation will be paid in the range of up to £230,000 - £287,000 + Bonus. Restricted Stock \
             Units are included.",
            &["230000..287000 GBP/year"],
        ),
        (
            "- Salary: €50,000-€60,000\n- €20,000 signing bonus\n- €1,000 learning budget",
            &["50000..60000 EUR/year"],
        ),
        (
            "We raised €50M. Salary: €50,000. You manage a budget of €300k.",
            &["50000 EUR/year"],
        ),
        (
            "- Equity and options\n\n€180,000 - €200,000 a year",
            &["180000..200000 EUR/year"],
        ),
        ("Sales Baker - £90~140k", &["90000..140000 GBP/year"]),
    ]);
}

#[test]
fn the_number_of_ranges_is_bounded() {
    use std::fmt::Write as _;

    let mut text = String::new();
    for number in 10..99 {
        writeln!(text, "Salary: €{number},000").unwrap();
    }
    assert_eq!(stated_pay(&text).len(), super::super::MAX_RANGES);
}
