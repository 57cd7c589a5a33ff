//! Places: country, region, city and coordinates of what a board writes.
//!
//! [`place`] reads the fields of a location first and its name second. `fold` makes words of a text,
//! `items` finds the names of the gazetteer (`table`) in them, `reading` joins the parts that belong
//! together (`Austin`, `TX`) and decides which place is meant. An ambiguous name stays unknown:
//! `Georgia` alone is a country or a state, and there are several cities named `Cambridge`.
//!
//! [`Near`], [`regions_named`] and [`country_named`] read what a person asks for, and [`Zone`] has
//! the countries of `EMEA` and the like.
//!
//! Not here: from where a remote job may be done ([`super::open_to`]).

mod ask;
mod fold;
mod items;
mod near;
mod place;
mod point;
mod reading;
mod table;
mod zone;

pub use ask::{RegionName, UnknownRegion, country_named, regions_named};
pub use near::{Near, NearError};
pub use place::{Place, place};
pub use point::Point;
pub use zone::Zone;

pub(crate) use fold::{FoldedWords, WordGap};
pub(crate) use items::{ItemKind, PlaceItem, excluded, items};
pub(crate) use reading::{PlaceCandidate, PlaceReading, read_items};
pub(crate) use table::GAZETTEER;
