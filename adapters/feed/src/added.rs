//! The elements that feeds of jobs add to RSS and Atom.
//!
//! Feeds have many namespaces for them, but use few names: `g:location`, `job_listing:location` (WP
//! Job Manager), `joblisting:location` (NEOGOV), or `location` without a namespace, as in the XML
//! of Indeed. Names are compared without namespace, case, `_` and `-`.

use job_scanner_sdk::xml::text_of;
use job_scanner_sdk::{
    Description, Location, RawJob, Salary, Workplace, extras, html, joined, pay_period,
};
use roxmltree::Node;

use crate::parsed::moment;

/// Names of the same field, those that are used first if a feed has several of them.
type Names = &'static [&'static str];

const COMPANY: Names = &["company", "companyname", "employer", "employername"];
const DEPARTMENT: Names = &["department", "departmentname", "team", "division"];
const PLACE: Names = &["location", "joblocation", "region"];
const CITY: Names = &["city"];
const STATE: Names = &["state", "province"];
const COUNTRY: Names = &["country", "countrycode"];
const WORKPLACE: Names = &["remote", "remotetype", "workplacetype", "workplace"];
const EMPLOYMENT: Names = &["jobtype", "employmenttype", "contracttype", "type"];
const PAY: Names = &["salary", "salaryrange", "compensation", "pay", "wage"];
const LOWEST_PAY: Names = &["minimumsalary", "salarymin", "minsalary"];
const HIGHEST_PAY: Names = &["maximumsalary", "salarymax", "maxsalary"];
const CURRENCY: Names = &["salarycurrency", "currency"];
const PAY_PERIOD: Names = &["salaryinterval", "salaryperiod", "salaryunit", "salarytype"];
const APPLICATION: Names = &["applyurl", "applicationurl", "applicationlink"];
const REQUISITION: Names = &["requisitionid", "jobnumbersingle", "referencenumber"];
const CATEGORIES: Names = &["jobcategory", "jobcategories", "categories"];
const POSTED: Names = &["dateposted", "publicationdate", "publishdate", "date"];
const EXPIRES: Names = &[
    "expirationdate",
    "expiresat",
    "expires",
    "expirydate",
    "validthrough",
    "closingdate",
    "applicationdeadline",
    "deadline",
];
/// NEOGOV's days. They are in UTC without saying so.
const POSTED_UTC: Names = &["advertisefromdateutc"];
const EXPIRES_UTC: Names = &["advertisetodatetimeutc"];

/// Parts of the text besides the description, each with its heading.
const PARTS: [(Names, &str); 8] = [
    (&["examplesofduties", "duties"], "Duties"),
    (&["responsibilities"], "Responsibilities"),
    (
        &["qualifications", "minimumqualifications"],
        "Qualifications",
    ),
    (&["requirements"], "Requirements"),
    (&["experience"], "Experience"),
    (&["education"], "Education"),
    (&["benefits"], "Benefits"),
    (&["supplementalinformation"], "Supplemental information"),
];

/// Sets the fields of a job from the elements that feeds of jobs add. Those that the job has stay.
pub fn with_added(entry: Node<'_, '_>, job: RawJob) -> RawJob {
    let posted_at = utc_moment(entry, POSTED_UTC)
        .or(job.posted_at)
        .or_else(|| date(entry, POSTED));
    let mut extra = job.extra;
    extra.extend(extras([("requisition", text(entry, REQUISITION))]));

    RawJob {
        company: text(entry, COMPANY),
        department: text(entry, DEPARTMENT),
        locations: locations(entry),
        workplace: text(entry, WORKPLACE).and_then(|word| workplace(&word)),
        employment_type: text(entry, EMPLOYMENT),
        salary: salary(entry),
        description: with_parts(entry, job.description),
        apply_url: text(entry, APPLICATION).filter(|url| url.starts_with("http")),
        posted_at,
        expires_at: utc_moment(entry, EXPIRES_UTC).or_else(|| date(entry, EXPIRES)),
        extra,
        ..job
    }
}

