"""Pages in two columns: read one after the other, above and below what lies across them."""

from collections.abc import Sequence

from gongkai.extraction.document import Document
from gongkai.extraction.readers.pdf.file import read_pdf
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import SIZE, Draw, pdf, put, put_lines, put_table, wrapped

TEXT = (
    "全年通过门户网站主动公开政府信息1286条，其中警务动态742条、通知公告318条，均在规定的20个工作日内上网。",
    "全年新收政府信息公开申请53件，上年结转3件，办结54件，按期答复率100%；结转下年度继续办理2件。",
    "召开新闻发布会12场，组织媒体集体采访近30批次，被省级以上媒体采用稿件460余篇，局长做客热线节目3次。",
    "举办全市公安机关信息公开业务培训班3期，培训民警270余人次，下发整改通报4期，所提问题均已整改到位。",
)
WIDE = 18
"""Hanzi in a line of a column."""


def read(*pages: Draw) -> Document:
    return read_pdf(pdf(*pages), "report.pdf", "0" * 64)


def report(document: Document) -> list[str]:
    return document.text[: document.report_end].strip().split("\n")


def put_columns(canvas: Canvas, paragraphs: Sequence[str], y: float, gutter: float = SIZE) -> float:
    """Print paragraphs in two columns as high as one another, ``gutter`` points apart; return where they end."""
    lines = [line for paragraph in paragraphs for line in wrapped(paragraph, WIDE)]
    half = (len(lines) + 1) // 2
    end = put_lines(canvas, lines[:half], x=70, y=y)
    put_lines(canvas, lines[half:], x=70 + WIDE * SIZE + gutter, y=y + 3)
    return end


def test_a_gutter_of_one_character_parts_columns():
    assert report(read(lambda c: put_columns(c, TEXT, 100) and None)) == list(TEXT)


def test_columns_go_on_below_a_table_that_lies_across_them():
    cells = {(i, j, 1, 1): text for i, row in enumerate((("规章", "3"), ("规范性文件", "12"))) for j, text in enumerate(row)}  # fmt: skip

    def draw(canvas: Canvas) -> None:
        put(canvas, 190, 60, "云岭市公安局2022年政府信息公开工作年度报告")
        y = put_columns(canvas, TEXT, 100)
        y = put_table(canvas, cells, (228, 216), y=y + 10, x=70)
        put_columns(canvas, TEXT[::-1], y + 20)

    document = read(draw)
    assert report(document) == [
        "云岭市公安局2022年政府信息公开工作年度报告", *TEXT, "规章\t3", "规范性文件\t12", *TEXT[::-1]
    ]  # fmt: skip


def test_columns_of_a_few_lines_are_told_by_the_pages_before():
    document = read(
        lambda c: put_columns(c, TEXT, 100) and None, lambda c: put_columns(c, TEXT[:2], 100) and None
    )
    assert report(document) == [*TEXT, *TEXT[:2]]


def test_a_footer_with_a_blank_over_the_gutter_is_not_torn():
    def draw(canvas: Canvas) -> None:
        put_columns(canvas, TEXT, 100)
        put(canvas, 248, 800, "第 1 页  共 2 页", 9)

    document = read(draw)
    assert report(document) == list(TEXT)
    assert document.text[document.report_end :].split() == ["第", "1", "页", "共", "2", "页"]


def test_a_page_in_one_column_after_pages_in_two_is_read_across():
    def across(canvas: Canvas) -> None:
        put_lines(canvas, [line for text in TEXT for line in wrapped(text, 2 * WIDE)], x=70)

    assert report(read(lambda c: put_columns(c, TEXT, 100) and None, across)) == [*TEXT, *TEXT]
