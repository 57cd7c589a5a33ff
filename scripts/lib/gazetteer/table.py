"""The bytes of the table, whose layout place/table.rs describes."""

import struct

from .names import Entry
from .sources import City, Country, Region

MAGIC = b"PLC1"
NO_REGION = 0xFFFF


class Texts:
    """Names to show, one after the other; each is found by its offset and length."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.known: dict[str, int] = {}

    def add(self, text: str) -> int:
        if text not in self.known:
            encoded = text.encode()[:255]
            self.known[text] = len(self.bytes) << 8 | len(encoded)
            self.bytes += encoded
        return self.known[text]


def encode(countries: list[Country], regions: list[Region], cities: list[City], keys: dict[str, list[Entry]]) -> bytes:
    texts = Texts()
    country_numbers = {country.code: number for number, country in enumerate(countries)}
    region_numbers = {region.key: number for number, region in enumerate(regions)}

    country_bytes = b"".join(item.code.encode() for item in countries)
    region_bytes = b"".join(
        struct.pack("<IIHxx", texts.add(item.name), item.population, country_numbers[item.country]) for item in regions
    )
    city_bytes = b"".join(
        struct.pack(
            "<IIiiHH",
            texts.add(item.name),
            item.population,
            round(item.latitude * 100_000),
            round(item.longitude * 100_000),
            country_numbers[item.country],
            region_numbers.get(item.region_key, NO_REGION),
        )
        for item in cities
    )

    key_text = b"".join(key.encode() for key in keys)
    entry_bytes = b"".join(struct.pack("<I", pack(entry)) for places in keys.values() for entry in places)
    header = struct.pack(
        "<4s6I", MAGIC, len(countries), len(regions), len(cities), len(keys), len(entry_bytes) // 4, len(key_text)
    )
    parts = [header, country_bytes, region_bytes, city_bytes, key_index(keys), entry_bytes, key_text, bytes(texts.bytes)]
    return b"".join(parts)


def key_index(keys: dict[str, list[Entry]]) -> bytes:
    """Returns for each key, and for the end, the offsets of its text and of its first entry."""
    rows, text, entry = [], 0, 0
    for key, places in keys.items():
        rows.append(struct.pack("<II", text, entry))
        text += len(key.encode())
        entry += len(places)
    rows.append(struct.pack("<II", text, entry))
    return b"".join(rows)


def pack(entry: Entry) -> int:
    return entry.place << 8 | entry.flags << 2 | entry.kind
