"""Sections: every part is found by the words of its heading, however it is numbered or set."""

from pathlib import Path

import pytest
from gongkai.annotations.scheme import scheme
from gongkai.extraction.document import Document
from gongkai.extraction.sections import Section, find_sections
from hypothesis import example, given, settings
from hypothesis import strategies as st

TITLE = "云岭市水务局2022年政府信息公开工作年度报告"
PREFACE = "根据《中华人民共和国政府信息公开条例》编制本报告，统计期限自2022年1月1日起至2022年12月31日止。"
PARTS = {
    "overview": "总体情况",
    "disclosure_table": "主动公开政府信息情况",
    "applications_table": "收到和处理政府信息公开申请情况",
    "proceedings_table": "政府信息公开行政复议、行政诉讼情况",
    "problems": "存在的主要问题及改进情况",
    "other_matters": "其他需要报告的事项",
}
STATUTORY = tuple(PARTS)
NUMERALS = "一二三四五六七八九"
NUMBERED = [f"{n}、{words}" for n, words in zip(NUMERALS, PARTS.values(), strict=False)]
APPLICATION_LABELS = """一、本年新收政府信息公开申请数量\t3\t3
二、上年结转政府信息公开申请数量\t0\t0
三、本年度办理结果\t（一）予以公开\t3\t3
\t（二）部分公开\t0\t0
（六）其他处理\t3.其他\t0\t0
（七）总计\t3\t3
四、结转下年度继续办理\t0\t0"""
BODIES = {
    "overview": "我局扎实推进公开工作，全年未发生泄密事件。",
    "disclosure_table": "第二十条第（一）项\n规章\t0\t0\t0",
    "applications_table": APPLICATION_LABELS,
    "proceedings_table": "结果维持\t结果纠正\n0\t0",
    "problems": "一是更新不够及时。二是解读形式单一。",
    "other_matters": "本年度未收取信息处理费。",
}


def sections_of(text: str) -> tuple[Section, ...]:
    return find_sections(Document(text, (), "report.txt", "", "text"))


def labels(text: str) -> list[str]:
    return [section.label for section in sections_of(text)]


def found(text: str, label: str) -> str:
    """The printed text of the one section with this label."""
    (section,) = [s for s in sections_of(text) if s.label == label]
    return text[section.start : section.end]


def report(headings: list[str] | None = None, overview: str = BODIES["overview"], before: str = "") -> str:
    headings = headings or NUMBERED
    bodies = [overview, *list(BODIES.values())[1:]]
    parts = "\n".join(f"{h}\n{b}" for h, b in zip(headings, bodies, strict=True))
    return f"{TITLE}\n{before or PREFACE}\n{parts}\n"


def test_plain_report_has_its_six_parts_after_the_preamble():
    text = report()
    sections = sections_of(text)
    assert [s.label for s in sections] == ["preamble", *STATUTORY]
    assert [s.heading for s in sections[1:]] == NUMBERED
    for section in sections[1:]:
        assert text[section.body : section.end] == BODIES[section.label]
    assert text[sections[0].start : sections[0].end] == f"{TITLE}\n{PREFACE}"


@pytest.mark.parametrize(
    "number",
    ["{han}、", "{han} 、", "{han}.", "（{han}）", "({han})", "{digit}、", "{digit}．", "（{digit}）", "第{han}部分 ",
     "{circled}", "", "  {han}、", "\u3000\u3000{han}、", "## {han}、", "{han}  "],
)  # fmt: skip
def test_any_numbering_will_do(number: str):
    headings = [
        number.format(han=NUMERALS[i], digit=i + 1, circled="㈠㈡㈢㈣㈤㈥"[i]) + words
        for i, words in enumerate(PARTS.values())
    ]
    assert labels(report(headings)) == ["preamble", *STATUTORY]


