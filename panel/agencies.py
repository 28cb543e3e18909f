"""Which reports are of one agency: by place and body, across years, spellings and former names.

Only what the rules are certain of is joined. What may be one agency, or may not, becomes a doubtful pair (`doubts`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .bodies import CENTRAL, Body, read_body, renaming
from .gazetteer import Level, Place, Told, find_places, name_of, names_of, short_name
from .standing import standing

_YEARLESS = 0
_LEVELS: tuple[Level, ...] = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Named:
    """What a report tells of who reports."""

    report_id: str
    agency: str | None
    told: Told
    year: int | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A report and the body it names."""

    report_id: str
    year: int | None
    body: Body


@dataclass(frozen=True, slots=True)
class Agency:
    """The reports of one agency.

    ``place`` is None where the gazetteer does not know it, ``seat`` is the district of a branch of a city's police.
    ``is_settled`` is false where nothing tells which of several places it is in; it then has one report only.
    ``decided`` are the ids of the reports that a person's decision brought in.
    """

    id: str
    root: str
    place: Place | None
    seat: Place | None
    told: Told
    mentions: tuple[Mention, ...]
    is_settled: bool = True
    decided: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The names of the body, without its place, in their usual spelling."""
        return frozenset(m.body.name for m in self.mentions)

    @property
    def name(self) -> str:
        """The name of its latest report, with its place in front."""
        last = max(self.mentions, key=lambda m: (m.year or _YEARLESS, len(m.body.printed), m.report_id)).body
        place = lowest(last.told) or ""
        begins = any(level and last.printed.startswith(short_name(level)) for level in last.told)
        return last.printed if begins else place + last.printed

    @property
    def years(self) -> frozenset[int]:
        """The years it reports on."""
        return frozenset(m.year for m in self.mentions if m.year is not None)

    @property
    def province_code(self) -> str | None:
        """The code of its province, also where only the province is told of a place that is not known."""
        if self.place:
            return self.place.province_code
        found = find_places((self.told[0], None, None)) if self.told[0] else []
        return found[0].code if len(found) == 1 else None


def match_agencies(reports: Iterable[Named]) -> list[Agency]:
    """Return the agencies of ``reports``, in the order of their ids; reports that name none are left out."""
    certain: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    unknown: defaultdict[tuple[str, str], list[Mention]] = defaultdict(list)
    agencies: list[Agency] = []
    for report in sorted(reports, key=lambda r: (r.year or _YEARLESS, r.report_id)):
        body = read_body(report.agency, report.told, report.year)
        if body is None:
            continue
        mention = Mention(report.report_id, report.year, body)
        if body.central or len(body.places) == 1:
            certain[CENTRAL if body.central else body.places[0].code, body.root].append(mention)
        elif (place := lowest(body.told)) and not body.places:
            unknown[place, body.root].append(mention)
        else:
            agencies.append(_alone(mention))
    for (code, root), mentions in certain.items():
        agencies += _by_reform(f"{code}-{root}", root, mentions)
    for (_, root), mentions in unknown.items():
        agencies += _by_region(root, mentions)
    return sorted(agencies, key=lambda agency: agency.id)


def codes_of(agency: Agency) -> dict[str, str | None]:
    """Return the codes of an agency's province, city and county today, each with its name.

    Where its place was divided, names are those of all parts, and a level that they do not share has no code.
    """
    place = agency.seat or agency.place
    today = standing(place, None).now if place else ()
    if not today:
        code = agency.province_code
        names = dict(zip(_LEVELS, agency.told, strict=True)) | ({"province": name_of(code)} if code else {})
        return names | {"province_code": code, "city_code": None, "county_code": None}
    codes: dict[str, str | None] = {}
    for level in _LEVELS:
        found = sorted({code for one in today if (code := one.code_of(level))})
        codes[level] = "、".join(map(name_of, found)) or None
        codes[f"{level}_code"] = found[0] if len(found) == 1 else None
    return codes


def place_of(mention: Mention) -> dict[str, str | None]:
    """Return what a report's place was called at the end of its year, the codes it had, and what became of it."""
    body = mention.body
    place = body.seat or (body.places[0] if len(body.places) == 1 else None)
    if place is None:
        status = "nationwide" if body.central else "ambiguous" if body.places else "unknown"
        return dict.fromkeys(("place_then", "city_code_then", "county_code_then")) | {"place_status": status}
    found = standing(place, mention.year)
    return {
        "place_then": found.then.name if found.then else None,
        "city_code_then": found.city_code_then,
        "county_code_then": found.county_code_then,
        "place_status": found.status,
    }


