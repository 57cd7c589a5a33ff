//! Coordinates and distances on the surface of the earth.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth.
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// Coordinates in degrees; south and west are negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub lat: f64,
    pub lon: f64,
}

impl Point {
    /// Returns the distance of two points along the surface (haversine formula).
    pub fn km_to(self, other: Self) -> f64 {
        let half_chord = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let shrinks = self.lat.to_radians().cos() * other.lat.to_radians().cos();
        let chord = half_chord(other.lat - self.lat) + shrinks * half_chord(other.lon - self.lon);
        2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BERLIN: Point = Point {
        lat: 52.524,
        lon: 13.411,
    };

    #[test]
    fn distances_match_those_of_an_atlas() {
        for (lat, lon, km) in [
            (52.524, 13.411, 0.0),
            (52.399, 13.066, 27.0),
            (48.137, 11.575, 504.0),
            (40.714, -74.006, 6385.0),
            (-33.868, 151.207, 16_089.0),
            (-52.524, -166.589, 20_015.0),
        ] {
            let measured = BERLIN.km_to(Point { lat, lon });
            assert!(
                (measured - km).abs() < 2.0 + km / 500.0,
                "{lat} {lon}: {measured}"
            );
        }
    }
}
