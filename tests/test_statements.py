"""Problems and improvements: one item each, with or without ordinals, paired with what they answer."""

from itertools import pairwise
from pathlib import Path

import pytest
from gongkai.annotations.scheme import scheme
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.narrative.statements import Improvement, Problem, read_statements
from gongkai.extraction.narrative.themes import themes_of
from gongkai.extraction.pipeline import extract_section
from gongkai.extraction.sections import Section, find_sections
from hypothesis import given, settings
from hypothesis import strategies as st

HEADING = "五、存在的主要问题及改进情况"


def read(body: str, heading: str = HEADING) -> tuple[str, tuple[Problem, ...], tuple[Improvement, ...]]:
    text = f"{heading}\n{body}"
    section = Section("problems", heading, 0, len(heading) + 1, len(text))
    document = Document(text, (), "report.txt", "", "text")
    return text, *read_statements(document, (section,))


def told(body: str, heading: str = HEADING) -> tuple[list[str], list[str]]:
    """The printed problems and improvements."""
    text, problems, improvements = read(body, heading)
    return [text[p.start : p.end] for p in problems], [text[m.start : m.end] for m in improvements]


LATE, POOR = "栏目更新不够及时", "解读形式较为单一"
FASTER, RICHER = "缩短栏目更新周期，做到及时发布", "丰富解读形式，增加图解"


@pytest.mark.parametrize(
    "body",
    [
        f"一是{LATE}。二是{POOR}。",
        f"一是{LATE}；二是{POOR}。",
        f"一是{LATE}，二是{POOR}。",
        f"我局工作存在的主要问题有：一是{LATE}；二是{POOR}。",
        f"1.{LATE}。\n2.{POOR}。",
        f"1、{LATE}\n2、{POOR}\n",
        f"（1）{LATE}。\n（2）{POOR}。",
        f"①{LATE}；②{POOR}。",
        f"（一）{LATE}。\n（二）{POOR}。",
        f"（一）存在的主要问题。一是{LATE}。二是{POOR}。",
        f"（一）存在问题\n1、{LATE}。\n2、是{POOR}。",
        f"存在问题：\n{LATE}；\n{POOR}。",
        f"第一，{LATE}。第二，{POOR}。",
        f"首先是{LATE}，其次是{POOR}。",
        f"虽然取得了一定成效，但仍存在{LATE}、{POOR}等问题。",
        f"我局政务公开工作还存在{LATE}、{POOR}等问题。",
        f"2022年工作取得了明显成效。但还存在一些不足，主要表现为：一是{LATE}。二是{POOR}。",
        f"公开工作还存在不足：{LATE}；{POOR}。",
        f"虽然取得了一定成绩，但与群众期盼相比还存在一定差距：{LATE}；{POOR}。",
        f"存在问题\n{LATE}，{POOR}\n改进措施\n",
        f"一、存在问题\n一是{LATE}。二是{POOR}。\n二、改进措施",
    ],
)
def test_each_shortcoming_is_a_problem_of_its_own(body: str):
    assert told(body) == ([LATE, POOR], [])


LISTS = [
    f"（一）存在问题\n一是{LATE}。二是{POOR}。\n（二）改进措施\n一是{FASTER}。二是{RICHER}。",
    f"（一）存在的主要问题。一是{LATE}。二是{POOR}。\n（二）改进方向。一是{FASTER}。二是{RICHER}。",
    f"1.{LATE}。\n2.{POOR}。\n改进措施\n1.{FASTER}。\n2.{RICHER}。",
    f"一是{LATE}。二是{POOR}。下一步，我局将重点做好以下工作：一是{FASTER}。二是{RICHER}。",
    f"一是{LATE}；二是{POOR}。针对上述问题，我局将采取以下措施：一是{FASTER}；二是{RICHER}。",
    f"存在{LATE}、{POOR}等问题。\n今后，一是{FASTER}。二是{RICHER}。",
    f"一是{LATE}。下一步，{FASTER}。二是{POOR}。下一步，{RICHER}。",
    f"1.{LATE}。今后，{FASTER}。\n2.{POOR}。今后，{RICHER}。",
    f"存在问题：一是{LATE}；二是{POOR}。\n整改措施：一是{FASTER}；二是{RICHER}。",
    f"（一）主要问题\n{LATE}。\n{POOR}。\n（二）下一步工作打算\n1.{FASTER}。\n2.{RICHER}。",
]  # fmt: skip


