"""``gongkai show --page``: a page drawn with what was read where on it."""

import io
from pathlib import Path

import numpy as np
import pytest
from gongkai.app.cli import app
from gongkai.app.page_drawing import Heading, draw_page
from gongkai.app.page_marks import Mark, Note, PageMarks, marks_of
from gongkai.app.page_picture import Picture, picture_of
from gongkai.app.wording import amount_text
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import read_document
from gongkai.extraction.record import Record
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner, Result

from .pdf_pages import pdf, put, put_lines, put_table, wrapped

SCAN = Path(__file__).parent / "data" / "formats" / "scanned_page.png"
NARRATIVE = (
    "全年通过门户网站发布信息1286条，召开新闻发布会12场。收到政府信息公开申请53件，均按期答复，没有收取费用。"
)
ROWS = {"行政处罚": "872560", "行政强制": ""}


def _first(canvas: Canvas) -> None:
    put(canvas, 120, 60, "云岭市公安局2022年政府信息公开工作年度报告", 16)
    y = put_lines(canvas, ["一、总体情况", *wrapped(NARRATIVE), "二、主动公开政府信息情况"])
    cells = {(0, 0, 1, 2): "第二十条第（六）项", (1, 0, 1, 1): "信息内容", (1, 1, 1, 1): "本年处理决定数量"}
    for row, (label, figure) in enumerate(ROWS.items(), 2):
        cells |= {(row, 0, 1, 1): label, (row, 1, 1, 1): figure}
    put_table(canvas, cells, (200.0, 200.0), y)


def _second(canvas: Canvas) -> None:
    lines = ["五、存在的主要问题及改进情况", *wrapped("存在的问题：一是信息更新不够及时；二是解读形式单一。")]
    lines += [
        *wrapped("改进措施：一是健全更新机制，及时发布信息；二是丰富解读形式，多用图解。"),
        "六、其他需要报告的事项",
        "无。",
    ]
    put_lines(canvas, lines)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "report.pdf"
    path.write_bytes(pdf(_first, _second))
    return path


@pytest.fixture(scope="module")
def document(report: Path) -> Document:
    return read_document(report)


@pytest.fixture(scope="module")
def record(document: Document) -> Record:
    return extract_document(document, RULES)


