"""Pairs of agencies that may be one: listed for a person to decide, never joined."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from .agencies import Agency, agree, lowest
from .bodies import distinction, is_merger
from .gazetteer import Place, Told, parent, short_name

_ALIKE = 75
"""Similarity of two bodies' names (0 to 100) from which on they may be one body: 教育局 and 教育体育局."""
_LEAST_PLACE = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two agencies that may be one, and why."""

    first: Agency
    second: Agency
    reason: str


def doubtful_pairs(agencies: Sequence[Agency]) -> list[Doubt]:
    """Return the pairs of agencies that may be one; each pair once, the one that reports earlier first."""
    found: dict[tuple[str, str], Doubt] = {}
    for one, other, reason in (
        *_in_one_place(agencies),
        *_district_police(agencies),
        *_in_some_place(agencies),
        *_misprinted_places(agencies),
    ):
        first, second = sorted((one, other), key=lambda a: (min(a.years, default=0), a.id))
        found.setdefault((first.id, second.id), Doubt(first, second, reason))
    return sorted(found.values(), key=lambda doubt: (doubt.first.id, doubt.second.id))


_Pair = tuple[Agency, Agency, str]


def _in_one_place(agencies: Iterable[Agency]) -> Iterator[_Pair]:
    """Bodies of one place whose names are alike, or of which a reform merged one into the other."""
    by_place: defaultdict[tuple[str | None, ...], list[Agency]] = defaultdict(list)
    for agency in agencies:
        if agency.is_settled:
            by_place[(agency.place.code,) if agency.place else agency.told].append(agency)
    for same in by_place.values():
        for one, other in combinations(same, 2):
            if any(is_merger(a, b) or is_merger(b, a) for a, b in product(one.names, other.names)):
                yield one, other, "a reform merged one into the other, with further bodies"
            elif one.id.split("(")[0] == other.id.split("(")[0]:
                yield one, other, "old and new name of one body, but both report on one year"
            elif not one.years & other.years and _are_alike(one.root, other.root):
                yield one, other, "names alike, and no year has reports of both"


def _are_alike(one: str, other: str) -> bool:
    return ratio(one, other) >= _ALIKE and distinction(one) == distinction(other)


def _district_police(agencies: Sequence[Agency]) -> Iterator[_Pair]:
    """A county's police and the city's branch there: a county that became a district."""
    by_key = {(agency.place, agency.root): agency for agency in agencies if agency.place}
    for (place, root), agency in by_key.items():
        city = parent(place) if place and root == "公安局" and place.county_code else None
        branch = by_key.get((city, f"公安局{short_name(place.name)}分局")) if city and place else None
        if branch:
            yield agency, branch, "a county's police and its city's branch there"


def _in_some_place(agencies: Sequence[Agency]) -> Iterator[_Pair]:
    """Agencies of one report each, of which nothing tells in which of several places they are."""
    settled: defaultdict[tuple[Place | str, str], list[Agency]] = defaultdict(list)
    loose: defaultdict[tuple[Told, str, tuple[Place, ...]], list[Agency]] = defaultdict(list)
    for agency in agencies:
        if agency.is_settled:
            for where in {agency.place, agency.seat, lowest(agency.told)}:
                if where:
                    settled[where, agency.root].append(agency)
        else:
            loose[agency.told, agency.root, agency.mentions[0].body.places].append(agency)
    reason = "same name, but nothing tells which place of that name it is"
    for (told, root, places), alike in loose.items():
        names = {root, *(f"公安局{short_name(place.name)}分局" for place in places)}
        wheres = places or (lowest(told) or "",)
        rivals = [
            rival for where in wheres for name in sorted(names) for rival in settled.get((where, name), ())
        ]
        for one, other in pairwise(alike):
            yield one, other, reason
        for one in alike:
            yield from ((one, rival, reason) for rival in rivals if places or agree(told, rival.told))


def _misprinted_places(agencies: Sequence[Agency]) -> Iterator[_Pair]:
    """Places that the gazetteer does not know, one character from another's: a misprint or misread character."""
    by_body: defaultdict[str, list[tuple[str, Agency]]] = defaultdict(list)
    for agency in agencies:
        name = agency.place.name if agency.place else lowest(agency.told)
        if name and len(name) >= _LEAST_PLACE and agency.is_settled:
            by_body[agency.root].append((name, agency))
    for same in by_body.values():
        for name, agency in same:
            if agency.place:
                continue
            for other_name, other in same:
                if (
                    len(name) == len(other_name)
                    and Levenshtein.distance(name, other_name, score_cutoff=1) == 1
                    and not agency.years & other.years
                    and (
                        not agency.told[0] or not other.told[0] or agency.province_code == other.province_code
                    )
                ):
                    yield (
                        agency,
                        other,
                        "names of places differ in one character, one is not in the gazetteer",
                    )