def _alone(mention: Mention) -> Agency:
    """An agency of one report: nothing tells in which of several places it is."""
    place, root = lowest(mention.body.told) or "地点不详", mention.body.root
    return replace(_agency(f"{place}-{root}#{mention.report_id[:12]}", root, [mention]), is_settled=False)


def _agency(name: str, root: str, mentions: Sequence[Mention]) -> Agency:
    places = {m.body.places for m in mentions}
    (found,) = places if len(places) == 1 else ((),)
    seat = next((m.body.seat for m in mentions if m.body.seat), None)
    return Agency(
        name, root, found[0] if len(found) == 1 else None, seat, _fullest(mentions), tuple(mentions)
    )


def _by_reform(name: str, root: str, mentions: Sequence[Mention]) -> list[Agency]:
    """One agency under its names before and after reforms, or several where two names report on one year."""
    by_name: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_name[mention.body.name].append(mention)
    years = [year for group in by_name.values() for year in {m.year for m in group if m.year is not None}]
    if len(by_name) == 1 or len(set(years)) == len(years):
        return [_agency(name, root, mentions)]
    return [_agency(name if one == root else f"{name}({one})", one, group) for one, group in by_name.items()]


def _by_region(root: str, mentions: Sequence[Mention]) -> list[Agency]:
    """Agencies in places that the gazetteer does not know, told apart by what else is told of where they are."""
    regions: list[tuple[Told, list[Mention]]] = []
    undecided: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: -sum(level is not None for level in m.body.told)):
        fitting = [i for i, (told, _) in enumerate(regions) if agree(told, mention.body.told)]
        if not fitting:
            regions.append((mention.body.told, [mention]))
        elif len(fitting) == 1:
            told, group = regions[fitting[0]]
            regions[fitting[0]] = (_filled(told, mention.body.told), [*group, mention])
        else:
            undecided.append(mention)
    found = [
        one
        for told, group in regions
        for one in _by_reform(
            f"{''.join(filter(None, told))}-{root}", root, sorted(group, key=lambda m: m.year or 0)
        )
    ]
    return [*found, *map(_alone, undecided)]


def lowest(told: Told) -> str | None:
    """Return the lowest level that is told."""
    return next((level for level in reversed(told) if level), None)


def agree(one: Told, other: Told) -> bool:
    """Whether two regions differ in no level that both tell."""
    return all(a == b for a, b in zip(one, other, strict=True) if a and b)


def _filled(one: Told, other: Told) -> Told:
    province, city, county = (a or b for a, b in zip(one, other, strict=True))
    return province, city, county


def _fullest(mentions: Sequence[Mention]) -> Told:
    told: Told = (None, None, None)
    for mention in reversed(mentions):
        told = _filled(told, mention.body.told)
    return told


def rule_of(agency: Agency, mention: Mention) -> str:
    """Return why a report's name counts as this agency's."""
    body = mention.body
    if mention.report_id in agency.decided:
        return "joined by decision"
    if not agency.is_settled:
        return "alone, nothing tells which place of that name it is"
    reform = renaming(body.name)
    if reform and body.name != agency.root:
        return f"renamed {reform[1]}: {body.name} to {reform[0]}"
    told, today = lowest(body.told), agency.seat if body.told[2] and agency.seat else agency.place
    if today and told and told not in names_of(today):
        return f"place renamed: {told} to {today.name}"
    return "place and body" if today or body.central else "names only, the place is not in the gazetteer"
