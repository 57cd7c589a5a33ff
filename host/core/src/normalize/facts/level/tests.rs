//! Titles and their levels.

use proptest::prelude::*;

use super::level::Level::{self, *};
use super::level::level;

fn check(cases: &[(&str, &[Level])]) {
    for (title, levels) in cases {
        assert_eq!(level(title), *levels, "{title}");
    }
}

#[test]
fn a_word_of_a_level_before_or_after_the_role_counts() {
    check(&[
        ("Senior Software Engineer", &[Senior]),
        ("Sr. Product Manager", &[Senior]),
        ("Sr Data Analyst (Remote)", &[Senior]),
        ("Snr Quantity Surveyor", &[Senior]),
        ("Software Engineer, Senior", &[Senior]),
        ("Software Engineer (Senior)", &[Senior]),
        ("Backend Developer - Senior", &[Senior]),
        ("Payments Senior Analyst", &[Senior]),
        ("Senior Account Executive", &[Senior]),
        ("Senior Member of Technical Staff", &[Senior]),
        ("Senior Community Manager", &[Senior]),
        ("SENIOR RUST DEVELOPER", &[Senior]),
        ("Junior Project Manager", &[Junior]),
        ("Jr. Designer", &[Junior]),
        ("Entry-Level Technician", &[Junior]),
        ("Entry Level Sales", &[Junior]),
        ("Software Engineer - New Grad 2027", &[Junior]),
        ("Graduate Mechanical Engineer", &[Junior]),
        ("Analyst (Early Career)", &[Junior]),
        ("Mid-Level Backend Engineer", &[Mid]),
        ("Mid Python Developer", &[Mid]),
        ("Middle QA Engineer", &[Mid]),
        ("Frontend Engineer (Mid)", &[Mid]),
        ("Intermediate Accountant", &[Mid]),
        ("Staff Engineer", &[Staff]),
        ("Senior Staff Product Designer", &[Staff]),
        ("Staff, Machine Learning Engineer", &[Staff]),
        ("Infrastructure Engineer, Staff", &[Staff]),
        ("Backend Staff Engineer", &[Staff]),
        ("Principal Engineer", &[Principal]),
        ("Sr. Principal Scientist", &[Principal]),
        ("Principal, Product Marketing", &[Principal]),
        ("Principal Member of Technical Staff", &[Principal]),
        ("Lead Designer", &[Lead]),
        ("Engineering Lead", &[Lead]),
        ("Tech Lead - Payments", &[Lead]),
        ("Senior Strategy and Performance Lead", &[Lead]),
        ("Customer Support Team Lead", &[Lead]),
        ("Team Leader, Night Shift", &[Lead]),
        ("Back End Lead Software Engineer", &[Lead]),
        ("Marketing Intern", &[Intern]),
        ("Intern - Data Science", &[Intern]),
        ("Summer Internship 2027", &[Intern]),
        ("Software Engineering Internship Program", &[Intern]),
        ("Engineering Co-op", &[Intern]),
    ]);
}

#[test]
fn those_who_lead_people_have_a_level() {
    check(&[
        ("Engineering Manager", &[Manager]),
        ("Senior Engineering Manager, Search", &[Manager]),
        ("Manager, Finance", &[Manager]),
        ("Manager of Customer Success", &[Manager]),
        ("Senior Manager - Payroll", &[Manager]),
        ("Sr. Manager, Tax", &[Manager]),
        ("Software Development Manager", &[Manager]),
        ("Store Manager", &[Manager]),
        ("General Manager, Nordics", &[Manager]),
        ("Director of Engineering", &[Director]),
        ("Director, Product Marketing", &[Director]),
        ("Senior Director, Sales", &[Director]),
        ("Associate Director, Clinical Trials", &[Director]),
        ("Enterprise Sales Director", &[Director]),
        ("Head of People", &[Director]),
        ("Global Head of Risk", &[Director]),
        ("VP of Engineering", &[Executive]),
        ("SVP, Operations", &[Executive]),
        ("Vice President Sales", &[Executive]),
        ("Managing Director", &[Executive]),
        ("Chief Technology Officer", &[Executive]),
        ("Chief Privacy Officer", &[Executive]),
        ("CTO", &[Executive]),
        ("Co-Founder & CEO", &[Executive]),
        ("Interim CFO (m/f/d)", &[Executive]),
    ]);
}

#[test]
fn titles_of_other_languages_name_levels_too() {
    check(&[
        ("Praktikant:in Marketing", &[Intern]),
        ("Praktikum Vertrieb (m/w/d)", &[Intern]),
        ("Pflichtpraktikum Produktion", &[Intern]),
        ("Stage - Contrôle de gestion", &[Intern]),
        ("Stagiaire communication (H/F)", &[Intern]),
        ("Becario de Finanzas", &[Intern]),
        ("Estágio em Engenharia", &[Intern]),
        ("Tirocinio Risorse Umane", &[Intern]),
        ("Stażysta w dziale IT", &[Intern]),
        ("Desarrollador Java Júnior", &[Junior]),
        ("Berufseinsteiger Controlling", &[Junior]),
        ("Młodszy programista", &[Junior]),
        ("Desarrollador Semi Senior", &[Mid]),
        ("Desenvolvedor Pleno", &[Mid]),
        ("Medior Data Engineer", &[Mid]),
        ("Starszy analityk", &[Senior]),
        ("Desenvolvedora Sênior", &[Senior]),
        ("Ingénieur logiciel senior", &[Senior]),
        ("シニアエンジニア", &[Senior]),
        ("백엔드 주니어 개발자", &[Junior]),
        ("高级软件工程师", &[Senior]),
        ("Teamleiter Kundendienst", &[Lead]),
        ("Teamleitung (m/w/d) Logistik", &[Lead]),
        ("Chef d’équipe maintenance", &[Lead]),
        ("Teamledare kundtjänst", &[Lead]),
        ("Leiter Einkauf", &[Manager]),
        ("Leiter/in der Buchhaltung", &[Manager]),
        ("Leitung Personalabteilung", &[Manager]),
        ("Abteilungsleiterin Technik", &[Manager]),
        ("Responsable marketing", &[Manager]),
        ("Responsabile amministrativo", &[Manager]),
        ("Jefe de ventas", &[Manager]),
        ("Gerente Comercial", &[Manager]),
        ("Kierownik działu HR", &[Manager]),
        ("Enhetschef hemtjänst", &[Manager]),
        ("Directeur financier", &[Director]),
        ("Directeur/trice des ventes", &[Director]),
        ("Directora de Recursos Humanos", &[Director]),
        ("Dyrektor finansowy", &[Director]),
        ("Geschäftsführer (m/w/d)", &[Executive]),
        ("Directrice générale", &[Executive]),
    ]);
}