/// Returns the categories that are not in the element `category` of RSS or Atom.
pub fn categories(entry: Node<'_, '_>) -> impl Iterator<Item = String> {
    elements(entry, CATEGORIES).into_iter().filter_map(words)
}

/// Returns the elements of a field that are not empty.
fn elements<'a, 'input>(entry: Node<'a, 'input>, names: Names) -> Vec<Node<'a, 'input>> {
    let with_name = |name: &&str| -> Vec<_> {
        entry
            .children()
            .filter(|child| child.is_element() && is_named(child.tag_name().name(), name))
            .filter(|child| text_of(*child).is_some())
            .collect()
    };
    let found = names.iter().map(with_name).find(|found| !found.is_empty());
    found.unwrap_or_default()
}

fn is_named(element: &str, name: &str) -> bool {
    let letters = element.bytes().filter(|it| !b"_-".contains(it));
    letters.map(|it| it.to_ascii_lowercase()).eq(name.bytes())
}

fn text(entry: Node<'_, '_>, names: Names) -> Option<String> {
    elements(entry, names).into_iter().find_map(words)
}

/// Returns the text of an element. The texts of elements in it are separated by commas.
fn words(element: Node<'_, '_>) -> Option<String> {
    if !element.children().any(|child| child.is_element()) {
        return text_of(element);
    }
    let pieces = element.descendants().filter(Node::is_text);
    joined(pieces.filter_map(|piece| piece.text()))
}

/// Returns the places: the elements for a whole place, or else city, state and country. A state or
/// country that one whole place does not name is added to it.
fn locations(entry: Node<'_, '_>) -> Vec<Location> {
    let (city, state, country) = (text(entry, CITY), text(entry, STATE), text(entry, COUNTRY));
    let names: Vec<String> = elements(entry, PLACE)
        .into_iter()
        .filter_map(words)
        .collect();

    match &names[..] {
        [] => Location::from_parts(city, state, country)
            .into_iter()
            .collect(),
        [name] => {
            let more = [&state, &country].into_iter().flatten();
            let more = more.filter(|part| !name.contains(part.as_str()));
            let name = joined([name].into_iter().chain(more)).unwrap_or_default();
            let parts = Location::from_parts(city, state, country);
            vec![Location {
                name: name.clone(),
                ..parts.unwrap_or_else(|| Location::named(name))
            }]
        }
        several => Location::from_names(several),
    }
}

/// Returns the workplace for the words of several kinds of feeds.
fn workplace(word: &str) -> Option<Workplace> {
    match &*word.to_ascii_lowercase() {
        "true" | "yes" | "1" | "remote" | "fully remote" => Some(Workplace::Remote),
        "hybrid" | "hybrid remote" => Some(Workplace::Hybrid),
        "on-site" | "onsite" => Some(Workplace::OnSite),
        _ => None,
    }
}

/// Returns the pay: in numbers, or else in the words of the feed.
fn salary(entry: Node<'_, '_>) -> Option<Salary> {
    let (lowest, highest) = (text(entry, LOWEST_PAY), text(entry, HIGHEST_PAY));
    let number = |text: &Option<String>| text.as_deref().and_then(number);
    let period = text(entry, PAY_PERIOD);
    let period = period.and_then(|words| pay_period(&words));
    let currency = text(entry, CURRENCY);

    Salary::between(number(&lowest), number(&highest), currency, period).or_else(|| {
        // `Depends on Qualifications`, but not `0.00`.
        let in_words = lowest.filter(|text| self::number(text).is_none());
        text(entry, PAY).or(in_words).map(Salary::from_text)
    })
}

/// Parses a number such as `22.50` or `50,000.00`.
fn number(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut groups = whole.split(',');
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_number = groups.next().is_some_and(is_digits)
        && groups.all(|group| group.len() == 3 && is_digits(group))
        && is_digits(fraction);
    is_number.then(|| text.replace(',', "").parse().ok())?
}

