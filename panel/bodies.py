"""Names of bodies: the place in front and the body behind it, each in one spelling."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from .gazetteer import Place, Told, districts, find_places, leading_place, parent, short_name
from .knowledge import panel_knowledge

CENTRAL = "中央"
"""The place of ministries and other bodies of the whole country."""
_LEAST_BODY = 2
_BRANCH = re.compile(r"公安局(?P<district>.+)分局|公安分局")
_BLANKS = re.compile(r"[\s()（）\[\]〔〕“”\"'《》]+")


@dataclass(frozen=True, slots=True)
class Body:
    """A body as a report names it, taken apart.

    ``name`` is the body without its place in its usual full spelling, ``root`` the same under its latest name.
    ``told`` are the levels of its place as far as report and name tell them; ``places`` what these may mean in the
    gazetteer: one where it is certain, none where no place of that name is known. The place of a district's police
    is the city whose branch it is, ``seat`` the district. ``central`` bodies have no place.
    """

    printed: str
    name: str
    root: str
    told: Told
    places: tuple[Place, ...]
    seat: Place | None = None
    central: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether anything tells where the body is."""
        return self.central or any(self.told)


@dataclass(frozen=True, slots=True)
class _Wording:
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    renamed: Mapping[str, tuple[str, int]]
    merged: frozenset[tuple[str, str]]
    distinct: re.Pattern[str]
    name: re.Pattern[str]
    central: re.Pattern[str]
    place_head: re.Pattern[str]


def read_body(agency: str | None, told: Told, year: int | None) -> Body | None:
    """Return the body that ``agency`` names, None where that is no name of a body."""
    printed = _BLANKS.sub("", unicodedata.normalize("NFKC", agency or ""))
    known = _wording()
    if not known.name.fullmatch(printed):
        return None
    if known.central.fullmatch(printed) and not any(told):
        return Body(printed, printed, root_of(printed), told, (), central=True)
    told, rest = _without_place(printed, told)
    name = _spelt(rest) if rest else "人民政府"
    body = Body(printed, name, root_of(name), told, tuple(find_places(told, year)))
    return _as_branch(body) if _BRANCH.fullmatch(name) else body


def root_of(name: str) -> str:
    """Return a body's latest name, after all reforms that only renamed it."""
    renamed = _wording().renamed
    while name in renamed:
        name = renamed[name][0]
    return name


def renaming(name: str) -> tuple[str, int] | None:
    """Return the name a body took at a reform and that reform's year, None where it was not renamed."""
    return _wording().renamed.get(name)


def is_merger(earlier: str, later: str) -> bool:
    """Whether a reform merged the body of one name, with others, into that of the other."""
    return (earlier, later) in _wording().merged


def distinction(name: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others however alike they are: numbers, kinds of unit."""
    return tuple(_wording().distinct.findall(name))


@cache
def _wording() -> _Wording:
    raw = panel_knowledge()["bodies"]
    return _Wording(
        spellings=tuple((re.compile(pattern), full) for pattern, full in raw["spellings"]),
        renamed={old: (new, year) for old, new, year in raw["renamed"]},
        merged=frozenset((earlier, later) for earlier, later in raw["merged"]),
        distinct=re.compile(raw["distinct"]),
        name=re.compile(raw["name"]),
        central=re.compile(raw["central"]),
        place_head=re.compile(raw["place_head"]),
    )


def _without_place(printed: str, told: Told) -> tuple[Told, str]:
    """The levels of the place completed by those that the name begins with, and the name without them."""
    levels = list(told)
    rest = printed
    for name in told:
        rest = _strip(rest, name) if name else rest
    while found := leading_place(rest):
        level, name = found
        if levels[level - 1] is None and len(rest) - len(name) != 1:
            levels[level - 1] = name
        if levels[level - 1] != name:
            break
        rest = rest[len(name) :]
    if not any(levels):
        head = _wording().place_head.match(rest)
        if head:
            levels[_level(head.group())] = head.group()
            rest = rest[head.end() :]
    return (levels[0], levels[1], levels[2]), rest


def _level(place: str) -> int:
    """What a place that no list has is by its kind: 0 for a province, 1 for a city, 2 for a county."""
    if place.endswith(("省", "自治区")):
        return 0
    return 2 if place[-1] in "县区旗" else 1


def _as_branch(body: Body) -> Body:
    """A district's police as the branch of its city's, which it is called as often as by its district."""
    county = body.told[2]
    short = short_name(county) if county else None
    own = _BRANCH.fullmatch(body.name)
    words = own["district"] if own else None
    if words and words != short:
        (city,) = body.places if len(body.places) == 1 else (None,)
        seats = districts(city, words) if city else []
        return replace(body, seat=seats[0] if len(seats) == 1 else None)
    name = f"公安局{words or short}分局" if words or short else body.name
    above = (body.told[0], body.told[1], None)
    if len(body.places) != 1 or not county:
        known = any(above) and not body.places
        return replace(body, name=name, root=name, told=above) if known else body
    city = parent(body.places[0])
    return replace(body, name=name, root=name, places=(city,) if city else (), seat=body.places[0])


def _strip(words: str, place: str) -> str:
    """The words without a place in front of them, by its full or its short name."""
    for name in (place, short_name(place)):
        rest = words.removeprefix(name)
        if rest != words and (len(rest) >= _LEAST_BODY or (not rest and name == place)):
            return rest
    return words


@cache
def _spelt(name: str) -> str:
    for pattern, full in _wording().spellings:
        found = pattern.fullmatch(name)
        if found:
            name = found.expand(full)
    return name
