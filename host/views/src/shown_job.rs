//! The cells with the facts of a job that a person chooses by: company, place, pay, age, and the
//! terms that matched.
//!
//! All tables of jobs take their cells from [`ShownJob`], so that a job looks the same in each.

use jiff::{SignedDuration, Timestamp};
use job_scanner_core::job::{BoardTime, Job, Location, PayPeriod, Salary, ShownCompany, Workplace};
use job_scanner_core::matching::MatchResult;
use job_scanner_store::{AlertedJob, ListedJob, PendingAlert};

use crate::cells::{board_day, short, whole};

/// The profile of `search_criteria`, which is not named in cells.
const DEFAULT_PROFILE: &str = "default";

/// The facts of a job that tables show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownJob<'a> {
    pub(crate) title: &'a str,
    pub(crate) company: ShownCompany<'a>,
    pub(crate) locations: &'a [Location],
    pub(crate) url: &'a str,
    workplace: Option<Workplace>,
    salary: Option<&'a Salary>,
    posted_at: Option<BoardTime>,
    /// `None` if the table does not know it.
    first_seen_at: Option<Timestamp>,
}

impl<'a> ShownJob<'a> {
    /// Shows a job of the source with the name `source_name`.
    pub(crate) fn new(job: &'a Job, source_name: &'a str) -> Self {
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), source_name),
            locations: &job.locations,
            url: &job.url,
            workplace: job.workplace,
            salary: job.salary.as_ref(),
            posted_at: job.posted_at,
            first_seen_at: None,
        }
    }

    pub(crate) fn title_cell(&self) -> String {
        whole(self.title)
    }

    pub(crate) fn company_cell(&self) -> String {
        whole(self.company.name)
    }

    /// Returns the first place and the number of others, such as `Berlin +2`, with `remote` in
    /// front if no place says so. Without a place, it is the workplace.
    pub(crate) fn place_cell(&self) -> String {
        let Some((first, others)) = self.locations.split_first() else {
            let workplace = self.workplace.map(Workplace::as_str);
            return workplace.unwrap_or_default().to_owned();
        };
        let says_remote = |place: &Location| place.name.to_lowercase().contains("remote");
        let is_told = self.locations.iter().any(says_remote);
        let remote = match self.workplace {
            Some(Workplace::Remote) if !is_told => "remote, ",
            _ => "",
        };
        let more = match others.len() {
            0 => String::new(),
            number => format!(" +{number}"),
        };
        format!("{remote}{}{more}", whole(&first.name))
    }

    /// Returns the pay, such as `70–90k EUR/yr`; empty if the board gives none.
    pub(crate) fn pay_cell(&self) -> String {
        self.salary.map(pay).unwrap_or_default()
    }

    /// Returns the age at `now`, such as `3d` by the date of the board. If it gives none, `3d+` is
    /// the time since the job was first seen.
    pub(crate) fn age_cell(&self, now: Timestamp) -> String {
        let posted = self.posted_at.map(|at| posted_ago(at, now));
        let seen = self.first_seen_at.map(|at| now.duration_since(at));
        match (posted, seen) {
            (Some(Age::Days(days)), _) => days_and_weeks(days),
            (Some(Age::Exact(age)), _) => short_age(age),
            (None, Some(age)) => short_age(age) + "+",
            (None, None) => String::new(),
        }
    }
}

impl<'a> From<&'a ListedJob> for ShownJob<'a> {
    fn from(listed: &'a ListedJob) -> Self {
        Self {
            first_seen_at: Some(listed.first_seen_at),
            ..Self::new(&listed.job, &listed.source_name)
        }
    }
}

impl<'a> From<&'a PendingAlert> for ShownJob<'a> {
    fn from(alert: &'a PendingAlert) -> Self {
        let job: &AlertedJob = &alert.job;
        Self {
            title: &job.title,
            company: ShownCompany::of(job.company.as_deref(), &alert.source_name),
            locations: &job.locations,
            url: &job.url,
            workplace: job.workplace,
            salary: job.salary.as_ref(),
            posted_at: job.posted_at,
            first_seen_at: None,
        }
    }
}

/// Returns the terms and conditions of a match, each once, such as `rust, salary >= 70k EUR`.
pub(crate) fn terms(result: &MatchResult) -> String {
    let mut terms: Vec<&str> = Vec::new();
    for reason in &result.reasons {
        if !terms.contains(&reason.term.as_str()) {
            terms.push(&reason.term);
        }
    }
    whole(&terms.join(", "))
}

