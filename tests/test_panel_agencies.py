"""Which reports are of one agency: across years, spellings, reforms and renamed places."""

from itertools import count

import pytest
from gongkai.panel.agencies import Agency, Named, codes_of, match_agencies, rule_of
from gongkai.panel.bodies import read_body
from gongkai.panel.doubts import doubtful_pairs
from gongkai.panel.gazetteer import find_places, short_name
from hypothesis import given
from hypothesis import strategies as st

_IDS = count(1)
NOWHERE = (None, None, None)


def named(agency: str | None, year: int | None, *told: str | None) -> Named:
    """A report; ``told`` are province, city and county as far as its text tells them."""
    province, city, county = (*told, None, None, None)[:3]
    return Named(f"{next(_IDS):08d}", agency, (province, city, county), year)


def groups(*reports: Named) -> list[set[str]]:
    """The report ids of each agency."""
    return [{m.report_id for m in agency.mentions} for agency in match_agencies(reports)]


def pairs(*reports: Named) -> list[tuple[str, str, str]]:
    return [(d.first.name, d.second.name, d.reason) for d in doubtful_pairs(match_agencies(reports))]


@pytest.mark.parametrize(
    ("told", "year", "code", "name"),
    [
        (("河北省", "承德市", "平泉县"), 2015, "130881", "平泉市"),  # a county that became a city
        ((None, "平泉市", None), 2019, "130881", "平泉市"),
        (("湖北省", "襄樊市", None), 2008, "420600", "襄阳市"),  # the name changed, the code did not
        (("江西省", "九江市", "庐山区"), 2012, "360402", "濂溪区"),  # not 庐山市, which another county became
        (("重庆市", None, "綦江县"), 2009, "500110", "綦江区"),
        (("浙江省", "绍兴市", "绍兴县"), 2010, "330603", "柯桥区"),
        (("四川省", "成都市", "郫县"), 2012, "510117", "郫都区"),
        ((None, "恩施州", None), 2020, "422800", "恩施土家族苗族自治州"),
        (("江苏省", "南京市", "鼓楼区"), 2020, "320106", "鼓楼区"),
        (("福建省", "漳州市", "长泰县"), 2019, "350605", "长泰区"),  # changed after the older list ends
        (("上海市", None, "浦东新区"), 2020, "310115", "浦东新区"),
        ((None, None, "崇文区"), 2009, "110103", "崇文区"),  # merged into 东城区: not the same place
        ((None, "云岭市", None), 2020, None, None),  # invented
    ],
)
def test_a_place_is_found_by_what_a_report_tells(told, year: int, code: str | None, name: str | None):
    found = [(place.code, place.name) for place in find_places(told, year)]
    assert found == ([(code, name)] if code else [])


def test_a_name_that_several_places_have_gives_all_of_them():
    assert {place.code[:2] for place in find_places((None, None, "鼓楼区"), 2020)} == {"32", "35", "41"}
    assert [p.code for p in find_places(("福建省", None, "鼓楼区"), 2020)] == ["350102"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("黔东南苗族侗族自治州", "黔东南"),
        ("浦东新区", "浦东"),
        ("清新区", "清新"),
        ("郫县", "郫县"),
        ("内蒙古自治区", "内蒙古"),
    ],
)
def test_a_short_name_leaves_the_kind_of_place_out(name: str, short: str):
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("agency", "told", "body"),
    [
        ("昭通市公安局交警支队", (None, "昭通市", None), "交通警察支队"),
        ("昭通市交通警察支队", (None, "昭通市", None), "交通警察支队"),
        ("市场监管局", (None, "温州市", None), "市场监督管理局"),
        ("市市场监督管理局", (None, "温州市", None), "市场监督管理局"),
        ("市政管理局", (None, "北海市", None), "市政管理局"),
        ("黟县", (None, None, "黟县"), "人民政府"),
        ("云泽县石板镇", (None, None, "云泽县"), "石板镇人民政府"),
        ("西湖区古荡街道办", (None, "杭州市", "西湖区"), "古荡街道办事处"),
        ("公安县公安局", (None, None, "公安县"), "公安局"),
        ("公安局", (None, None, "公安县"), "公安局"),
        ("上海市公安局浦东分局", ("上海市", None, None), "公安局浦东分局"),
        ("浦东新区公安分局", ("上海市", None, "浦东新区"), "公安局浦东分局"),
        ("公安部", NOWHERE, "公安部"),
    ],
)
def test_a_body_is_told_from_its_place(agency: str, told, body: str):
    found = read_body(agency, told, 2020)
    assert found and found.name == body


