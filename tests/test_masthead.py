"""The masthead: title, agency, region, year and period as printed, and look-alikes told apart."""

from pathlib import Path

import pytest
from gongkai.extraction.document import Document
from gongkai.extraction.masthead import Masthead, read_masthead
from gongkai.extraction.sections import find_sections
from hypothesis import given, settings
from hypothesis import strategies as st

PARTS = """
一、总体情况
我局全年公开信息40条。
二、主动公开政府信息情况
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
更新不够及时。
六、其他需要报告的事项
无。
"""


def masthead(text: str) -> Masthead:
    document = Document(text, (), "report.txt", "", "text")
    return read_masthead(document, find_sections(document))


@pytest.mark.parametrize(
    ("printed", "title", "agency"),
    [
        ("云岭市水务局2022年政府信息公开工作年度报告", None, "云岭市水务局"),
        ("2022 年云岭市水务局政府信息公开工作 年度报告", "2022年云岭市水务局政府信息公开工作年度报告", "云岭市水务局"),
        ("云岭市水务局政府信息公开工作\n2022年度报告", "云岭市水务局政府信息公开工作2022年度报告", "云岭市水务局"),
        ("云岭市水务局\n2022年政府信息公开\n工作年度报告", "云岭市水务局2022年政府信息公开工作年度报告", "云岭市水务局"),
        ("青禾县人民政府2022年政务公开工作年度报告", None, "青禾县人民政府"),
        ("2022年政府信息公开年度报告（云岭市水务局）", None, "云岭市水务局"),
        ("云岭市水务局关于2022年政府信息公开工作情况的报告", None, "云岭市水务局"),
        ("云岭市水务局二〇二二年政府信息公开年报", None, "云岭市水务局"),
        ("标题：云岭市水务局2022年政府信息公开年度报告", "云岭市水务局2022年政府信息公开年度报告", "云岭市水务局"),
    ],
)  # fmt: skip
def test_title_and_agency(printed: str, title: str | None, agency: str):
    found = masthead(printed + "\n\n" + PARTS)
    assert found.title == (title or printed)
    assert found.agency == agency
    assert found.year == 2022
    assert found.is_report
    assert found.reason is None


def test_menu_lines_before_the_title_are_no_part_of_it():
    found = masthead("首页\n政务公开\n索引号：YL-22-01\n云岭市水务局2022年政府信息公开年度报告\n" + PARTS)
    assert found.title == "云岭市水务局2022年政府信息公开年度报告"


@pytest.mark.parametrize(
    "above",
    [
        "您的位置：首页 >> 政务公开 >> 信息公开年报 >> 正文\n[字号：大 中 小] 阅读次数：237 打印本页 关闭窗口",
        "当前位置：首页 > 信息公开 > 政府信息公开年报 　【无障碍】【适老化】",
        "您现在的位置：首页 >> 信息公开 >> 年度报告\n索引号：YL-2022-0007　　文号：云水办〔2022〕14号　　发布日期：2022-03-11",
        "索引号：YL0427-2023-0003 发布机构：云岭市水务局 成文日期：2023-01-18",
        "云岭市人民政府 > 部门信息公开 > 水务局 > 年报",
        "日期：2023-01-12 15:40 来源：局办公室",
    ],
)
@pytest.mark.parametrize(
    "title",
    [
        "云岭市水务局2022年政府信息公开工作年度报告",
        "2022年度云岭市水务局政府信息公开工作报告",
        "云岭市水务局关于2022年度政府信息公开工作情况的报告",
    ],
)
def test_where_a_page_stands_and_what_its_site_says_of_it_is_no_part_of_title_or_agency(
    above: str, title: str
):
    found = masthead(f"{above}\n{title}\n本报告依据条例编制，由六部分组成。\n{PARTS}")
    assert (found.title, found.agency, found.year) == (title, "云岭市水务局", 2022)


@pytest.mark.parametrize(
    "below", ["目录\n一、总体情况…………1", "市政府办公室：\n现将我局工作报告如下。", "本报告依据条例编制。"]
)
def test_a_title_that_does_not_end_like_a_heading_is_told_from_the_line_below(below: str):
    for title in (
        "2022年度云岭市水务局政府信息公开工作报告",
        "云岭市水务局关于2022年度政府信息公开工作情况的报告",
    ):
        found = masthead(f"{title}\n{below}\n{PARTS}")
        assert (found.title, found.agency) == (title, "云岭市水务局")


