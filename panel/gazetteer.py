"""Places and their codes, today's and former ones (`divisions`), and what became of them under other names and codes."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .divisions import LATEST, periods
from .knowledge import panel_knowledge

_LEVELS = (1, 2, 3)
_LONGEST = 16
Level = Literal["province", "city", "county"]
Told = tuple[str | None, str | None, str | None]
"""Province, city and county as a report tells them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A province, prefecture or county under one name and code, with the first and last year whose list has both."""

    code: str
    name: str
    first: int
    last: int

    @property
    def province_code(self) -> str:
        """The code of the province it lies in, or its own."""
        return f"{self.code[:2]}0000"

    @property
    def city_code(self) -> str | None:
        """The code of the prefecture it lies in, or its own; none for what lies right under a province."""
        code = f"{self.code[:4]}00"
        return code if code != self.province_code and code in _index().by_code else None

    @property
    def county_code(self) -> str | None:
        """Its own code where it is a county."""
        return None if self.code.endswith("00") else self.code

    def code_of(self, level: Level) -> str | None:
        """The code of its province, prefecture or county, None where it has none."""
        match level:
            case "province":
                return self.province_code
            case "city":
                return self.city_code
            case "county":
                return self.county_code


@dataclass(frozen=True, slots=True)
class _Index:
    by_code: dict[str, list[Place]]
    by_name: dict[str, list[Place]]
    full_names: dict[str, int]


def find_places(told: Told, year: int | None = None) -> list[Place]:
    """Return the places that the lowest level of ``told`` may mean, as they are called today.

    A name counts if it was in force in the year reported on or in the next, when the report came out; if none was,
    any year will do. The levels above, as far as they are told, must fit.
    """
    names = [(level, name) for level, name in zip(_LEVELS, told, strict=True) if name]
    if not names:
        return []
    level, name = names[-1]
    fitting = [
        place
        for place in _index().by_name.get(name, ())
        if _may_be(place, level) and all(_lies_in(place, above) for _, above in names[:-1])
    ]
    valid = [place for place in fitting if year is None or (place.first <= year + 1 and place.last >= year)]
    return sorted({current(place) for place in valid or fitting}, key=lambda place: place.code)


def current(place: Place) -> Place:
    """Return what a place is called today: the same area under a later name or code, if it is still one."""
    successors = _successors()
    while place in successors:
        place = successors[place]
    return place


def is_todays(place: Place) -> bool:
    """Whether a place is in the latest list."""
    return place.last == LATEST


def is_listed(code: str, year: int | None) -> bool:
    """Whether a code is in the list of a year's end."""
    return year is not None and any(p.first <= year <= p.last for p in _index().by_code.get(code, ()))


def former(place: Place, year: int) -> list[Place]:
    """Return what a place was in the list of a year's end: the same area under the name and code it had then."""
    return [before for before in _history()[place] if before.first <= year <= before.last]


def merged_into(place: Place) -> list[Place]:
    """Return the places, as they are today, among which a place was divided or into which it was merged."""
    return [current(_index().by_code[code][-1]) for code in _mergers().get((place.code, place.name), ())]


def parent(place: Place) -> Place | None:
    """Return the prefecture or, where there is none, the province that a place lies in; None for a province."""
    code = place.city_code if place.county_code else place.province_code
    above = _index().by_code[code or place.province_code][-1]
    return above if above.code != place.code else None


def districts(place: Place, name: str) -> list[Place]:
    """Return the counties and districts right below a place that ``name`` may mean, as they are called today."""
    found = {current(other) for other in _index().by_name.get(name, ()) if other.county_code}
    return [other for other in found if parent(other) == place]


def name_of(code: str) -> str:
    """Return the latest name under a code."""
    return _index().by_code[code][-1].name


def todays_codes() -> list[str]:
    """Return the codes of today's prefectures and counties, in order."""
    return sorted(
        code for code, names in _index().by_code.items() if _level(code) > 1 and names[-1].last == LATEST
    )


def leading_place(words: str) -> tuple[int, str] | None:
    """Return the longest name of a place, with its kind, that ``words`` begin with, and its level (1, 2 or 3)."""
    known = _index().full_names
    for length in range(min(len(words), _LONGEST), 1, -1):
        if words[:length] in known:
            return known[words[:length]], words[:length]
    return None


def names_of(place: Place) -> frozenset[str]:
    """Return the ways to write a place's name: in full, without its kind, and with its kind in short (恩施州)."""
    short = short_name(place.name)
    return frozenset((place.name, short, short + place.name[-1]))


def short_name(name: str) -> str:
    """Return a place's name without its kind: 黔东南 for 黔东南苗族侗族自治州, 浦东 for 浦东新区, 郫县 for itself."""
    shorter = (kind.sub("", name) for kind in _kinds())
    return next((short for short in shorter if 1 < len(short) < len(name)), name)