@pytest.mark.parametrize(
    "words", [None, "", "当前位置:首页>>", "局", "2023年", "索引号:BW0427--0003发布机构"]
)
def test_what_is_no_name_of_a_body_is_no_agency(words: str | None):
    assert match_agencies([named(words, 2020, "浙江省")]) == []


@pytest.mark.parametrize(
    "reports",
    [
        [named("平泉县公安局", 2015, "河北省", None, "平泉县"), named("平泉市公安局", 2018, None, "平泉市")],
        [named("杭州市环保局", 2016, "浙江省", "杭州市"), named("杭州市生态环境局", 2019, None, "杭州市")],
        [
            named("上海市公安局浦东分局", 2019, "上海市"),
            named("浦东公安分局", 2020, "上海市", None, "浦东新区"),
        ],
        [named("南京市公安局", 2016), named("市公安局", 2017, "江苏省", "南京市")],
        [named("云岭市公安局", 2016, "云南省", "云岭市"), named("云岭市公安局", 2017, None, "云岭市")],
        [named("公安部", 2016), named("公安部", 2017)],
        [
            named("义乌市发改局", 2019, None, "义乌市"),
            named("义乌市发展和改革局", 2020, "浙江省", "金华市", "义乌市"),
        ],
    ],
    ids=lambda reports: reports[0].agency,
)
def test_one_agency_under_several_names_and_years(reports: list[Named]):
    assert groups(*reports) == [{report.report_id for report in reports}]
    assert pairs(*reports) == []


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (
            named("鼓楼区公安分局", 2019, None, None, "鼓楼区"),
            named("南京市公安局鼓楼分局", 2021, "江苏省", "南京市"),
            "same name, but nothing tells which place of that name it is",
        ),
        (
            named("余江县公安局", 2016, "江西省", None, "余江县"),
            named("鹰潭市公安局余江分局", 2020, "江西省", "鹰潭市"),
            "a county's police and its city's branch there",
        ),
        (
            named("温州市工商局", 2017, None, "温州市"),
            named("温州市市场监督管理局", 2020, None, "温州市"),
            "a reform merged one into the other, with further bodies",
        ),
        (
            named("温州市教育局", 2017, None, "温州市"),
            named("温州市教育体育局", 2020, None, "温州市"),
            "names alike, and no year has reports of both",
        ),
        (
            named("宁波市环保局", 2018, None, "宁波市"),
            named("宁波市生态环境局", 2018, None, "宁波市"),
            "old and new name of one body, but both report on one year",
        ),
        (
            named("云岭市公安局", 2016, None, "云岭市"),
            named("云玲市公安局", 2017, None, "云玲市"),
            "names of places differ in one character, one is not in the gazetteer",
        ),
        (
            named("石桥镇", 2018),
            named("石桥镇人民政府", 2019),
            "same name, but nothing tells which place of that name it is",
        ),
    ],
    ids=lambda value: value.agency if isinstance(value, Named) else "",
)
def test_what_may_be_one_agency_is_listed_and_not_joined(first: Named, second: Named, reason: str):
    assert sorted(groups(first, second), key=min) == [{first.report_id}, {second.report_id}]
    found = pairs(first, second)
    assert [pair[2] for pair in found] == [reason]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (named("杭州市教育局", 2018, None, "杭州市"), named("宁波市教育局", 2018, None, "宁波市")),
        (named("杭州市教育局", 2018, None, "杭州市"), named("杭州市水利局", 2019, None, "杭州市")),
        (
            named("杭州市公安局", 2018, None, "杭州市"),
            named("杭州市公安局交通警察支队", 2019, None, "杭州市"),
        ),
        (
            named("杭州市公安局上城分局", 2018, None, "杭州市"),
            named("杭州市公安局西湖分局", 2018, None, "杭州市"),
        ),
        (named("西安市第一医院", 2018, None, "西安市"), named("西安市第二医院", 2019, None, "西安市")),
        (named("甲川市公安局", 2016, "云南省", "甲川市"), named("甲川市公安局", 2017, "湖南省", "甲川市")),
    ],
    ids=lambda report: report.agency,
)
def test_different_agencies_are_neither_joined_nor_doubted(first: Named, second: Named):
    assert len(groups(first, second)) == 2
    assert pairs(first, second) == []