def gongkai(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def notes(document: Document, record: Record, page: int) -> list[str]:
    return [" ".join((n.text, *n.values)) for n in marks_of(document, record, page).notes]


def test_each_fact_is_marked_around_its_print_and_told_beside_it(
    report: Path, document: Document, record: Record
):
    told = notes(document, record, 1)
    assert any(note.startswith("f0 info_published.website = 1,286 条 (") for note in told)
    assert any(note.startswith("f1 press_conferences = 12 场 (") for note in told)
    picture = picture_of(report.read_bytes(), document.pages[0])
    dark = np.asarray(picture.image.convert("L")) < 128
    facts = [mark for mark in marks_of(document, record, 1).marks if mark.kind == "fact" and mark.tag]
    assert [mark.tag for mark in facts] == [f"f{i}" for i in range(len(record.facts))]
    for mark in facts:
        left, top, right, bottom = (round(edge * picture.scale) for edge in mark.edges)
        assert dark[top:bottom, left:right].mean() > 0.05
        assert not dark[top:bottom, left - 3 : left - 1].all()


def test_figures_are_marked_in_the_room_between_their_rules_by_what_became_of_them(
    document: Document, record: Record
):
    marks = marks_of(document, record, 1)
    (read,) = (mark for mark in marks.marks if mark.kind == "read")
    (blank,) = (mark for mark in marks.marks if mark.kind == "blank")
    assert (read.edges[2] - read.edges[0], read.edges[3] - read.edges[1]) == pytest.approx((200, 24), abs=1)
    assert blank.edges == pytest.approx(
        (read.edges[0], read.edges[3], read.edges[2], read.edges[3] + 24), abs=1
    )
    told = notes(document, record, 1)
    assert "disclosure.penalties 872,560" in told
    assert "disclosure.coercion –" in told
    assert sum(mark.kind == "grid" for mark in marks.marks) == 7


def test_paragraphs_and_tables_stand_with_their_sections(document: Document, record: Record):
    first = marks_of(document, record, 1).stretches
    labels = list(dict.fromkeys(s.section for s in sorted(first, key=lambda s: s.edges[1])))
    assert labels == ["preamble", "overview", "disclosure_table"]
    table = max(first, key=lambda s: s.edges[3])
    assert (table.section, table.edges[2] - table.edges[0]) == ("disclosure_table", pytest.approx(400, abs=1))


def test_problems_and_improvements_are_told_with_what_answers_what(document: Document, record: Record):
    told = notes(document, record, 2)
    assert [note.split()[0] for note in told] == ["p0", "p1", "i0", "i1"]
    assert [note.split(" → ")[-1] for note in told[2:]] == ["p0", "p1"]
    assert not notes(document, record, 3)


def test_sums_that_fail_are_named_where_their_figures_stand(document: Document, record: Record):
    check = {
        "id": "told.penalties", "statement": "s", "left": 5, "right": 872560, "outcome": "fail", "severity": "error",
        "cells": ["disclosure.penalties.decisions"], "facts": [],
    }  # fmt: skip
    failing = Record.model_validate(record.model_dump() | {"checks": [check]})
    marks = marks_of(document, failing, 1)
    assert "fails: told.penalties: 5 ≠ 872,560" in [note.text for note in marks.notes]
    (failed,) = (mark for mark in marks.marks if mark.kind == "failed")
    assert failed.edges == next(mark.edges for mark in marks.marks if mark.kind == "read")


def test_the_drawing_has_the_page_its_marks_and_all_its_notes():
    page = Picture(Image.new("RGB", (600, 300), "white"), 2.0)
    many = tuple(Note("fact", 10.0, f"f{i} info_published = {i}") for i in range(40))
    marks = PageMarks((), (Mark("read", (100.0, 50.0, 150.0, 70.0)),), many)
    drawn = np.asarray(Image.open(io.BytesIO(draw_page(page, marks, Heading(["云岭市"], ["error: 读错"])))))
    bare = np.asarray(Image.open(io.BytesIO(draw_page(page, PageMarks((), (), ()), Heading(["云岭市"])))))
    assert drawn.shape[0] > 40 * 20  # the notes have all their lines, though the page is lower
    assert bare.shape[0] < 450
    tinted = (drawn[..., 1] > drawn[..., 0] + 20) & (drawn[..., 1] > drawn[..., 2] + 5)
    assert tinted[:, 190 + 200 : 190 + 300].sum() >= 100 * 40


def test_a_page_of_a_scan_is_drawn_as_it_was_scanned(tmp_path: Path):
    done = gongkai("show", "--page", 1, "--image", tmp_path / "page.png", SCAN)
    assert done.exit_code == 0, done.stderr
    image = Image.open(tmp_path / "page.png")
    assert image.format == "PNG"
    paper = Image.open(SCAN).convert("L")
    assert image.width > paper.width * 0.9
    colours = np.asarray(image.convert("RGB"), np.int16)
    assert ((colours[..., 1] - colours[..., 0]) > 20).sum() > 5000  # the figures of its table


def test_a_page_of_a_pdf_is_drawn_to_a_file_or_to_standard_output(report: Path, tmp_path: Path):
    done = gongkai("show", "--page", 2, "--image", tmp_path / "new" / "page.png", report)
    assert done.exit_code == 0, done.stderr
    assert Image.open(tmp_path / "new" / "page.png").width > 1240
    done = gongkai("show", "--image", "-", report)
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(b"\x89PNG")


def test_what_has_no_pages_and_pages_that_are_not_there_are_told(
    report: Path, examples: Path, tmp_path: Path
):
    out = tmp_path / "page.png"
    text = next(iter(sorted(examples.glob("*.txt"))))
    done = gongkai("show", "--page", 1, "--image", out, text)
    assert (done.exit_code, "has no pages" in done.stderr) == (1, True)
    done = gongkai("show", "--page", 3, "--image", out, report)
    assert (done.exit_code, "has 2 pages" in done.stderr) == (2, True)
    done = gongkai("show", "--page", 1, "--image", out, tmp_path / "none.pdf")
    assert (done.exit_code, "no such file" in done.stderr) == (1, True)
    done = gongkai("show", "--page", 1, report)
    assert (done.exit_code, "--image" in done.stderr) == (2, True)
    assert not out.exists()


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.868, "%", "86.8 %"), (1, "%", "100 %"), (1286, "条", "1,286 条"), (12, None, "12")],
)
def test_values_are_told_as_they_are_printed(value: float, unit: str | None, told: str):
    assert amount_text(value, unit) == told
