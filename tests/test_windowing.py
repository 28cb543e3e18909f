"""Texts cut into windows: no quantity lost or cut, no window too long, each character and line judged once."""

import re
from itertools import pairwise

import pytest
from gongkai.extraction.line_windows import LineWindow, line_windows
from gongkai.extraction.narrative.quantities import Quantity, find_quantities
from gongkai.extraction.narrative.sentences import sentences
from gongkai.extraction.narrative.windowing import (
    CONTEXT,
    LONGEST,
    Stretch,
    quantity_stretches,
    running_stretches,
)
from hypothesis import given, settings
from hypothesis import strategies as st

POSITIONS = 512
"""So many numbers a BERT takes; three are special tokens."""

COUNTED = [
    "全年公开信息1203条", "通过网站发布政策文件约12.5万余条", "受理申请3件", "答复率98.5%", "未发生一起行政复议",
    "召开发布会十二场", "微博粉丝突破8.6万", "接待来访群众近3000名", "同比增长31.58%", "共发布1\n203条", "阅读量1,234,567次",
    "编发简报十余个", "没有收到举报", "其中2件3件",
]  # fmt: skip
PLAIN = [
    "不断完善工作制度",
    "主动回应社会关切",
    "加强组织领导",
    "县政府办公室",
    "《条例》",
    "及",
    "(详见附件)",
    "2022年",
]
MARKS = [",", "。", ";", "、", ":", "!", "\n", "\n\n", " ", '"']

marked_texts = st.lists(st.sampled_from([*COUNTED, *PLAIN, *MARKS]), max_size=120).map("".join)
unmarked_texts = st.lists(st.sampled_from([*COUNTED, *PLAIN, *PLAIN]), max_size=120).map("".join)
endless_sentences = st.builds(
    lambda phrases, times: "".join(phrases) * times + "。",
    st.lists(st.sampled_from([*COUNTED, *PLAIN, ",", "、"]), min_size=1, max_size=12),
    st.integers(1, 120),
)
rare_quantities = st.lists(
    st.tuples(st.sampled_from(COUNTED), st.integers(0, 60), st.sampled_from([*MARKS, ""])), max_size=12
).map(lambda parts: "".join(counted + mark + "其他工作" * plain for counted, plain, mark in parts))
texts = (
    marked_texts
    | unmarked_texts
    | endless_sentences
    | rare_quantities
    | st.text("共1\n203条,。 一万件未", max_size=400)
)


def cut(text: str) -> tuple[tuple[Quantity, ...], list[Stretch]]:
    quantities = find_quantities(text)
    return quantities, quantity_stretches(text, sentences(text), quantities)


def assert_none_is_lost_or_cut(quantities: tuple[Quantity, ...], stretches: list[Stretch]) -> None:
    assert [n for stretch in stretches for n in stretch.quantities] == list(range(len(quantities)))
    for stretch in stretches:
        for n in stretch.quantities:
            assert stretch.own <= quantities[n].start
            assert quantities[n].end <= stretch.own_end


def test_sentences_without_quantities_are_shown_but_not_judged():
    told = "继续完善制度。" * 20
    text = f"{told}全年公开信息12条。{told}"
    (stretch,) = cut(text)[1]
    assert text[stretch.own : stretch.own_end] == "全年公开信息12条。"
    assert text[stretch.start : stretch.own] == told[-CONTEXT:]
    assert stretch.end == stretch.own_end


def test_sentences_near_each_other_share_a_window():
    text = "全年公开信息12条。继续完善制度。受理申请3件。" + "继续完善制度。" * 20 + "答复率98%。"
    quantities, stretches = cut(text)
    assert [text[s.own : s.own_end] for s in stretches] == [
        "全年公开信息12条。继续完善制度。受理申请3件。",
        "答复率98%。",
    ]
    assert [s.quantities for s in stretches] == [(0, 1), (2,)]
    assert len(quantities) == 3


def test_a_text_without_quantities_has_no_stretch():
    assert cut("继续完善制度。\n加强领导。") == ((), [])
    assert cut("") == ((), [])


@settings(max_examples=300)
@given(texts)
def test_each_quantity_lies_whole_in_the_judged_part_of_just_one_stretch(text: str):
    assert_none_is_lost_or_cut(*cut(text))