def test_mixed_missing_doubled_and_wrong_numbers():
    headings = [
        n + w for n, w in zip(("1、", "一、", "", "4、", "四、", "六、"), PARTS.values(), strict=True)
    ]
    assert labels(report(headings)) == ["preamble", *STATUTORY]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("overview", "总体概况"), ("overview", "总体工作情况"), ("overview", "基本情况"), ("overview", "概述"),
        ("overview", "2022年政务公开总体情况"), ("overview", "我局政府信息公开总体情况"),
        ("overview", "工作总体推进情况"), ("overview", "工作开展情况"), ("overview", "概  述"),
        ("disclosure_table", "行政机关主动公开政府信息情况"), ("disclosure_table", "主动公开政府信息的情况"),
        ("disclosure_table", "主动公开政府政府情况"),
        ("applications_table", "收到和处理政府信息公开申请的情况"),
        ("proceedings_table", "政府信息公开行政复议及行政诉讼情况"),
        ("proceedings_table", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
        ("proceedings_table", "政府信息公开行政复议和行政诉讼的情况"),
        ("problems", "存在问题及改进措施"), ("problems", "问题和改进"), ("problems", "存在的问题及改进情况"),
        ("problems", "政府信息公开工作存在的主要问题及改进情况"), ("problems", "主要问题和改进措施"),
        ("other_matters", "其它需要报告的事项"), ("other_matters", "需要报告的其他事项"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", "。", "："])
def test_wordings_of_each_part(label: str, words: str, end: str):
    headings = [
        f"{n}、{words + end if part == label else official}"
        for n, (part, official) in zip(NUMERALS, PARTS.items(), strict=False)
    ]
    assert labels(report(headings)) == ["preamble", *STATUTORY]


def test_heading_wrapped_over_two_lines_is_printed_joined():
    headings = [*NUMBERED]
    headings[3] = "四、政府信息公开行政复议、行政\n诉讼情况"
    text = report(headings)
    (section,) = [s for s in sections_of(text) if s.label == "proceedings_table"]
    assert section.heading == "四、政府信息公开行政复议、行政诉讼情况"
    assert text[section.body : section.end] == BODIES["proceedings_table"]


def test_preface_that_lists_all_titles_holds_no_headings():
    preface = "本报告由" + "、".join(PARTS.values()) + "六部分组成。"
    assert labels(report(before=preface)) == ["preamble", *STATUTORY]


def test_preface_that_lists_the_titles_with_numbers_holds_no_headings():
    preface = f"本报告包括：{'；'.join(NUMBERED)}。"
    assert labels(report(before=preface)) == ["preamble", *STATUTORY]


def test_table_of_contents_belongs_to_the_preamble():
    text = report(before="目录\n" + "\n".join(NUMBERED))
    assert labels(text) == ["preamble", *STATUTORY]
    assert found(text, "overview") == "一、总体情况\n" + BODIES["overview"]


def test_second_copy_of_the_report_is_not_read_twice():
    text = report() + report()
    assert [label for label in labels(text) if label in STATUTORY] == list(STATUTORY)


def test_headings_that_follow_each_other_without_tables_are_all_there():
    text = "\n".join([TITLE, *NUMBERED, "无。"])
    assert labels(text) == ["preamble", *STATUTORY]
    for section in sections_of(text)[1:-1]:
        assert section.body == section.end


def test_report_on_one_line():
    text = (
        TITLE
        + " "
        + " ".join(
            f"{n}、{w} {b}" for n, w, b in zip(NUMERALS, PARTS.values(), BODIES.values(), strict=False)
        )
    )
    assert labels(text.replace("\n", " ").replace("\t", " ")) == ["preamble", *STATUTORY]


def test_parts_shifted_by_one():
    headings = [f"{n}、{w}" for n, w in zip("二三四五六七", PARTS.values(), strict=True)]
    assert labels(report(headings, before="一、引言\n本报告依条例编制。")) == ["preamble", *STATUTORY]


def test_problems_and_measures_in_two_parts():
    text = (
        report().replace("六、其他", "七、其他").replace("五、存在的主要问题及改进情况", "五、存在的主要问题")
    )
    text = text.replace("七、其他", "六、改进措施\n加强培训。\n七、其他")
    assert labels(text) == ["preamble", *STATUTORY[:5], "problems", "other_matters"]


OVERVIEW = """2022年，我局稳步推进各项工作。
（一）主动公开情况
全年公开信息40条。
（二）依申请公开情况。全年收到申请3件。
（三）政府信息管理方面
坚持先审后发。
（四）政府信息公开平台建设
网站设专栏4个。
（五）监督保障及教育培训
开展培训2次。"""
STANDARD_SUBS = [
    "overview.disclosure",
    "overview.applications",
    "overview.management",
    "overview.platform",
    "overview.supervision",
]


def test_subsections_of_the_overview_lie_inside_it():
    text = report(overview=OVERVIEW)
    sections = sections_of(text)
    assert [s.label for s in sections] == ["preamble", "overview", *STANDARD_SUBS, *STATUTORY[1:]]
    overview = sections[1]
    for sub, after in zip(sections[2:7], [*sections[3:7], None], strict=True):
        assert overview.start < sub.start < sub.end <= (after.start if after else overview.end)
    assert found(text, "overview.applications") == "（二）依申请公开情况。全年收到申请3件。"


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("（一）网站公开情况", "overview.disclosure"), ("㈠ 主动公开", "overview.disclosure"),
        ("(1) 主动公开情况。", "overview.disclosure"), ("1.主动公开情况", "overview.disclosure"),
        ("主动公开", "overview.disclosure"), ("政府信息管理情况", "overview.management"),
        ("（二）政策解读", "overview.other"), ("（三）政务新媒体", "overview.other"),
        ("（一）加强组织领导，压实工作责任", "overview.other"), ("（五）建议提案办理", "overview.other"),
        ("（三）政府信息资源的规范化、标准化管理", "overview.management"),
        ("（六）强化监督考核", "overview.supervision"),
    ],
)  # fmt: skip
def test_subsection_labels_follow_the_words(heading: str, label: str):
    text = report(overview=f"我局稳步推进各项工作。\n{heading}\n工作情况良好，没有差错。")
    assert labels(text) == ["preamble", "overview", label, *STATUTORY[1:]]