@pytest.mark.parametrize("body", LISTS)
def test_measures_are_told_from_problems_and_answer_them(body: str):
    assert told(body) == ([LATE, POOR], [FASTER, RICHER])
    _, problems, improvements = read(body)
    assert [m.addresses for m in improvements] == [(0,), (1,)]
    assert {m.status for m in improvements} == {"planned"}
    assert problems[0].themes[0] == "timeliness"
    assert set(problems[1].themes) == {"interpretation", "forms"}


def test_a_measure_answers_the_problem_of_its_matter_also_where_the_lists_differ():
    body = f"一是{LATE}。二是{POOR}。\n改进措施\n一是充实工作队伍。二是加强依申请公开答复。"
    assert [m.addresses for m in read(body)[2]] == [(), ()]
    body = f"一是{LATE}。二是{POOR}。\n改进措施\n一是{RICHER}。"
    assert [m.addresses for m in read(body)[2]] == [(1,)]
    body = f"一是{LATE}。二是{POOR}。\n改进措施\n一是{RICHER}。二是{FASTER}。三是充实工作队伍。"
    assert [m.addresses for m in read(body)[2]] == [(1,), (0,), ()]


def test_a_remedy_in_the_same_clause_stays_in_the_problem():
    body = "1.部分科室公开意识不强，需进一步加强学习。\n2.信息数量偏少，还需增加。"
    problems = ["部分科室公开意识不强，需进一步加强学习", "信息数量偏少，还需增加"]
    assert told(body) == (problems, [])


def test_a_little_title_belongs_to_its_item():
    body = f"1.更新有待加快。{LATE}，部分栏目数月没有新内容。\n2.{POOR}。"
    assert told(body)[0] == [f"更新有待加快。{LATE}，部分栏目数月没有新内容", POOR]


def test_a_titled_line_takes_the_paragraph_below_it():
    body = "（一）存在问题\n1.更新有待加快\n部分栏目数月没有新内容，更新缓慢。\n（二）改进措施\n略抓更新。"
    assert told(body)[0] == ["更新有待加快\n部分栏目数月没有新内容，更新缓慢"]


def test_items_nested_in_an_item_stay_in_it():
    body = f"改进措施\n（一）加强更新。一是明确专人；二是按周检查。\n（二）{RICHER}。"
    assert told(body)[1] == ["加强更新。一是明确专人；二是按周检查", RICHER]


def test_lead_words_are_left_out_of_a_measure():
    assert told(f"一是{LATE}。\n下一步，我局将加强更新。")[1] == ["将加强更新"]
    assert told(f"{LATE}。对此，将加强更新。")[1] == ["将加强更新"]
    assert told(f"一是{LATE}。针对此问题，我局将加强更新。")[1] == ["将加强更新"]
    assert told(f"一是{LATE}。\n在今后的工作中，我们将：1.加强更新；2.健全台账。")[1] == [
        "加强更新",
        "健全台账",
    ]


def test_a_cause_and_its_consequence_are_one_problem():
    cause = "由于人员变动频繁，业务不熟练，导致信息更新不及时"
    assert told(cause + "。") == ([cause], [])


def test_a_problem_already_solved_is_a_measure_done():
    _, problems, improvements = read(
        "2021年存在的栏目更新不及时问题已整改到位。\n2022年存在以下问题：1.内容偏少。"
    )
    assert len(problems) == 1
    assert [m.status for m in improvements] == ["done"]


def test_confidence_falls_from_ordinals_to_chains():
    ordinal, sentence, chain = (
        read(f"一是{LATE}。")[1][0].confidence,
        read(f"一是{LATE}。\n今后，将加强更新。")[2][0].confidence,
        read(f"还存在{LATE}、{POOR}等问题。")[1][0].confidence,
    )
    assert ordinal > sentence > chain


@pytest.mark.parametrize(
    ("measure", "status"),
    [
        ("2022年，我局的改进情况是：一是制定更新办法。二是举办培训3期。", "done"),
        ("改进措施\n一是共举办培训6场。二是已建立更新台账。", "done"),
        ("改进情况\n一是完善了更新制度。二是开通了新栏目。", "done"),
        ("改进措施\n一是完善更新制度。二是举办培训。", "planned"),
        ("改进措施\n一是将完善已有的更新制度。二是将开通新栏目。", "planned"),
    ],
)
def test_finished_work_is_done(measure: str, status: str):
    assert [m.status for m in read(f"一是{LATE}。\n{measure}")[2]] == [status, status]