@settings(max_examples=300)
@given(texts)
def test_no_stretch_shows_more_than_a_window_its_context_and_a_quantity(text: str):
    quantities, stretches = cut(text)
    longest = max((q.end - q.start for q in quantities), default=0)
    for stretch in stretches:
        assert 0 <= stretch.start <= stretch.own < stretch.own_end <= stretch.end <= len(text)
        assert stretch.own - stretch.start == min(CONTEXT, stretch.own)
        assert stretch.end - stretch.start <= LONGEST + CONTEXT + longest


@settings(max_examples=300)
@given(texts)
def test_judged_parts_are_in_order_and_do_not_overlap(text: str):
    assert all(before.own_end <= after.own for before, after in pairwise(cut(text)[1]))


@settings(max_examples=300)
@given(texts)
def test_a_sentence_that_fits_is_not_cut(text: str):
    quantities, stretches = cut(text)
    spans = sentences(text)
    for stretch in stretches:
        for n in stretch.quantities:
            start, end = next((a, b) for a, b in spans if a <= quantities[n].start < b)
            # A number torn by a line end is judged with the sentence in which it begins.
            begin = max((start, *(q.end for q in quantities if q.start < start < q.end)))
            if max(end, quantities[n].end) - start <= LONGEST:
                assert stretch.own <= begin
                assert end <= stretch.own_end


@pytest.mark.parametrize("mark", ["。", ",", "", "\n"])
def test_a_text_of_200000_characters_loses_none_of_its_thousands_of_quantities(mark: str):
    item = f"网站公开信息1203条{mark}不断完善各项工作制度受理申请近12件{mark}答复率98.5%{mark}"
    text = (item * (200_000 // len(item) + 1))[:200_000]
    quantities, stretches = cut(text)
    assert len(quantities) > 3 * (200_000 // len(item)) - 3
    assert_none_is_lost_or_cut(quantities, stretches)


@settings(max_examples=300)
@given(texts)
def test_the_judged_parts_of_running_stretches_tile_the_text(text: str):
    stretches = running_stretches(text)
    assert "".join(text[s.own : s.own_end] for s in stretches) == text
    for s in stretches:
        assert 0 < s.own_end - s.own <= LONGEST
        assert s.own - s.start == min(CONTEXT, s.own)
        assert s.end - s.own_end == min(CONTEXT, len(text) - s.own_end)


@given(
    st.lists(st.sampled_from(["加强组织领导", "公开1,203条", "主动回应社会关切"]), min_size=1, max_size=200)
)
def test_running_stretches_are_cut_behind_clause_marks_where_there_are_any(clauses: list[str]):
    text = ",".join(clauses) + "。"
    for stretch in running_stretches(text):
        assert re.search(r"[,。]$", text[stretch.own : stretch.own_end])
        assert not re.match(r"\d", text[stretch.own_end :])


# As `str.split` leaves them: a line holds no line feed.
report_lines = st.lists(
    st.text("第一部分概述公开12条,。;\t  ", max_size=150) | st.sampled_from(["", " ", "\t", "二、主动公开"]),
    max_size=80,
)


def judged(windows: list[LineWindow]) -> list[str]:
    return [w.window.text[start:end] for w in windows for start, end in w.spans]


def shows(shown: str, line: str) -> bool:
    """Whether ``shown`` is a line, or its head and its tail where it is long."""
    line = line.replace("\t", " ") or " "
    head, tail = shown.split("…") if "…" in shown else (shown, "")
    return shown == line or (
        len(shown) < len(line) and line.startswith(head) and line.endswith(tail) and tail != ""
    )


@given(report_lines)
def test_each_line_is_judged_once_in_order(lines: list[str]):
    windows = list(line_windows(lines))
    numbers = [w.first + n for w in windows for n in range(len(w.spans))]
    assert numbers == list(range(len(lines)))
    assert all(shows(shown, line) for shown, line in zip(judged(windows), lines, strict=True))
    assert all(shown for shown in judged(windows))


@given(report_lines)
def test_lines_before_and_behind_are_shown_and_no_window_is_longer_than_an_encoder_takes(lines: list[str]):
    by_number = judged(list(line_windows(lines)))
    for window in line_windows(lines):
        last = window.first + len(window.spans)
        assert window.window.text == "\n".join(by_number[max(0, window.first - 2) : last + 1])
        assert len(window.window.text) + len(window.window.prefix) + 3 <= POSITIONS


def test_a_report_of_thousands_of_lines_is_judged_wholly():
    lines = [f"第{n}行" for n in range(5000)]
    assert judged(list(line_windows(lines))) == lines


def test_a_report_without_lines_has_no_windows():
    assert list(line_windows([])) == []