/// Adds the parts that the description does not contain, each under its heading.
fn with_parts(entry: Node<'_, '_>, description: Option<Description>) -> Option<Description> {
    let own = match &description {
        Some(Description::Html(html)) => html.clone(),
        Some(Description::Text(text)) => html::escape(text).replace('\n', "<br>"),
        _ => String::new(),
    };
    let parts: Vec<(&str, String)> = PARTS
        .iter()
        .filter_map(|(names, heading)| Some((*heading, text(entry, names)?)))
        .filter(|(_, part)| html::has_text(part) && !own.contains(part.as_str()))
        .collect();
    if parts.is_empty() {
        return description;
    }

    let parts = parts
        .iter()
        .map(|(heading, part)| (*heading, part.as_str()));
    html::sections([("", own.as_str())].into_iter().chain(parts)).map(Description::Html)
}

/// Returns a date. Words such as `Open until filled` are not one.
fn date(entry: Node<'_, '_>, names: Names) -> Option<String> {
    let text = text(entry, names).filter(|text| text.bytes().any(|it| it.is_ascii_digit()))?;
    Some(moment(&text))
}

/// Returns a time of NEOGOV, `Wed, 22 Jul 2026 07:59:00:0`, which ends with milliseconds.
fn utc_moment(entry: Node<'_, '_>, names: Names) -> Option<String> {
    let text = text(entry, names)?;
    let without_millis = match text.rsplit_once(':') {
        Some((time, _)) if text.matches(':').count() == 3 => time,
        _ => &text,
    };
    let time = moment(&format!("{without_millis} GMT"));
    time.starts_with(|first: char| first.is_ascii_digit())
        .then_some(time)
}

#[cfg(test)]
mod tests {
    use job_scanner_sdk::{PayPeriod, xml};

    use super::*;

    /// Returns a job with the fields of these elements.
    fn job(elements: &str) -> RawJob {
        job_with(elements, None)
    }

    fn job_with(elements: &str, description: Option<Description>) -> RawJob {
        let text = format!("<item xmlns:n='urn:n'>{elements}</item>");
        let document = xml::parse(&text, &["item"]).expect("XML");
        let job = RawJob {
            description,
            ..RawJob::blank()
        };
        with_added(document.root_element(), job)
    }

    #[test]
    fn the_elements_of_neogov_are_read() {
        let job = job_with(
            "<n:jobId>7</n:jobId><n:jobNumberSingle>26-07</n:jobNumberSingle>
            <n:advertiseFromDateUTC>Mon, 02 Mar 2026 08:00:00:0</n:advertiseFromDateUTC>
            <n:advertiseToDateTimeUTC>Tue, 31 Mar 2026 23:59:00:0</n:advertiseToDateTimeUTC>
            <n:minimumSalary>21.50</n:minimumSalary><n:maximumSalary>30.0000</n:maximumSalary>
            <n:salaryCurrency>USD</n:salaryCurrency><n:salaryInterval>Hour</n:salaryInterval>
            <n:jobType>Full-Time</n:jobType><n:department>Parks</n:department>
            <n:location>12 Elm Street, Springfield</n:location><n:state>Oregon</n:state>
            <n:examplesofduties>&lt;p&gt;Plant trees.</n:examplesofduties>
            <n:qualifications>A licence.</n:qualifications>
            <n:supplementalinformation>Apply online.</n:supplementalinformation>",
            Some(Description::Html("<p>Tend parks.</p>".to_owned())),
        );
        let text = "<p>Tend parks.</p>\n<h3>Duties</h3><p>Plant trees.\n<h3>Qualifications</h3>A licence.\n\
            <h3>Supplemental information</h3>Apply online.";
        let expected = RawJob {
            department: Some("Parks".to_owned()),
            locations: vec![Location {
                region: Some("Oregon".to_owned()),
                ..Location::named("12 Elm Street, Springfield, Oregon")
            }],
            employment_type: Some("Full-Time".to_owned()),
            salary: Salary::between(
                Some(21.5),
                Some(30.0),
                Some("USD".to_owned()),
                Some(PayPeriod::Hour),
            ),
            description: Some(Description::Html(text.to_owned())),
            posted_at: Some("2026-03-02T08:00:00Z".to_owned()),
            expires_at: Some("2026-03-31T23:59:00Z".to_owned()),
            extra: vec![("requisition".to_owned(), "26-07".to_owned())],
            ..RawJob::blank()
        };
        assert_eq!(job, expected);
    }

