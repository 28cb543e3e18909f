"""Figures of a scan that the recogniser doubted or that do not add up: corrected, borne out, or marked as unread."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random
from types import MappingProxyType

import numpy as np
import pytest
from gongkai.extraction.document import UNREAD, Box, Candidate, Document, Print
from gongkai.extraction.readers.assemble import Glyph, Paragraph, Part, Table, TableCell, assemble
from gongkai.extraction.rereading import borne_out, reread_tables, with_cells
from gongkai.extraction.tables import Cell, Check, read_tables
from hypothesis import given
from hypothesis import strategies as st

from .table_layouts import APPLICANTS, HEAD_WORDS, LABELS, Figures, random_figures

Misread = Mapping[str, tuple[str, float]]
"""For a cell what the recogniser made of it, and its certainty."""


END = Paragraph("五、存在的主要问题及改进情况")
NOTHING: Misread = MappingProxyType({})


def scan(figures: Figures, misread: Misread = NOTHING, seen: Misread = NOTHING) -> Document:
    """A scan of the table of requests and of a row of disclosure; ``seen`` is what a second look makes of cells."""
    names: dict[Box, str] = {}

    def cell(row: int, column: int, name: str) -> TableCell:
        text, certainty = misread.get(name, (str(figures[name]), 0.97))
        box = Box(1, 100.0 + 30 * column, 20.0 * len(names), 130.0 + 30 * column, 20.0 * len(names) + 20)
        names[box] = name
        return TableCell(row, column, text, box=box, glyphs=[Glyph(box, certainty)] * len(text))

    def reread(boxes: Sequence[Box]) -> list[list[Candidate]]:
        return [[Candidate(*seen.get(names[box], (str(figures[names[box]]), 0.9)))] for box in boxes]

    first = [TableCell(0, 0, "信息内容"), TableCell(0, 1, "本年处理决定数量")]
    rows = {"行政许可": "licensing", "行政处罚": "penalties", "行政强制": "coercion"}
    for r, (label, name) in enumerate(rows.items(), 1):
        first += [TableCell(r, 0, label), cell(r, 1, f"disclosure.{name}.decisions")]
    second = [TableCell(0, 3 + i, word) for i, word in enumerate(HEAD_WORDS)]
    for r, (name, labels) in enumerate(LABELS.items(), 1):
        second += [TableCell(r, c, label) for c, label in enumerate(labels) if label]
        second += [cell(r, 3 + i, f"applications.{name}.{who}") for i, who in enumerate(APPLICANTS)]
    parts: list[Part] = [
        Paragraph("二、主动公开政府信息情况"),
        Table(first),
        Paragraph("三、申请情况"),
        Table(second),
        END,
    ]
    made = assemble(parts, recognised=True)
    return Document(made.text, made.blocks, "s", "0", "scan", made.grids, print=made.print, reread=reread)


@pytest.fixture
def figures() -> Figures:
    return random_figures(Random(7))


def cells(document: Document) -> dict[str, Cell]:
    return {cell.id: cell for cell in read_tables(document, ()).cells}


def test_a_sound_scan_stays_as_it_is(figures: Figures):
    document = scan(figures)
    assert reread_tables(document) is document


@pytest.mark.parametrize("more", ["8", "I"])
def test_a_wrong_figure_is_corrected_when_a_second_look_sees_another(figures: Figures, more: str):
    for name in ("applications.new.natural", "applications.granted.research"):
        document = scan(figures, {name: (str(figures[name]) + more, 0.93)})
        before, after = cells(document)[name], cells(reread_tables(document))[name]
        assert before.value != figures[name] or before.status != "read"
        assert (after.value, after.status) == (figures[name], "read")


def test_an_unsure_figure_that_the_sums_bear_out_is_read(figures: Figures):
    name = "applications.granted.natural"
    unsure = (str(figures[name]), 0.4)
    after = reread_tables(scan(figures, {name: unsure}, {name: unsure}))
    assert (cells(after)[name].value, cells(after)[name].status) == (figures[name], "read")


def test_an_unsure_figure_without_a_sum_is_unreadable_and_never_wrong(figures: Figures):
    name = "disclosure.penalties.decisions"
    document = scan(figures, {name: ("7777", 0.5)}, {name: ("7777", 0.6)})
    assert cells(document)[name].status == "read"
    after = reread_tables(document)
    assert (cells(after)[name].value, cells(after)[name].status) == (None, "unreadable")
    assert UNREAD in after.text


def test_an_unsure_figure_is_unreadable_too_where_no_second_look_can_be_had(figures: Figures):
    name = "disclosure.penalties.decisions"
    document = replace(scan(figures, {name: ("7777", 0.5)}), reread=None)
    assert cells(reread_tables(document))[name].status == "unreadable"


def test_a_second_look_that_is_sure_settles_a_figure_without_a_sum(figures: Figures):
    name = "disclosure.penalties.decisions"
    after = reread_tables(scan(figures, {name: ("7777", 0.5)}, {name: (str(figures[name]), 0.95)}))
    assert (cells(after)[name].value, cells(after)[name].status) == (figures[name], "read")


def test_a_stain_taken_for_a_figure_is_not_read_when_it_does_not_add_up(figures: Figures):
    name = next(i for i, value in figures.items() if i.startswith("applications.refused") and value == 0)
    after = cells(reread_tables(scan(figures, {name: ("2", 0.86)}, {name: ("2", 0.3)})))
    assert after[name].value in {None, 0}
    assert after[name].status in {"unreadable", "repaired"}


def test_two_sure_looks_that_differ_settle_nothing_without_a_sum(figures: Figures):
    name = "applications.total.natural"  # the row's total and its column fail, so that all their cells are looked at
    other = "applications.granted.natural"
    misread = {name: (str((figures[name] or 0) + 5), 0.97)}
    seen = {name: misread[name], other: (str((figures[other] or 0) + 1), 0.95)}
    after = cells(reread_tables(scan(figures, misread, seen)))
    assert after[other].value in {None, figures[other]}


def test_a_report_that_adds_up_wrongly_keeps_its_figures(figures: Figures):
    name = "applications.total.natural"
    wrong = {name: (str((figures[name] or 0) + 5), 0.97)}
    after = cells(reread_tables(scan(figures, wrong, {name: (wrong[name][0], 0.95)})))
    assert (after[name].value, after[name].status) == ((figures[name] or 0) + 5, "read")


def test_the_offsets_of_everything_else_move_with_a_longer_or_shorter_cell(figures: Figures):
    document = scan(figures)
    cell = document.grids[0].cells[3]
    for text in ("", "1", "123456789"):
        changed = with_cells(document, [(cell, Candidate(text, 0.5))])
        assert cells_of(changed) == [
            text if c is cell else document.text[c.start : c.end] for c in document.grids[0].cells
        ]
        assert [changed.text[b.start : b.end] for b in changed.blocks] == changed.text.split("\n")
        assert changed.print is not None and len(changed.print.pages) == len(changed.text)
        assert changed.certainty(changed.grids[0].cells[3].start, changed.grids[0].cells[3].end) == (
            0.5 if text else 1.0
        )


def cells_of(document: Document) -> list[str]:
    return [document.text[cell.start : cell.end] for cell in document.grids[0].cells]


@given(st.lists(st.text("0123", max_size=3), min_size=6, max_size=6), st.data())
def test_any_cells_can_be_changed_together(texts: list[str], data: st.DataObject):
    table = Table(
        [TableCell(0, 0, "头"), *(TableCell(1 + i // 3, i % 3, text) for i, text in enumerate(texts))]
    )
    made = assemble([table, Paragraph("尾")])
    printed = Print(np.ones(len(made.text), np.int32), np.zeros((len(made.text), 4), np.float32))
    document = Document(made.text, made.blocks, "s", "0", "scan", made.grids, print=printed)
    new = {i: data.draw(st.text("456", max_size=4)) for i in data.draw(st.sets(st.integers(1, len(texts))))}
    changed = with_cells(document, [(made.grids[0].cells[i], Candidate(t, 1.0)) for i, t in new.items()])
    assert cells_of(changed) == [new.get(i, text) for i, text in enumerate(["头", *texts])]
    assert changed.text.endswith("\n尾")


def check(outcome: str, *names: str) -> Check:
    return Check("c", "", 1, 1, outcome, cells=names)  # type: ignore[arg-type]


def test_an_identity_bears_out_one_unsure_cell_and_never_two():
    assert borne_out([check("pass", "a", "b")], {"a"}) == {"a"}
    assert borne_out([check("pass", "a", "b")], {"a", "b"}) == set()
    assert borne_out([check("pass", "a", "b"), check("pass", "b", "c")], {"a", "b"}) == {"a", "b"}
    assert borne_out([check("fail", "a", "b")], {"a"}) == set()
    assert borne_out([check("not_assessable", "a", "b")], {"a"}) == set()
