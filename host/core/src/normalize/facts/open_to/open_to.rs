//! The fact and the order of its sources.

use serde::{Deserialize, Serialize};

use super::area::Area;
use super::named::{self, Areas};
use super::statement;
use crate::job::{Location, Workplace};
use crate::normalize::facts::Origin;
use crate::normalize::facts::place::Zone;

/// The areas from which a remote job may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTo {
    /// Empty if only exceptions are stated: `Remote (non-U.S.)`.
    pub areas: Vec<Area>,
    /// Areas that are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Area>,
    /// The text also names areas that are not known exactly, such as `European time zones`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_open_ended: bool,
    pub origin: Origin,
}

impl OpenTo {
    /// Returns true if the job may be done from the area or a part of it, and `None` if that is
    /// unknown. Only a job for the whole world is open to [`Zone::Worldwide`].
    pub fn includes(&self, asked: &Area) -> Option<bool> {
        let is_included = match asked {
            Area::Country(code) if self.except.iter().any(|area| area.has(code)) => {
                return Some(false);
            }
            Area::Country(code) => self.has(code),
            Area::Zone(Zone::Worldwide) => self.is_worldwide(),
            Area::Zone(zone) => zone.countries().any(|code| self.has(code)),
        };
        if is_included {
            return Some(true);
        }
        let is_known = !self.is_open_ended && !self.areas.is_empty();
        (is_known || self.leaves_out(asked)).then_some(false)
    }

    fn has(&self, code: &str) -> bool {
        let is_left_out = self.except.iter().any(|area| area.has(code));
        !is_left_out && self.areas.iter().any(|area| area.has(code))
    }

    fn is_worldwide(&self) -> bool {
        self.except.is_empty() && self.areas.contains(&Area::Zone(Zone::Worldwide))
    }

    fn leaves_out(&self, asked: &Area) -> bool {
        match asked {
            Area::Country(code) => self.except.iter().any(|area| area.has(code)),
            Area::Zone(Zone::Worldwide) => !self.except.is_empty(),
            Area::Zone(zone) => zone
                .countries()
                .all(|code| self.except.iter().any(|area| area.has(code))),
        }
    }
}

/// Returns the areas from which a remote job may be done; `None` if it is not remote or no source
/// states them. The names of the locations come first, then their fields, then the title, then
/// plain statements of the description.
pub fn open_to(
    title: &str,
    locations: &[Location],
    workplace: Option<Workplace>,
    description: Option<&str>,
) -> Option<OpenTo> {
    if workplace == Some(Workplace::OnSite) {
        return None;
    }
    let is_remote = workplace == Some(Workplace::Remote);
    let (areas, origin) = of_locations(locations, is_remote);
    if !areas.is_empty() {
        return Some(stated(areas, origin));
    }

    // A hybrid job may have a remote place too, but its texts speak of both.
    if workplace == Some(Workplace::Hybrid) {
        return None;
    }
    let areas = named::of_title(title);
    if !areas.is_empty() {
        return Some(stated(areas, Origin::Text));
    }
    let description = description.filter(|_| is_remote)?;
    let areas = statement::of_description(description);
    (!areas.is_empty()).then(|| stated(areas, Origin::Text))
}

fn of_locations(locations: &[Location], is_remote: bool) -> (Areas, Origin) {
    let mut areas = Areas::default();
    let mut origin = Origin::Field;
    for location in locations {
        let named = named::of_location(&location.name, is_remote);
        if !named.is_empty() {
            origin = Origin::Text;
        } else if let Some(country) = &location.country
            && (is_remote || named.is_marked)
        {
            areas.include(Area::Country(country.clone()));
        }
        areas.extend(named);
    }
    (areas, origin)
}