def test_a_title_among_what_a_site_says_of_it_is_found_by_its_label():
    found = masthead(
        f"标题：云岭市水务局2022年政府信息公开年度报告\n索引号：YL-22-01 日期：2023-01-12\n{PARTS}"
    )
    assert (found.title, found.agency) == ("云岭市水务局2022年政府信息公开年度报告", "云岭市水务局")


@pytest.mark.parametrize(
    "telling",
    [
        "2022年，云岭市水务局公开信息40条。",
        "来信请寄云岭市水务局（和平路1号）。",
        "（云岭市水务局网站同步发布）",
    ],
)
def test_an_agency_named_by_its_level_alone_is_completed_from_the_text(telling: str):
    found = masthead("市水务局2022年政府信息公开工作年度报告\n" + PARTS + telling)
    assert (found.agency, found.city) == ("云岭市水务局", "云岭市")
    assert found.title == "市水务局2022年政府信息公开工作年度报告"


def test_a_signature_completes_the_agency():
    text = (
        "临溪区水务局2022年政府信息公开工作年度报告\n"
        + PARTS
        + "     重庆市临溪区水务局\n      2023年1月9日\n"
    )
    found = masthead(text)
    assert found.agency == "重庆市临溪区水务局"
    assert (found.province, found.city, found.county) == ("重庆市", None, "临溪区")


def test_the_name_in_brackets_after_this_organ_completes_the_agency():
    text = "2022年政府信息公开工作年度报告\n本机关（云岭市水务局）依条例编制本报告。" + PARTS
    assert masthead(text).agency == "云岭市水务局"


@pytest.mark.parametrize(
    ("agency", "region"),
    [
        ("云岭市水务局", (None, "云岭市", None)),
        ("青禾县人民政府", (None, None, "青禾县")),
        ("四川省水利厅", ("四川省", None, None)),
        ("四川省云岭市水务局", ("四川省", "云岭市", None)),
        ("云岭市临溪区水务局", (None, "云岭市", "临溪区")),
        ("内蒙古自治区云岭盟青禾旗人民政府", ("内蒙古自治区", "云岭盟", "青禾旗")),
        ("上海市水务局", ("上海市", None, None)),
        ("新疆维吾尔自治区水利厅", ("新疆维吾尔自治区", None, None)),
        ("国家水务总局", (None, None, None)),
    ],
)
def test_region_as_far_as_the_name_tells(agency: str, region: tuple[str | None, ...]):
    found = masthead(f"{agency}2022年政府信息公开工作年度报告\n" + PARTS)
    assert (found.province, found.city, found.county) == region


def test_an_office_address_tells_the_levels_above_the_body_only():
    address = "联系地址：四川省云岭市临溪区和平路1号。"
    found = masthead(f"云岭市水务局2022年政府信息公开工作年度报告\n{address}\n{PARTS}")
    assert (found.province, found.city, found.county) == ("四川省", "云岭市", None)


def test_no_province_is_taken_from_knowledge_or_from_another_place():
    text = "云岭市水务局2022年政府信息公开工作年度报告\n" + PARTS + "与江西省赣州市、湖南省长沙市交流经验。"
    assert masthead(text).province is None


@pytest.mark.parametrize(
    ("told", "period"),
    [
        ("统计期限自2022年1月1日起至2022年12月31日止", ("2022-01-01", "2022-12-31")),
        ("数据从2022年1月1日到12月31日", ("2022-01-01", "2022-12-31")),
        ("数据期限为1月1日-12月31日", ("2022-01-01", "2022-12-31")),
        ("时限为2022年1月1日—2022年12月31日", ("2022-01-01", "2022-12-31")),
        ("时限为2022.1.1-2022.12.31", ("2022-01-01", "2022-12-31")),
        ("期限自二〇二二年一月一日起至二〇二二年十二月三十一日止", ("2022-01-01", "2022-12-31")),
        ("期限自202211日起至20221231日止", ("2022-01-01", "2022-12-31")),
        ("期限为2022全年", (None, None)),
        ("会议于2022年3月5日至3月11日召开", (None, None)),
        ("期限自2022年1月1日起至2022年2月31日止", (None, None)),
    ],
)
def test_period_only_when_printed(told: str, period: tuple[str | None, str | None]):
    found = masthead(f"云岭市水务局2022年政府信息公开工作年度报告\n本报告{told}。\n{PARTS}")
    assert (found.period_start, found.period_end) == period


