"""The parts of scripts/gazetteer: `sources` reads the packages, `names` makes the keys, `table` writes the bytes."""