/// Returns the terms of several matches. A profile other than `default` is named: `rust, go; data:
/// python`.
pub(crate) fn why_cell<'a>(matches: impl IntoIterator<Item = &'a MatchResult>) -> String {
    let matches = matches
        .into_iter()
        .map(|result| match result.profile.as_str() {
            DEFAULT_PROFILE => terms(result),
            name => format!("{}: {}", whole(name), terms(result)),
        });
    let matches: Vec<String> = matches.collect();
    matches.join("; ")
}

/// Returns a salary in a few words. A number, currency or period that is unknown is left out.
fn pay(salary: &Salary) -> String {
    let is_plausible = |amount: &f64| amount.is_finite() && *amount >= 0.0;
    let (min, max) = (
        salary.min.filter(is_plausible),
        salary.max.filter(is_plausible),
    );
    let range = match (min, max) {
        (Some(min), Some(max)) => range(min, max),
        (Some(min), None) => format!("≥{}", amount(min)),
        (None, Some(max)) => format!("≤{}", amount(max)),
        (None, None) => return salary.text.as_deref().map(short).unwrap_or_default(),
    };

    let currency = match &salary.currency {
        Some(code) => format!(" {}", short(code)),
        None => String::new(),
    };
    let period = salary.period.map(per).unwrap_or_default();
    format!("{range}{currency}{period}")
}

/// Returns a range such as `70–90k`: the unit is written once if both ends have it.
fn range(min: f64, max: f64) -> String {
    let (low, high) = (amount(min), amount(max));
    if low == high {
        return low;
    }
    for unit in ['k', 'M'] {
        if let (Some(low), true) = (low.strip_suffix(unit), high.ends_with(unit)) {
            return format!("{low}–{high}");
        }
    }
    format!("{low}–{high}")
}

/// Returns an amount such as `45`, `22.50`, `9500`, `72.5k` or `1.2M`. Amounts from 10,000 are
/// rounded to a tenth of their unit.
fn amount(amount: f64) -> String {
    let in_unit = |unit: f64| (amount / unit * 10.0).round() / 10.0;
    if in_unit(1_000.0) >= 1_000.0 {
        format!("{}M", in_unit(1_000_000.0))
    } else if amount >= 10_000.0 {
        format!("{}k", in_unit(1_000.0))
    } else {
        let cents = format!("{amount:.2}");
        cents.strip_suffix(".00").unwrap_or(&cents).to_owned()
    }
}

fn per(period: PayPeriod) -> &'static str {
    match period {
        PayPeriod::Hour => "/h",
        PayPeriod::Day => "/d",
        PayPeriod::Week => "/wk",
        PayPeriod::Month => "/mo",
        PayPeriod::Year => "/yr",
    }
}

/// The time since a posting.
enum Age {
    /// Since a day, of which the hour is unknown.
    Days(i64),
    Exact(SignedDuration),
}

fn posted_ago(posted: BoardTime, now: Timestamp) -> Age {
    match posted {
        BoardTime::Moment(at) => Age::Exact(now.duration_since(at)),
        BoardTime::Day(day) => {
            let today = board_day(BoardTime::Moment(now));
            Age::Days(today.duration_since(day).as_hours() / 24)
        }
    }
}

/// Returns an age in its largest unit, such as `12m`, `5h`, `3d`, `5w` or `2y`. A time in the
/// future has the age 0.
fn short_age(age: SignedDuration) -> String {
    match age.as_mins().max(0) {
        mins @ ..60 => format!("{mins}m"),
        mins @ 60..1_440 => format!("{}h", mins / 60),
        mins => days_and_weeks(mins / 1_440),
    }
}