@pytest.mark.parametrize("heading", ["", f"{HEADING}\n"])
def test_the_heading_of_a_passage_is_no_item(heading: str):
    text = f"{heading}我局还存在{LATE}、{POOR}等问题。"
    record = extract_section(Document(text, (), "passage", "", "text"), "problems", RULES)
    assert [problem.text for problem in record.problems] == [LATE, POOR]
    assert record.sections[0].heading == heading.strip()


def test_section_of_measures_only():
    assert told(f"一是{FASTER}。二是{RICHER}。", "六、改进措施") == ([], [FASTER, RICHER])
    assert told("一是加强更新。二是健全台账。") == ([], ["加强更新", "健全台账"])


@pytest.mark.parametrize(
    "body",
    ["无。", "", "本年度工作取得了明显成效。", "不存在。", "下一步，", "（一）存在问题\n（二）改进措施"],
)
def test_nothing_is_made_up(body: str):
    assert told(body) == ([], [])


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("个别栏目更新滞后", "timeliness"), ("主动公开内容不够全面", "content"), ("信息质量有待提高", "quality"),
        ("发布数量偏少", "quantity"), ("政策解读不够深入", "interpretation"), ("公开形式单一", "forms"),
        ("网站检索功能不完善", "platform"), ("与公众互动不足", "interaction"), ("社会知晓度不高，宣传不足", "publicity"),
        ("部分干部公开意识不强", "awareness"), ("专职人员不足", "staff"), ("业务培训偏少", "training"),
        ("工作机制不健全", "mechanism"), ("依申请公开答复不够规范", "applications"), ("决策公开有待加强", "decision_process"),
        ("公开标准化程度不高", "standardisation"), ("公共数据归集不够", "data"), ("还有差距", "other"),
    ],
)  # fmt: skip
def test_themes(text: str, theme: str):
    found = themes_of(text)
    assert found[0] == theme
    assert 1 <= len(found) <= 3


def test_every_theme_of_the_scheme_has_cues():
    from gongkai.extraction.narrative.items import statement_wording

    assert [*statement_wording()["themes"], "other"] == list(scheme().themes)


@pytest.mark.parametrize(
    ("prefix", "problems", "statuses"),
    [("000", 2, ["done"] * 2), ("001", 2, ["planned"] * 2), ("002", 3, ["planned"] * 3), ("003", 2, ["planned"] * 4),
     ("004", 2, ["planned"] * 2)],
)  # fmt: skip
def test_real_reports(seeds: Path, prefix: str, problems: int, statuses: list[str]):
    (path,) = seeds.glob(f"{prefix}*.txt")
    document = Document(path.read_bytes().decode("utf-8"), (), prefix, "", "text")
    admitted, measures = read_statements(document, find_sections(document))
    assert len(admitted) == problems
    assert [m.status for m in measures] == statuses
    if prefix in ("000", "001", "002"):
        assert [m.addresses for m in measures] == [(i,) for i in range(problems)]


PIECES = st.sampled_from(
    [LATE, POOR, FASTER, RICHER, "一是", "二是", "1.", "（一）", "存在问题", "改进措施", "下一步，", "等问题", "。", "；", "，", "\n", "：",
     "但仍存在", "取得了一定成效", "针对上述问题"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_statements_are_tight_disjoint_and_point_at_problems(body: str):
    text, problems, improvements = read(body)
    themes = set(scheme().themes)
    spans = sorted((s.start, s.end) for s in (*problems, *improvements))
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for statement in (*problems, *improvements):
        printed = text[statement.start : statement.end]
        assert printed
        assert printed == printed.strip(" \n。；，、：")
        assert set(statement.themes) <= themes
        assert 0 < statement.confidence < 1
    for measure in improvements:
        assert all(0 <= index < len(problems) for index in measure.addresses)


def test_measures_between_semicolons_are_told_apart_and_answer_the_chain_before_them():
    body = (
        "工作中还存在栏目更新不够及时、解读术语偏多、业务培训不足等问题。"
        "2022年，我局将缩短栏目更新周期；把解读条文改写成口语；每半年组织一次业务培训。"
    )
    _, problems, measures = read(body)
    assert [len(problems), len(measures)] == [3, 3]
    assert [measure.addresses for measure in measures] == [(0,), (1,), (2,)]


def test_an_opening_that_only_names_shortcomings_is_none():
    problems, measures = told("一年来仍存在一些短板。\n一是栏目更新不够及时。下一步，将缩短更新周期。")
    assert problems == ["栏目更新不够及时"]
    assert measures == ["将缩短更新周期"]