@cache
def _kinds() -> tuple[re.Pattern[str], ...]:
    peoples = "|".join(panel_knowledge()["places"]["peoples"])
    return (
        re.compile(rf"(?:{peoples})*自治[州县区旗]$"),
        re.compile("(?:地区|新区|林区|特区|特别行政区|自治[州县区旗])$"),
        re.compile("[省市县区州盟旗]$"),
    )


@cache
def _index() -> _Index:
    by_code = {code: [Place(code, *period) for period in names] for code, names in periods().items()}
    by_name: defaultdict[str, list[Place]] = defaultdict(list)
    full_names: dict[str, int] = {}
    for place in (place for places in by_code.values() for place in places):
        full_names.setdefault(place.name, _level(place.code))
        for name in names_of(place):
            by_name[name].append(place)
    return _Index(by_code, dict(by_name), full_names)


@cache
def _successors() -> dict[Place, Place]:
    """What went on under another name or code; mergers, where several places became one, are left out."""
    every = [place for places in _index().by_code.values() for place in places]
    gone = [place for place in every if not is_todays(place)]
    later = _same_name(every, gone) | _told_renamings()
    claimed = {after: place for place, after in later.items()}
    for place in gone:
        names = _index().by_code[place.code]
        for after in names[names.index(place) + 1 :][:1]:
            if claimed.get(after, place).code == place.code:
                later[place] = after
    return later


def _same_name(every: list[Place], gone: list[Place]) -> dict[Place, Place]:
    """Counties that became districts, regions that became cities: the same name but for its kind, at the same time."""
    by_stem: defaultdict[tuple[str, int, str], list[Place]] = defaultdict(list)
    for place in every:
        by_stem[place.code[:2], _level(place.code), short_name(place.name)].append(place)
    later: dict[Place, Place] = {}
    for place in gone:
        same = by_stem[place.code[:2], _level(place.code), short_name(place.name)]
        found = [other for other in same if _follows(other, place)]
        if not found and len(place.name) == 2:
            found = [other for other in every if _is_longer_form(other, place)]
        if not found:
            found = [other for other in every if _is_raised(other, place)]
        nearest = min((_years_between(place, other) for other in found), default=0)
        found = [other for other in found if _years_between(place, other) == nearest]
        if len(found) == 1:
            later[place] = found[0]
    return later


def _follows(later: Place, place: Place) -> bool:
    return place.first < later.first and _years_between(place, later) <= 1


def _years_between(place: Place, later: Place) -> int:
    return abs(later.first - 1 - place.last)


def _is_longer_form(later: Place, place: Place) -> bool:
    """Whether a county with a name of one character took a second one when it became a district or city."""
    return (
        len(later.name) == 3
        and later.name[0] == place.name[0]
        and later.code[:2] == place.code[:2]
        and _follows(later, place)
    )


def _is_raised(later: Place, place: Place) -> bool:
    """Whether a county's city became a prefecture's as it was, without counties of its own: 儋州市."""
    return (
        later.name == place.name
        and _level(later.code) == 2
        and later.code[:2] == place.code[:2]
        and _follows(later, place)
        and not any(code[:4] == later.code[:4] for code in _index().by_code if code != later.code)
    )


@cache
def _history() -> dict[Place, list[Place]]:
    """For each place of today, and each that is gone, the same area under all its names and codes."""
    found: defaultdict[Place, list[Place]] = defaultdict(list)
    for place in (place for places in _index().by_code.values() for place in places):
        found[current(place)].append(place)
    return found


@cache
def _mergers() -> dict[tuple[str, str], tuple[str, ...]]:
    """Places that were merged or divided, by code and name, and the codes of what they became part of."""
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for before, *after in panel_knowledge()["places"]["merged"]:
        code, name = before.split()
        told[code, name] = tuple(place.split()[0] for place in after)
    return told


def _told_renamings() -> dict[Place, Place]:
    told: dict[Place, Place] = {}
    for province, old, new in panel_knowledge()["places"]["renamed"]:
        before, after = (
            [
                p
                for p in _index().by_name[name]
                if p.name == name and _level(p.code) == 3 and _lies_in(p, province)
            ]
            for name in (old, new)
        )
        told[max(before, key=lambda p: p.last)] = min(after, key=lambda p: p.first)
    return told


def _level(code: str) -> int:
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3


def _may_be(place: Place, told: int) -> bool:
    """Whether a place told as a province, city or county may be this one: a city may be one of a county's rank."""
    level = _level(place.code)
    return level == told or (told == 2 and place.name.endswith("市"))


def _lies_in(place: Place, above: str) -> bool:
    return any(
        place.code[: 2 * _level(other.code)] == other.code[: 2 * _level(other.code)]
        for other in _index().by_name.get(above, ())
        if _level(other.code) < _level(place.code)
    )