fn days_and_weeks(days: i64) -> String {
    match days.max(0) {
        days @ ..14 => format!("{days}d"),
        days @ 14..730 => format!("{}w", days / 7),
        days => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn salary(min: f64, max: f64, currency: &str, period: Option<PayPeriod>) -> Salary {
        let known = |amount: f64| Some(amount).filter(|amount| *amount >= 0.0);
        Salary {
            min: known(min),
            max: known(max),
            currency: Some(currency.to_owned()).filter(|code| !code.is_empty()),
            period,
            text: None,
        }
    }

    #[test]
    fn pay_is_short_and_leaves_out_what_is_unknown() {
        let unknown = -1.0;
        let (year, hour) = (Some(PayPeriod::Year), Some(PayPeriod::Hour));
        for (given, shown) in [
            (salary(70_000.0, 90_000.0, "EUR", year), "70–90k EUR/yr"),
            (salary(45.0, 45.0, "USD", hour), "45 USD/h"),
            (salary(22.5, 31.0, "USD", hour), "22.50–31 USD/h"),
            (salary(72_500.0, 99_980.0, "GBP", year), "72.5–100k GBP/yr"),
            (
                salary(9_500.0, 12_000.0, "PLN", Some(PayPeriod::Month)),
                "9500–12k PLN/mo",
            ),
            (
                salary(900_000.0, 1_250_000.0, "JPY", year),
                "900k–1.3M JPY/yr",
            ),
            (salary(999_960.0, 4_000_000.0, "JPY", year), "1–4M JPY/yr"),
            (salary(60_000.0, unknown, "EUR", year), "≥60k EUR/yr"),
            (
                salary(unknown, 300.0, "EUR", Some(PayPeriod::Day)),
                "≤300 EUR/d",
            ),
            (salary(70_000.0, 70_000.0, "", None), "70k"),
            (
                salary(900.0, unknown, "CHF", Some(PayPeriod::Week)),
                "≥900 CHF/wk",
            ),
        ] {
            assert_eq!(pay(&given), shown);
        }
        let words = Salary {
            text: Some("by agreement\u{7}".to_owned()),
            ..salary(unknown, unknown, "EUR", year)
        };
        assert_eq!(pay(&words), "by agreement\\u{7}");
    }

    #[test]
    fn a_place_shows_the_first_and_the_number_of_others() {
        let mut listed = samples::plain_job();
        let mut place = |names: &[&str], workplace| {
            let berlin = &samples::listed_job().job.locations[0];
            let named = |name: &&str| Location {
                name: (*name).to_owned(),
                ..berlin.clone()
            };
            listed.job.locations = names.iter().map(named).collect();
            listed.job.workplace = workplace;
            ShownJob::from(&listed).place_cell()
        };
        assert_eq!(place(&["Oslo"], None), "Oslo");
        assert_eq!(place(&["Oslo", "Bergen", "Bodø"], None), "Oslo +2");
        assert_eq!(place(&["Oslo"], Some(Workplace::Hybrid)), "Oslo");
        let remote = Some(Workplace::Remote);
        assert_eq!(place(&["Oslo", "Bergen"], remote), "remote, Oslo +1");
        assert_eq!(place(&["Norway (Remote)"], remote), "Norway (Remote)");
        assert_eq!(place(&[], remote), "remote");
        assert_eq!(place(&[], None), "");
        assert_eq!(place(&["a\u{1b}[2J"], None), "a\\u{1b}[2J");
    }

    #[test]
    fn an_age_is_that_of_the_board_or_at_least_that_since_it_was_first_seen() {
        let mut listed = samples::plain_job();
        let mut age = |posted: Option<&str>, now: &str| {
            listed.job.posted_at = posted.map(|at| at.parse().unwrap());
            ShownJob::from(&listed).age_cell(now.parse().unwrap())
        };
        for (now, first_seen) in [
            ("2026-11-21T10:15:59Z", "0m+"),
            ("2026-11-21T11:14:00Z", "59m+"),
            ("2026-11-22T10:14:00Z", "23h+"),
            ("2026-12-05T10:14:00Z", "13d+"),
            ("2026-12-05T10:15:00Z", "2w+"),
            ("2028-11-20T10:15:00Z", "2y+"),
            ("2026-11-20T10:15:00Z", "0m+"),
        ] {
            assert_eq!(age(None, now), first_seen, "{now}");
        }
        let now = "2026-11-23T01:00:00Z";
        assert_eq!(age(Some("2026-11-20"), now), "3d");
        assert_eq!(age(Some("2026-11-24"), now), "0d");
        assert_eq!(age(Some("2026-11-22T20:00:00Z"), now), "5h");
    }

    #[test]
    fn the_terms_of_each_profile_are_named_once() {
        let mut twice = samples::result();
        twice.reasons.extend(samples::result().reasons);
        let data = MatchResult {
            profile: "data".to_owned(),
            ..samples::result()
        };
        assert_eq!(
            why_cell([&twice, &data]),
            "engineer*, workplace:hybrid; data: engineer*, workplace:hybrid"
        );
        assert_eq!(why_cell([]), "");
    }
}