def test_year_of_the_title_wins_over_other_years():
    text = "云岭市水务局2021年政府信息公开工作年度报告\n" + PARTS + "2023年，2023年，2023年。\n2022年1月6日"
    assert masthead(text).year == 2021


def test_year_of_the_period_then_the_most_told_year():
    title = "云岭市水务局政府信息公开工作年度报告\n"
    assert (
        masthead(title + "统计期限自2020年1月1日起至12月31日止。" + PARTS + "2021年，2021年。").year == 2020
    )
    assert masthead(title + PARTS + "2021年起草，2020年公开40条，2020年答复3件。").year == 2020
    assert masthead(title + PARTS).year is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (
            "云岭市人民政府办公室关于做好2022年政府信息公开工作年度报告编制工作的通知\n各县区：请按时编制。",
            "notice",
        ),
        ("云岭市水务局政府信息公开指南\n为方便公众获取信息，编制本指南。", "guide"),
        ("云岭市政府信息公开办法\n第一条 为规范公开工作，制定本办法。", "regulation"),
        ("云岭市水务局2022年工作总结\n一年来，我局推进供水改造。", "summary"),
        ("云岭市水务局政务公开自查报告\n一、组织领导情况\n良好。", "self-check"),
        ("云岭市政务公开第三方评估报告\n受委托开展评估。", "evaluation"),
        ("市水务局举办开放日活动\n5月8日，市民走进水厂。", "nothing"),
        ("今天天气很好。", "nothing"),
        ("云岭市水务局2022年法治政府建设年度报告\n一、主要举措\n略。", "something other"),
        ("云岭市水务局关于巡察整改情况的报告\n整改完成。", "rectification"),
        ("", "empty"),
        (" \n ", "empty"),
    ],
)
def test_look_alikes_are_no_reports(text: str, word: str):
    found = masthead(text)
    assert not found.is_report
    assert found.reason is not None
    assert word in found.reason


def test_short_report_with_a_proper_title_is_one():
    assert masthead("云岭市水务局2022年政府信息公开工作年度报告\n本年度未收到申请。").is_report


def test_report_without_a_title_is_known_by_its_parts():
    found = masthead(PARTS)
    assert found.is_report
    assert found.title is None


def test_notice_that_carries_the_whole_report_is_one():
    assert masthead("关于公布年度报告的通知\n现予公布。\n" + PARTS).is_report


@pytest.mark.parametrize(
    ("prefix", "agency", "year", "title_end"),
    [
        ("000", "上海市公安局", 2022, "年度报告"),
        ("001", "洛阳市公安局", 2022, "年度报告"),
        ("002", "莆田市公安局", 2022, "年度报告"),
        ("003", "天津市滨海新区公安局", 2022, "2022年度报告"),
        ("004", "宝山公安分局", 2023, "年度报告"),
    ],
)
def test_real_reports(seeds: Path, prefix: str, agency: str, year: int, title_end: str):
    (path,) = seeds.glob(f"{prefix}*.txt")
    found = masthead(path.read_bytes().decode("utf-8"))
    assert (found.agency, found.year, found.is_report) == (agency, year, True)
    assert found.title is not None
    assert found.title.endswith(title_end)
    assert not any(c.isspace() for c in found.title)


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.sampled_from("云岭市县水务局2022年0一月日政府信息公开工作度报告，。：（）\n -至"), max_size=120
    )
)
def test_any_text_gives_a_masthead_that_agrees_with_itself(text: str):
    found = masthead(text)
    assert found.is_report == (found.reason is None)
    assert found.year is None or 2000 <= found.year < 2040
    for told in (found.title, found.agency, found.city, found.county):
        assert told is None or (told and not any(c.isspace() for c in told))