def test_subsections_fused_with_their_text_and_the_part():
    text = report(["一、总体情况 （一）主动公开。全年公开信息40条。（二）依申请公开。收到申请3件。", *NUMBERED[1:]], overview="（三）平台建设。设专栏4个。")  # fmt: skip
    assert labels(text)[1:5] == ["overview", *STANDARD_SUBS[:2], "overview.platform"]


def test_lists_inside_a_subsection_are_no_subsections():
    items = (
        "（一）主动公开情况\n1.公开规划3项。\n2.公开预算1份。\n一是及时更新。二是加强审核。\n（1）完善栏目。"
    )
    assert labels(report(overview=items)) == ["preamble", "overview", "overview.disclosure", *STATUTORY[1:]]


def test_numbered_heads_in_later_parts_are_no_sections():
    text = report().replace(BODIES["problems"], "（一）存在问题\n更新不够及时。\n（二）改进措施\n加强培训。")
    text = text.replace(BODIES["other_matters"], "（一）依申请公开收费情况\n无。\n（二）平台建设\n无。")
    assert labels(text) == ["preamble", *STATUTORY]


def test_signature_and_date_are_noise():
    text = report() + "                  云岭市水务局\n             2023年1月12日\n"
    assert labels(text)[-2:] == ["other_matters", "noise"]
    assert found(text, "other_matters").endswith(BODIES["other_matters"])
    assert found(text, "noise").split() == ["云岭市水务局", "2023年1月12日"]