fn stated(areas: Areas, origin: Origin) -> OpenTo {
    OpenTo {
        areas: areas.included,
        except: areas.except,
        is_open_ended: areas.is_open_ended,
        origin,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn location(name: &str, country: Option<&str>) -> Location {
        Location {
            name: name.to_owned(),
            city: None,
            region: None,
            country: country.map(str::to_owned),
        }
    }

    /// Returns the fact as a text: `US CA`, `worldwide -US`, `eu ?` if open-ended; empty if unknown.
    fn shown(open_to: Option<OpenTo>) -> String {
        let Some(open_to) = open_to else {
            return String::new();
        };
        let areas = open_to.areas.iter().map(ToString::to_string);
        let except = open_to.except.iter().map(|area| format!("-{area}"));
        let rest = open_to.is_open_ended.then(|| "?".to_owned());
        areas
            .chain(except)
            .chain(rest)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn of_names(names: &[&str], workplace: Option<Workplace>) -> String {
        let locations: Vec<Location> = names.iter().map(|name| location(name, None)).collect();
        shown(open_to("Engineer", &locations, workplace, None))
    }

    #[test]
    fn a_location_with_a_mark_states_areas() {
        for (name, areas) in [
            ("Remote - US", "US"),
            ("Remote (US/Canada)", "US CA"),
            ("Remote, Europe", "europe"),
            ("Remote - EMEA", "emea"),
            ("Home based - Americas", "americas"),
            ("Remote - DACH", "dach"),
            ("Remote, Latin America", "latam"),
            ("Remote in the Nordics", "nordics"),
            ("US-Remote", "US"),
            ("Remote, Bengaluru", ""),
            ("Remote (Buenos Aires, Argentina)", "AR"),
            ("Remote - California", "US"),
            ("Texas, USA, Remote", "US"),
            ("Anywhere in France, Belgium, Spain", "FR BE ES"),
            ("Anywhere in the World", "worldwide"),
            ("Worldwide", "worldwide"),
            ("Remote (non-U.S.)", "-US"),
            ("Worldwide except US", "worldwide -US"),
            ("Remote, EU except France and Spain", "eu -FR -ES"),
            ("Remote, European timezones", ""),
            ("Remote (US, European time zones)", "US ?"),
            ("NYC, SF, Remote (US)", "US"),
            ("Toronto, Remote-Canada", "CA"),
            ("Remoto, Brasil", "BR"),
            ("Remote - Georgia", ""),
            ("NYC, SF, Remote", ""),
            ("Remote", ""),
            ("EMEA", ""),
            ("Berlin, Germany", ""),
            ("Headquarters", ""),
        ] {
            assert_eq!(of_names(&[name], None), areas, "{name}");
        }
    }

    #[test]
    fn the_places_of_a_remote_job_are_its_areas() {
        let remote = Some(Workplace::Remote);
        assert_eq!(of_names(&["Germany", "Austria"], remote), "DE AT");
        assert_eq!(of_names(&["Europe"], remote), "europe");
        assert_eq!(of_names(&["Lisbon"], remote), "PT");
        assert_eq!(of_names(&["Brazil, Colombia"], remote), "BR CO");
        assert_eq!(of_names(&["Remote"], remote), "");

        let stated = open_to("Engineer", &[location("Remote", Some("PL"))], remote, None).unwrap();
        assert_eq!(stated.origin, Origin::Field);
        assert_eq!(shown(Some(stated)), "PL");
    }

    #[test]
    fn a_job_at_an_office_is_not_open_to_areas() {
        let hybrid = Some(Workplace::Hybrid);
        assert_eq!(of_names(&["Germany"], None), "");
        assert_eq!(of_names(&["Remote - US"], Some(Workplace::OnSite)), "");
        assert_eq!(of_names(&["Germany"], hybrid), "");
        assert_eq!(of_names(&["Berlin", "Remote (Spain)"], hybrid), "ES");
    }

    #[test]
    fn a_title_states_areas_only_with_a_mark() {
        for (title, areas) in [
            ("Engineer (Remote - US)", "US"),
            ("Engineer - EMEA Remote", "emea"),
            ("Engineer | Remote (EU only) | Full-time", "eu"),
            ("Engineer | Fully Remote AUS/NZ", "AU NZ"),
            ("Engineer - Remote, Latin America", "latam"),
            ("Engineer (Remote, Worldwide)", "worldwide"),
            ("Acme, non-profit | Engineer | Remote (Global)", "worldwide"),
            ("Acme | REMOTE (US) / Austin", "US"),
            ("Sales Manager, EMEA", ""),
            ("Integration Engineer (Global)", ""),
            ("Account Executive (DACH)", ""),
            ("Onsite (2 days remote OK)", ""),
            ("Remote Sensing Engineer, Spain", ""),
        ] {
            assert_eq!(shown(open_to(title, &[], None, None)), areas, "{title}");
        }
    }

    #[test]
    fn a_job_is_open_to_what_contains_the_area_or_lies_in_it() {
        let list = |text: &str| {
            text.split_whitespace()
                .map(|area| area.parse().unwrap())
                .collect()
        };
        for (areas, except, is_open_ended, asked, includes) in [
            ("europe", "", false, "DE", Some(true)),
            ("ES", "", false, "europe", Some(true)),
            ("ES", "", false, "DE", Some(false)),
            ("EU", "", false, "GB", Some(false)),
            ("EU", "", false, "europe", Some(true)),
            ("US", "", false, "europe", Some(false)),
            ("emea", "", false, "dach", Some(true)),
            ("worldwide", "", false, "DE", Some(true)),
            ("worldwide", "", false, "latam", Some(true)),
            ("worldwide", "", false, "worldwide", Some(true)),
            ("europe", "", false, "worldwide", Some(false)),
            ("worldwide", "US", false, "US", Some(false)),
            ("worldwide", "US", false, "north-america", Some(true)),
            ("worldwide", "US", false, "worldwide", Some(false)),
            ("", "US", false, "US", Some(false)),
            ("", "US", false, "DE", None),
            ("US", "", true, "US", Some(true)),
            ("US", "", true, "DE", None),
        ] {
            let open_to = OpenTo {
                areas: list(areas),
                except: list(except),
                is_open_ended,
                origin: Origin::Text,
            };
            let asked: Area = asked.parse().unwrap();
            assert_eq!(open_to.includes(&asked), includes, "{open_to:?} {asked}");
        }
    }

    #[test]
    fn the_fact_reads_back_from_its_json() {
        let places = [location("Worldwide except US", None)];
        let fact = open_to("Engineer", &places, None, None).unwrap();
        let json = serde_json::to_string(&fact).unwrap();
        assert_eq!(
            json,
            r#"{"areas":["worldwide"],"except":["US"],"origin":"text"}"#
        );
        assert_eq!(serde_json::from_str::<OpenTo>(&json).unwrap(), fact);
    }

    proptest! {
        #[test]
        fn any_text_is_read(title in ".{0,80}", name in ".{0,80}", description in ".{0,300}") {
            let locations = [location(&name, Some("US"))];
            for workplace in [None, Some(Workplace::Remote), Some(Workplace::Hybrid)] {
                open_to(&title, &locations, workplace, Some(&description));
            }
        }

        #[test]
        fn any_statement_is_read(start in ".{0,70}", rest in ".{0,250}") {
            let text = format!("{start}must be based in{rest}");
            open_to("Engineer", &[], Some(Workplace::Remote), Some(&text));
        }
    }
}
