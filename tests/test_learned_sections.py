"""Sections by what their lines say, with a reader that is told what to think of each line."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from gongkai.extraction.document import Document
from gongkai.extraction.learned_sections import find_sections_with
from gongkai.extraction.readers.text import text_blocks
from gongkai.models.reader import Reader

LABELS = (
    "preamble", "overview", "overview.disclosure", "overview.applications", "overview.management", "overview.platform",
    "overview.supervision", "overview.other", "disclosure_table", "problems", "other_matters", "legacy", "noise",
)  # fmt: skip
PRINTED = str.maketrans("()", "（）")
"""Undoes what normalising does to the lines here."""
PARTS = """二、主动公开政府信息情况
规章 0 0 0
三、收到和处理政府信息公开申请情况
本年新收 0
四、政府信息公开行政复议、行政诉讼情况
0 0 0
五、存在的主要问题及改进情况
公开不够及时。"""


@dataclass(frozen=True)
class Opinions:
    """Stands for a reader: how likely each label is for a line, in logarithms, by the line's text."""

    by_line: dict[str, dict[str, float]]
    labels: Any

    def states(self, windows: list[Any]) -> list[str]:
        return [window.text for window in windows]

    def lines(self, shown: str, spans: list[tuple[int, int]]) -> Any:
        opinions = [self.by_line[shown[a:b].translate(PRINTED)] for a, b in spans]
        return np.array([[each.get(label, -30.0) for label in LABELS] for each in opinions], np.float32)


def found(*lines: tuple[str, dict[str, float]], behind: str = "") -> list[str]:
    """The section of each line of a report that has no headings, or ``behind`` the lines the tables' ones."""
    text = "\n".join(line for line, _ in lines) + behind
    document = Document(text, text_blocks(text), "report.txt", "", "text")
    opinions = Opinions(dict(lines), SimpleNamespace(sections=LABELS))
    sections = find_sections_with(document, cast(Reader, opinions))
    starts = [text.index(line) for line, _ in lines]
    return [next(s.label for s in reversed(sections) if s.start <= at < s.end) for at in starts]


def test_a_page_number_between_two_parts_does_not_hide_that_they_are_out_of_order():
    table = ("2022年制发规范性文件3件,废止1件。", {"disclosure_table": 0.0})
    unsure = {"problems": -0.5, "overview": -0.2}
    lines = [
        table,
        ("存在公开不及时的问题。", {"problems": 0.0}),
        ("第3页。", {"noise": 0.0}),
        ("下一步加强公开。", unsure),
    ]
    assert found(*lines) == ["disclosure_table", "problems", "noise", "problems"]


def test_lines_that_are_sure_of_it_are_read_out_of_order():
    lines = [
        ("2022年存在公开不及时的问题。", {"problems": 0.0}),
        ("第3页。", {"noise": 0.0}),
        ("主动公开信息3条。", {"overview": 0.0}),
        ("公开指南已更新。", {"overview": 0.0}),
    ]
    assert found(*lines) == ["problems", "noise", "overview", "overview"]


def test_a_subsection_whose_title_tells_nothing_has_the_label_of_what_it_says():
    lines = [
        ("一、总体情况", {"overview": 0.0}),
        ("（一）常抓不懈", {"overview.other": -1.0, "overview.management": -1.2}),
        ("定期清理过期信息。", {"overview.management": 0.0, "problems": 9.0}),
        ("（二）公开平台建设", {"overview.other": 0.0, "overview.platform": -4.0}),
        ("网站改版。", {"overview.platform": 0.0}),
    ]
    expected = [
        "overview",
        "overview.management",
        "overview.management",
        "overview.platform",
        "overview.platform",
    ]
    assert found(*lines, behind=f"\n{PARTS}") == expected


def test_two_subsections_of_one_kind_stay_two():
    told = {"overview.other": 0.0}
    lines = [("一、总体情况", {"overview": 0.0}), ("（一）常抓不懈", told), ("（二）热心为民", told)]
    text = "\n".join(line for line, _ in lines) + f"\n{PARTS}"
    document = Document(text, text_blocks(text), "report.txt", "", "text")
    sections = find_sections_with(
        document, cast(Reader, Opinions(dict(lines), SimpleNamespace(sections=LABELS)))
    )
    assert [s.heading for s in sections if s.label == "overview.other"] == [
        "（一）常抓不懈",
        "（二）热心为民",
    ]


def test_paragraphs_that_open_as_headings_do_are_subsections_where_their_matter_is_so():
    lines = [
        ("一、总体情况", {"overview": 0.0}),
        ("1.抓主动公开。发布信息3条。", {"overview.disclosure": -1.0, "overview": -3.0}),
        ("2.抓依申请公开。按期答复。", {"overview.applications": -1.0, "overview": -3.0}),
        ("3.抓监督保障。开展培训。", {"overview.supervision": -1.0, "overview": -3.0}),
    ]
    expected = ["overview", "overview.disclosure", "overview.applications", "overview.supervision"]
    assert found(*lines, behind=f"\n{PARTS}") == expected


def test_points_counted_in_words_stay_points():
    lines = [
        ("一、总体情况", {"overview": 0.0}),
        ("一是抓主动公开。发布信息3条。", {"overview.disclosure": 0.0}),
        ("二是抓依申请公开。按期答复。", {"overview.applications": 0.0}),
        ("三是抓监督保障。开展培训。", {"overview.supervision": 0.0}),
    ]
    assert set(found(*lines, behind=f"\n{PARTS}")) == {"overview"}