#[test]
fn a_title_of_alternatives_has_several_levels() {
    check(&[
        ("Senior/Staff Backend Engineer", &[Senior, Staff]),
        (
            "Site Reliability Engineer (Senior or Staff)",
            &[Senior, Staff],
        ),
        ("Sr~Staff, Android Engineer", &[Senior, Staff]),
        ("Mid/Senior Video Editor", &[Mid, Senior]),
        ("Mid to Senior Java Developer", &[Mid, Senior]),
        ("Mid-Senior Recruiter", &[Mid, Senior]),
        ("Developer (Junior to Senior)", &[Junior, Mid, Senior]),
        ("Staff / Lead Data Scientist", &[Staff, Lead]),
        (
            "Associate Director / Senior Manager, Pricing",
            &[Manager, Director],
        ),
        ("Manager/Senior Manager, Alliances", &[Manager]),
        ("Senior Engineer (Tech Lead)", &[Senior, Lead]),
    ]);
}

#[test]
fn words_that_only_look_like_a_level_do_not_count() {
    for title in [
        "Software Engineer",
        "Software Engineer II",
        "Accountant III",
        "Associate Software Engineer",
        "Account Manager",
        "Product Manager, Growth",
        "Project Manager (m/w/d)",
        "Health and Safety (HSE) Manager",
        "Assistant Store Manager",
        "General Manager in Training",
        "Account Executive, Mid-Market",
        "Sales Executive",
        "Executive Assistant to the CEO",
        "Executive Assistant (CFO)",
        "Manager Business Operations - COO Office",
        "Field CTO",
        "E-Commerce Manager Shopify & CRO",
        "Chief of Staff",
        "Assistant Vice President, Credit",
        "Assistenz der Geschäftsführung",
        "Member of Technical Staff",
        "Staff Accountant",
        "Staff Nurse - ICU",
        "Staff Attorney",
        "Kitchen Staff",
        "Staffing Coordinator",
        "Product Manager, Staff Tools",
        "Principal Investigator",
        "School Principal",
        "Assistant Principal",
        "Principal - Oak Elementary School",
        "Principal",
        "Lead Generation Specialist",
        "Manager Lead Gen",
        "Lead the Future of Retail",
        "Leadership Program",
        "Senior Living Advisor",
        "Recruiter for Senior Hires",
        "Caregiver, Senior Care",
        "Junior High School Teacher",
        "Sales Engineer - Middle East",
        "Middle Office Analyst",
        "Mid Market Account Executive",
        "Graduate Recruiter",
        "Internship Program Manager",
        "Intern Recruiter",
        "Internal Auditor",
        "International Tax Analyst",
        "Medewerker intern transport",
        "Internist",
        "Stage Manager",
        "Early-Stage Investor",
        "Sous Chef",
        "Chef de partie",
        "Chef de projet digital",
        "Responsable de comptes",
        "Responsable technique de compte",
        "Jefe de proyecto",
        "Kierownik budowy",
        "Projektleiter Bau",
        "Leiterplatten-Designer",
        "Art Director",
        "Account Director",
        "Assistant to the Managing Director",
        "Directeur de projet",
        "Werkstudent Marketing",
        "",
        "(-)",
    ] {
        assert_eq!(level(title), [], "{title}");
    }
}

#[test]
fn a_level_of_only_one_alternative_is_unknown() {
    for title in [
        "(Senior) Consultant (m/w/d)",
        "(Sr.) Data Analyst",
        "Engineer / Senior Engineer",
        "Analyst/Senior Analyst, Pricing",
        "Data Scientist or Senior Data Scientist",
        "Rust Engineer (all levels)",
        "Developer - multiple levels",
    ] {
        assert_eq!(level(title), [], "{title}");
    }
}

#[test]
fn only_the_first_part_of_a_very_long_title_is_read() {
    let title = format!("Engineer {}, Senior", "x".repeat(1_000_000));
    assert_eq!(level(&title), []);
}

proptest! {
    #[test]
    fn no_title_is_too_odd(title in "\\PC*") {
        level(&title);
    }

    #[test]
    fn words_of_levels_in_any_order_are_read(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "senior", "staff", "(", ")", "/", "chief", "officer", "to", "lead", "-", "intern", "of", "é", "in",
            ]),
            0..40,
        ),
    ) {
        let levels = level(&words.join(" "));
        prop_assert!(levels.is_sorted() && levels.len() <= Level::ALL.len());
    }
}