def test_a_report_that_fits_two_regions_joins_neither():
    one = named("甲川市公安局", 2016, "云南省", "甲川市")
    other = named("甲川市公安局", 2016, "湖南省", "甲川市")
    loose = named("甲川市公安局", 2018, None, "甲川市")
    assert len(groups(one, other, loose)) == 3
    assert len(pairs(one, other, loose)) == 2


def test_codes_are_attached_and_the_reason_for_a_name_is_kept():
    old, new = named("平泉县公安局", 2015, None, None, "平泉县"), named("平泉市公安局", 2018, None, "平泉市")
    (agency,) = match_agencies([old, new])
    assert codes_of(agency) == {
        "province": "河北省",
        "city": "承德市",
        "county": "平泉市",
        "province_code": "130000",
        "city_code": "130800",
        "county_code": "130881",
    }
    assert agency.id == "130881-公安局"
    assert [rule_of(agency, mention) for mention in agency.mentions] == [
        "place renamed: 平泉县 to 平泉市",
        "place and body",
    ]


def test_a_province_that_is_told_has_its_code_though_the_city_is_unknown():
    (agency,) = match_agencies([named("云岭市公安局", 2020, "云南省", "云岭市")])
    assert codes_of(agency)["province_code"] == "530000"
    assert codes_of(agency)["city"] == "云岭市"
    assert codes_of(agency)["city_code"] is None


_SOME = [
    named("平泉县公安局", 2015, "河北省", None, "平泉县"),
    named("平泉市公安局", 2018, None, "平泉市"),
    named("鼓楼区公安分局", 2019, None, None, "鼓楼区"),
    named("鼓楼区公安分局", 2020, None, None, "鼓楼区"),
    named("南京市公安局鼓楼分局", 2021, "江苏省", "南京市"),
    named("甲川市公安局", 2016, "云南省", "甲川市"),
    named("甲川市公安局", 2017, None, "甲川市"),
    named("甲川市公安局", 2016, "湖南省", "甲川市"),
    named("宁波市环保局", 2018, None, "宁波市"),
    named("宁波市生态环境局", 2018, None, "宁波市"),
    named("宁波市生态环境局", 2019, "浙江省", "宁波市"),
]


@given(st.permutations(_SOME))
def test_agencies_do_not_depend_on_the_order_of_reports(reports: list[Named]):
    def seen(found: list[Agency]) -> list[tuple]:
        return [(a.id, a.name, a.told, sorted(m.report_id for m in a.mentions)) for a in found]

    assert seen(match_agencies(reports)) == seen(match_agencies(_SOME))
    assert [d.reason for d in doubtful_pairs(match_agencies(reports))] == [
        d.reason for d in doubtful_pairs(match_agencies(_SOME))
    ]