    #[test]
    fn the_elements_of_indeed_are_read() {
        let job = job(
            "<date>Fri, 13 Mar 2026 10:00:00 GMT</date><referencenumber>R7</referencenumber>
            <company>Acme</company><city>Bonn</city><state>NRW</state><country>Germany</country>
            <salary>from 3.000 € a month</salary><jobtype>part time</jobtype>
            <remotetype>Hybrid remote</remotetype><education>None</education>",
        );
        let place = Location {
            name: "Bonn, NRW, Germany".to_owned(),
            city: Some("Bonn".to_owned()),
            region: Some("NRW".to_owned()),
            country: Some("DE".to_owned()),
        };
        let expected = RawJob {
            company: Some("Acme".to_owned()),
            locations: vec![place],
            workplace: Some(Workplace::Hybrid),
            employment_type: Some("part time".to_owned()),
            salary: Some(Salary::from_text("from 3.000 € a month")),
            description: Some(Description::Html("<h3>Education</h3>None".to_owned())),
            posted_at: Some("2026-03-13T10:00:00Z".to_owned()),
            extra: vec![("requisition".to_owned(), "R7".to_owned())],
            ..RawJob::blank()
        };
        assert_eq!(job, expected);
    }

    #[test]
    fn names_are_compared_without_case_and_separators() {
        for element in ["job_type", "jobType", "JobType", "n:job-type"] {
            let job = job(&format!("<{element}>Contract</{element}>"));
            assert_eq!(
                job.employment_type.as_deref(),
                Some("Contract"),
                "{element}"
            );
        }
        assert_eq!(
            job("<n:jobtypes>Contract</n:jobtypes>").employment_type,
            None
        );
    }

    #[test]
    fn pay_is_read_as_numbers_or_else_as_words() {
        let pay = |lowest: &str, highest: &str| {
            job(&format!(
                "<salary_min>{lowest}</salary_min><salary_max>{highest}</salary_max>"
            ))
            .salary
        };
        assert_eq!(
            pay("50,000.00", "1,060,000"),
            Salary::between(Some(50e3), Some(1_060e3), None, None)
        );
        assert_eq!(pay("0.00", "0"), None);
        assert_eq!(pay("", ""), None);
        for words in ["Depends on Qualifications", "$50,000", "5,00", "1.", "-5"] {
            assert_eq!(pay(words, ""), Some(Salary::from_text(words)));
        }
    }

    #[test]
    fn a_part_that_the_description_contains_is_not_repeated() {
        let elements = "<requirements>A licence.</requirements><benefits>&lt;p/&gt;</benefits>";
        let html = Some(Description::Html(
            "<p>Cook.</p><p>A licence.</p>".to_owned(),
        ));
        assert_eq!(job_with(elements, html.clone()).description, html);

        let plain = Some(Description::Text("Cook & bake.\nNow.".to_owned()));
        let text = "Cook &amp; bake.<br>Now.\n<h3>Requirements</h3>A licence.";
        assert_eq!(
            job_with(elements, plain.clone()).description,
            Some(Description::Html(text.to_owned()))
        );
        assert_eq!(job_with("", plain.clone()).description, plain);
    }

    #[test]
    fn several_places_are_several_locations() {
        let places = |elements: &str| {
            let names = job(elements).locations.into_iter().map(|place| place.name);
            names.collect::<Vec<_>>()
        };
        assert_eq!(
            places("<location>Bonn</location><location>Köln</location><state>NRW</state>"),
            ["Bonn", "Köln"]
        );
        assert_eq!(
            places("<location><city>Bonn</city> <state>NRW</state></location>"),
            ["Bonn, NRW"]
        );
        assert_eq!(
            places("<location>Bonn, NRW</location><state>NRW</state>"),
            ["Bonn, NRW"]
        );
    }

    #[test]
    fn words_instead_of_a_date_are_not_a_date() {
        for element in ["deadline", "n:advertiseToDateTimeUTC"] {
            let job = job(&format!("<{element}>Open until filled</{element}>"));
            assert_eq!(job.expires_at, None, "{element}");
        }
    }
}
