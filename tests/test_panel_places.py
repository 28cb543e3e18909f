"""Places that changed: their codes today and in the report's year, and what became of them."""

from collections.abc import Iterator

import duckdb
import pytest
from gongkai.panel import gazetteer
from gongkai.panel.agencies import Named, codes_of, match_agencies, place_of
from gongkai.panel.bodies import read_body
from gongkai.panel.build import add_records
from gongkai.panel.database import open_database
from gongkai.panel.divisions import FIRST, LATEST, periods
from gongkai.panel.knowledge import panel_knowledge
from hypothesis import given
from hypothesis import strategies as st

from .panel_records import lines, report

_REPORTS_BEGIN = 2008
"""The year that reports on information disclosure are from at the earliest."""


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(None) as connection:
        yield connection


def found(agency: str, told, year: int) -> tuple:
    """Status, name and codes of the year, names and codes of today, of the only agency."""
    (one,) = match_agencies([Named("0" * 12, agency, told, year)])
    then, now = place_of(one.mentions[0]), codes_of(one)
    return (
        then["place_status"],
        then["place_then"],
        then["city_code_then"],
        then["county_code_then"],
        now["city_code"],
        now["county"],
        now["county_code"],
    )


@pytest.mark.parametrize(
    ("agency", "told", "year", "expected"),
    [
        (  # a county that became a city
            "平泉县公安局",
            ("河北省", "承德市", "平泉县"),
            2015,
            ("new code", "平泉县", "130800", "130823", "130800", "平泉市", "130881"),
        ),
        (
            "平泉市公安局",
            ("河北省", "承德市", "平泉市"),
            2018,
            ("unchanged", "平泉市", "130800", "130881", "130800", "平泉市", "130881"),
        ),
        (  # between the older list and the newest
            "长泰县教育局",
            ("福建省", "漳州市", "长泰县"),
            2020,
            ("new code", "长泰县", "350600", "350625", "350600", "长泰区", "350605"),
        ),
        (  # the name changed, the code did not
            "襄樊市水利局",
            ("湖北省", "襄樊市", None),
            2008,
            ("renamed", "襄樊市", "420600", None, "420600", None, None),
        ),
        (  # moved to another prefecture
            "简阳市水利局",
            ("四川省", None, "简阳市"),
            2014,
            ("new code", "简阳市", "512000", "512081", "510100", "简阳市", "510185"),
        ),
        (
            "崇文区教育局",
            ("北京市", None, "崇文区"),
            2009,
            ("merged", "崇文区", None, "110103", None, "东城区", "110101"),
        ),
        (  # a prefecture that became part of another
            "莱芜市教育局",
            ("山东省", "莱芜市", None),
            2016,
            ("merged", "莱芜市", "371200", None, "370100", None, None),
        ),
        (
            "江干区教育局",
            ("浙江省", "杭州市", "江干区"),
            2019,
            ("divided", "江干区", "330100", "330104", "330100", "上城区、钱塘区", None),
        ),
        (  # right under its province, then a prefecture without counties
            "儋州市教育局",
            ("海南省", "儋州市", None),
            2013,
            ("new code", "儋州市", None, "469003", "460400", None, None),
        ),
        (  # the name it has only since
            "长泰区教育局",
            ("福建省", "漳州市", "长泰区"),
            2012,
            ("new code", "长泰县", "350600", "350625", "350600", "长泰区", "350605"),
        ),
        ("云岭市公安局", ("云南省", "云岭市", None), 2020, ("unknown", None, None, None, None, None, None)),
        ("公安部", (None, None, None), 2020, ("nationwide", None, None, None, None, None, None)),
        ("鼓楼区教育局", (None, None, "鼓楼区"), 2020, ("ambiguous", None, None, None, None, "鼓楼区", None)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_place_has_its_codes_of_the_year_and_of_today(agency: str, told, year: int, expected: tuple):
    assert found(agency, told, year) == expected


def test_what_became_of_every_place_that_is_gone_since_reports_began_is_known():
    places = [gazetteer.Place(code, *period) for code, names in periods().items() for period in names]
    gone = {gazetteer.current(place) for place in places if place.last >= _REPORTS_BEGIN}
    lost = [place for place in gone if not gazetteer.is_todays(place) and not gazetteer.merged_into(place)]
    assert [place.name for place in lost] == ["台湾省"]  # in the older lists only


def test_the_told_mergers_are_of_places_that_are_gone_into_places_that_are_there():
    for before, *after in panel_knowledge()["places"]["merged"]:
        code, name = before.split()
        (period,) = [period for period in periods()[code] if period[0] == name]
        assert not gazetteer.is_todays(gazetteer.current(gazetteer.Place(code, *period))), before
        for words in after:
            code, name = words.split()
            assert periods()[code][-1][0] == name and periods()[code][-1][2] == LATEST, words


@given(st.data())
def test_a_place_and_what_it_was_lie_in_one_chain(data: st.DataObject):
    code = data.draw(st.sampled_from(sorted(periods())))
    place = gazetteer.current(gazetteer.Place(code, *data.draw(st.sampled_from(periods()[code]))))
    year = data.draw(st.integers(FIRST, LATEST))
    before = gazetteer.former(place, year)
    assert all(one.first <= year <= one.last and gazetteer.current(one) == place for one in before)
    if gazetteer.is_todays(place):
        assert place in gazetteer.former(place, LATEST)


def test_the_panel_has_the_codes_of_each_report_s_year(database: duckdb.DuckDBPyConnection):
    county = report("平泉县公安局", 2015, region=("河北省", "承德市", "平泉县"))
    city = report("平泉市公安局", 2018, region=("河北省", "承德市", "平泉市"))
    add_records(database, lines(county, city))
    query = "SELECT agency_id, year, place_status, place_then, county_code_then, county_code FROM panel ORDER BY year"
    assert database.execute(query).fetchall() == [
        ("130881-公安局", 2015, "new code", "平泉县", "130823", "130881"),
        ("130881-公安局", 2018, "unchanged", "平泉市", "130881", "130881"),
    ]


@pytest.mark.parametrize(
    ("agency", "told"),
    [
        ("岚江省民政厅", ("岚江省", None, None)),
        ("昆北自治区公安厅", ("昆北自治区", None, None)),
        ("苴却河县公安局", (None, None, "苴却河县")),
        ("澜江州水利局", (None, "澜江州", None)),
    ],
)
def test_a_place_that_no_list_has_stands_at_the_level_of_its_kind(agency: str, told):
    body = read_body(agency, (None, None, None), 2020)
    assert body and body.told == told
