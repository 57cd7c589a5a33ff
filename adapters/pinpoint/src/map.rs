//! Conversion of Pinpoint's postings to raw jobs.

use job_scanner_sdk::json::Each;
use job_scanner_sdk::{
    Description, Location, Page, RawJob, Salary, Workplace, extras, html, pay_period,
};

use crate::api::{Named, Place, Posting};

/// Returns the whole board as one page.
pub fn page(postings: Each<Posting<'_>>) -> Page {
    Page::whole_board(postings.read.into_iter().map(raw_job).collect())
        .with_unreadable(postings.unreadable)
}

/// Returns the raw job. The board provides neither a posting date nor an update time.
fn raw_job(posting: Posting<'_>) -> RawJob {
    let (description, salary) = (description(&posting), salary(&posting));
    let (requisition, department, division) = match posting.job {
        Some(job) => (
            job.requisition_id.into_option(),
            name(job.department),
            name(job.division),
        ),
        None => (None, None, None),
    };
    let extra = [("requisition", requisition), ("division", division)];
    RawJob {
        department,
        locations: posting.location.and_then(location).into_iter().collect(),
        workplace: workplace(posting.workplace_type.trimmed()),
        employment_type: posting
            .employment_type_text
            .into_option()
            .or_else(|| posting.employment_type.into_option()),
        salary,
        description,
        expires_at: posting.deadline_at.into_option(),
        extra: extras(extra),
        ..RawJob::new(posting.id, posting.title, posting.url)
    }
}

fn name(named: Option<Named<'_>>) -> Option<String> {
    named?.name.into_option()
}

/// Returns the four parts of the description, each with the employer's heading.
fn description(posting: &Posting<'_>) -> Option<Description> {
    let parts = [
        ("", &posting.description),
        (
            posting.key_responsibilities_header.trimmed(),
            &posting.key_responsibilities,
        ),
        (
            posting.skills_knowledge_expertise_header.trimmed(),
            &posting.skills_knowledge_expertise,
        ),
        (posting.benefits_header.trimmed(), &posting.benefits),
    ];
    html::sections(parts.map(|(heading, part)| (heading, part.trimmed()))).map(Description::Html)
}

fn location(place: Place<'_>) -> Option<Location> {
    let name = if place.name.trimmed().is_empty() {
        place.city.clone()
    } else {
        place.name
    };
    let name = name.into_option()?;
    Some(Location {
        name,
        city: place.city.into_option(),
        region: place.province.into_option(),
        country: None,
    })
}

fn workplace(word: &str) -> Option<Workplace> {
    match word {
        "onsite" => Some(Workplace::OnSite),
        "hybrid" => Some(Workplace::Hybrid),
        "remote" => Some(Workplace::Remote),
        _ => None,
    }
}

/// Returns the pay if the employer shows it: as numbers, or else as text.
fn salary(posting: &Posting<'_>) -> Option<Salary> {
    if posting.compensation_visible == Some(false) {
        return None;
    }
    let (min, max) = (posting.compensation_minimum, posting.compensation_maximum);
    let currency = posting.compensation_currency.clone().into_option();
    Salary::between(
        min,
        max,
        currency,
        pay_period(posting.compensation_frequency.trimmed()),
    )
    .or_else(|| {
        posting
            .compensation
            .clone()
            .into_option()
            .map(Salary::from_text)
    })
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::PayPeriod;

    use super::*;
    use crate::api;

    fn board() -> Page {
        page(api::read(include_bytes!("../cassettes/board/jobs.json")).expect("a listing"))
    }

    #[test]
    fn every_field_is_read() {
        let expected = RawJob {
            department: Some("Transport".to_owned()),
            locations: vec![Location {
                city: Some("Leeds".to_owned()),
                ..Location::named("North County")
            }],
            workplace: Some(Workplace::OnSite),
            employment_type: Some("Full Time".to_owned()),
            salary: Some(Salary {
                min: Some(80_000.0),
                max: Some(100_000.0),
                currency: Some("GBP".to_owned()),
                period: Some(PayPeriod::Year),
                text: None,
            }),
            description: Some(Description::Html(
                "<div><!--block-->Drive.</div>\n<h3>Skills &amp; more</h3><div>A licence</div>"
                    .to_owned(),
            )),
            expires_at: Some("2026-12-26T23:59:59-04:00".to_owned()),
            extra: vec![
                ("requisition".to_owned(), "PIN-0679".to_owned()),
                ("division".to_owned(), "Acme North".to_owned()),
            ],
            ..RawJob::new(
                "515428",
                "Fleet Manager",
                "https://acme.pinpointhq.com/en/postings/fca592d6",
            )
        };
        assert_eq!(board().jobs[0], expected);
    }

    #[test]
    fn a_hidden_salary_is_not_read() {
        assert_eq!(board().jobs[1].salary, None);
    }

    #[test]
    fn the_text_is_used_if_there_are_no_numbers() {
        let salary = board().jobs[2].salary.clone().expect("a text");
        assert_eq!(
            (salary.min, salary.text.as_deref()),
            (None, Some("Competitive"))
        );
    }
}
