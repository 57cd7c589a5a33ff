//! The derived facts of a job in JSON, and as cells of a CSV file.

use job_scanner_core::job::{Facts, Known, KnownPay, Origin, PayPeriod};
use job_scanner_core::normalize::facts::EmploymentKind;
use job_scanner_core::normalize::facts::Level;
use job_scanner_core::normalize::facts::Years;
use job_scanner_core::normalize::facts::open_to::{Area, OpenTo};
use job_scanner_core::normalize::facts::pay::PayKind;
use job_scanner_core::normalize::facts::place::Place;
use serde::Serialize;

/// All facts. A list without a value is empty, and any other unknown value is `null`.
#[derive(Debug, Serialize)]
pub(crate) struct FactsView<'a> {
    pay: Vec<PayView<'a>>,
    places: Vec<PlaceView<'a>>,
    open_to: Option<OpenToView<'a>>,
    employment: &'a [Known<EmploymentKind>],
    language: Option<&'a Known<String>>,
    levels: &'a [Level],
    years: Option<YearsView>,
}

#[derive(Debug, Serialize)]
struct PayView<'a> {
    min: Option<f64>,
    max: Option<f64>,
    currency: Option<&'a str>,
    period: Option<PayPeriod>,
    kind: PayKind,
    place: Option<&'a str>,
    is_elsewhere: bool,
    origin: Origin,
}

#[derive(Debug, Serialize)]
struct PlaceView<'a> {
    country: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    origin: Origin,
}

#[derive(Debug, Serialize)]
struct OpenToView<'a> {
    areas: &'a [Area],
    except: &'a [Area],
    origin: Origin,
}

#[derive(Debug, Serialize)]
struct YearsView {
    min: u8,
    max: Option<u8>,
}

impl<'a> From<&'a Facts> for FactsView<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self {
            pay: facts.pay.iter().map(PayView::from).collect(),
            places: facts.places.iter().map(PlaceView::from).collect(),
            open_to: facts.open_to.as_ref().map(OpenToView::from),
            employment: &facts.employment,
            language: facts.language.as_ref(),
            levels: &facts.levels,
            years: facts.years.map(|Years { min, max }| YearsView { min, max }),
        }
    }
}

impl<'a> From<&'a KnownPay> for PayView<'a> {
    fn from(pay: &'a KnownPay) -> Self {
        let range = &pay.range;
        Self {
            min: range.min,
            max: range.max,
            currency: range.currency.as_deref(),
            period: range.period,
            kind: range.kind,
            place: range.place.as_deref(),
            is_elsewhere: pay.is_elsewhere,
            origin: pay.origin,
        }
    }
}

impl<'a> From<&'a Place> for PlaceView<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            country: place.country.as_deref(),
            region: place.region.as_deref(),
            city: place.city.as_deref(),
            origin: place.origin,
        }
    }
}

impl<'a> From<&'a OpenTo> for OpenToView<'a> {
    fn from(open_to: &'a OpenTo) -> Self {
        Self {
            areas: &open_to.areas,
            except: &open_to.except,
            origin: open_to.origin,
        }
    }
}
