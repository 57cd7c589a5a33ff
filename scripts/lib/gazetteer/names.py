"""The keys of the table: each name in the folded form that the program looks up, with the places that have it."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

from .curated import CITY_NAMES, COUNTRY_CODES, COUNTRY_NAMES, NEVER_BARE, REGION_NAMES, VAGUE_REGIONS, WELL_KNOWN
from .sources import City, Country, Region

COUNTRY, REGION, CITY = 0, 1, 2
# The place has another, usual name.
ALTERNATE = 1
# Only in upper case: a code such as `DE`.
CODE = 2
# Unknown without another part, such as the country.
NEVER_ALONE = 4
# Alone it stands for this place, whatever the others' sizes are.
WELL_KNOWN_FLAG = 8

# Alternate names of smaller cities are mostly transliterations.
ALTERNATES_FROM = 100_000
# Countries of several languages: there, the other name of a smaller city is in use.
BILINGUAL = {"BE", "CH", "FI", "ES", "IE", "LU", "IT"}
# The regions whose codes are in use; elsewhere they are numbers or rare.
CODED_REGIONS = {"US", "CA", "AU", "DE", "CH", "BR", "IN", "GB", "NL", "ES", "IT", "MX"}

LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h"}
SPELT_OUT = {"DE": "äöü", "AT": "äöü", "CH": "äöü", "DK": "øå", "NO": "øå"}
SPELLINGS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
KIND_WORDS = re.compile(
    r"\b(province|state|region|county|prefecture|department|governorate|oblast|district|municipality|voivodeship"
    r"|canton|autonomous community|metropolitan region|provincia|estado|région|land|kanton|of|de|di|do)\b",
    re.IGNORECASE,
)
SCRIPTS = {
    "CYRILLIC": {"RU", "UA", "BG", "RS", "BY", "KZ", "MK"},
    "GREEK": {"GR", "CY"},
    "HEBREW": {"IL"},
    "CJK": {"CN", "TW", "HK", "JP", "SG"},
    "HANGUL": {"KR"},
    "THAI": {"TH"},
}


class Entry(NamedTuple):
    """A place that has a name. `place` is its number in its list."""

    kind: int
    place: int
    flags: int


def fold(name: str) -> str:
    """Returns a name in lower case, without marks and punctuation. fold.rs does the same."""
    name = re.sub(r"['’‘ʻʼ`´]", "", name)
    # The dots of an abbreviation: `U.S.` and `D.C.` are one word each.
    name = re.sub(r"(?<![^\W_]{2})\.(?=[^\W_](?:\.|[^\w]|$))", "", name)
    letters = []
    for char in unicodedata.normalize("NFKD", name):
        if unicodedata.category(char).startswith("M"):
            continue
        for lower in char.lower():
            if unicodedata.category(lower).startswith("M"):
                continue
            lower = LETTERS.get(lower, lower)
            letters.append(lower if lower.isalnum() else " ")
    return " ".join("".join(letters).split())


def keys(countries: list[Country], regions: list[Region], cities: list[City]) -> dict[str, list[Entry]]:
    found: dict[str, dict[tuple[int, int], int]] = defaultdict(dict)

    def add(name: str, kind: int, place: int, flags: int) -> None:
        key = fold(name)
        if len(key) < 2 or len(key) > 60:
            return
        # A usual name outranks an alternate one of the same place, and a plain name a code.
        known = found[key].get((kind, place))
        found[key][(kind, place)] = flags if known is None else known & flags

    for number, country in enumerate(countries):
        add_country(add, number, country)
    for number, region in enumerate(regions):
        add_region(add, number, region)
    for number, city in enumerate(cities):
        add_city(add, number, city)
    flag_cities(found, cities)
    drop_shadowed(found)
    return {key: entries(found[key]) for key in sorted(found, key=str.encode)}


def add_country(add, number: int, country: Country) -> None:
    for name in [country.name, *country.other_names, *COUNTRY_NAMES.get(country.code, [])]:
        short = fold(name)
        # A code that is a name, such as `US`, is in COUNTRY_NAMES.
        if len(short) > 3 or name in COUNTRY_NAMES.get(country.code, []) or not short.isascii():
            add(name, COUNTRY, number, 0)
    for code in [country.code, country.alpha3, *COUNTRY_CODES.get(country.code, [])]:
        add(code, COUNTRY, number, CODE)


def add_region(add, number: int, region: Region) -> None:
    for position, name in enumerate([region.name, *region.other_names]):
        curated = name in REGION_NAMES.get(f"{region.country}-{region.code}", [])
        if not is_readable(name, region.country) and not curated:
            continue
        for form in spellings(name, region.country):
            flags = 0 if position < 3 or curated else ALTERNATE
            for spelt in {form, KIND_WORDS.sub(" ", form)}:
                if len(fold(spelt)) < 3 or fold(spelt) in VAGUE_REGIONS:
                    continue
                vague = NEVER_ALONE if fold(spelt) in NEVER_BARE else 0
                add(spelt, REGION, number, flags | vague)
    if region.country in CODED_REGIONS and region.code.isalpha():
        add(region.code, REGION, number, CODE)


def add_city(add, number: int, city: City) -> None:
    curated = CITY_NAMES.get((city.country, city.name), [])
    # The largest city of the name is meant; the list of cities is sorted by size.
    for name in curated if city.population > 200_000 else []:
        add(name, CITY, number, 0)
    for name in spellings(city.name, city.country):
        add(name, CITY, number, 0)
    for name in filter(lambda name: is_in_use(name, city), city.other_names):
        for form in spellings(name, city.country):
            add(form, CITY, number, ALTERNATE)


def is_in_use(name: str, city: City) -> bool:
    # Short names of smaller cities are mostly words: `One` for Onex. `Rom` is Rome.
    shortest = 3 if city.population >= 1_000_000 else 4
    if not all(unicodedata.name(char, "").startswith("LATIN") for char in name if char.isalpha()):
        shortest = 2
    if len(fold(name)) < shortest or (name.isascii() and name.isupper() and len(name) < 5):
        return False
    if city.population >= ALTERNATES_FROM or city.country in BILINGUAL:
        return is_readable(name, city.country)
    shortened = fold(city.name).startswith(fold(name) + " ") and len(fold(name)) > 5
    return shortened and is_readable(name, city.country)


def is_readable(name: str, country: str) -> bool:
    """Returns true for Latin letters and for the script of the country. GeoNames writes transliterations in lower case."""
    letters = [char for char in name if char.isalpha()]
    if not letters:
        return False
    # `CJK UNIFIED IDEOGRAPH-6771` and `LATIN SMALL LETTER A`: the script is the first word.
    scripts = {re.split(r"[ -]", unicodedata.name(char, "-"))[0] for char in letters}
    if scripts == {"LATIN"}:
        return letters[0].isupper() or name.startswith("'s-")
    return all(country in SCRIPTS.get(script, ()) for script in scripts)


def spellings(name: str, country: str) -> set[str]:
    marks = SPELT_OUT.get(country, "")
    spelt = "".join(SPELLINGS[char] if char in marks else char for char in name.replace("Ö", "Oe").replace("Ü", "Ue"))
    # `St. Louis` is also `Saint Louis`.
    saint = {re.sub(r"^St\.? ", "Saint ", name)} if country in {"US", "CA", "GB"} else set()
    return {name, *saint} | ({spelt} if marks else set())


def flag_cities(found, cities: list[City]) -> None:
    for key, places in found.items():
        for (kind, place), flags in places.items():
            if kind != CITY:
                continue
            if key in NEVER_BARE:
                flags |= NEVER_ALONE
            if (key, cities[place].country) in WELL_KNOWN and not flags & ALTERNATE:
                flags |= WELL_KNOWN_FLAG
            places[(kind, place)] = flags


def drop_shadowed(found) -> None:
    """Removes alternate names of cities that are the name of a country: nobody means the city."""
    for places in found.values():
        if any(kind == COUNTRY and not flags & CODE for (kind, _), flags in places.items()):
            for place in [key for key, flags in places.items() if key[0] == CITY and flags & ALTERNATE]:
                del places[place]


def entries(places: dict[tuple[int, int], int]) -> list[Entry]:
    """Returns countries first, then regions, then cities from the largest."""
    return [Entry(kind, place, flags) for (kind, place), flags in sorted(places.items())]
