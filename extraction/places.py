"""Names of agencies and places, as far as a report's own text tells them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..annotations.knowledge import read_knowledge


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city and county as printed, each None where the text does not tell it.

    A municipality such as 上海市 is a province without a city.
    """

    province: str | None = None
    city: str | None = None
    county: str | None = None


@cache
def masthead_wording() -> dict[str, Any]:
    """Return `masthead.yaml`, read once."""
    return read_knowledge(__file__, "masthead.yaml")


@dataclass(frozen=True, slots=True)
class _Names:
    """Patterns for place names. ``whole`` parses the places at the head of a name."""

    boundary: str
    name: str
    provinces: dict[str, str]
    whole: re.Pattern[str]
    mention: re.Pattern[str]


@cache
def _names() -> _Names:
    raw = masthead_wording()
    full_names: dict[str, list[str]] = raw["provinces"]
    provinces = {full: full for full in full_names}
    for full, shorts in full_names.items():
        provinces |= dict.fromkeys(shorts, full)
    name = rf"[^\W\d_a-zA-Z{raw['not_in_names']}]"
    province = "|".join(sorted(provinces, key=len, reverse=True))
    full = "|".join(full_names)
    city = rf"{name}{{2,5}}?(?:市|地区|自治州|州|盟)(?!场)"
    county = rf"{name}{{1,6}}?(?:新区|自治县|自治旗|林区|特区|县|区|旗|市)(?![域划场划])"
    return _Names(
        boundary=rf"(?:^|[\W\da-zA-Z{raw['not_in_names']}])",
        name=name,
        provinces=provinces,
        whole=re.compile(rf"(?P<province>{province})?(?P<city>{city})?(?P<county>{county})?"),
        mention=re.compile(rf"(?:{full})(?!{city})"),
    )


_BARE_LEVEL = re.compile(r"[市县区州盟旗]")
_REACH = 16


def complete_agency(agency: str, text: str) -> str:
    """Return the fullest name printed in ``text`` that ends with ``agency``: its region in front of it.

    The name told most often wins, the longer of two told equally often.
    """
    names = _names()
    chain = rf"(?:{'|'.join(names.provinces)})?(?:{names.name}{{2,5}}(?:市|州|盟|地区))?"
    own = rf"{names.name}{{1,5}}" if _BARE_LEVEL.match(agency) else rf"(?:{names.name}{{1,5}}[县区旗市])?"
    before = re.compile(rf"{names.boundary}(?P<prefix>{chain}{own})\Z")
    told: Counter[str] = Counter()
    for occurrence in re.finditer(re.escape(agency), text):
        found = before.search(text[max(0, occurrence.start() - _REACH) : occurrence.start()])
        if found and found.group("prefix"):
            told[found.group("prefix")] += 1
    if not told:
        return agency
    return max(told, key=lambda prefix: (told[prefix], len(prefix))) + agency


def region_of(agency: str, addresses: Sequence[str], text: str) -> Region:
    """Return the region told by the agency's name, completed by ``addresses`` and by what ``text`` names."""
    region = _parse(agency)
    if region == Region():
        region = _by_stem(agency, text)
    for address in addresses:
        told = _parse(address)
        if _agree(region, told):
            region = _fill(region, _above(region, told))
    if not region.province and region != Region():
        region = _fill(region, Region(province=_mentioned_province(text)))
    if region.province in masthead_wording()["municipalities"]:
        region = Region(region.province, None, region.county)
    return region


def _above(region: Region, told: Region) -> Region:
    """What an office's address tells of the levels above the body's own: a city's bureau lies in some district."""
    if region.county or region == Region():
        return told
    return Region(told.province, told.city if region.city else None)


def _agree(region: Region, other: Region) -> bool:
    """Whether nothing that both tell differs."""
    pairs = ((region.province, other.province), (region.city, other.city), (region.county, other.county))
    return all(one == two for one, two in pairs if one and two)


def _parse(name: str) -> Region:
    """The region a name begins with."""
    names = _names()
    found = names.whole.match(name)
    if not found:
        return Region()
    province, city, county = found.group("province", "city", "county")
    full = names.provinces[province] if province else None
    if not city and county and county.endswith("市"):
        city, county = county, None
    return Region(full, city, county)


def _by_stem(agency: str, text: str) -> Region:
    """The region whose name without its last character the agency's name begins with, if the text prints it."""
    for length in (4, 3, 2):
        stem = agency[:length]
        if len(stem) < length:
            continue
        found = re.search(rf"{re.escape(stem)}(?:(?P<county>[区县旗])|(?P<city>[市州盟]))(?![域])", text)
        if found:
            return Region(
                city=found.group() if found.group("city") else None,
                county=found.group() if found.group("county") else None,
            )
    return Region()


def _fill(region: Region, other: Region) -> Region:
    return Region(region.province or other.province, region.city or other.city, region.county or other.county)


def _mentioned_province(text: str) -> str | None:
    """The province a report names again and again, other than as the place of some other city."""
    told = Counter(_names().mention.findall(text)).most_common(2)
    if not told or told[0][1] < 2 or (len(told) > 1 and told[1][1] * 2 > told[0][1]):
        return None
    return told[0][0]