@pytest.mark.parametrize("line", ["扫一扫在手机打开当前页", "分享到：微信 微博", "【打印】 【关闭】", "— 12 —", "上一篇：没有了",
                                  "责任编辑：小禾", "云岭市水务局 二〇二三年一月十二日", "2023-01-12"])  # fmt: skip
def test_lines_of_the_page_after_the_report_are_noise(line: str):
    text = report() + line + "\n"
    assert labels(text)[-2:] == ["other_matters", "noise"]
    assert found(text, "noise") == line


def test_navigation_before_the_title_is_noise():
    text = "首页 > 政务公开 > 年报\n索引号：YL-22-01\n发布日期：2023-01-12\n" + report()
    assert labels(text) == ["noise", "preamble", *STATUTORY]
    assert found(text, "preamble").startswith(TITLE)


def test_report_before_2019():
    text = """云岭市水务局2014年政府信息公开工作年度报告
本报告依条例编制。
一、概述
二、主动公开政府信息的情况
三、依申请公开政府信息情况
四、咨询处理情况
五、复议、诉讼和申诉情况
六、收费及减免情况
七、存在的主要问题和改进措施
八、附表
"""
    assert labels(text) == [
        "preamble", "legacy", "disclosure_table", "applications_table", "legacy", "proceedings_table", "legacy",
        "problems", "legacy",
    ]  # fmt: skip


def test_an_old_year_with_the_statutory_parts_is_read_by_its_parts():
    assert labels(report().replace("2022", "2016")) == ["preamble", *STATUTORY]


def test_traditional_script_and_radicals():
    text = report(["一、總體情況", "二、主動公開政府信息情況", "三、收到和處理政府信息公開申請情況",
                   "四、政府信息公開⾏政復議、⾏政訴訟情況", "五、存在的主要問題及改進情況", "六、其他需要報告的事項"])  # fmt: skip
    assert labels(text) == ["preamble", *STATUTORY]


def test_old_report_with_a_preface_and_an_overview_of_its_own():
    text = """云岭市人民政府2012年政府信息公开工作年度报告
引 言
根据条例，编制本报告。
一、基本情况
(一)加强领导。成立小组。
二、主动公开政府信息情况
三、政府信息依申请公开办理情况
四、政府信息公开收费及减免情况
五、因政府信息公开申请行政复议、提起行政诉讼情况
六、政府信息公开工作存在的主要问题和改进措施
"""
    assert labels(text) == [
        "preamble", "overview", "overview.other", "disclosure_table", "applications_table", "legacy",
        "proceedings_table", "problems",
    ]  # fmt: skip


def test_arabic_numbers_on_one_line():
    numbered = (
        f"{i}.{w} {b}" for i, (w, b) in enumerate(zip(PARTS.values(), BODIES.values(), strict=True), 1)
    )
    text = f"{TITLE} " + " ".join(numbered).replace("\n", " ").replace("\t", " ")
    assert labels(text) == ["preamble", *STATUTORY]


def test_bare_lines_after_lines_that_end_without_a_stop():
    subs = ["主动公开", "依申请公开情况", "政府信息管理", "平台建设", "监督保障"]
    overview = "\n".join(f"{sub}\n做法略为说明如下面各条所述共三条" for sub in subs)
    text = report(list(PARTS.values()), overview, before="来源：水务局  发布时间：2023-01-12  浏览次数：31")
    assert labels(text) == ["preamble", "overview", *STANDARD_SUBS, *STATUTORY[1:]]


def test_markdown_leaves_no_marks_in_headings_or_at_ends():
    text = report([f"**{n}、{w}**\n" for n, w in zip(NUMERALS, PARTS.values(), strict=False)])
    sections = sections_of(text)
    assert [s.label for s in sections] == ["preamble", *STATUTORY]
    assert not any("*" in s.heading or text[s.end - 1] == "*" for s in sections)


