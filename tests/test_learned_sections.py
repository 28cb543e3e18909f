"""Sections by what their lines say, with a reader that is told what to think of each line."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from gongkai.extraction.document import Document
from gongkai.extraction.learned_sections import find_sections_with
from gongkai.extraction.readers.text import text_blocks
from gongkai.models.reader import Reader

LABELS = ("preamble", "overview", "disclosure_table", "problems", "other_matters", "legacy", "noise")


@dataclass(frozen=True)
class Opinions:
    """Stands for a reader: how likely each label is for a line, in logarithms, by the line's text."""

    by_line: dict[str, dict[str, float]]
    labels: Any

    def states(self, windows: list[Any]) -> list[str]:
        return [window.text for window in windows]

    def lines(self, shown: str, spans: list[tuple[int, int]]) -> Any:
        opinions = [self.by_line[shown[a:b]] for a, b in spans]
        return np.array([[each.get(label, -30.0) for label in LABELS] for each in opinions], np.float32)


def found(*lines: tuple[str, dict[str, float]]) -> list[str]:
    """The section of each line of a report of 2022 that has no headings."""
    text = "\n".join(line for line, _ in lines)
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
