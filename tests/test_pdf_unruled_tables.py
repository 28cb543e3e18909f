"""Tables without rules in PDF files: figures keep their columns where cells are blank, labels are told apart."""

from collections.abc import Mapping

from gongkai.extraction.document import Document
from gongkai.extraction.readers.pdf.file import read_pdf
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import TOP, Cells, pdf, put, put_lines, put_table

WIDTHS = (60, 130, 60, 60, 60)
HEAD: Cells = {(0, 2, 1, 1): "自然人", (0, 3, 1, 1): "企业", (0, 4, 1, 1): "总计"}


def rows(document: Document) -> list[list[str]]:
    return [line.split("\t") for line in document.text[: document.report_end].strip("\n").split("\n")]


def read(*pages: Cells, widths: tuple[int, ...] = WIDTHS) -> Document:
    def drawing(table: Cells):
        def draw(canvas: Canvas) -> None:
            put_table(canvas, table, widths, ruled=False)

        return draw

    return read_pdf(pdf(*map(drawing, pages)), "report.pdf", "0" * 64)


def body(figures: Mapping[str, tuple[str, str, str]], first: int) -> dict[tuple[int, int, int, int], str]:
    made: dict[tuple[int, int, int, int], str] = {}
    for row, (label, values) in enumerate(figures.items(), first):
        made[row, 1, 1, 1] = label
        made |= {(row, 2 + i, 1, 1): value for i, value in enumerate(values) if value}
    return made


def test_a_sparse_table_on_the_next_page_keeps_the_columns_of_the_one_above():
    upper = HEAD | body({"1.国家秘密": ("3", "4", "7"), "2.法律禁止": ("1", "2", "3")}, 1)
    lower = body({"3.社会稳定": ("5", "", "5"), "4.第三方": ("6", "", "6")}, 0)
    document = read(upper, lower)
    assert len(document.grids) == 1
    assert rows(document)[-2:] == [["3.社会稳定", "5", "", "5"], ["4.第三方", "6", "", "6"]]


def test_a_head_printed_again_is_left_out_where_the_page_has_blank_columns():
    upper = (
        HEAD | {(1, 0, 2, 1): "公开"} | body({"1.国家秘密": ("3", "4", "7"), "2.法律": ("1", "2", "3")}, 1)
    )
    lower = HEAD | body({"3.社会稳定": ("5", "", "5"), "4.第三方": ("6", "", "6")}, 1)
    document = read(upper, lower)
    assert len(document.grids) == 1
    assert rows(document)[-1][-4:] == ["4.第三方", "6", "", "6"]


def test_a_column_whose_figures_are_all_blank_is_told_by_its_head():
    table = HEAD | body({"1.国家秘密": ("", "4", "7"), "2.法律禁止": ("", "2", "3")}, 1)
    assert rows(read(table)) == [
        ["", "自然人", "企业", "总计"], ["1.国家秘密", "", "4", "7"], ["2.法律禁止", "", "2", "3"]
    ]  # fmt: skip


def test_a_label_over_several_rows_does_not_run_into_theirs():
    names = {f"{i}.内部事务信息": (str(i), "0", str(i)) for i in range(1, 5)}
    table = HEAD | {(0, 0, 1, 2): "勾稽关系为第一项加第二项"} | {(1, 0, 4, 1): "不予公开"} | body(names, 1)
    told = [row[-4:] for row in rows(read(table)) if row[-1].isdigit()]
    assert told == [[label, *values] for label, values in names.items()]


def test_blank_rows_at_the_end_of_a_page_belong_to_the_table():
    upper = HEAD | body({"1.国家秘密": ("3", "4", "7"), "2.法律": ("1", "", "1"), "3.稳定": ("", "", "")}, 1)
    lower = body({"4.第三方": ("5", "", "5"), "5.事务": ("6", "", "6")}, 0)
    document = read(upper, lower)
    assert len(document.grids) == 1
    assert rows(document)[-3:] == [
        ["3.稳定", "", "", ""],
        ["4.第三方", "5", "", "5"],
        ["5.事务", "6", "", "6"],
    ]


def test_a_blank_row_that_reads_like_a_heading_is_a_row_where_prose_is_larger():
    figures = {
        "一、本年新收申请": ("3", "4", "7"),
        "二、上年结转申请": ("", "", ""),
        "三、总计": ("3", "4", "7"),
    }

    def draw(canvas: Canvas) -> None:
        y = put_lines(
            canvas, ["    全年收到的申请都已经在规定的时间里按照条例的要求答复申请人了，没有一件超期，" * 2]
        )
        put_table(canvas, HEAD | body(figures, 1), WIDTHS, y=y + 20, ruled=False)

    document = read_pdf(pdf(draw), "report.pdf", "0" * 64)
    assert rows(document)[-2:] == [["二、上年结转申请", "", "", ""], ["三、总计", "3", "4", "7"]]


def test_figures_that_no_column_tells_apart_never_make_one_number():
    def draw(canvas: Canvas) -> None:
        for row, label in enumerate(("1.国家秘密", "2.法律禁止", "3.社会稳定")):
            put(canvas, 90, TOP + 24 * row, label, 9)
            for x, figure in ((240, "12345678901"), (330, "7")):
                put(canvas, x, TOP + 24 * row, figure if row < 2 else "1", 9)
        put(canvas, 275, TOP + 48, "2", 9)

    document = read_pdf(pdf(draw), "report.pdf", "0" * 64)
    assert rows(document)[-1] == ["3.社会稳定", "1 2", "1"]