def test_parts_of_a_modern_report_that_the_form_does_not_know_are_other_subsections():
    text = (
        report()
        .replace("二、主动", "三、主动")
        .replace("三、主动", "二、政策解读情况\n解读3篇。\n三、主动", 1)
    )
    assert labels(text) == ["preamble", "overview", "overview.other", *STATUTORY[1:]]


def test_a_sentence_in_place_of_a_title_gives_its_first_clause_as_heading():
    text = report(overview="（一）健全依申请公开机制，全年收到申请2件，均按时答复。")
    (section,) = [s for s in sections_of(text) if s.label == "overview.applications"]
    assert section.heading == "（一）健全依申请公开机制"
    assert text[section.body : section.end] == "全年收到申请2件，均按时答复。"


def test_a_letter_before_the_report_belongs_to_the_preamble():
    letter = "关于报送《2022年政府信息公开年度报告》的函\n市政府办公室：\n现将报告报上。\n云岭市水务局\n2023年1月10日\n"
    assert labels(letter + report()) == ["preamble", *STATUTORY]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_blank_text_has_no_sections(text: str):
    assert sections_of(text) == ()


def test_text_without_headings_is_all_preamble():
    text = TITLE + "\n本局全年未收到申请。"
    assert labels(text) == ["preamble"]
    assert found(text, "preamble") == text


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_real_reports_have_all_parts_and_subsections(seeds: Path, prefix: str):
    (path,) = seeds.glob(f"{prefix}*.txt")
    text = path.read_bytes().decode("utf-8")
    told = [label for label in labels(text) if label != "noise"]
    subs = STANDARD_SUBS
    if prefix == "001":
        subs = [subs[0], "overview.other", "overview.other", *subs[1:]]
    assert told == ["preamble", "overview", *subs, *STATUTORY[1:]]
    assert ("noise" in labels(text)) == (prefix in ("002", "003"))


LINES = st.sampled_from(
    [TITLE, PREFACE, *BODIES.values(), *NUMBERED,
     "（一）主动公开情况", "（二）依申请公开", "1.公开预算。", "云岭市水务局", "2023年1月12日", "扫一扫在手机打开", "", "\t0", "|"]
)  # fmt: skip


@example(lines=["#"], line_end="\n")
@settings(max_examples=150, deadline=None)
@given(st.lists(LINES | st.text(max_size=30), max_size=40), st.sampled_from(["\n", "\r\n", "\n\n", " "]))
def test_sections_are_ordered_disjoint_and_tight(lines: list[str], line_end: str):
    text = line_end.join(lines)
    sections = sections_of(text)
    last_end, parent_end = 0, 0
    for section in sections:
        assert section.label in scheme().sections
        assert 0 <= section.start <= section.body <= section.end <= len(text)
        assert text[section.start : section.end].strip() == text[section.start : section.end] != ""
        if section.label.startswith("overview."):
            assert section.end <= parent_end
        else:
            assert section.start >= parent_end
            parent_end = section.end
        assert section.start >= last_end
        last_end = section.start


def test_an_overview_that_counts_its_points_does_not_open_the_tables():
    overview = "2022年工作平稳。\n第一，扎实做好主动公开。\n全年公开信息3条。\n第二，认真办理依申请公开。\n按期答复。"
    assert labels(report(overview=overview)) == [
        "preamble", "overview", "overview.disclosure", "overview.applications", *STATUTORY[1:],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("申请办理更加规范", "overview.applications"),
        ("公开内容逐步拓展", "overview.disclosure"),
        ("突出便捷性，建好各类公开载体", "overview.platform"),
        ("健全管理制度", "overview.management"),
        ("责任体系更加健全", "overview.supervision"),
        ("政务新媒体平台建设情况", "overview.other"),
    ],
)
def test_a_subsection_is_known_by_the_words_of_its_title(title: str, label: str):
    assert labels(report(overview=f"2022年工作平稳。\n（一）{title}\n继续做好各项工作。"))[2] == label
